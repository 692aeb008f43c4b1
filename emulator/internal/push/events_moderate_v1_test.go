package push_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// Whoever subscribed to the older version gets the same, but no warnings, and with
// no field that the older version does not have.
func TestOlderModerationIsSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		older, newer := s.connect(""), s.connect("")
		s.subscribe(older, "1", "channel.moderate", "1", "broadcaster_user_id", "1", "moderator_user_id", "1")
		s.subscribe(newer, "1", "channel.moderate", "2", "broadcaster_user_id", "1", "moderator_user_id", "1")
		older.take()
		newer.take()
		for _, do := range []step{
			ban,
			func(w *world.World) error { return w.Unban("1", "2", "3") },
			warn,
			func(w *world.World) error { return done(w.Ban("1", "2", "4", time.Minute, "")) },
			block("bad"),
		} {
			must(t, do(s.world))
		}
		const all = "2 ban, 2 unban, 2 warn, 2 timeout, 2 add_blocked_term"
		if got := moderations(t, newer.take()); got != all {
			t.Errorf("got %s, want %s", got, all)
		}
		const some = "1 ban, 1 unban, 1 timeout, 1 add_blocked_term"
		got := older.take()
		for _, m := range got {
			checkShape(t, m)
			if strings.Contains(string(m.Payload.Event), `"warn"`) {
				t.Errorf("got %s, want no field for warnings", m.Payload.Event)
			}
		}
		if got := moderations(t, got); got != some {
			t.Errorf("got %s, want %s", got, some)
		}
	})
}

// moderations lists versions and actions.
func moderations(t *testing.T, messages []message) string {
	t.Helper()
	var all []string
	for _, m := range messages {
		var e struct{ Action string }
		must(t, json.Unmarshal(m.Payload.Event, &e))
		all = append(all, fmt.Sprintf("%s %s", m.Metadata.Version, e.Action))
	}
	return strings.Join(all, ", ")
}
