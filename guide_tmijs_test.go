package larkspur_test

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/irc"
)

// A tmiMover has what the code in the guide about tmi.js refers to.
type tmiMover struct {
	show func(words ...string)
}

// read is how the guide makes a client. It is not run: it would connect to Twitch.
func (r tmiMover) read(ctx context.Context, tokenSource func(context.Context) (string, error)) error {
	client := irc.New(irc.Options{Token: tokenSource, Channels: []string{"ada", "hedy"}})
	r.messages(client)
	err := client.Run(ctx)
	return err
}

func (r tmiMover) messages(client *irc.Client) {
	show := r.show
	irc.On(client, func(ctx context.Context, m *irc.PrivMsg) error {
		if strings.EqualFold(m.Text, "!hello") {
			return client.Say(ctx, m.Channel, "@"+m.Login+", heya!")
		}
		if m.CanModerate() {
			show("moderator", m.Login, m.Text)
		}
		return nil
	})
}

func (r tmiMover) others(client *irc.Client) {
	show := r.show
	irc.On(client, func(ctx context.Context, n *irc.UserNotice) error {
		if raid, ok := n.Raid(); ok {
			return client.Say(ctx, n.Channel, fmt.Sprintf("%s brings %d viewers", raid.From.DisplayName, raid.Viewers))
		}
		if n.Kind == irc.KindSub {
			return client.Say(ctx, n.Channel, "Welcome "+n.DisplayName+"!")
		}
		return nil
	})
	irc.On(client, func(ctx context.Context, c *irc.ClearChat) error {
		if c.Duration > 0 {
			show("timeout", c.Login, fmt.Sprint(c.Duration.Seconds()))
		}
		return nil
	})
}

func (r tmiMover) visit(ctx context.Context, client *irc.Client) error {
	if err := client.Join(ctx, "grace"); err != nil {
		return err
	}
	if err := client.Act(ctx, "grace", "looks around"); err != nil {
		return err
	}
	return client.Part(ctx, "grace")
}

func (r tmiMover) moderate(ctx context.Context, tw *helix.Client, channelID, botID, userID string) error {
	err := tw.Room(channelID, botID).Timeout(ctx, userID, 10*time.Minute, "links")
	return err
}

var jsBlock = regexp.MustCompile("(?s)```js\n(.*?)```")

// The code of the guide compiles and does what the guide says. The code for tmi.js is run
// by package emulator, where tmi.js is installed.
func TestGuideFromTmijs(t *testing.T) {
	const guide = "docs/guides/from-tmi-js.md"
	wantLines(t, linesOf(t, guide, true), "guide_tmijs_test.go")
	text, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	var old []string
	for _, block := range jsBlock.FindAllStringSubmatch(string(text), -1) {
		for line := range strings.Lines(block[1]) {
			if line = strings.TrimSpace(line); line != "" {
				old = append(old, line)
			}
		}
	}
	wantLines(t, old, "emulator/testdata/tmijs/guide.js")

	tw := emulator.Start(t, emulator.Channel("ada"), emulator.Channel("grace"), emulator.User("bot", "mallory", "hedy"), emulator.Moderator("ada", "bot"), emulator.Moderator("ada", "hedy"))
	token := tw.UserToken("bot", "chat:read", "chat:edit", "moderator:manage:banned_users")
	shown, joined := make(chan string, 10), make(chan bool, 10)
	r := tmiMover{show: func(words ...string) { shown <- strings.Join(words, " ") }}
	client := irc.New(irc.Options{
		Addr: tw.IRCAddr(), ValidateURL: tw.OAuthURL() + "/validate", Channels: []string{"ada"},
		OnState: func(s irc.State) {
			if s.Kind == irc.Joined {
				joined <- true
			}
		},
		Token: func(context.Context) (string, error) { return token, nil },
	})
	r.messages(client)
	r.others(client)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- client.Run(ctx) }()
	select {
	case <-joined:
	case <-time.After(10 * time.Second):
		t.Fatal("the client is not in the chat of ada")
	}
	tw.Say("ada", "mallory", "!HELLO")
	tw.WantChat(t, "ada", "@mallory, heya!")
	tw.Say("ada", "hedy", "calm down")
	if got := <-shown; got != "moderator hedy calm down" {
		t.Errorf("got %q", got)
	}
	tw.Subscribe("ada", "mallory", "1000")
	tw.WantChat(t, "ada", "Welcome mallory!")
	tw.Raid("hedy", "ada", 5)
	tw.WantChat(t, "ada", "hedy brings 5 viewers")
	api := helix.New(tw.ClientID(), helix.StaticToken(tw.UserID("bot"), token), helix.Options{BaseURL: tw.HelixURL()})
	if err := r.moderate(ctx, api, tw.UserID("ada"), tw.UserID("bot"), tw.UserID("mallory")); err != nil {
		t.Fatal(err)
	}
	if got := <-shown; got != "timeout mallory 600" {
		t.Errorf("got %q", got)
	}
	if err := r.visit(ctx, client); err != nil {
		t.Fatal(err)
	}
	tw.WantChat(t, "grace", "looks around")
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

var _ = tmiMover.read // it is compiled, not called
