package bot

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/chat"
)

// The rules for a field that both copies have, with different values. If one is empty, the
// other one is taken, whatever the rule.
const (
	ruleIRC      = "IRC's"
	ruleEventSub = "EventSub's"
	ruleBoth     = "both"    // true if one is, or the union of the sets
	ruleOwn      = "its own" // see the tests below
)

// mergeRules has the rule of every field of a message.
var mergeRules = map[string]string{
	"ID":                       ruleIRC, // the copies have the same
	"Broadcaster.ID":           ruleEventSub,
	"Broadcaster.Login":        ruleEventSub,
	"Broadcaster.Name":         ruleEventSub, // IRC has none
	"Chatter.User.ID":          ruleEventSub,
	"Chatter.User.Login":       ruleEventSub,
	"Chatter.User.Name":        ruleEventSub,
	"Chatter.Color":            ruleEventSub,
	"Chatter.Badges":           ruleEventSub,
	"Chatter.Roles":            ruleBoth, // IRC has the mod tag
	"Text":                     ruleOwn,
	"Fragments":                ruleEventSub,
	"Kind":                     ruleOwn,
	"Action":                   ruleBoth,
	"Bits":                     ruleEventSub,
	"RewardID":                 ruleEventSub,
	"FirstMessage":             ruleBoth, // EventSub does not tell
	"Returning":                ruleBoth, // EventSub does not tell
	"Nonce":                    ruleIRC,  // EventSub has none
	"Animation":                ruleEventSub,
	"Reply.MessageID":          ruleEventSub,
	"Reply.Chatter.ID":         ruleEventSub,
	"Reply.Chatter.Login":      ruleEventSub,
	"Reply.Chatter.Name":       ruleEventSub,
	"Reply.Text":               ruleEventSub,
	"Reply.ThreadID":           ruleEventSub,
	"Reply.ThreadUser.ID":      ruleEventSub,
	"Reply.ThreadUser.Login":   ruleEventSub,
	"Reply.ThreadUser.Name":    ruleEventSub,
	"Source.MessageID":         ruleEventSub,
	"Source.Broadcaster.ID":    ruleEventSub,
	"Source.Broadcaster.Name":  ruleEventSub, // IRC has the id only
	"Source.Broadcaster.Login": ruleEventSub,
	"Source.Badges":            ruleEventSub,
	"Source.Only":              ruleBoth,
	"SentAt":                   ruleIRC, // EventSub has the time of the event
	"Raw":                      ruleIRC, // EventSub has none
}

// leaves returns the paths of all fields of a struct that are not structs themselves.
func leaves(t reflect.Type) []string {
	var paths []string
	for f := range t.Fields() {
		inner := f.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if inner.Kind() != reflect.Struct || inner == reflect.TypeFor[time.Time]() {
			paths = append(paths, f.Name)
			continue
		}
		for _, path := range leaves(inner) {
			paths = append(paths, f.Name+"."+path)
		}
	}
	return paths
}

// fieldAt returns a field by its path. With make it creates the structs on the way;
// otherwise it returns a zero value if there are none.
func fieldAt(m *chat.Message, path string) reflect.Value {
	v := reflect.ValueOf(m).Elem()
	for name := range strings.SplitSeq(path, ".") {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.FieldByName(name)
	}
	return v
}

// with returns a message in which one field has a value that the text names.
func with(path, text string) *chat.Message {
	m := new(chat.Message)
	v := fieldAt(m, path)
	switch v.Interface().(type) {
	case bool:
		v.SetBool(true)
	case int:
		v.SetInt(int64(len(text)))
	case chat.Roles:
		v.SetUint(uint64(len(text)))
	case time.Time:
		v.Set(reflect.ValueOf(time.Unix(int64(len(text)), 0)))
	case []chat.Badge:
		v.Set(reflect.ValueOf([]chat.Badge{{Set: text}}))
	case []chat.Fragment:
		v.Set(reflect.ValueOf([]chat.Fragment{{Text: text}}))
	default:
		v.SetString(text)
	}
	return m
}

