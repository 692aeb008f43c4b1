package bot_test

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"os"
	"regexp"
	"strconv"
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

// Each text of the framework reaches a chatter, and the table shows how.
func TestEveryTextIsTold(t *testing.T) { synctest.Test(t, everyTextIsTold) }

func everyTextIsTold(t *testing.T) {
	told := map[bot.Text]bool{}
	_, ask := allTexts(t, func(text bot.Text) { told[text] = true })
	for _, tt := range []struct{ text, want string }{
		{"!slow", "wait 1m0s"},
		{"!fail", "something went wrong (…)"},
		{"!panic", "something went wrong (…)"},
		{"!sorry", "not today"},
		{"!refused", ""},
		{"!n", "usage: !n <n>"},
		{"!help", "commands: !help !fail !panic !sorry !refused !slow !n !u !f !b !d !c !k !o !t !l !flag"},
		{"!help nothing", "there is no command nothing"},
		{"!help refused", "you cannot use !refused"},
		{"!n x", "n must be a whole number; usage: !n <n>"},
		{"!n 9223372036854775808", "n is out of range; usage: !n <n>"},
		{"!u -1", "n must be a whole number, zero or more; usage: !u <n>"},
		{"!f x", "n must be a number; usage: !f <n>"},
		{"!b x", "b must be on or off; usage: !b <b>"},
		{"!d x", "d must be a duration like 90s, 10m or 2d; usage: !d <d>"},
		{"!c x", "c must be a colour like #1E90FF; usage: !c <c>"},
		{"!k !", "u must be the name of a user; usage: !k <u>"},
		{"!k mallory", "I do not know mallory"},
		{"!o x", "o must be one of on, off; usage: !o <on|off>"},
		{"!t x", "a cannot be read; usage: !t <a>"},
		{"!l " + strings.Repeat("1 ", 51), "l can have 50 values at most; usage: !l <l...>"},
		{"!flag --n", "--n needs a value; usage: !flag [--n <number>]"},
		{"!flag --x", "there is no flag --x; usage: !flag [--n <number>]"},
	} {
		if got := ask(message("2", tt.text)); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.text, got, tt.want)
		}
	}
	for _, text := range textsInSource(t) {
		if !told[text] {
			t.Errorf("no row tells the chatter %q", text)
		}
	}
}

// allTexts returns a bot with a command for each text; tell is called for each that is used.
func allTexts(t *testing.T, tell func(text bot.Text)) (*bot.Bot, func(m *chat.Message) string) {
	b, ask := alone(t, bot.Options{Translate: func(_ *bot.Call, text bot.Text) string { tell(text); return "" }})
	ends := func(err error) func(context.Context, *bot.Call, struct{}) error {
		return func(context.Context, *bot.Call, struct{}) error { return err }
	}
	if err := errors.Join(
		bot.Command(b, "fail", ends(errors.New("secret detail"))),
		bot.Command(b, "panic", func(context.Context, *bot.Call, struct{}) error { panic("oops") }),
		bot.Command(b, "sorry", ends(bot.Sorry("not today"))),
		bot.Command(b, "refused", ends(nil), bot.Require(func(_ context.Context, m *chat.Message) error {
			if m.Text == "!help" {
				return nil
			}
			return bot.ErrNotAllowed
		})),
		bot.Command(b, "slow", ends(nil), bot.Cooldown(1, time.Minute, bot.Telling("wait %s"))),
		bot.Command(b, "n", echoN),
		bot.Command(b, "u", func(context.Context, *bot.Call, struct{ N uint }) error { return nil }),
		bot.Command(b, "f", func(context.Context, *bot.Call, struct{ N float64 }) error { return nil }),
		bot.Command(b, "b", func(context.Context, *bot.Call, struct{ B bool }) error { return nil }),
		bot.Command(b, "d", func(context.Context, *bot.Call, struct{ D time.Duration }) error { return nil }),
		bot.Command(b, "c", func(context.Context, *bot.Call, struct{ C bot.Color }) error { return nil }),
		bot.Command(b, "k", func(context.Context, *bot.Call, struct{ U bot.User }) error { return nil }),
		bot.Command(b, "o", func(context.Context, *bot.Call, struct {
			O string `arg:"oneof=on|off"`
		},
		) error {
			return nil
		}),
		bot.Command(b, "t", func(context.Context, *bot.Call, struct{ A netip.Addr }) error { return nil }),
		bot.Command(b, "l", func(context.Context, *bot.Call, struct{ L []int }) error { return nil }),
		bot.Command(b, "flag", func(context.Context, *bot.Call, struct {
			N int `arg:"flag"`
		},
		) error {
			return nil
		}),
	); err != nil {
		t.Fatal(err)
	}
	if got := ask(message("2", "!slow")); got != "" {
		t.Errorf("!slow: got %q, want the first use", got)
	}
	return b, ask
}

// textsInSource returns the texts that text.go declares.
func textsInSource(t *testing.T) []bot.Text {
	source, err := os.ReadFile("text.go")
	if err != nil {
		t.Fatal(err)
	}
	var texts []bot.Text
	for _, m := range regexp.MustCompile(`(?m)^\tText\w+ +Text = (".*?")(?: //.*)?$`).FindAllSubmatch(source, -1) {
		text, err := strconv.Unquote(string(m[1]))
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, bot.Text(text))
	}
	if len(texts) < 15 {
		t.Fatalf("got %d texts", len(texts))
	}
	return texts
}

// A panic of the program's own hooks ends one report, and not the program.
func TestPanicOfAHookIsLogged(t *testing.T) { synctest.Test(t, panicOfAHookIsLogged) }

func panicOfAHookIsLogged(t *testing.T) {
	var log strings.Builder
	b, _ := alone(t, bot.Options{
		Logger:    slog.New(slog.NewTextHandler(&log, nil)),
		Translate: func(*bot.Call, bot.Text) string { panic("no dictionary") },
	})
	if err := bot.Command(b, "fail", func(context.Context, *bot.Call, struct{}) error { return errors.New("disk is full") }); err != nil {
		t.Fatal(err)
	}
	b.Handle(t.Context(), message("2", "!fail"))
	if err := b.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := log.String(); !strings.Contains(got, "no dictionary") || !strings.Contains(got, "disk is full") {
		t.Errorf("got the log %q, want both", got)
	}
}
