package irc_test

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/irc"
)

func in(channel, id string) string {
	return strings.NewReplacer("#ada", "#"+channel, "id=1;", "id="+id+";").Replace(hello)
}

// While a handler sleeps, the rest of its burst and what comes later is read by another
// goroutine.
func TestSleepingHandlerDelaysOthersByMilliseconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := irc.New(s.options(irc.Options{}))
		begin := time.Now()
		var mu sync.Mutex
		var got []string
		irc.On(c, func(_ context.Context, m *irc.PrivMsg) error {
			mu.Lock()
			got = append(got, fmt.Sprint(m.ID, " after ", time.Since(begin).Round(time.Second), " in ", m.Channel))
			if m.Channel == "grace" && time.Since(begin)%time.Minute > 3*time.Millisecond {
				t.Errorf("message %s was handled after %v", m.ID, time.Since(begin))
			}
			mu.Unlock()
			if m.Channel == "ada" {
				time.Sleep(time.Hour)
			}
			return nil
		})
		run(t, c)
		conn := s.last(1)
		begin = time.Now()
		conn.write(in("ada", "1"), in("ada", "2"), in("grace", "3"), in("ada", "4"), in("grace", "5"))
		time.Sleep(time.Minute)
		conn.write(in("grace", "6"), in("ada", "7"), in("grace", "8"))
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		want := []string{
			"1 after 0s in ada", "3 after 0s in grace", "5 after 0s in grace", "6 after 1m0s in grace", "8 after 1m0s in grace",
			"2 after 1h0m0s in ada", "4 after 2h0m0s in ada", "7 after 3h0m0s in ada",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("messages (-want +got):\n%s", diff)
		}
	})
}

// Slow handlers in many channels run in parallel: the delays of takeovers do not add up.
func TestSlowHandlersRunInParallel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := irc.New(s.options(irc.Options{}))
		var mu sync.Mutex
		done := 0
		irc.On(c, func(context.Context, *irc.PrivMsg) error {
			time.Sleep(50 * time.Millisecond)
			mu.Lock()
			defer mu.Unlock()
			done++
			return nil
		})
		run(t, c)
		conn := s.last(1)
		var lines []string
		for n := range 1000 {
			lines = append(lines, in(fmt.Sprint("c", n), "1"))
		}
		conn.write(lines...)
		time.Sleep(60 * time.Millisecond)
		synctest.Wait()
		mu.Lock()
		defer mu.Unlock()
		if done != 1000 {
			t.Errorf("got %d handlers done after 60 ms, want all 1000", done)
		}
	})
}

// Handlers that are a little slow, but each of them faster than a takeover, must not make
// reading fall behind either.
func TestSlowishHandlersRunInParallel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := irc.New(s.options(irc.Options{}))
		var mu sync.Mutex
		done := 0
		irc.On(c, func(context.Context, *irc.PrivMsg) error {
			time.Sleep(300 * time.Microsecond)
			mu.Lock()
			defer mu.Unlock()
			done++
			return nil
		})
		run(t, c)
		var lines []string
		for range 10 {
			for n := range 100 {
				lines = append(lines, in(fmt.Sprint("c", n), "1"))
			}
		}
		s.last(1).write(lines...)
		time.Sleep(20 * time.Millisecond) // one after another: 300 ms
		synctest.Wait()
		mu.Lock()
		defer mu.Unlock()
		if done != 1000 {
			t.Errorf("got %d handlers done after 20 ms, want all 1000", done)
		}
	})
}

// Handlers run in the goroutine that reads while they are fast, not after a slow one, and
// again some messages later.
func TestFastHandlersRunWhereTheyAreRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := irc.New(s.options(irc.Options{}))
		var reading bool
		irc.On(c, func(_ context.Context, m *irc.PrivMsg) error {
			reading = strings.Contains(string(debug.Stack()), "reader).hand(")
			if m.ID == "slow" {
				time.Sleep(10 * time.Millisecond)
			}
			return nil
		})
		run(t, c)
		conn := s.last(1)
		check := func(id string, want bool) {
			t.Helper()
			conn.send(in("ada", id))
			if reading != want {
				t.Errorf("got %v, want %v", reading, want)
			}
		}
		for range 3 {
			check("1", true)
			check("slow", true)
			time.Sleep(time.Second)
			for range 64 {
				check("2", false)
			}
		}
		check("1", true)
	})
}

// t.FailNow ends the goroutine of its caller. That must not end reading.
func TestHandlersThatEndTheirGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := irc.New(s.options(irc.Options{}))
		var got []string
		irc.On(c, func(_ context.Context, m *irc.PrivMsg) error {
			got = append(got, m.ID)
			switch m.ID {
			case "slow":
				time.Sleep(10 * time.Millisecond)
				runtime.Goexit()
			case "fast":
				runtime.Goexit()
			}
			return nil
		})
		run(t, c)
		conn := s.last(1)
		conn.write(in("ada", "fast"), in("ada", "2"), in("ada", "slow"), in("ada", "4"), in("ada", "slow"))
		conn.write(in("ada", "fast"), in("ada", "7"))
		time.Sleep(time.Second)
		conn.send(in("ada", "8"), "PING :one")
		if diff := cmp.Diff([]string{"fast", "2", "slow", "4", "slow", "fast", "7", "8"}, got); diff != "" {
			t.Errorf("messages (-want +got):\n%s", diff)
		}
		if pongs := conn.lines("PONG"); len(pongs) != 1 {
			t.Errorf("got %q, want an answer to PING", pongs)
		}
	})
}

