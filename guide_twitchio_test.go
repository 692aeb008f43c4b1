package larkspur_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/oauth"
)

// The code of docs/guides/moving-from-twitchio.md.

type snackBar struct {
	bot       *bot.Bot
	channelID string
}

func (s *snackBar) Setup(setup *bot.Setup) error {
	bot.On(setup, func(ctx context.Context, e *eventsub.StreamOnline) error {
		return s.bot.Say(ctx, e.BroadcasterUserID, "the bar is open")
	})
	return errors.Join(
		bot.Group(setup, "snack", bot.Alias("s")),
		bot.Command(setup, "snack", s.snack),
		bot.Command(setup, "snack order", s.order, bot.Cooldown(2, 30*time.Second, bot.PerChatter)),
		bot.Command(setup, "snack close", s.close, bot.ModsOnly),
		setup.Routine("remind", bot.Every(30*time.Minute), s.remind, bot.RoutineOptions{}),
	)
}

func (s *snackBar) snack(ctx context.Context, c *bot.Call, _ struct{}) error {
	return c.Reply(ctx, "try !snack order")
}

type orderArgs struct {
	Count int
	Name  string `arg:"rest"`
}

func (s *snackBar) order(ctx context.Context, c *bot.Call, a orderArgs) error {
	if a.Count > 9 {
		return bot.Sorry("nine at most")
	}
	return c.Reply(ctx, "%d x %s for %s", a.Count, a.Name, c.Chatter.Name)
}

func (s *snackBar) close(ctx context.Context, c *bot.Call, _ struct{}) error {
	answer, err := c.Ask(ctx, "sure?")
	if err != nil || answer.Text != "yes" {
		return bot.Sorry("still open")
	}
	return c.Send(ctx, "closed")
}

func (s *snackBar) remind(ctx context.Context) error {
	return s.bot.Say(ctx, s.channelID, "hungry?")
}

func TestGuideMovingFromTwitchIO(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.User("Grace", "robin"), emulator.Moderator("ada", "robin"))
	t.Setenv("TWITCH_SERVER", tw.URL())
	const redirect = "http://localhost"
	code := tw.AuthorizationCode("ada", redirect, "user:read:chat", "user:write:chat")
	clientID, clientSecret, store := tw.ClientID(), tw.ClientSecret(), oauth.NewMemoryStore()
	if _, err := oauth.NewManager(clientID, clientSecret, store, oauth.Options{BaseURL: tw.OAuthURL()}).AddCode(t.Context(), oauth.Secret(code), redirect); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	ready := make(chan *larkspur.Account)
	go func() { done <- snacks(ctx, clientID, clientSecret, store, ready) }()
	if err := (<-ready).Ready(ctx); err != nil {
		t.Fatal(err)
	}
	tw.GoLive("ada")
	tw.WantChat(t, "ada", "the bar is open")
	for _, row := range [][3]string{
		{"grace", "!snack", "try !snack order"},
		{"grace", "!s order 3 apple pie", "3 x apple pie for Grace"},
		{"grace", "!snack order 10 pies", "nine at most"},
		{"grace", "!snack order pies", "count must be a whole number; usage: !snack order <count> <name>"},
		{"robin", "!snack close", "sure?"},
		{"robin", "no", "still open"},
		{"robin", "!snack close", "sure?"},
		{"robin", "yes", "closed"},
	} {
		tw.Say("ada", row[0], row[1])
		tw.WantChat(t, "ada", row[2])
	}
	stop()
	if err := <-done; err != nil {
		t.Errorf("run: got %v, want none", err)
	}
}

// snacks is the program of the guide.
func snacks(ctx context.Context, clientID, clientSecret string, store oauth.Store, ready chan<- *larkspur.Account) error {
	var me *larkspur.Account
	me = larkspur.NewAccount(clientID, clientSecret, store, larkspur.AccountOptions{
		Server: os.Getenv("TWITCH_SERVER"), // of an emulator; empty for Twitch
		Scopes: []oauth.Scope{"user:read:chat", "user:write:chat"},
		Setup: func(ctx context.Context) error {
			b := bot.New(me.Twitch, me.Mux, bot.Options{UserID: me.User().ID})
			return b.Add(ctx, "snacks", &snackBar{bot: b, channelID: me.ChannelID()})
		},
	})

	ready <- me
	err := me.Run(ctx)
	return err
}

// The code of the guide is the code above.
func TestGuideMovingFromTwitchIOCompiles(t *testing.T) {
	text, err := os.ReadFile("docs/guides/moving-from-twitchio.md")
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile("guide_twitchio_test.go")
	if err != nil {
		t.Fatal(err)
	}
	blocks := goBlock.FindAllStringSubmatch(string(text), -1)
	if len(blocks) != 2 {
		t.Fatalf("got %d blocks of Go, want 2", len(blocks))
	}
	have := words(string(program))
	for _, block := range blocks {
		for part := range strings.SplitSeq(block[1], "\n\n") {
			if part = strings.TrimSpace(words(part)); !strings.Contains(have, part) {
				t.Errorf("this is not in guide_twitchio_test.go: %s", part)
			}
		}
	}
}
