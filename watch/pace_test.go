package watch_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/watch"
)

// calls returns how many polls there were so far.
func (f *twitch) calls() int {
	synctest.Wait()
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.batches)
}

func TestPollInterval(t *testing.T) {
	for _, row := range []struct {
		name  string
		every time.Duration
		want  int // polls within a minute, the first included
	}{
		{"by default", 0, 2},
		{"a wrong sign", -time.Second, 2},
		{"too often", time.Millisecond, 60},
		{"almost too often", 999 * time.Millisecond, 60},
		{"as often as may be", time.Second, 60},
		{"seldom", 50 * time.Second, 2},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newTwitch()
				running(t, watch.New(f.client(), []string{"1"}, watch.Options{Every: row.every}))
				time.Sleep(time.Minute - time.Millisecond)
				if got := f.calls(); got != row.want {
					t.Errorf("got %d calls in a minute, want %d", got, row.want)
				}
			})
		})
	}
}

func TestAddPollsOnceAndImmediately(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newTwitch()
		w := watch.New(f.client(), []string{"1"}, watch.Options{Every: time.Hour})
		w.Add("2") // before Run: the first poll has it
		running(t, w)
		if got := f.calls(); got != 1 {
			t.Errorf("got %d calls at the start, want 1", got)
		}
		w.Add("3")
		if got := f.calls(); got != 2 || f.batches[1] != 3 {
			t.Errorf("got %d calls after Add, the last for %v, want 2, the last for 3", got, f.batches)
		}
	})
}

func TestNewPanicsWithoutAClient(t *testing.T) {
	defer func() {
		if p := recover(); p != "watch: New: the client is nil" {
			t.Errorf("got %v, want a panic that says what is missing", p)
		}
	}()
	watch.New(nil, nil, watch.Options{})
}
