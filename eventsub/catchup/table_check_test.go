package catchup_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// Each change is recovered, as an event with the same semantic key as the event that
// was missed, once, and the Gap says so.
func TestMissedChangesAreRecovered(t *testing.T) {
	for _, tt := range tales {
		t.Run(tt.name, func(t *testing.T) {
			var live []string
			inWorld(t, func(w *world) {
				w.tell(tt, func(change func()) { change(); time.Sleep(time.Second); w.ready() })
				seen, gaps := w.take()
				if len(gaps) != 0 {
					t.Errorf("without a loss: got gaps %v", gaps)
				}
				live = keys(t, seen)
			})
			inWorld(t, func(w *world) {
				w.tell(tt, w.away)
				seen, gaps := w.take()
				w.check(tt, seen, gaps, live)
				w.away(func() {})
				if seen, _ := w.take(); len(seen) != 0 {
					t.Errorf("after another loss: got %v again", told(t, seen))
				}
			})
		})
	}
}

// tell tells a tale: its change happens inside during.
func (w *world) tell(tt tale, during func(change func())) {
	w.wants = tt.wants(w.ada)
	w.start()
	if tt.before != nil {
		tt.before(w)
		time.Sleep(20 * time.Second)
		w.take()
	}
	during(func() { tt.change(w) })
}

func (w *world) check(tt tale, seen []eventsub.Notification, gaps []eventsub.Gap, live []string) {
	t := w.t
	t.Helper()
	var types []string
	for _, n := range seen {
		types = append(types, n.Type.Name)
		if !n.Meta.Recovered || n.Meta.Source == "" || n.Meta.MessageID == "" || n.Meta.Timestamp.IsZero() {
			t.Errorf("%s: got %+v, want it marked", n.Type, n.Meta)
		}
	}
	if diff := cmp.Diff(tt.want, types); diff != "" {
		t.Errorf("recovered (-want +got):\n%s", diff)
	}
	if len(seen) > 0 && seen[0].Meta.Source != tt.source {
		t.Errorf("source: got %q, want %q", seen[0].Meta.Source, tt.source)
	}
	live = slices.DeleteFunc(slices.Clone(live), func(key string) bool {
		return slices.ContainsFunc(tt.never, func(name string) bool { return strings.HasPrefix(key, name+".") })
	})
	slices.Sort(live)
	got := keys(t, seen)
	slices.Sort(got)
	if diff := cmp.Diff(live, got); diff != "" {
		t.Errorf("semantic keys (-live +recovered):\n%s", diff)
	}
	if len(gaps) != 1 {
		t.Fatalf("gaps: got %v, want one", gaps)
	}
	var lost []string
	for _, kind := range gaps[0].Lost {
		lost = append(lost, kind.Name)
	}
	if diff := cmp.Diff(tt.lost, lost); diff != "" {
		t.Errorf("lost (-want +got):\n%s\n%+v", diff, gaps[0].Details)
	}
	if gaps[0].RecoveredCount != len(seen) {
		t.Errorf("recovered count: got %d, want %d", gaps[0].RecoveredCount, len(seen))
	}
	for _, d := range gaps[0].Details {
		if d.Lost != (d.Reason != "") {
			t.Errorf("%s: got %+v, want a reason if it is lost", d.Type, d)
		}
	}
}

// keys returns the semantic keys of events.
func keys(t *testing.T, seen []eventsub.Notification) []string {
	t.Helper()
	all := []string{}
	for _, n := range seen {
		p, err := n.Payload()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p.SemanticKey())
	}
	return all
}

// Every type of the table is part of a tale.
func TestEveryTypeHasATale(t *testing.T) {
	told := map[string]bool{}
	for _, tt := range tales {
		for _, name := range tt.want {
			told[name] = true
		}
	}
	w := &world{client: helix.New("id", helix.StaticToken("1", "token"), helix.Options{})}
	for _, kind := range w.types() {
		if !told[kind.Name] {
			t.Errorf("%s is in the table, but no tale recovers it", kind)
		}
	}
}
