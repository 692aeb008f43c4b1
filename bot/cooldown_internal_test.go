package bot

import (
	"strconv"
	"testing"
	"time"
)

// fill lets chatters from first to before last use the command.
func (cd *cooldown) fill(t *testing.T, first, last int, now time.Time) {
	t.Helper()
	for i := first; i < last; i++ {
		if !cd.take(strconv.Itoa(i), now) {
			t.Fatalf("chatter %d had to wait", i)
		}
	}
}

func (cd *cooldown) waits(chatter int, now time.Time) bool {
	return !cd.take(strconv.Itoa(chatter), now)
}

func TestCooldownsThatAreOverAreForgotten(t *testing.T) {
	cd, start := newCooldown(1, 10*time.Second), time.Unix(1_800_000_000, 0)
	cd.fill(t, 0, maxCooldowns/2, start)
	cd.fill(t, maxCooldowns/2, maxCooldowns, start.Add(5*time.Second))
	now := start.Add(10 * time.Second)
	cd.fill(t, maxCooldowns, maxCooldowns+1, now) // makes room
	if got, want := len(cd.windows), maxCooldowns/2+1; got != want || len(cd.used) != want {
		t.Errorf("got %d chatters remembered and %d uses, want %d: those that have cooled down are forgotten", got, len(cd.used), want)
	}
	if !cd.waits(maxCooldowns-1, now) {
		t.Error("a chatter who is cooling down was forgotten with the others")
	}
	if cd.waits(0, now) {
		t.Error("a chatter who has cooled down must wait")
	}
}

func TestNumberOfCooldownsIsBounded(t *testing.T) {
	cd, now := newCooldown(1, time.Hour), time.Unix(1_800_000_000, 0)
	cd.fill(t, 0, maxCooldowns, now)
	if !cd.waits(0, now.Add(time.Minute)) {
		t.Error("the first chatter was forgotten before there was need")
	}
	cd.fill(t, maxCooldowns+1, maxCooldowns+2, now.Add(time.Minute))
	if len(cd.windows) != 1 || len(cd.used) != 1 {
		t.Errorf("got %d chatters remembered and %d uses, want 1", len(cd.windows), len(cd.used))
	}
}

// Refused uses must not keep a chatter in memory.
func TestRefusedUsesDoNotProlongACooldown(t *testing.T) {
	cd, start := newCooldown(1, 10*time.Second), time.Unix(1_800_000_000, 0)
	cd.fill(t, 0, 1, start)
	for s := range 9 {
		if !cd.waits(0, start.Add(time.Duration(s)*time.Second)) {
			t.Errorf("no wait after %d s", s)
		}
	}
	if at := cd.used["0"]; !at.Equal(start) {
		t.Errorf("got %v as the latest use, want %v", at, start)
	}
	cd.fill(t, 0, 1, start.Add(10*time.Second))
}
