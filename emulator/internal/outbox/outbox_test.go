package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/larkspur-dev/larkspur/emulator/internal/outbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func Example() {
	q := outbox.New()
	fmt.Println(q.Add([]byte("one"), []byte("two")))
	q.Close() // what is in it still goes out
	lines, ok := q.Take(context.Background(), nil)
	fmt.Printf("%s %v\n", lines, ok)
	_, ok = q.Take(context.Background(), lines)
	fmt.Println(ok, q.Add([]byte("three")))
	// Output:
	// <nil>
	// [one two] true
	// false connection is closed
}

func TestAddRefusesWhenFull(t *testing.T) {
	q := outbox.New()
	n := 0
	for ; n < 100_000; n++ {
		if err := q.Add([]byte("x")); err != nil {
			if !errors.Is(err, outbox.ErrOverflow) {
				t.Errorf("got %v, want ErrOverflow", err)
			}
			break
		}
	}
	lines, _ := q.Take(t.Context(), nil)
	if len(lines) != n || n == 100_000 {
		t.Errorf("got %d lines of %d", len(lines), n)
	}
	if err := q.Add([]byte("x")); err != nil {
		t.Errorf("got %v after Take, want room", err)
	}
}

func TestAddSlowlyKeepsOrderAndWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const total = 50_000
		q := outbox.New()
		start := time.Now()
		done := make(chan int)
		go func() {
			taken := 0
			for taken < total {
				time.Sleep(9 * time.Second) // slow, but not stalled
				lines, ok := q.Take(t.Context(), nil)
				for _, l := range lines {
					if want := fmt.Sprint(taken); string(l) != want {
						t.Errorf("got %s, want %s", l, want)
					}
					taken++
				}
				if !ok {
					break
				}
			}
			done <- taken
		}()
		for i := range total {
			if err := q.AddSlowly(fmt.Append(nil, i)); err != nil {
				t.Fatalf("line %d: %v", i, err)
			}
		}
		if got := <-done; got != total || time.Since(start) < time.Minute {
			t.Errorf("got %d lines in %v, want %d and to have waited", got, time.Since(start), total)
		}
	})
}

func TestAddSlowlyGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := outbox.New()
		var err error
		start := time.Now()
		for err == nil {
			err = q.AddSlowly([]byte("x"))
		}
		if !errors.Is(err, outbox.ErrOverflow) || time.Since(start) != 10*time.Second {
			t.Errorf("got %v after %v, want ErrOverflow after 10s", err, time.Since(start))
		}
		waiting := make(chan error)
		go func() { waiting <- q.AddSlowly([]byte("x")) }()
		synctest.Wait()
		q.Close()
		if err := <-waiting; !errors.Is(err, outbox.ErrClosed) {
			t.Errorf("got %v, want ErrClosed", err)
		}
	})
}

func TestTakeEndsWithContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := outbox.New()
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if lines, ok := q.Take(ctx, nil); ok || lines != nil {
			t.Errorf("got %v, %v, want nothing", lines, ok)
		}
	})
}

func TestOneLineWakesWhoWaits(t *testing.T) {
	for name, add := range map[string]func(q *outbox.Queue, line string) error{
		"add":        func(q *outbox.Queue, line string) error { return q.Add([]byte(line)) },
		"add slowly": func(q *outbox.Queue, line string) error { return q.AddSlowly([]byte(line)) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				q := outbox.New()
				defer q.Close()
				var got []string
				go func() {
					for lines, ok := q.Take(t.Context(), nil); ok; lines, ok = q.Take(t.Context(), lines) {
						for _, line := range lines {
							got = append(got, string(line))
						}
					}
				}()
				for i, line := range []string{"a", "b", "c"} {
					synctest.Wait()
					if err := add(q, line); err != nil {
						t.Fatal(err)
					}
					synctest.Wait()
					if len(got) != i+1 || got[i] != line {
						t.Fatalf("got %v after %q", got, line)
					}
				}
			})
		})
	}
}
