package eventsub

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const testBase = "wss://eventsub.wss.twitch.tv/ws?keepalive_timeout_seconds=30"

// A story feeds a machine and writes down what it wants.
type story struct {
	t   *testing.T
	m   *machine
	now time.Time
}

func newStory(t *testing.T) *story {
	t.Helper()
	return &story{t: t, m: newMachine(testBase, 30*time.Second, func() float64 { return 0.5 }), now: time.Unix(1_800_000_000, 0)}
}

// then feeds in and compares the outputs with want, one a line.
func (s *story) then(in input, want ...string) {
	s.t.Helper()
	got := describe(s.m.step(in, s.now))
	if diff := cmp.Diff(want, got); diff != "" {
		s.t.Errorf("%T%+v (-want +got):\n%s", in, in, diff)
	}
}

// wait lets time go by to the machine's deadline and feeds a tick.
func (s *story) wait(d time.Duration, want ...string) {
	s.t.Helper()
	if got := s.m.deadline().Sub(s.now); got != d {
		s.t.Errorf("next deadline: got %v, want %v", got, d)
	}
	s.now = s.now.Add(d)
	s.then(inTick{}, want...)
}

func describe(outputs []output) []string {
	var lines []string
	for _, out := range outputs {
		switch out := out.(type) {
		case outDial:
			lines = append(lines, fmt.Sprintf("dial %d %s", out.link, strings.Replace(out.url, testBase, "base", 1)))
		case outClose:
			lines = append(lines, fmt.Sprintf("close %d", out.link))
		case outSession:
			lines = append(lines, fmt.Sprintf("session %s fresh=%t", strings.Join(out.ids, ","), out.fresh))
		case outLost:
			lines = append(lines, "lost")
		case outNotify:
			lines = append(lines, fmt.Sprintf("notify late=%t", out.late))
		case outRevoked:
			lines = append(lines, "revoked "+out.subscription.ID)
		case outGap:
			lines = append(lines, fmt.Sprintf("gap of %s after %s: %v", out.to.Sub(out.loss.from), out.loss.session, out.loss.reason))
		case outState:
			line := "state " + string(out.state.Phase)
			if out.state.Phase == Waiting {
				line += " " + out.state.RetryIn.String()
			}
			lines = append(lines, line)
		default:
			lines = append(lines, fmt.Sprintf("%T", out))
		}
	}
	return lines
}

func (s *story) welcome(link int, id string) inFrame {
	return inFrame{link: link, msg: message{kind: kindWelcome, timestamp: s.now, session: sessionInfo{id: id, keepalive: 30 * time.Second}}}
}

func (s *story) frame(link int, kind string) inFrame {
	return inFrame{link: link, msg: message{kind: kind, timestamp: s.now}}
}

func (s *story) reconnect(link int, address string) inFrame {
	return inFrame{link: link, msg: message{kind: kindReconnect, session: sessionInfo{reconnectURL: address}}}
}

// connected tells the story up to a welcomed connection 1 with session A.
func connected(t *testing.T) *story {
	t.Helper()
	s := newStory(t)
	s.then(inWanted{wanted: true}, "state connecting", "dial 1 base")
	s.then(inDialed{link: 1})
	s.then(s.welcome(1, "A"), "state connected", "session A fresh=true")
	return s
}

func TestNothingWantedNoConnection(t *testing.T) {
	s := newStory(t)
	s.then(inWanted{wanted: false})
	s.then(inTick{})
	if !s.m.deadline().IsZero() {
		t.Error("an idle machine waits for something")
	}
	s = connected(t)
	s.then(inWanted{wanted: false}, "close 1", "lost", "state idle")
	s.then(inClosed{link: 1, err: errors.New("closed")})
	if !s.m.deadline().IsZero() {
		t.Error("an idle machine waits for something")
	}
}

