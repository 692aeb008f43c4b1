package reconcile

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Only subscriptions that are certainly dead may be deleted: an enabled subscription of
// an unknown session belongs to another program.
func TestJudge(t *testing.T) {
	live := func(session string) bool { return session == "now" }
	former := func(session string) bool { return session == "before" || session == "now" }
	own := Listed{ID: "1", Key: "a", Session: "now", Enabled: true}
	dead := Listed{ID: "2", Key: "a", Session: "foreign"}
	left := Listed{ID: "3", Key: "a", Session: "before", Enabled: true}
	foreign := Listed{ID: "4", Key: "a", Session: "foreign", Enabled: true}
	other := Listed{ID: "5", Key: "b", Session: "before"}
	ended := Listed{ID: "6", Key: "a", Session: "now"}
	tests := []struct {
		name   string
		listed []Listed
		want   Verdict
	}{
		{"nothing", nil, Verdict{}},
		{"another subscription", []Listed{other}, Verdict{}},
		{"our own", []Listed{other, own}, Verdict{Own: &own}},
		{"status not enabled", []Listed{dead}, Verdict{Dead: []string{"2"}}},
		{"ended in our session", []Listed{ended}, Verdict{Dead: []string{"6"}}},
		{"of a session that was ours", []Listed{left}, Verdict{Dead: []string{"3"}}},
		{"of another program", []Listed{foreign}, Verdict{Holder: &foreign}},
		{"several", []Listed{dead, left, foreign}, Verdict{Dead: []string{"2", "3"}, Holder: &foreign}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Judge("a", tt.listed, live, former)); diff != "" {
				t.Errorf("verdict (-want +got):\n%s", diff)
			}
		})
	}
}
