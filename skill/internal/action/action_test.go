package action_test

import (
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/skill/internal/action"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Every declaration is complete, and its parts fit together.
func TestDeclarations(t *testing.T) {
	for _, a := range action.All {
		if action.Named(a.Name) != a {
			t.Errorf("%s: there are two actions of that name", a.Name)
		}
		if a.About == "" || !strings.HasSuffix(a.About, ".") {
			t.Errorf("%s: About is no sentence: %q", a.Name, a.About)
		}
		if a.Class == "" || a.Short != "" && a.Field(a.Short) == nil {
			t.Errorf("%s: no class, or Short names no field", a.Name)
		}
		if (a.Result == "") != (len(a.Outcome) == 0) {
			t.Errorf("%s: a result has attributes, and only a result", a.Name)
		}
		if inner := a.Class == action.ClassInner; inner != (a.Do == nil) {
			t.Errorf("%s: actions of the engine, and only they, have no Do", a.Name)
		}
		for _, id := range a.Endpoints {
			if _, ok := helix.EndpointByID(id); !ok {
				t.Errorf("%s: there is no endpoint %q", a.Name, id)
			}
		}
		checkFields(t, a)
	}
}

func checkFields(t *testing.T, a *action.Action) {
	t.Helper()
	var names []string
	for _, f := range a.Fields {
		names = append(names, f.Name)
		if f.Alias != "" {
			names = append(names, f.Alias)
		}
		if f.About == "" || strings.HasSuffix(f.About, ".") {
			t.Errorf("%s.%s: About is missing or ends with a full stop: %q", a.Name, f.Name, f.About)
		}
		if (f.Kind == action.KindEnum) != (len(f.Values) > 0) {
			t.Errorf("%s.%s: an enum, and only an enum, has values", a.Name, f.Name)
		}
	}
	if slices.Sort(names); len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("%s: two fields of one name: %q", a.Name, names)
	}
}
