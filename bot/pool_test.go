package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/chat"
)

// from is a message to the channel ada.
func from(r *room, chatter int, text string) *chat.Message {
	id := fmt.Sprint(1000 + chatter)
	return &chat.Message{
		Broadcaster: chat.User{ID: r.tw.UserID("ada"), Login: "ada"}, Text: text,
		Chatter: chat.Chatter{User: chat.User{ID: id, Login: "c" + id, Name: "C" + id}},
	}
}

// Ten chatters who only call a command that takes three seconds must not hold up others.
func TestSlowCommandsHoldUpNobodyElse(t *testing.T) {
	var mu sync.Mutex
	var waits []time.Duration
	inRoom(t, func(b *bot.Bot) error {
		type sentAt struct{ At int64 }
		return errors.Join(
			bot.Command(b, "slow", func(context.Context, *bot.Call, struct{}) error { time.Sleep(3 * time.Second); return nil }),
			bot.Command(b, "quick", func(_ context.Context, _ *bot.Call, a sentAt) error {
				mu.Lock()
				defer mu.Unlock()
				waits = append(waits, time.Since(time.Unix(0, a.At)))
				return nil
			}),
		)
	}, func(r *room) {
		const perSecond, seconds = 300, 10
		for i := range perSecond * seconds {
			chatter := i % 200
			if chatter < 10 {
				r.bot.Handle(r.t.Context(), from(r, chatter, "!slow"))
			} else {
				r.bot.Handle(r.t.Context(), from(r, chatter, fmt.Sprint("!quick ", time.Now().UnixNano())))
			}
			time.Sleep(time.Second / perSecond)
		}
		if err := r.bot.Drain(r.t.Context()); err != nil {
			t.Fatal(err)
		}
		if want := perSecond * seconds / 200 * 190; len(waits) != want {
			t.Fatalf("%d quick calls ran, want %d", len(waits), want)
		}
		slices.Sort(waits)
		if p99 := waits[len(waits)*99/100]; p99 > 100*time.Millisecond {
			t.Errorf("p99 is %v, want 100 ms at most", p99)
		}
	})
}

func TestCallsOfAChatterKeepTheirOrder(t *testing.T) {
	var mu sync.Mutex
	var got []string
	inRoom(t, func(b *bot.Bot) error {
		return bot.Command(b, "note", func(_ context.Context, _ *bot.Call, a struct {
			Text string
			Wait time.Duration
		},
		) error {
			time.Sleep(a.Wait)
			mu.Lock()
			defer mu.Unlock()
			got = append(got, a.Text)
			return nil
		})
	}, func(r *room) {
		r.bot.Handle(r.t.Context(), from(r, 1, "!note a1 2s"))
		r.bot.Handle(r.t.Context(), from(r, 2, "!note b1 1s"))
		r.bot.Handle(r.t.Context(), from(r, 1, "!note a2 0s"))
		if err := r.bot.Drain(r.t.Context()); err != nil {
			t.Fatal(err)
		}
		if want := []string{"b1", "a1", "a2"}; !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestTooManyCallsAreDroppedAndCounted(t *testing.T) {
	inRoom(t, func(b *bot.Bot) error {
		return bot.Command(b, "slow", func(context.Context, *bot.Call, struct{}) error { time.Sleep(time.Second); return nil })
	}, func(r *room) {
		for range 100 {
			r.bot.Handle(r.t.Context(), from(r, 1, "!slow"))
		}
		r.bot.Handle(r.t.Context(), from(r, 2, "!slow"))
		if st := r.bot.Stats(); st.Calls != 101 || st.Dropped != 100-1-16 {
			t.Errorf("got %+v, want 101 calls of which 83 were dropped", st)
		}
		if err := r.bot.Drain(r.t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

func TestCallHasADeadline(t *testing.T) {
	inRoom(t, func(b *bot.Bot) error {
		return bot.Command(b, "wait", func(ctx context.Context, _ *bot.Call, _ struct{}) error {
			<-ctx.Done()
			return context.Cause(ctx)
		})
	}, func(r *room) {
		r.want("grace", "!wait")
		time.Sleep(31 * time.Second)
		if err := r.bot.Drain(r.t.Context()); err != nil {
			t.Fatal(err)
		}
		r.wantLog("command wait: context deadline exceeded")
	})
}

func TestDeadlineOfACommand(t *testing.T) {
	inRoom(t, func(b *bot.Bot) error {
		wait := func(ctx context.Context, c *bot.Call, _ struct{}) error {
			<-ctx.Done()
			return c.Send(context.WithoutCancel(ctx), "%s", c.Command)
		}
		return errors.Join(
			bot.Command(b, "a", wait),
			bot.Group(b, "g", bot.Deadline(time.Minute)), bot.Command(b, "g b", wait),
			bot.Command(b, "g c", wait, bot.Deadline(2*time.Minute)),
		)
	}, func(r *room) {
		for i, text := range []string{"!a", "!g b", "!g c"} {
			r.bot.Handle(r.t.Context(), from(r, i, text))
		}
		for _, want := range []string{"a", "g b", "g c"} {
			time.Sleep(20 * time.Second)
			before := len(r.tw.Chat("ada"))
			time.Sleep(11 * time.Second)
			if said := r.tw.Chat("ada")[before:]; len(said) != 1 || said[0].Text != want {
				t.Errorf("got %+v, want the end of %s", said, want)
			}
			if want == "g b" {
				time.Sleep(29 * time.Second)
			}
		}
	})
}
