package bot_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

func TestPanicIsToldAsSomethingWentWrong(t *testing.T) {
	inRoom(t, func(b *bot.Bot) error {
		return bot.Command(b, "oops", func(context.Context, *bot.Call, struct{}) error { panic("oops") })
	}, func(r *room) {
		r.want("grace", "!oops", "something went wrong (…)")
		if log := r.log.String(); strings.Count(log, "panic: oops") != 1 || !strings.Contains(log, "TestPanicIsToldAsSomethingWentWrong") {
			t.Errorf("got the log %q, want the panic and its stack", log)
		}
	})
}

func TestEmojiInArgumentsStayWhole(t *testing.T) {
	type args struct {
		Text string `arg:"rest"`
	}
	inRoom(t, func(b *bot.Bot) error {
		return bot.Command(b, "echo", func(ctx context.Context, c *bot.Call, a args) error { return c.Reply(ctx, "%s", a.Text) })
	}, func(r *room) {
		const family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
		r.want("grace", "!echo "+family+" \U000e0000", family)
	})
}

// errorID is the id of an error in an answer.
var errorID = regexp.MustCompile(`wrong \([a-z2-7]{5}\)$`)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A room is the channel ada with a bot in it.
type room struct {
	t   *testing.T
	tw  *emulator.Server
	mux *eventsub.Mux
	bot *bot.Bot
	log strings.Builder
	// drop is the code with which messages of the bot are dropped, if any.
	drop string
	// refuse holds the statuses that paths are answered with, whatever the emulator says.
	refuse  map[string]int
	lookUps []string // queries of Get Users
}

// inRoom runs a test in a bubble, with a bot that has the commands of register.
func inRoom(t *testing.T, register func(b *bot.Bot) error, test func(r *room)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := &room{t: t}
		r.tw = emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.User("larkspur", "grace", "bob"), emulator.Moderator("ada", "larkspur"))
		id := r.tw.UserID("larkspur")
		tw := helix.New(r.tw.ClientID(), helix.StaticToken(id, r.tw.UserToken("larkspur", "user:read:chat", "user:write:chat")), helix.Options{
			HTTPClient: &http.Client{Transport: r}, BaseURL: r.tw.HelixURL(),
		})
		logger := slog.New(slog.NewTextHandler(&r.log, nil))
		r.mux = eventsub.NewMux(eventsub.MuxOptions{Logger: logger})
		r.bot = bot.New(tw, r.mux, bot.Options{UserID: id, Logger: logger})
		if err := register(r.bot); err != nil {
			t.Fatal(err)
		}
		session := eventsub.NewSession(tw, r.mux, eventsub.SessionOptions{UserID: id, URL: r.tw.EventSubURL(), HTTPClient: r.tw.HTTPClient()})
		session.Want(r.bot.Wants(r.tw.UserID("ada"))...)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); _ = session.Run(ctx) }()
		time.Sleep(5 * time.Second) // in the bubble: until the subscription exists
		synctest.Wait()
		test(r)
		cancel()
		<-done
		if err := errors.Join(r.mux.Drain(t.Context()), r.bot.Drain(t.Context())); err != nil {
			t.Error(err)
		}
	})
}

// RoundTrip sends requests to the emulator, except messages that are to be dropped:
// they get the response of Twitch's AutoMod.
func (r *room) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Path == "/helix/users" {
		r.lookUps = append(r.lookUps, req.URL.RawQuery)
	}
	if status := r.refuse[req.URL.Path]; status != 0 {
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(`{}`)), Request: req}, nil
	}
	if r.drop == "" || req.URL.Path != "/helix/chat/messages" {
		return r.tw.HTTPClient().Transport.RoundTrip(req)
	}
	body := fmt.Sprintf(`{"data":[{"message_id":"","is_sent":false,"drop_reason":{"code":%q,"message":"No."}}]}`, r.drop)
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: req}, nil
}

// says writes text as user and returns the replies of the bot.
func (r *room) says(user, text string) []string {
	r.t.Helper()
	before := len(r.tw.Chat("ada"))
	r.tw.Say("ada", user, text)
	time.Sleep(10 * time.Millisecond)
	synctest.Wait()
	var answers []string
	for _, m := range r.tw.Chat("ada")[before:] {
		if m.User == "larkspur" {
			answers = append(answers, errorID.ReplaceAllString(m.Text, "wrong (…)"))
		}
	}
	return answers
}

