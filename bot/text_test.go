package bot_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

func TestTextsAreTranslated(t *testing.T) {
	german := map[bot.Text]string{
		bot.TextUsage: "So geht es: %s", bot.TextWhole: "muss eine ganze Zahl sein", bot.TextNone: "%s gibt es nicht",
		bot.TextWrong: "Das ging schief (%s)", "welcome, %s": "willkommen, %s",
	}
	synctest.Test(t, func(t *testing.T) {
		server := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.User("larkspur"), emulator.Moderator("ada", "larkspur"))
		tw := helix.New(server.ClientID(), helix.StaticToken(server.UserID("larkspur"), server.UserToken("larkspur", "user:write:chat")),
			helix.Options{HTTPClient: server.HTTPClient(), BaseURL: server.HelixURL()})
		b := bot.New(tw, eventsub.NewMux(), bot.Options{
			UserID: server.UserID("larkspur"),
			Translate: func(c *bot.Call, t bot.Text) string {
				if c.Chatter.Login == "eva" {
					return german[t]
				}
				return ""
			},
		})
		if err := errors.Join(
			bot.Command(b, "n", func(context.Context, *bot.Call, struct{ N int }) error { return errors.New("down") }),
			bot.Command(b, "hi", func(ctx context.Context, c *bot.Call, _ struct{}) error {
				return c.Send(ctx, "%s", c.Text("welcome, %s", c.Chatter.Name))
			}),
		); err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct{ login, text, want string }{
			{"eva", "!n", "So geht es: !n <n>"},
			{"eva", "!n x", "n muss eine ganze Zahl sein; So geht es: !n <n>"},
			{"eva", "!help x", "x gibt es nicht"},
			{"eva", "!n 1", "Das ging schief ("},
			{"eva", "!hi", "willkommen, eva"},
			{"eve", "!hi", "welcome, eve"},
			{"eve", "!n x", "n must be a whole number; usage: !n <n>"},
		} {
			m := &chat.Message{
				Broadcaster: chat.User{ID: server.UserID("ada"), Login: "ada"}, Text: tt.text,
				Chatter: chat.Chatter{User: chat.User{ID: "7", Login: tt.login, Name: tt.login}},
			}
			_ = b.Invoke(t.Context(), m)
			time.Sleep(time.Second)
			if said := server.Chat("ada"); len(said) == 0 || !strings.HasPrefix(said[len(said)-1].Text, tt.want) {
				t.Errorf("%s %s: got %+v, want %q", tt.login, tt.text, said[max(len(said)-1, 0):], tt.want)
			}
		}
	})
}
