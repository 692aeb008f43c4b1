package connection

import (
	"testing"
	"time"
)

func TestHandoverKeepsTheOldLinkUntilTheNewOneIsWelcomed(t *testing.T) {
	s := connected(t)
	s.then(Reconnect{Link: 1, URL: handoverURL}, "dial 2 "+handoverURL)
	s.then(Reconnect{Link: 1, URL: handoverURL}) // announced twice
	s.then(Opened{Link: 2})
	s.then(s.notification(1), "deliver late=false")
	s.then(s.welcome(2, "A"), "session A fresh=false")
	s.then(s.notification(1), "deliver late=false") // was under way
	s.then(s.notification(2), "deliver late=false")
	s.wait(2*time.Second, "drop 1")
	s.then(broken(1, "closed"))
	s.then(s.keepalive(2))
}

// Subscriptions made after a hand-over belong to the new session; those made before
// it are found under both ids.
func TestNewSessionIDAfterAHandoverIsUsedForNewSubscriptions(t *testing.T) {
	s := connected(t)
	s.then(Reconnect{Link: 1, URL: handoverURL}, "dial 2 "+handoverURL)
	s.then(s.welcome(2, "B"), "session A,B fresh=false")
	s.then(Reconnect{Link: 2, URL: handoverURL}, "dial 3 "+handoverURL)
	s.then(s.welcome(3, "C"), "drop 1", "session A,B,C fresh=false")
	s.then(Reconnect{Link: 3, URL: handoverURL}, "dial 4 "+handoverURL)
	s.then(s.welcome(4, "C"), "drop 2", "session A,B,C fresh=false")
	s.then(broken(4, "reset"), "lost C: reset", "waiting 500ms")
	s.wait(500*time.Millisecond, "dial 5 base")
	s.then(s.welcome(5, "D"), "session D fresh=true")
}

// After session_reconnect the keepalive timer of the old side is ignored: Twitch may
// send no more keepalives there.
func TestOldSideOfAHandoverMayBeSilent(t *testing.T) {
	s := connected(t)
	s.pass(30 * time.Second)
	s.then(Reconnect{Link: 1, URL: handoverURL}, "dial 2 "+handoverURL)
	s.then(Opened{Link: 2})
	s.pass(9 * time.Second) // 39 seconds after the last message
	s.then(Tick{})
	s.then(s.notification(1), "deliver late=false")
	s.then(s.welcome(2, "A"), "session A fresh=false")
}

func TestHandoverIsTriedAgainWithinTheGrace(t *testing.T) {
	s := connected(t)
	s.then(Reconnect{Link: 1, URL: handoverURL}, "dial 2 "+handoverURL)
	s.then(broken(2, "refused"))
	s.wait(time.Second, "dial 3 "+handoverURL)
	// Twitch ends the old side early; the subscriptions still move to the new one.
	s.then(closed(1, 1001))
	s.then(broken(3, "refused"))
	s.wait(time.Second, "dial 4 "+handoverURL)
	s.then(s.welcome(4, "A"), "session A fresh=false", "gap of 2s after A: code 1001")
}

func TestCloseFrameOfTheOldSideMayBeReadBeforeTheWelcome(t *testing.T) {
	tests := []struct {
		name  string
		end   Closed
		after time.Duration
		want  []string
	}{
		{"a close frame", closed(1, CodeNormal), time.Second, nil},
		{"a close frame long before", closed(1, CodeNormal), 3 * time.Second, []string{"gap of 3s after A: code 1000"}},
		{"a broken connection", broken(1, "reset"), time.Second, []string{"gap of 1s after A: reset"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := connected(t)
			s.then(Reconnect{Link: 1, URL: handoverURL}, "dial 2 "+handoverURL)
			s.then(Opened{Link: 2})
			s.then(tt.end)
			s.pass(tt.after)
			s.then(s.welcome(2, "A"), append([]string{"session A fresh=false"}, tt.want...)...)
		})
	}
}

func TestFailedHandoverEndsInAFreshSession(t *testing.T) {
	t.Run("4007 is not tried again", func(t *testing.T) {
		s := connected(t)
		s.then(Reconnect{Link: 1, URL: handoverURL}, "dial 2 "+handoverURL)
		s.then(closed(2, CodeBadReconnect))
		s.pass(2 * handoverRetry)
		s.then(Tick{})
		s.then(s.notification(1), "deliver late=false")
		s.then(closed(1, CodeGraceExpired), "lost A: code 4004", "waiting 0s")
		s.wait(0, "dial 3 base")
		s.then(s.welcome(3, "B"), "session B fresh=true")
	})
	t.Run("4004 while the new side is being dialled", func(t *testing.T) {
		s := connected(t)
		s.then(Reconnect{Link: 1, URL: handoverURL}, "dial 2 "+handoverURL)
		s.then(closed(1, CodeGraceExpired), "drop 2", "lost A: code 4004", "waiting 0s")
		s.wait(0, "dial 3 base")
	})
	t.Run("the grace is over", func(t *testing.T) {
		s := connected(t)
		s.then(Reconnect{Link: 1, URL: handoverURL}, "dial 2 "+handoverURL)
		s.then(broken(1, "reset"))
		s.pass(29500 * time.Millisecond)
		s.then(broken(2, "refused"), "lost A: reset", "waiting 500ms")
	})
	t.Run("Twitch never closes the old side", func(t *testing.T) {
		s := connected(t)
		s.then(Reconnect{Link: 1, URL: handoverURL}, "dial 2 "+handoverURL)
		s.then(closed(2, CodeBadReconnect))
		s.wait(40*time.Second, "drop 1", "lost A: connection went silent", "waiting 500ms")
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
		if got := New(testURL, 0, nil).trusts(tt.address); got != tt.trusted {
			t.Errorf("trusts %q: got %t, want %t", tt.address, got, tt.trusted)
		}
	}
	local := New("ws://127.0.0.1:8080/ws", 0, nil)
	if !local.trusts("ws://127.0.0.1:8080/ws?reconnect=1") || local.trusts("ws://127.0.0.1:9090/ws") {
		t.Error("a configured address: got another trust than in that address alone")
	}

	s := connected(t)
	s.then(Reconnect{Link: 1, URL: "wss://example.org/ws"}, "address refused")
	s.then(closed(1, CodeGraceExpired), "lost A: code 4004", "waiting 0s")
}

// What Twitch had written to the old side is gone if that is cut after the welcome on the
// new one. Its end with a close frame, or at the end of the wait for it, is no loss.
func TestOldSideThatIsCutAfterTheWelcomeIsAGap(t *testing.T) {
	s := connected(t)
	s.then(Reconnect{Link: 1, URL: handoverURL}, "dial 2 "+handoverURL)
	s.then(s.welcome(2, "A"), "session A fresh=false")
	s.pass(time.Second)
	s.then(broken(1, "reset"), "gap of 1s after A: reset")

	s.then(Reconnect{Link: 2, URL: handoverURL}, "dial 3 "+handoverURL)
	s.then(s.welcome(3, "A"), "session A fresh=false")
	s.then(closed(2, CodeGraceExpired))
	s.then(s.keepalive(3))
}
