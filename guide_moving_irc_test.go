package larkspur_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/irc"
)

// A mover has what the code in the guide about go-twitch-irc refers to.
type mover struct {
	log  *slog.Logger
	show func(channel, user, text string) error
}

// read is how the guide makes clients. They are not run: they would connect to Twitch.
func (r mover) read(ctx context.Context, tokenSource func(context.Context) (string, error)) error {
	show := r.show
	client := irc.New(irc.Options{Channels: []string{"ada", "hedy"}})
	irc.On(client, func(ctx context.Context, m *irc.PrivMsg) error {
		return show(m.Channel, m.DisplayName, m.Text)
	})
	err := client.Run(ctx)
	if err == nil {
		client := irc.New(irc.Options{Token: tokenSource})
		return client.Run(ctx)
	}
	return err
}

// handlers is the code of the guide that handles other messages.
func (r mover) handlers(client *irc.Client) {
	show := r.show
	irc.On(client, func(ctx context.Context, n *irc.UserNotice) error {
		if raid, ok := n.Raid(); ok {
			return show(n.Channel, raid.From.DisplayName, strconv.Itoa(raid.Viewers))
		}
		return nil
	})
	irc.On(client, func(ctx context.Context, c *irc.ClearChat) error {
		return show(c.Channel, c.Login, c.Duration.String())
	})
	irc.On(client, func(ctx context.Context, r *irc.RoomState) error {
		if r.Has(irc.RoomSlow) {
			return show(r.Channel, "slow", r.Slow.String())
		}
		return nil
	})
}

// write is the code of the guide that writes.
func (r mover) write(ctx context.Context, client *irc.Client, m *irc.PrivMsg) error {
	log := r.log
	err := client.Say(ctx, "ada", "hello")
	if dropped, ok := errors.AsType[*chat.DroppedError](err); ok {
		log.Warn("Twitch did not show it", "reason", dropped.Text)
	}
	if err != nil {
		return err
	}
	err = client.Reply(ctx, m.Channel, m.ID, "hello to you")
	return err
}

// join is the code of the guide that joins and parts.
func (r mover) join(ctx context.Context, client *irc.Client) error {
	err := client.Join(ctx, "ada")
	if err != nil {
		return err
	}
	err = client.Part(ctx, "ada")
	return err
}

// moderate is the code of the guide that moderates.
func (r mover) moderate(ctx context.Context, tw *helix.Client, channelID, botID, userID string) error {
	err := tw.Room(channelID, botID).Timeout(ctx, userID, 10*time.Minute, "links")
	return err
}

// linesOf returns the lines of the Go code in a guide, without those below "// before" if
// after is set, and otherwise only those.
func linesOf(t *testing.T, guide string, after bool) []string {
	t.Helper()
	text, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, block := range goBlock.FindAllStringSubmatch(string(text), -1) {
		isAfter := true
		for line := range strings.Lines(block[1]) {
			switch line = strings.TrimSpace(line); {
			case line == "// before":
				isAfter = false
			case line == "// after":
				isAfter = true
			case line != "" && isAfter == after:
				lines = append(lines, line)
			}
		}
	}
	return lines
}

// wantLines fails if a line of a guide is not in a file.
func wantLines(t *testing.T, lines []string, file string) {
	t.Helper()
	program, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for line := range strings.Lines(string(program)) {
		have[strings.TrimSpace(line)] = true
	}
	if len(lines) == 0 {
		t.Error("the guide has no code")
	}
	for _, line := range lines {
		if !have[line] {
			t.Errorf("the line %q of the guide is not in %s", line, file)
		}
	}
}

// The new code in the guide compiles, and what needs no Twitch runs. The old code is
// compiled in bench.
func TestGuideFromGoTwitchIRC(t *testing.T) {
	wantLines(t, linesOf(t, "docs/guides/from-go-twitch-irc.md", true), "guide_moving_irc_test.go")
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.User("bot", "mallory", "hedy"), emulator.Moderator("ada", "bot"))
	token := tw.UserToken("bot", "chat:read", "chat:edit", "moderator:manage:banned_users")
	shown := make(chan string, 10)
	r := mover{log: slog.New(slog.DiscardHandler), show: func(channel, user, text string) error {
		shown <- channel + " " + user + " " + text
		return nil
	}}
	client := irc.New(irc.Options{
		Addr: tw.IRCAddr(), ValidateURL: tw.OAuthURL() + "/validate",
		Token: func(context.Context) (string, error) { return token, nil },
	})
	r.handlers(client)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- client.Run(ctx) }()
	messages := make(chan *irc.PrivMsg, 10)
	irc.On(client, func(_ context.Context, m *irc.PrivMsg) error { messages <- m; return nil })
	if err := client.Join(ctx, "ada"); err != nil {
		t.Fatal(err)
	}
	<-shown // slow mode is off
	tw.Say("ada", "hedy", "hi")
	if err := r.write(ctx, client, <-messages); err != nil {
		t.Fatal(err)
	}
	tw.WantChat(t, "ada", "hello to you")
	api := helix.New(tw.ClientID(), helix.StaticToken(tw.UserID("bot"), token), helix.Options{BaseURL: tw.HelixURL()})
	if err := r.moderate(ctx, api, tw.UserID("ada"), tw.UserID("bot"), tw.UserID("mallory")); err != nil {
		t.Fatal(err)
	}
	tw.Raid("hedy", "ada", 5)
	got := map[string]bool{<-shown: true, <-shown: true}
	for _, want := range []string{"ada mallory 10m0s", "ada hedy 5"} {
		if !got[want] {
			t.Errorf("got %v, want %q too", got, want)
		}
	}
	if err := r.join(ctx, client); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

var _ = mover.read // it is compiled, not called
