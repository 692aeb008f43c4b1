package daemon

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/larkspur-dev/larkspur/skill"
)

// For any sequence of calls: a lane keeps its bounds, jobs run in the order of arrival
// and never after they expired, and each job either runs or is dropped, once.
func TestLaneProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := &lane{laneOptions: laneOptions{
			size:      rapid.IntRange(1, 8).Draw(t, "size"),
			parallel:  rapid.IntRange(1, 3).Draw(t, "parallel"),
			newest:    rapid.Bool().Draw(t, "newest"),
			finishing: rapid.Bool().Draw(t, "finishing"),
		}}
		now := time.Unix(1_700_000_000, 0)
		number := map[*job]int{}
		ended := map[*job]error{} // nil: it ran
		last := -1
		want := laneCounts{}
		drop := func(jobs []dropped) {
			for _, d := range jobs {
				if _, twice := ended[d.job]; twice {
					t.Fatalf("job %d ended twice", number[d.job])
				}
				ended[d.job] = d.why
				switch {
				case errors.Is(d.why, skill.ErrExpired):
					want.Expired++
					if now.Before(d.job.expires) {
						t.Fatalf("job %d expired too early", number[d.job])
					}
				case errors.Is(d.why, skill.ErrCrowded):
					want.Crowded++
				case errors.Is(d.why, errStopping):
					if !l.closed {
						t.Fatal("a job was dropped because of a stop that never happened")
					}
				}
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				j := &job{}
				if life := rapid.IntRange(0, 5).Draw(t, "life"); life > 0 {
					j.expires = now.Add(time.Duration(life) * time.Second)
				}
				number[j] = len(number)
				drop(l.add(now, j))
			},
			"next": func(t *rapid.T) {
				j, out := l.next(now)
				drop(out)
				if j == nil {
					if l.running < l.parallel && len(l.waiting) > 0 {
						t.Fatal("a job waits although another may run")
					}
					return
				}
				if _, twice := ended[j]; twice {
					t.Fatalf("job %d ended twice", number[j])
				}
				ended[j] = nil
				if !j.expires.IsZero() && !now.Before(j.expires) {
					t.Fatalf("job %d runs after it expired", number[j])
				}
				if number[j] <= last {
					t.Fatalf("job %d runs after job %d", number[j], last)
				}
				last = number[j]
			},
			"done": func(*rapid.T) {
				if l.running > 0 {
					l.done()
					want.Done++
				}
			},
			"wait": func(t *rapid.T) {
				now = now.Add(time.Duration(rapid.IntRange(0, 3000).Draw(t, "ms")) * time.Millisecond)
			},
			"close": func(t *rapid.T) {
				if rapid.IntRange(0, 9).Draw(t, "often") == 0 {
					drop(l.close(rapid.Bool().Draw(t, "force")))
				}
			},
			"": func(t *rapid.T) {
				if len(l.waiting) > l.size || l.running > l.parallel {
					t.Fatalf("%d wait of %d, %d run of %d", len(l.waiting), l.size, l.running, l.parallel)
				}
				if len(ended)+len(l.waiting) != len(number) {
					t.Fatalf("%d jobs were added, %d ended and %d wait", len(number), len(ended), len(l.waiting))
				}
				want.Waiting, want.Running = len(l.waiting), l.running
				if got := l.state(); got != want {
					t.Fatalf("got counts %+v, want %+v", got, want)
				}
			},
		})
	})
}
