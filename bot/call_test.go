package bot_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

func TestWhatACallCanDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.User("larkspur", "grace"), emulator.Moderator("ada", "larkspur"))
		id := server.UserID("larkspur")
		tw := helix.New(server.ClientID(), helix.StaticToken(id, server.UserToken("larkspur", "user:write:chat",
			"moderator:manage:announcements", "moderator:manage:chat_messages", "moderator:manage:banned_users", "user:manage:whispers")),
			helix.Options{HTTPClient: server.HTTPClient(), BaseURL: server.HelixURL()})
		b := bot.New(tw, eventsub.NewMux(), bot.Options{UserID: id, OwnerID: server.UserID("grace")})
		do := func(act func(ctx context.Context, c *bot.Call) error) func(context.Context, *bot.Call, struct{}) error {
			return func(ctx context.Context, c *bot.Call, _ struct{}) error { return act(ctx, c) }
		}
		if err := errors.Join(
			bot.Command(b, "announce", do(func(ctx context.Context, c *bot.Call) error { return c.Announce(ctx, "%d years", 5) })),
			bot.Command(b, "act", do(func(ctx context.Context, c *bot.Call) error { return c.Act(ctx, "waves") })),
			bot.Command(b, "long", do(func(ctx context.Context, c *bot.Call) error {
				return c.SendLong(ctx, "%s", strings.Repeat("word ", 150))
			})),
			bot.Command(b, "delete", do(func(ctx context.Context, c *bot.Call) error { return c.Delete(ctx) })),
			bot.Command(b, "timeout", do(func(ctx context.Context, c *bot.Call) error { return c.Timeout(ctx, time.Minute, "asked for it") })),
			bot.Command(b, "ban", do(func(ctx context.Context, c *bot.Call) error { return c.Ban(ctx, "asked for it") })),
			bot.Command(b, "whisper", do(func(ctx context.Context, c *bot.Call) error { return c.Whisper(ctx, "psst") }), bot.Require(b.IsOwner)),
		); err != nil {
			t.Fatal(err)
		}
		m := &chat.Message{
			Broadcaster: chat.User{ID: server.UserID("ada"), Login: "ada"},
			Chatter:     chat.Chatter{User: chat.User{ID: server.UserID("grace"), Login: "grace", Name: "grace"}},
		}
		for _, text := range []string{"!announce", "!act", "!long", "!whisper"} {
			m.Text = text
			if err := b.Invoke(t.Context(), m); err != nil && text != "!whisper" { // needs a verified phone
				t.Errorf("%s: %v", text, err)
			}
		}
		m.Text = "!delete"
		if err := b.Invoke(t.Context(), m); err == nil || !strings.Contains(err.Error(), "has no message") {
			t.Errorf("delete without a message: %v", err)
		}
		server.Say("ada", "grace", "!delete")
		said := server.Chat("ada")
		m.ID = said[len(said)-1].ID
		for _, text := range []string{"!delete", "!timeout", "!ban"} {
			m.Text = text
			if err := b.Invoke(t.Context(), m); err != nil {
				t.Errorf("%s: %v", text, err)
			}
		}
		var texts []string
		for _, s := range server.Chat("ada") {
			if s.User == "larkspur" && !strings.HasPrefix(s.Text, "something went wrong") {
				texts = append(texts, s.Text[:min(len(s.Text), 9)])
			}
		}
		if diff := cmp.Diff([]string{"waves", "word word", "word word"}, texts); diff != "" {
			t.Errorf("chat (-want +got):\n%s", diff)
		}
	})
}