// A handler may wait for what has to be read first.
func TestHandlerThatJoins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := irc.New(s.options(irc.Options{Channels: []string{"ada"}}))
		joined := make(chan error, 1)
		var off func()
		off = irc.On(c, func(ctx context.Context, _ *irc.PrivMsg) error {
			off()
			irc.On(c, func(context.Context, *irc.PrivMsg) error { return nil })
			begin := time.Now()
			err := c.Join(ctx, "grace")
			if took := time.Since(begin); took > 5*time.Millisecond {
				t.Errorf("joining took %v", took)
			}
			joined <- err
			return nil
		})
		run(t, c)
		s.last(1).write(hello)
		if err := <-joined; err != nil {
			t.Error(err)
		}
	})
}

// When the context ends, Run waits for the handler that is running, and for nothing else.
func TestRunEndsWhileAHandlerIsSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := irc.New(s.options(irc.Options{Channels: []string{"ada"}}))
		ctx, cancel := context.WithCancel(t.Context())
		calls := 0
		irc.On(c, func(ctx context.Context, _ *irc.PrivMsg) error {
			calls++
			<-ctx.Done()
			time.Sleep(time.Second)
			return nil
		})
		done := make(chan error)
		go func() { done <- c.Run(ctx) }()
		conn := s.last(1)
		conn.write(hello, hello, hello)
		for _, wait := range []time.Duration{0, 100 * time.Millisecond} {
			time.Sleep(wait)
			conn.write(hello)
		}
		begin := time.Now()
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if took := time.Since(begin); took > 1010*time.Millisecond || calls != 1 {
			t.Errorf("Run ended after %v and %d calls, want a second and 1 call", took, calls)
		}
	})
}

// The same for a logger, which is called while no handler runs.
func TestLoggerThatEndsTheGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := irc.New(s.options(irc.Options{Logger: slog.New(ending{slog.DiscardHandler})}))
		var got []string
		irc.On(c, func(_ context.Context, m *irc.PrivMsg) error {
			got = append(got, m.ID)
			return nil
		})
		run(t, c)
		s.last(1).send("@x", in("ada", "1"), ":", in("ada", "2"))
		if diff := cmp.Diff([]string{"1", "2"}, got); diff != "" {
			t.Errorf("messages (-want +got):\n%s", diff)
		}
		if n := c.Stats().Unparsed; n != 2 {
			t.Errorf("got %d lines not understood, want 2", n)
		}
	})
}

// ending is a log handler that ends its goroutine at a warning.
type ending struct{ slog.Handler }

func (ending) Enabled(context.Context, slog.Level) bool { return true }

func (ending) Handle(_ context.Context, r slog.Record) error {
	if r.Level == slog.LevelWarn {
		runtime.Goexit()
	}
	return nil
}

func TestLinesWithLineEndsOrNULInside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := irc.New(s.options(irc.Options{}))
		var got []string
		irc.On(c, func(_ context.Context, m *irc.PrivMsg) error {
			got = append(got, m.Text)
			return nil
		})
		run(t, c)
		for _, inside := range []string{"\r", "\x00"} {
			s.last(1).send(":bob!bob@x PRIVMSG #ada :one"+inside+"two", ":bob!bob@x PRIVMSG #ada :three")
		}
		if diff := cmp.Diff([]string{"three", "three"}, got); diff != "" {
			t.Errorf("messages (-want +got):\n%s", diff)
		}
		if n := c.Stats().Unparsed; n != 2 {
			t.Errorf("got %d lines not understood, want 2", n)
		}
	})
}

// Several handlers of a message do not see what the others do to theirs.
func TestHandlersGetTheirOwnValue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := irc.New(s.options(irc.Options{}))
		var got []string
		var kept []*irc.PrivMsg
		read := func(_ context.Context, m *irc.PrivMsg) error {
			got = append(got, m.ID+" "+m.Text)
			m.Text = "changed"
			return nil
		}
		keep := func(_ context.Context, m *irc.PrivMsg) error {
			kept = append(kept, m)
			return nil
		}
		irc.OnReused(c, read)
		irc.On(c, read)
		irc.On(c, keep)
		irc.OnReused(c, read)
		run(t, c)
		s.last(1).send(in("ada", "1"), in("ada", "2"))
		if diff := cmp.Diff([]string{"1 hello", "1 hello", "1 hello", "2 hello", "2 hello", "2 hello"}, got); diff != "" {
			t.Errorf("messages (-want +got):\n%s", diff)
		}
		if kept[0].ID != "1" || kept[1].ID != "2" || kept[0].Text != "hello" {
			t.Errorf("got %s %q and %s kept, want 1, hello and 2", kept[0].ID, kept[0].Text, kept[1].ID)
		}
	})
}
