package bot_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// greeter is a component that notes what happens to it.
type greeter struct {
	word     string
	trace    *[]string
	setup    func(s *bot.Setup) error
	startErr error
}

func (g *greeter) Setup(s *bot.Setup) error {
	if g.setup != nil {
		return g.setup(s)
	}
	s.Require(func(_ context.Context, m *chat.Message) error {
		if m.Chatter.Login == "bob" {
			return bot.ErrNotAllowed
		}
		return nil
	})
	bot.On(s, func(_ context.Context, e *eventsub.ChannelFollow) error {
		g.note("follow " + e.UserLogin)
		return nil
	})
	return errors.Join(
		bot.Command(s, "greet", func(ctx context.Context, c *bot.Call, _ struct{}) error { return c.Send(ctx, "%s", g.word) }),
		s.Routine("tick", bot.Every(time.Minute), func(context.Context) error { g.note("tick"); return nil }, bot.RoutineOptions{}),
	)
}

func (g *greeter) Start(context.Context) error {
	if g.startErr == nil {
		g.note("start")
	}
	return g.startErr
}

func (g *greeter) Stop() { g.note("stop") }

func (g *greeter) note(what string) {
	tracing.Lock()
	defer tracing.Unlock()
	*g.trace = append(*g.trace, g.word+" "+what)
}

var tracing sync.Mutex // held while a trace is written or read

// follow dispatches a follow.
func (r *room) follow(id, login string) {
	r.t.Helper()
	if err := r.mux.Dispatch(r.t.Context(), eventsub.Notification{
		Meta: eventsub.Meta{MessageID: id}, Type: eventsub.ChannelFollow{}.Type(),
		Event: []byte(`{"broadcaster_user_id":"2","user_id":"` + id + `","user_login":"` + login + `"}`),
	}); err != nil {
		r.t.Fatal(err)
	}
	if err := r.mux.Drain(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
}

func TestComponentsComeAndGo(t *testing.T) {
	var trace []string
	inRoom(t, func(b *bot.Bot) error { return bot.Command(b, "hello", hello) }, func(r *room) {
		ctx := r.t.Context()
		add := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		add(r.bot.Add(ctx, "greeter", &greeter{word: "hi", trace: &trace}))
		r.want("grace", "!greet", "hi")
		r.want("bob", "!greet")
		r.want("bob", "!hello", "hello bob!")
		r.follow("1", "eve")
		time.Sleep(61 * time.Second)
		add(r.bot.Replace(ctx, "greeter", &greeter{word: "hey", trace: &trace}))
		r.want("grace", "!greet", "hey")
		r.follow("2", "mallory")
		time.Sleep(61 * time.Second)
		if got := strings.Join(r.bot.Components(), " "); got != "greeter" {
			t.Errorf("components: got %q", got)
		}
		add(r.bot.Remove("greeter"))
		r.want("grace", "!greet")
		r.follow("3", "trudy")
		time.Sleep(61 * time.Second)
		tracing.Lock()
		defer tracing.Unlock()
		if want := []string{"hi start", "hi follow eve", "hi tick", "hey start", "hi stop", "hey follow mallory", "hey tick", "hey stop"}; !slices.Equal(trace, want) {
			t.Errorf("got  %q\nwant %q", trace, want)
		}
	})
}

func TestFailedComponentChangesNothing(t *testing.T) {
	var trace []string
	inRoom(t, func(b *bot.Bot) error { return bot.Command(b, "hello", hello) }, func(r *room) {
		ctx := r.t.Context()
		if err := r.bot.Add(ctx, "greeter", &greeter{word: "hi", trace: &trace}); err != nil {
			t.Fatal(err)
		}
		taken := func(s *bot.Setup) error {
			return errors.Join(bot.Command(s, "other", hello), bot.Group(s, "hello", bot.ModsOnly), bot.Command(s, "hello", hello))
		}
		for want, err := range map[string]error{
			`bot: component "greeter": the name is taken`:     r.bot.Add(ctx, "greeter", &greeter{trace: &trace}),
			`bot: component "none": there is none to replace`: r.bot.Replace(ctx, "none", &greeter{trace: &trace}),
			`bot: component "nil": it is nil`:                 r.bot.Add(ctx, "nil", nil),
			`bot: component "greeter": out of paper`:          r.bot.Replace(ctx, "greeter", &greeter{trace: &trace, startErr: errors.New("out of paper")}),
			`bot: component "greeter": broken`:                r.bot.Replace(ctx, "greeter", &greeter{trace: &trace, setup: func(*bot.Setup) error { return errors.New("broken") }}),
			`bot: component "panic": panic: oh`:               r.bot.Add(ctx, "panic", &greeter{trace: &trace, setup: func(*bot.Setup) error { panic("oh") }}),
			`the name "hello" is taken`:                       r.bot.Add(ctx, "taken", &greeter{trace: &trace, setup: taken}),
			`bot: there is no component "none"`:               r.bot.Remove("none"),
			`bot: component "check": the check is nil`:        r.bot.Add(ctx, "check", &greeter{trace: &trace, setup: func(s *bot.Setup) error { s.Require(nil); return nil }}),
			`bot: component "r": bot: routine "": the name is missing`: r.bot.Add(ctx, "r", &greeter{trace: &trace, setup: func(s *bot.Setup) error {
				return s.Routine("", bot.Every(1), func(context.Context) error { return nil }, bot.RoutineOptions{})
			}}),
		} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %s", err, want)
			}
		}
		r.want("grace", "!greet", "hi")
		r.want("grace", "!hello", "hello grace!") // the group of the failed one does not hold
		r.want("grace", "!other")
		if want := []string{"hi start"}; !slices.Equal(trace, want) {
			t.Errorf("got %q, want %q", trace, want)
		}
		if err := r.bot.Remove("greeter"); err != nil {
			t.Fatal(err)
		}
	})
}
