package larkspur_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/irc"
)

// chatRead is the code of docs/guides/chat.md that reads.
func chatRead(ctx context.Context, show func(channel, user, text string) error, cheers []*irc.PrivMsg) error {
	log := slog.New(slog.DiscardHandler)
	c := irc.New(irc.Options{Channels: []string{"ada", "hedy"}})
	irc.On(c, func(ctx context.Context, m *irc.PrivMsg) error {
		return show(m.Channel, m.DisplayName, m.Text)
	})
	irc.OnReused(c, func(ctx context.Context, m *irc.PrivMsg) error {
		if m.Bits > 0 {
			cheers = append(cheers, m.Keep())
		}
		return nil
	})
	for _, state := range c.NotJoined() {
		log.WarnContext(ctx, "not in the chat", "channel", state.Channel, "error", state.Err)
	}
	err := c.Run(ctx)
	return err
}

// chatWrite is the code of docs/guides/chat.md that writes.
func chatWrite(ctx context.Context, tw *helix.Client, log *slog.Logger, botID, channelID, text string) error {
	sender := chat.NewSender(tw.Chat.Carrier(botID), chat.SenderOptions{})
	_, err := sender.Send(ctx, chat.Outgoing{
		Channel: chat.User{ID: channelID}, Text: text, Split: true, Evade: true, TTL: 10 * time.Second,
	})
	var dropped *chat.DroppedError
	switch {
	case errors.As(err, &dropped):
		log.WarnContext(ctx, "not shown", "error", dropped)
	case errors.Is(err, chat.ErrUnknownOutcome):
		log.WarnContext(ctx, "no answer: the message may be in the chat", "error", err)
	}
	return err
}

var _ = []any{chatRead} // it is compiled, not called: it reads from Twitch

// The Go code in the guide about chat compiles, and what writes runs.
func TestGuideChat(t *testing.T) {
	text, err := os.ReadFile("docs/guides/chat.md")
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile("guide_chat_test.go")
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for line := range strings.Lines(string(program)) {
		have[strings.TrimSpace(line)] = true
	}
	for _, block := range goBlock.FindAllStringSubmatch(string(text), -1) {
		for line := range strings.Lines(block[1]) {
			if line = strings.TrimSpace(line); line != "" && !have[line] {
				t.Errorf("the line %q is not in guide_chat_test.go", line)
			}
		}
	}
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.User("bot"))
	api := helix.New(tw.ClientID(), helix.StaticToken(tw.UserID("bot"), tw.UserToken("bot", "user:write:chat")), helix.Options{BaseURL: tw.HelixURL()})
	if err := chatWrite(t.Context(), api, slog.New(slog.DiscardHandler), tw.UserID("bot"), tw.UserID("ada"), "hello"); err != nil {
		t.Fatal(err)
	}
	tw.WantChat(t, "ada", "hello")
}
