package skill

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.starlark.net/starlark"
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
		{"!give {n:int?}", "!give", "args= n=None"},
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
				for _, name := range names.Keys() {
					v := names[name].String()
					parts = append(parts, name+"="+strings.Trim(v, `"`))
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
			if w.offset < 0 || w.offset > len(pattern) {
				t.Errorf("mistake at %d of %d", w.offset, len(pattern))
			}
		}
		if c != nil {
			c.match(text)
			c.scope(&scope{})
		}
	})
}

func FuzzTemplate(f *testing.F) {
	f.Add("hello {event.user_name}, {{x}} {match[0] + 'x' * 3}", "chat")
	f.Add("{'%s' % event.text} {[x for x in event.roles]} {event[\"text\"]}", "{event.user}")
	f.Add("{(lambda x, y=1: x+y)(1)} {channel.title if event.bits > 3 else {'a': 1}['a']}", "x")
	f.Fuzz(func(t *testing.T, src, text string) {
		s := &scope{names: map[string]*shape{"match": textList}, events: []*shape{messageShape}}
		tpl, wrong := parseTemplate(src, s)
		for _, w := range wrong {
			if w.offset < 0 || w.offset > len(src) {
				t.Errorf("mistake at %d of %d", w.offset, len(src))
			}
		}
		if (tpl == nil) != (len(wrong) > 0) {
			t.Fatalf("got %v and %v", tpl, wrong)
		}
		if tpl == nil {
			return
		}
		names := guardsAnd(map[string]any{"text": text}, text)
		out, err := tpl.render(t.Context(), names)
		if err == nil && (len([]rune(out)) > maxText || strings.ContainsAny(out, "\r\n\x00") || out == "") {
			t.Errorf("got %q", out)
		}
	})
}

// guardsAnd are the names of a message's expressions.
func guardsAnd(event map[string]any, match ...string) starlark.StringDict {
	names := starlark.StringDict{"event": newRecord(event, messageShape), "match": toValue(match, nil)}
	maps.Copy(names, guards)
	return names
}
