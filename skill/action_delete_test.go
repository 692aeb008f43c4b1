package skill_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/skill"
)

// Deletes can be many, so bans must not queue behind them. Only a delete that a ban of
// the same skill waits for is as urgent as the ban.
func TestDeleteIsLessUrgentThanABan(t *testing.T) {
	for _, tt := range []struct {
		do   string
		want []string // submitted
	}{
		{"delete", []string{"delete delete"}},
		{"delete, say: no links", []string{"delete delete", "reply say"}},
		{"delete, ban", []string{"moderation delete", "moderation ban"}},
		{"delete, say: no adverts, timeout: {for: 1m}", []string{"moderation delete", "moderation timeout", "reply say"}},
		{"ban, delete", []string{"moderation ban", "delete delete"}},
	} {
		background(t, "skills: {s: {match: {regex: x}, do: ["+tt.do+"]}}", "", func(t *testing.T, e *skill.Engine, _ *limited, l *lanes, _ func() []string) {
			send(t, e, "x")
			time.Sleep(time.Minute)
			got := l.submitted()
			slices.Sort(got)
			slices.Sort(tt.want)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s: submitted (-want +got):\n%s", tt.do, diff)
			}
		})
	}
}

// A full queue of deletes must not prevent the ban that a script calls after one.
func TestDroppedDeleteDoesNotPreventABan(t *testing.T) {
	const src = `
def act(call):
    call.delete()
    call.ban(call.user)

on_message("x", act)
`
	background(t, "", src, func(t *testing.T, e *skill.Engine, h *limited, l *lanes, reports func() []string) {
		l.full[skill.ClassDelete] = true
		send(t, e, "x")
		synctest.Wait()
		if h.banned.IsZero() {
			t.Errorf("no ban; reports: %q", reports())
		}
	})
}