func TestDialAndWelcomeHaveDeadlines(t *testing.T) {
	s := newStory(t)
	s.then(inWanted{wanted: true}, "state connecting", "dial 1 base")
	s.wait(10*time.Second, "close 1", "lost", "state waiting 500ms")
	s.wait(500*time.Millisecond, "state connecting", "dial 2 base")
	s.now = s.now.Add(9 * time.Second)
	s.then(inDialed{link: 2})
	s.wait(10*time.Second, "close 2", "lost", "state waiting 1s")
	s.then(inDialed{link: 2}) // too late: nobody listens to it
}

func TestSilenceEndsConnectionAndAnyFrameIsNoSilence(t *testing.T) {
	s := connected(t)
	for range 3 {
		s.now = s.now.Add(35 * time.Second)
		s.then(inSign{link: 1})
		s.now = s.now.Add(35 * time.Second)
		s.then(s.frame(1, kindKeepalive))
		s.now = s.now.Add(35 * time.Second)
		s.then(s.frame(1, kindNotification), "notify late=false")
	}
	s.wait(36*time.Second, "close 1", "lost", "state waiting 500ms")
	s.wait(500*time.Millisecond, "state connecting", "dial 2 base")
	s.then(s.welcome(2, "B"), "state connected", "session B fresh=true")
	s.now = s.now.Add(time.Second)
	s.then(inRestored{}, "gap of 37.5s after A: connection went silent")
	s.then(inRestored{})
}

func TestHandoverKeepsOldUntilNewIsWelcomed(t *testing.T) {
	s := connected(t)
	s.then(s.reconnect(1, "wss://cell-a.eventsub.wss.twitch.tv/ws?id=1"), "dial 2 wss://cell-a.eventsub.wss.twitch.tv/ws?id=1")
	s.then(s.reconnect(1, "wss://cell-a.eventsub.wss.twitch.tv/ws?id=1")) // told twice
	s.then(inDialed{link: 2})
	s.then(s.frame(1, kindNotification), "notify late=false")
	s.then(s.welcome(2, "A"), "state connected", "session A fresh=false")
	s.then(s.frame(1, kindNotification), "notify late=false") // was under way
	s.then(s.frame(2, kindNotification), "notify late=false")
	s.wait(2*time.Second, "close 1")
	s.then(inClosed{link: 1, err: errors.New("closed")})
	s.then(s.frame(2, kindKeepalive))
}

func TestHandoverIsTriedAgainWithinGrace(t *testing.T) {
	s := connected(t)
	const address = "wss://cell-a.eventsub.wss.twitch.tv/ws?id=1"
	s.then(s.reconnect(1, address), "dial 2 "+address)
	s.then(inClosed{link: 2, err: errors.New("refused")})
	s.wait(time.Second, "dial 3 "+address)
	// Twitch ends the old side early; the new one has the subscriptions all the same.
	s.then(inClosed{link: 1, err: &CloseError{Code: 1001}})
	s.then(inClosed{link: 3, err: errors.New("refused")})
	s.wait(time.Second, "dial 4 "+address)
	s.then(s.welcome(4, "A"), "state connected", "session A fresh=false", "gap of 2s after A: closed with 1001: \"\"")
}

func TestGoodbyeOfTheOldSideMayBeReadFirst(t *testing.T) {
	const address = "wss://cell-a.eventsub.wss.twitch.tv/ws?id=1"
	tests := []struct {
		name  string
		end   error
		after time.Duration
		want  []string
	}{
		{"a close frame", &CloseError{Code: 1000}, time.Second, nil},
		{"a close frame long before", &CloseError{Code: 1000}, 3 * time.Second, []string{`gap of 3s after A: closed with 1000: ""`}},
		{"a broken connection", errors.New("reset"), time.Second, []string{"gap of 1s after A: reset"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := connected(t)
			s.then(s.reconnect(1, address), "dial 2 "+address)
			s.then(inDialed{link: 2})
			s.then(inClosed{link: 1, err: tt.end})
			s.now = s.now.Add(tt.after)
			s.then(s.welcome(2, "A"), append([]string{"state connected", "session A fresh=false"}, tt.want...)...)
		})
	}
}

