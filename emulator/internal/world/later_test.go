package world

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestWhatIsDueIsDoneInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := New(Options{})
		u, err := w.AddUser(User{Login: "ada"})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		begun := time.Now()
		for name, after := range map[string]time.Duration{"second": 2 * time.Second, "first": time.Second, "third": 3 * time.Second} {
			c := w.begin()
			w.later(after, func(c *change) {
				got = append(got, name)
				if at := c.now.Sub(begun); at != after {
					t.Errorf("%s: got it at %v, want %v", name, at, after)
				}
			})
			c.end()
		}
		var facts []time.Time
		defer w.Subscribe(func(f Fact) {
			facts = append(facts, HeadOf(f).Time)
			w.Polls(u.ID) // a subscriber may read
		})()
		if _, err := w.StartPoll(u.ID, NewPoll{Title: "Tea?", Choices: []string{"yes", "no"}, Duration: 2500 * time.Millisecond}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if len(got) != 3 || got[0] != "first" || got[1] != "second" || got[2] != "third" {
			t.Errorf("got %v, want first, second, third", got)
		}
		if len(facts) != 2 || facts[1].Sub(facts[0]) != 2500*time.Millisecond {
			t.Errorf("got %v, want a poll that ends after 2.5 s", facts)
		}
	})
}

func TestReadersFindWhatIsDueAtThisMomentDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := New(Options{})
		u, err := w.AddUser(User{Login: "ada"})
		if err != nil {
			t.Fatal(err)
		}
		for range 100 {
			if _, err := w.StartPoll(u.ID, NewPoll{Title: "Tea?", Choices: []string{"yes", "no"}, Duration: time.Second}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
			if got := w.Polls(u.ID)[0].Status; got != "COMPLETED" {
				t.Fatalf("got %s, want COMPLETED", got)
			}
		}
	})
}