func TestEveryFieldHasARuleForMerging(t *testing.T) {
	all := leaves(reflect.TypeFor[chat.Message]())
	for path := range mergeRules {
		if !slices.Contains(all, path) {
			t.Errorf("%s: there is a rule, but no such field", path)
		}
	}
	for _, path := range all {
		rule, ok := mergeRules[path]
		if !ok {
			t.Errorf("%s: write the rule of this field into merge and into mergeRules", path)
			continue
		}
		at := func(m *chat.Message) string { return fmt.Sprint(fieldAt(m, path).Interface()) }
		irc, es := with(path, "irc"), with(path, "eventsub")
		if got := at(merge(irc, new(chat.Message))); got != at(irc) {
			t.Errorf("%s: got %s, want IRC's %s: EventSub has none", path, got, at(irc))
		}
		if got := at(merge(new(chat.Message), es)); got != at(es) {
			t.Errorf("%s: got %s, want EventSub's %s: IRC has none", path, got, at(es))
		}
		want := ""
		switch rule {
		case ruleIRC:
			want = at(irc)
		case ruleEventSub:
			want = at(es)
		case ruleBoth:
			if want = "true"; path == "Chatter.Roles" {
				want = chat.Roles(3 | 8).String()
			}
		case ruleOwn:
			continue
		}
		if got := at(merge(irc, es)); got != want {
			t.Errorf("%s: got %s, want %s %s", path, got, rule, want)
		}
	}
}

func TestMergedTextAndFragmentsBelongTogether(t *testing.T) {
	part := func(text string) []chat.Fragment { return []chat.Fragment{{Text: text}} }
	for _, row := range []struct{ irc, es, want chat.Message }{
		{chat.Message{Text: "a", Fragments: part("a")}, chat.Message{Text: "b", Fragments: part("b")}, chat.Message{Text: "b", Fragments: part("b")}},
		{chat.Message{Text: "a", Fragments: part("a")}, chat.Message{Text: "b"}, chat.Message{Text: "a", Fragments: part("a")}},
		{chat.Message{}, chat.Message{Text: "b"}, chat.Message{Text: "b"}},
	} {
		got := merge(&row.irc, &row.es)
		if diff := cmp.Diff(row.want, *got); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", row, diff)
		}
	}
}

func TestMergedKindIsTheSpecialOne(t *testing.T) {
	for _, row := range [][3]chat.Kind{
		{chat.KindText, chat.KindText, chat.KindText},
		{chat.KindHighlighted, chat.KindText, chat.KindHighlighted},
		{chat.KindText, chat.KindUserIntro, chat.KindUserIntro},
		{"new-kind", chat.KindMessageEffect, chat.KindMessageEffect},
		{"", chat.KindText, chat.KindText},
	} {
		if got := merge(&chat.Message{Kind: row[0]}, &chat.Message{Kind: row[1]}).Kind; got != row[2] {
			t.Errorf("%q and %q: got %q, want %q", row[0], row[1], got, row[2])
		}
	}
}

func TestMergedBadgesHaveTheMonthsOfIRC(t *testing.T) {
	irc := []chat.Badge{{Set: "subscriber", Version: "12", Info: "14"}, {Set: "vip", Version: "1"}}
	es := []chat.Badge{{Set: "vip", Version: "1"}, {Set: "subscriber", Version: "12"}}
	got := mergeBadges(irc, es)
	if diff := cmp.Diff([]chat.Badge{{Set: "vip", Version: "1"}, {Set: "subscriber", Version: "12", Info: "14"}}, got); diff != "" {
		t.Errorf("badges (-want +got):\n%s", diff)
	}
	if es[1].Info != "" {
		t.Error("got a changed copy, want it as it was: the copies may be shared")
	}
}