func TestHandoverFailsToFreshSession(t *testing.T) {
	const address = "wss://cell-a.eventsub.wss.twitch.tv/ws?id=1"
	t.Run("4007 is not tried again", func(t *testing.T) {
		s := connected(t)
		s.then(s.reconnect(1, address), "dial 2 "+address)
		s.then(inClosed{link: 2, err: &CloseError{Code: closeBadReconnect}})
		s.now = s.now.Add(2 * redialWait)
		s.then(inTick{})
		s.then(s.frame(1, kindNotification), "notify late=false")
		s.then(inClosed{link: 1, err: &CloseError{Code: closeGraceExpired}}, "lost", "state waiting 0s")
		s.wait(0, "state connecting", "dial 3 base")
		s.then(s.welcome(3, "B"), "state connected", "session B fresh=true")
		s.then(inRestored{}, "gap of 0s after A: closed by Twitch with 4004: the client did not reconnect in time")
	})
	t.Run("4004 while the new side is under way", func(t *testing.T) {
		s := connected(t)
		s.then(s.reconnect(1, address), "dial 2 "+address)
		s.then(inClosed{link: 1, err: &CloseError{Code: closeGraceExpired}}, "close 2", "lost", "state waiting 0s")
		s.wait(0, "state connecting", "dial 3 base")
	})
	t.Run("the grace is over", func(t *testing.T) {
		s := connected(t)
		s.then(s.reconnect(1, address), "dial 2 "+address)
		s.then(inClosed{link: 1, err: errors.New("reset")})
		s.now = s.now.Add(29500 * time.Millisecond)
		s.then(inClosed{link: 2, err: errors.New("reset")}, "lost", "state waiting 500ms")
	})
}

func TestReconnectAddressMustBeTwitchs(t *testing.T) {
	tests := []struct {
		address string
		trusted bool
	}{
		{"wss://eventsub.wss.twitch.tv/ws", true},
		{"wss://cell-c.eventsub.wss.twitch.tv/ws?challenge=1&id=2", true},
		{"wss://CELL-C.eventsub.wss.twitch.tv:443/ws", true},
		{"ws://cell-c.eventsub.wss.twitch.tv/ws", false},
		{"wss://cell-c.eventsub.wss.twitch.tv:22/ws", false},
		{"wss://user@cell-c.eventsub.wss.twitch.tv/ws", false},
		{"wss://eventsub.wss.twitch.tv.example.org/ws", false},
		{"wss://evileventsub.wss.twitch.tv/ws", false},
		{"wss://169.254.169.254/ws", false},
		{"http://eventsub.wss.twitch.tv/ws", false},
		{"", false},
		{"::", false},
	}
	for _, tt := range tests {
		if got := newMachine(testBase, 0, nil).trusts(tt.address); got != tt.trusted {
			t.Errorf("trusts %q: got %t, want %t", tt.address, got, tt.trusted)
		}
	}
	local := newMachine("ws://127.0.0.1:8080/ws", 0, nil)
	if !local.trusts("ws://127.0.0.1:8080/ws?reconnect=1") || local.trusts("ws://127.0.0.1:9090/ws") {
		t.Error("trust in a configured address is not that address alone")
	}

	s := connected(t)
	s.then(s.reconnect(1, "wss://example.org/ws"), "state connected")
	s.then(inClosed{link: 1, err: &CloseError{Code: closeGraceExpired}}, "lost", "state waiting 0s")
}

