package skill

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

func TestCommandMatches(t *testing.T) {
	tests := []struct {
		pattern, text string
		want          string // "name=value …", "usage" or "no"
	}{
		{"!hi", "!hi", "args="},
		{"!hi", "!HI there, you", "args=there, you"},
		{"!hi", "!hip", "no"},
		{"!hi", "oh !hi", "no"},
		{"!hi", "", "no"},
		{"!title {title...}", "!title  a   b ", "args=a   b title=a   b"},
		{"!title {title...}", "!title   ", "usage"},
		{"!title {title...?}", "!title", "args= title="},
		{"!give {to:user} {n:int}", "!give @Ada 3 more", "args=@Ada 3 more n=3 to=ada"},
		{"!give {to:user} {n:int}", "!give @Ada three", "usage"},
		{"!give {to:user} {n:int}", "!give @ 3", "usage"},
		{"!give {n:int?}", "!give", "args= n=<nil>"},
		{"!give {n:int?}", "!give x", "usage"},
		{"!give {n:int}", "!give 99999999999999999999", "usage"},
		{"!quote add {text...}", "!quote ADD x", "args=x text=x"},
		{"!quote add {text...}", "!quote del x", "no"},
		{"!swap {a} for {b}", "!swap x for y", "a=x args=x for y b=y"},
		{"!swap {a} for {b}", "!swap x y", "usage"},
		{"!über {wort}", "!ÜBER straße", "args=straße wort=straße"},
		{"!hi", "!hi\u00a0x", "args=x"},
	}
	for _, tt := range tests {
		t.Run(tt.pattern+"/"+tt.text, func(t *testing.T) {
			c, wrong := parseCommand(tt.pattern)
			if len(wrong) > 0 {
				t.Fatal(wrong)
			}
			names, usage, ok := c.match(tt.text)
			got := "no"
			switch {
			case usage != "":
				got = "usage"
			case ok:
				delete(names, "match")
				var parts []string
				for _, name := range slices.Sorted(maps.Keys(names)) {
					parts = append(parts, fmt.Sprintf("%s=%v", name, names[name]))
				}
				got = strings.Join(parts, " ")
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzCommand(f *testing.F) {
	f.Add("!give {to:user} {n:int?}", "!give @ada 3")
	f.Add("!x {rest...}", "!x a b")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		c, wrong := parseCommand(pattern)
		if (c == nil) != (len(wrong) > 0) {
			t.Fatalf("got %v and %v", c, wrong)
		}
		for _, w := range wrong {
			if w.Offset < 0 || w.Offset > len(pattern) {
				t.Errorf("mistake at %d of %d", w.Offset, len(pattern))
			}
		}
		if c != nil {
			c.match(text)
			c.scope(expr.NewScope(nil))
		}
	})
}