// want is says with the expected replies.
func (r *room) want(user, text string, answers ...string) {
	r.t.Helper()
	if diff := cmp.Diff(answers, r.says(user, text)); diff != "" {
		r.t.Errorf("%s: %s (-want +got):\n%s", user, text, diff)
	}
}

func hello(ctx context.Context, c *bot.Call, _ struct{}) error {
	return c.Reply(ctx, "hello %s!", c.Chatter.Name)
}

func TestCommandIsFoundByNameAndAlias(t *testing.T) {
	inRoom(t, func(b *bot.Bot) error {
		return bot.Command(b, "hello", hello, bot.Alias("hi", "Hey"))
	}, func(r *room) {
		r.want("grace", "!hello", "hello grace!")
		r.want("grace", "!HI there", "hello grace!")
		r.want("grace", "  !hey\u034f\U000e0000", "hello grace!")
		r.want("grace", "hello")
		r.want("grace", "!unknown")
		r.want("grace", "! hello", "hello grace!")
		r.want("larkspur", "!hello", "!hello") // its own message, and no answer
		m := r.tw.Chat("ada")
		if m[1].ReplyTo != m[0].ID {
			t.Errorf("got an answer to %q, want to %q", m[1].ReplyTo, m[0].ID)
		}
		r.bot.Close()
		r.want("grace", "!hello")
	})
}

type giveArgs struct {
	To      bot.User
	Amount  int
	Message string `arg:"rest,optional"`
}

func give(ctx context.Context, c *bot.Call, a giveArgs) error {
	return c.Send(ctx, "%s gave %d thanks to %s (%s) %s", c.Chatter.Mention(), a.Amount, a.To.Mention(), a.To.Login, a.Message)
}

func TestArgumentsAreAStruct(t *testing.T) {
	inRoom(t, func(b *bot.Bot) error {
		return bot.Command(b, "give", give, bot.About("gives thanks"))
	}, func(r *room) {
		const usage = "usage: !give <to> <amount> [message]"
		r.want("grace", "!give @bob 3 for  the fish", "@grace gave 3 thanks to @bob (bob) for  the fish")
		r.want("grace", "!give BOB, -1", "@grace gave -1 thanks to @bob (bob)")
		r.want("grace", "!give grace 1", "@grace gave 1 thanks to @grace (grace)")
		r.want("grace", "!give "+r.tw.UserID("bob")+" 1", "@grace gave 1 thanks to @bob (bob)")
		r.want("grace", "!give", usage)
		r.want("grace", "!give bob", usage)
		r.want("grace", "!give bob many", "amount must be a whole number; "+usage)
		r.want("grace", "!give bob 99999999999999999999", "amount is out of range; "+usage)
		r.want("grace", "!give n\u00f6body 1", "to must be the name of a user; "+usage)
		r.want("grace", "!give nobody_of_that_name 1", "I do not know nobody_of_that_name")
		r.want("grace", "!help", "commands: !help !give")
		r.want("grace", "!help !give", "!give <to> <amount> [message]: gives thanks")
		r.want("grace", "!help nothing", "there is no command nothing")
	})
}

func TestArgumentsOfEveryType(t *testing.T) {
	type args struct {
		Yes   bool
		N     uint8
		F     float64       `arg:"weight"`
		D     time.Duration `arg:"optional"`
		Quote string        `arg:"optional"`
	}
	inRoom(t, func(b *bot.Bot) error {
		return bot.Command(b, "all", func(ctx context.Context, c *bot.Call, a args) error {
			return c.Send(ctx, "%t %d %g %v %q", a.Yes, a.N, a.F, a.D, a.Quote)
		})
	}, func(r *room) {
		const usage = "; usage: !all <yes> <n> <weight> [d] [quote]"
		r.want("grace", "!all on 255 1.5 90s x", `true 255 1.5 1m30s "x"`)
		r.want("grace", "!all no 0 -2 10", `false 0 -2 10s ""`)
		r.want("grace", "!all no 0 -2", `false 0 -2 0s ""`)
		r.want("grace", "!all maybe 0 1", "yes must be on or off"+usage)
		r.want("grace", "!all on 256 1", "n is out of range"+usage)
		r.want("grace", "!all on -1 1", "n must be a whole number, zero or more"+usage)
		r.want("grace", "!all on 1 NaN", "weight must be a number"+usage)
		r.want("grace", "!all on 1 1 soon", "d must be a duration like 90s, 10m or 2d"+usage)
	})
}

