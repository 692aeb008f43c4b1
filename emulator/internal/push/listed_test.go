package push_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/push"
)

// Twitch lists failed webhook subscriptions for ten days; those of a WebSocket that
// was lost can be seen for a minute at least.
func TestDeadSubscriptionsStayListed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		p := s.connect("")
		s.subscribe(p, "1", "stream.online", "1", "broadcaster_user_id", "1")
		s.server.Drop()
		time.Sleep(time.Minute)
		if n := s.server.List(grant("1"), push.Filter{}).Total; n != 1 {
			t.Errorf("got %d WebSocket subscriptions after a minute, want 1", n)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		s, _ := newHooks(t, &inbox{t: t, mute: true})
		_, err := s.Create(app, hookRequest("stream.online", "1", "broadcaster_user_id", "1"))
		must(t, err)
		for _, row := range []struct {
			after time.Duration
			want  int
		}{{9 * 24 * time.Hour, 1}, {2 * 24 * time.Hour, 0}} {
			time.Sleep(row.after)
			if n := s.List(app, push.Filter{}).Total; n != row.want {
				t.Errorf("got %d webhook subscriptions after another %v, want %d", n, row.after, row.want)
			}
		}
	})
}
