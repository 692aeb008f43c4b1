package connection

import (
	"fmt"
	"testing"
	"time"
)

func TestNoConnectionWhileNoneIsNeeded(t *testing.T) {
	s := newStory(t)
	s.then(Want{Needed: false})
	s.then(Tick{})
	if !s.m.Deadline().IsZero() {
		t.Error("an idle machine waits for something")
	}
	s = connected(t)
	s.then(Want{Needed: false}, "drop 1")
	s.then(broken(1, "closed"))
	if !s.m.Deadline().IsZero() {
		t.Error("an idle machine waits for something")
	}
}

func TestDialAndWelcomeHaveDeadlines(t *testing.T) {
	s := newStory(t)
	s.then(Want{Needed: true}, "dial 1 base")
	s.wait(10*time.Second, "drop 1", "waiting 500ms")
	s.wait(500*time.Millisecond, "dial 2 base")
	s.pass(9 * time.Second)
	s.then(Opened{Link: 2})
	s.wait(10*time.Second, "drop 2", "waiting 1s")
	s.then(Opened{Link: 2}) // too late: the machine has given it up
}

func TestSilentConnectionIsReplaced(t *testing.T) {
	s := connected(t)
	for range 3 {
		s.pass(35 * time.Second)
		s.then(s.keepalive(1))
		s.pass(35 * time.Second)
		s.then(s.notification(1), "deliver late=false")
	}
	s.wait(36*time.Second, "drop 1", "lost A: connection went silent", "waiting 500ms")
	s.wait(500*time.Millisecond, "dial 2 base")
	s.then(s.welcome(2, "B"), "session B fresh=true")
}

func TestWelcomesKeepaliveTakesPrecedence(t *testing.T) {
	s := newStory(t)
	s.then(Want{Needed: true}, "dial 1 base")
	s.then(Welcome{Link: 1, Session: "A", Keepalive: 10 * time.Second}, "session A fresh=true")
	s.wait(12*time.Second, "drop 1", "lost A: connection went silent", "waiting 500ms")
	s.wait(500*time.Millisecond, "dial 2 base")
	s.then(Welcome{Link: 2, Session: "B"}, "session B fresh=true")
	s.wait(36*time.Second, "drop 2", "lost B: connection went silent", "waiting 1s")
}

// According to the documentation, keepalives and notifications restart the timer.
func TestRevocationDoesNotRestartTheKeepaliveTimer(t *testing.T) {
	s := connected(t)
	s.pass(30 * time.Second)
	s.then(Revocation{Link: 1}, "revoke")
	s.wait(6*time.Second, "drop 1", "lost A: connection went silent", "waiting 500ms")
}

func TestCloseCodes(t *testing.T) {
	tests := []struct {
		code  int
		pause time.Duration
	}{
		{CodeInternal, 500 * time.Millisecond},
		{CodeInbound, 30 * time.Second},
		{CodePingPong, 0},
		{CodeUnused, 10 * time.Second},
		{CodeGraceExpired, 0},
		{CodeTimeout, 500 * time.Millisecond},
		{CodeNetwork, 500 * time.Millisecond},
		{CodeBadReconnect, 500 * time.Millisecond},
		{CodeNormal, 500 * time.Millisecond},
		{4999, 500 * time.Millisecond},
		{CodeNone, 500 * time.Millisecond},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.code), func(t *testing.T) {
			s := connected(t)
			s.then(closed(1, tt.code), fmt.Sprintf("lost A: code %d", tt.code), "waiting "+tt.pause.String())
			s.wait(tt.pause, "dial 2 base")
		})
	}
}

// The exception for codes 4002 and 4004 is for the first failure of a connection
// that was in use: if every connection is closed with them, the waits grow.
func TestRepeated4002And4004AreNotDialledAtOnce(t *testing.T) {
	for _, code := range []int{CodePingPong, CodeGraceExpired} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			s := connected(t)
			lost := func(session string) string { return fmt.Sprintf("lost %s: code %d", session, code) }
			s.then(closed(1, code), lost("A"), "waiting 0s")
			s.wait(0, "dial 2 base")
			s.then(s.welcome(2, "B"), "session B fresh=true")
			s.then(closed(2, code), lost("B"), "waiting 1s") // the second step of the backoff
			s.wait(time.Second, "dial 3 base")
			s.then(s.welcome(3, "C"), "session C fresh=true")
			for range 2 { // healthy for a minute: the next failure counts as the first again
				s.pass(30 * time.Second)
				s.then(s.keepalive(3))
			}
			s.then(closed(3, code), lost("C"), "waiting 0s")
		})
		t.Run(fmt.Sprint(code, " before the welcome"), func(t *testing.T) {
			s := newStory(t)
			s.then(Want{Needed: true}, "dial 1 base")
			s.then(closed(1, code), "waiting 500ms")
		})
	}
}

func TestBackoffGrowsUntilAConnectionLastedAMinute(t *testing.T) {
	s := newStory(t)
	s.then(Want{Needed: true}, "dial 1 base")
	for i, pause := range []string{"500ms", "1s", "2s", "4s", "8s", "16s", "30s", "30s"} {
		// Welcomed each time, but lost at once: this does not count as healthy.
		session := fmt.Sprint("S", i)
		s.then(s.welcome(i+1, session), fmt.Sprintf("session %s fresh=true", session))
		s.then(broken(i+1, "reset"), "lost "+session+": reset", "waiting "+pause)
		d, err := time.ParseDuration(pause)
		if err != nil {
			t.Fatal(err)
		}
		s.wait(d, fmt.Sprintf("dial %d base", i+2))
	}
	s.then(s.welcome(9, "H"), "session H fresh=true")
	s.pass(20 * time.Second)
	s.then(s.keepalive(9))
	s.pass(40 * time.Second)
	s.then(broken(9, "reset"), "lost H: reset", "waiting 500ms")
}

func TestLateIsMeasuredByTwitchsClock(t *testing.T) {
	s := newStory(t)
	s.then(Want{Needed: true}, "dial 1 base")
	wrong := s.welcome(1, "A")
	wrong.Sent = s.now.Add(-time.Hour) // the local clock is an hour ahead
	s.then(wrong, "session A fresh=true")
	if s.m.Skew() != time.Hour {
		t.Errorf("skew: got %v, want 1h", s.m.Skew())
	}
	s.then(Notification{Link: 1, Sent: s.now.Add(-time.Hour)}, "deliver late=false")
	s.then(Notification{Link: 1, Sent: s.now.Add(-70 * time.Minute)}, "deliver late=false")
	s.then(Notification{Link: 1, Sent: s.now.Add(-71 * time.Minute)}, "deliver late=true")
	s.then(Notification{Link: 1}, "deliver late=false")
}

func TestWantingAgainDoesNotShortenTheWait(t *testing.T) {
	s := connected(t)
	s.then(closed(1, CodeUnused), "lost A: code 4003", "waiting 10s")
	s.then(Want{Needed: false})
	s.then(Want{Needed: true})
	s.wait(10*time.Second, "dial 2 base")

	s = connected(t)
	s.then(closed(1, CodeUnused), "lost A: code 4003", "waiting 10s")
	s.then(Want{Needed: false})
	s.wait(10 * time.Second)
	s.then(Want{Needed: true}, "dial 2 base")
}