func TestErrors(t *testing.T) {
	inRoom(t, func(b *bot.Bot) error {
		return errors.Join(
			bot.Command(b, "sorry", func(context.Context, *bot.Call, struct{}) error {
				return fmt.Errorf("wrapped: %w", bot.Sorry("who should I shout out?"))
			}),
			bot.Command(b, "broken", func(context.Context, *bot.Call, struct{}) error { return errors.New("secret detail") }),
		)
	}, func(r *room) {
		r.want("grace", "!sorry", "who should I shout out?")
		if got := r.log.String(); got != "" {
			t.Errorf("got log %s, want none", got)
		}
		r.want("grace", "!broken", "something went wrong (…)")
		if got := r.log.String(); !strings.Contains(got, "secret detail") {
			t.Errorf("got log %s, want the error", got)
		}
	})
}

func TestAnswersAreClean(t *testing.T) {
	type args struct {
		Text string `arg:"rest"`
	}
	inRoom(t, func(b *bot.Bot) error {
		return bot.Command(b, "echo", func(ctx context.Context, c *bot.Call, a args) error {
			return c.Send(ctx, "%s", strings.ReplaceAll(a.Text, "|", "\r\n"))
		})
	}, func(r *room) {
		r.want("grace", "!echo /ban bob", "\u2215ban bob")
		r.want("grace", "!echo \u200b\u2060/ban bob", "\u2215ban bob")
		r.want("grace", "!echo a|b", "a  b")
		r.want("grace", "!echo "+strings.Repeat("é", 490), strings.Repeat("é", 490))
	})
}

func TestWhatDoesNotFitIsCut(t *testing.T) {
	inRoom(t, func(b *bot.Bot) error {
		return bot.Command(b, "long", func(ctx context.Context, c *bot.Call, _ struct{}) error {
			return c.Send(ctx, "%s", strings.Repeat("é", 600))
		})
	}, func(r *room) {
		r.want("grace", "!long", strings.Repeat("é", 499)+"…")
	})
}

func TestSameAnswerAgainIsSent(t *testing.T) {
	inRoom(t, func(b *bot.Bot) error { return bot.Command(b, "hello", hello) }, func(r *room) {
		r.tw.Unmod("ada", "larkspur") // moderators may repeat themselves
		r.want("grace", "!hello", "hello grace!")
		time.Sleep(5 * time.Second)
		r.want("grace", "!hello", "hello  grace!")
	})
}

func TestDroppedAnswerIsAnError(t *testing.T) {
	inRoom(t, func(b *bot.Bot) error {
		return bot.Command(b, "hello", func(ctx context.Context, c *bot.Call, a struct{}) error {
			err := hello(ctx, c, a)
			if e, ok := errors.AsType[*chat.DroppedError](err); !ok || e.Code != "msg_rejected" {
				t.Errorf("got %v, want msg_rejected", err)
			}
			return nil
		})
	}, func(r *room) {
		r.drop = "msg_rejected"
		r.want("grace", "!hello")
	})
}

func TestSharedChatIsAnsweredOnce(t *testing.T) {
	inRoom(t, func(b *bot.Bot) error { return bot.Command(b, "hello", hello) }, func(r *room) {
		for i, source := range []string{"999", r.tw.UserID("ada"), ""} {
			before := len(r.tw.Chat("ada"))
			event := fmt.Sprintf(`{"broadcaster_user_id":%q,"chatter_user_id":"7","chatter_user_name":"Eve","message":{"text":"!hello"},"source_broadcaster_user_id":%q}`, r.tw.UserID("ada"), source)
			if err := r.mux.Dispatch(t.Context(), eventsub.Notification{
				Meta: eventsub.Meta{MessageID: fmt.Sprint(i)}, Type: eventsub.ChannelChatMessage{}.Type(), Event: []byte(event),
			}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(5 * time.Second)
			if got, want := len(r.tw.Chat("ada"))-before, min(i, 1); got != want {
				t.Errorf("source %q: got %d answers, want %d", source, got, want)
			}
		}
	})
}

func TestMiddlewareWraps(t *testing.T) {
	var trace []string
	note := func(name string) bot.Middleware {
		return func(next bot.Handler) bot.Handler {
			return func(ctx context.Context, c *bot.Call) error {
				trace = append(trace, name)
				return next(ctx, c)
			}
		}
	}
	inRoom(t, func(b *bot.Bot) error {
		b.Use(note("bot 1"), note("bot 2"))
		return bot.Command(b, "hello", hello, bot.With(note("own 1"), note("own 2")))
	}, func(r *room) {
		r.want("grace", "!hello", "hello grace!")
	})
	if diff := cmp.Diff([]string{"bot 1", "bot 2", "own 1", "own 2"}, trace); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}
