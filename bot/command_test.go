package bot_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// Most of what begins with "!" is for other bots.
func TestUnknownCommandIsNoError(t *testing.T) {
	inRoom(t, func(*bot.Bot) error { return nil }, func(r *room) {
		r.want("grace", "!unknown")
		if log := r.log.String(); log != "" {
			t.Errorf("got the log %q, want none", log)
		}
	})
}

func TestOtherPrefix(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
		mux := eventsub.NewMux()
		client := helix.New(tw.ClientID(), helix.StaticToken(tw.UserID("larkspur"), tw.UserToken("larkspur", "user:write:chat")), helix.Options{
			HTTPClient: &http.Client{Transport: tw.HTTPClient().Transport}, BaseURL: tw.HelixURL(),
		})
		b := bot.New(client, mux, bot.Options{UserID: tw.UserID("larkspur"), Prefix: "bot "})
		if got := strings.Join(b.Commands(), " "); got != "bot help" {
			t.Errorf("got %q, want the prefix before help", got)
		}
		for id, text := range map[string]string{"1": "!help", "2": "bot help"} {
			if err := mux.Dispatch(t.Context(), eventsub.Notification{
				Meta: eventsub.Meta{MessageID: id}, Type: eventsub.ChannelChatMessage{}.Type(),
				Event: []byte(`{"broadcaster_user_id":"` + tw.UserID("ada") + `","chatter_user_id":"7","message":{"text":"` + text + `"}}`),
			}); err != nil {
				t.Fatal(err)
			}
			if err := mux.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Second)
		if m := tw.Chat("ada"); len(m) != 1 || m[0].Text != "commands: bot help" {
			t.Errorf("got %+v, want one answer", m)
		}
	})
}

// A command may register another one, also after help was asked for.
func TestCommandsCanBeAddedWhileTheBotRuns(t *testing.T) {
	inRoom(t, func(b *bot.Bot) error {
		return bot.Command(b, "teach", func(context.Context, *bot.Call, struct{}) error {
			return bot.Command(b, "hello", hello)
		})
	}, func(r *room) {
		r.want("grace", "!help", "commands: !help !teach")
		r.want("grace", "!help teach", "!teach")
		r.want("grace", "!hello")
		r.want("grace", "!teach")
		r.want("grace", "!hello", "hello grace!")
	})
}

func TestNothingToSayIsNotSent(t *testing.T) {
	inRoom(t, func(b *bot.Bot) error {
		return bot.Command(b, "blank", func(ctx context.Context, c *bot.Call, _ struct{}) error {
			return errors.Join(c.Reply(ctx, " \r\n "), c.Send(ctx, ""))
		})
	}, func(r *room) {
		r.want("grace", "!blank")
		if log := r.log.String(); log != "" {
			t.Errorf("got the log %q, want none", log)
		}
	})
}

func TestAnswerThatCannotBeSentIsAnError(t *testing.T) {
	inRoom(t, func(b *bot.Bot) error {
		return bot.Command(b, "hello", func(ctx context.Context, c *bot.Call, a struct{}) error {
			err := hello(ctx, c, a)
			if !errors.Is(err, helix.ErrForbidden) || !strings.HasPrefix(err.Error(), "bot: helix: ") {
				t.Errorf("got %v, want Twitch's refusal", err)
			}
			return nil
		})
	}, func(r *room) {
		r.refuse = map[string]int{"/helix/chat/messages": http.StatusForbidden}
		r.want("grace", "!hello")
	})
}

func TestTagsMayHaveSpaces(t *testing.T) {
	type args struct {
		N    int    `arg:"how many , optional"`
		Text string `arg:"rest, optional"`
	}
	inRoom(t, func(b *bot.Bot) error {
		return bot.Command(b, "say", func(ctx context.Context, c *bot.Call, a args) error {
			return c.Send(ctx, "%d %s (%s)", a.N, a.Text, c.Usage())
		})
	}, func(r *room) {
		r.want("grace", "!say 2 one two", "2 one two (!say [how many] [text])")
		r.want("grace", "!say 1a", "how many must be a whole number; usage: !say [how many] [text]")
	})
}