func TestCloseCodes(t *testing.T) {
	tests := []struct {
		err  error
		wait time.Duration
	}{
		{&CloseError{Code: closeInternal}, 500 * time.Millisecond},
		{&CloseError{Code: closeInbound}, 30 * time.Second},
		{&CloseError{Code: closePingPong}, 0},
		{&CloseError{Code: closeUnused}, 10 * time.Second},
		{&CloseError{Code: closeGraceExpired}, 0},
		{&CloseError{Code: closeTimeout}, 500 * time.Millisecond},
		{&CloseError{Code: closeNetwork}, 500 * time.Millisecond},
		{&CloseError{Code: closeBadReconnect}, 500 * time.Millisecond},
		{&CloseError{Code: closeNormal}, 500 * time.Millisecond},
		{&CloseError{Code: 4999}, 500 * time.Millisecond},
		{errors.New("connection reset by peer"), 500 * time.Millisecond},
	}
	for _, tt := range tests {
		t.Run(tt.err.Error(), func(t *testing.T) {
			s := connected(t)
			s.then(inClosed{link: 1, err: tt.err}, "lost", "state waiting "+tt.wait.String())
			s.wait(tt.wait, "state connecting", "dial 2 base")
		})
	}
}

func TestBackoffGrowsUntilConnectionStoodForAMinute(t *testing.T) {
	s := newStory(t)
	s.then(inWanted{wanted: true}, "state connecting", "dial 1 base")
	for i, wait := range []string{"500ms", "1s", "2s", "4s", "8s", "16s", "30s", "30s"} {
		// Welcomed each time, and lost at once: that is not health.
		s.then(s.welcome(i+1, fmt.Sprint("S", i)), "state connected", fmt.Sprintf("session S%d fresh=true", i))
		s.then(inClosed{link: i + 1, err: errors.New("reset")}, "lost", "state waiting "+wait)
		d, err := time.ParseDuration(wait)
		if err != nil {
			t.Fatal(err)
		}
		s.wait(d, "state connecting", fmt.Sprintf("dial %d base", i+2))
	}
	s.then(s.welcome(9, "H"), "state connected", "session H fresh=true")
	s.now = s.now.Add(20 * time.Second)
	s.then(s.frame(9, kindKeepalive))
	s.now = s.now.Add(40 * time.Second)
	s.then(inClosed{link: 9, err: errors.New("reset")}, "lost", "state waiting 500ms")
}

func TestSecondLossBeforeSubscribingWidensTheGap(t *testing.T) {
	s := connected(t)
	s.then(inClosed{link: 1, err: errors.New("first")}, "lost", "state waiting 500ms")
	s.wait(500*time.Millisecond, "state connecting", "dial 2 base")
	s.then(s.welcome(2, "B"), "state connected", "session B fresh=true")
	s.now = s.now.Add(2 * time.Second)
	s.then(inClosed{link: 2, err: errors.New("second")}, "lost", "state waiting 1s")
	s.wait(time.Second, "state connecting", "dial 3 base")
	s.then(s.welcome(3, "C"), "state connected", "session C fresh=true")
	s.then(inRestored{}, "gap of 3.5s after A: first")
}

func TestLateIsMeasuredByTwitchsClock(t *testing.T) {
	s := newStory(t)
	s.then(inWanted{wanted: true}, "state connecting", "dial 1 base")
	wrong := s.welcome(1, "A")
	wrong.msg.timestamp = s.now.Add(-time.Hour) // our clock is an hour ahead
	s.then(wrong, "state connected", "session A fresh=true")
	s.then(inFrame{link: 1, msg: message{kind: kindNotification, timestamp: s.now.Add(-time.Hour)}}, "notify late=false")
	s.then(inFrame{link: 1, msg: message{kind: kindNotification, timestamp: s.now.Add(-71 * time.Minute)}}, "notify late=true")
	s.then(inFrame{link: 1, msg: message{kind: kindNotification}}, "notify late=false")
}

func TestWantingAgainDoesNotGetAroundTheWait(t *testing.T) {
	s := connected(t)
	s.then(inClosed{link: 1, err: &CloseError{Code: closeUnused}}, "lost", "state waiting 10s")
	s.then(inWanted{wanted: false}, "lost", "state idle")
	s.then(inWanted{wanted: true})
	s.wait(10*time.Second, "state connecting", "dial 2 base")
}
