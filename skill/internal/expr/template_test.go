package expr_test

import (
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

func TestMistakesInTexts(t *testing.T) {
	for text, want := range map[string]string{
		"x }":                                  `"}" ends nothing`,
		"}":                                    `"}" ends nothing`,
		"x {":                                  `"{" begins an expression that does not end`,
		"{":                                    `"{" begins an expression that does not end`,
		"{'}":                                  `"{" begins an expression that does not end`,
		"{[}":                                  `"{" begins an expression that does not end`,
		"{}":                                   "there is no expression",
		"{ }":                                  "there is no expression",
		"{1 +}":                                "not a Starlark expression",
		"{event.user + }":                      "not a Starlark expression",
		"{" + strings.Repeat("1+", 500) + "1}": "this expression is too long",
		"{[x for x in event.roles] + x}":       `unknown name "x"`,
		"{(lambda y: y)(1) + y}":               `unknown name "y"`,
		"{event.roles[0].uper()}":              `a text has no "uper"`,
		"{event['user'].uper()}":               `a text has no "uper"`,
		"{event.badges['vip'].uper()}":         `a text has no "uper"`,
		"{event.bits.x}":                       `a number has no "x"`,
		"{event.is_reply.x}":                   `true or false has no "x"`,
		"{[r.uper() for r in event.roles]}":    `a text has no "uper"`,
		"{event.text[1:].uper()}":              `a text has no "uper"`,
		"{'abc'[whom:]}":                       `unknown name "whom"`,
		"{-whom}":                              `unknown name "whom"`,
	} {
		_, mistakes := expr.CompileTemplate(text, scope())
		if len(mistakes) == 0 || !strings.Contains(mistakes[0].Text, want) {
			t.Errorf("%s: got %v, want %s", text, mistakes, want)
		}
	}
	for _, text := range []string{
		"{" + strings.Repeat("1+", 499) + "1}",
		"{[x for x in event.roles]}{[x for r in event.roles for x in [r.upper()]]}", "{(event.text if True else 1)}", "{len(event.roles[1:])}",
	} {
		if _, mistakes := expr.CompileTemplate(text, scope()); len(mistakes) > 0 {
			t.Errorf("%s: got %v, want no mistake", text, mistakes)
		}
	}
}

func FuzzTemplate(f *testing.F) {
	f.Add("hello {event.user_name}, {{x}} {match[0] + 'x' * 3}", "chat")
	f.Add("{'%s' % event.text} {[x for x in event.roles]} {event[\"text\"]}", "{event.user}")
	f.Add("{(lambda x, y=1: x+y)(1)} {channel.title if event.bits > 3 else {'a': 1}['a']}", "x")
	f.Fuzz(func(t *testing.T, src, text string) {
		tpl, wrong := expr.CompileTemplate(src, scope())
		for _, w := range wrong {
			if w.Offset < 0 || w.Offset > len(src) {
				t.Errorf("mistake at %d of %d", w.Offset, len(src))
			}
		}
		if (tpl == nil) != (len(wrong) > 0) {
			t.Fatalf("got %v and %v", tpl, wrong)
		}
		if tpl == nil {
			return
		}
		_, _ = tpl.Fill(t.Context(), env(text), 1000)
	})
}
