package skill

import (
	"strconv"
	"testing"
	"time"
)

func TestCooldownForgetsUsersOfALargeChat(t *testing.T) {
	c, start := (&cooldownConfig{perUser: 10 * time.Second}).start(), time.Unix(1_800_000_000, 0)
	use := func(first, last int, now time.Time) {
		t.Helper()
		for i := first; i < last; i++ {
			if !c.take(strconv.Itoa(i), now) {
				t.Fatalf("user %d had to wait", i)
			}
		}
	}
	use(0, maxCooling/2, start)
	use(maxCooling/2, maxCooling, start.Add(5*time.Second))
	use(0, 1, start.Add(10*time.Second)) // known: needs no room
	if len(c.users) != maxCooling {
		t.Errorf("got %d users, want %d", len(c.users), maxCooling)
	}
	use(maxCooling, maxCooling+1, start.Add(10*time.Second))
	if got, want := len(c.users), maxCooling/2+2; got != want {
		t.Errorf("got %d users remembered, want %d: those whose cooldown is over are removed", got, want)
	}
	if c.take(strconv.Itoa(maxCooling-1), start.Add(10*time.Second)) {
		t.Error("a user whose cooldown is not over was removed with the others")
	}

	use(maxCooling+1, 3*maxCooling/2, start.Add(11*time.Second))
	if len(c.users) > maxCooling {
		t.Errorf("got %d users remembered, want %d at most", len(c.users), maxCooling)
	}
	use(2*maxCooling, 3*maxCooling+1, start.Add(12*time.Second)) // no cooldown is over
	if len(c.users) > maxCooling {
		t.Errorf("got %d users remembered, want %d at most", len(c.users), maxCooling)
	}
}

func TestRefusedUseStartsNoCooldown(t *testing.T) {
	c, start := (&cooldownConfig{global: 5 * time.Second, perUser: 10 * time.Second}).start(), time.Unix(1_800_000_000, 0)
	for _, step := range []struct {
		user  string
		after time.Duration
		want  bool
	}{
		{"a", 0, true},
		{"b", 4 * time.Second, false}, // the global one
		{"a", 6 * time.Second, false}, // a's own
		{"b", 6 * time.Second, true},
		{"a", 10 * time.Second, false}, // the global one, since b
		{"a", 11 * time.Second, true},
		{"", 16 * time.Second, true}, // no user
		{"", 21 * time.Second, true},
	} {
		if got := c.take(step.user, start.Add(step.after)); got != step.want {
			t.Errorf("%q after %v: got %v, want %v", step.user, step.after, got, step.want)
		}
	}
}
