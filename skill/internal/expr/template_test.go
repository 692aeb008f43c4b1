package expr_test

import (
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

func TestMistakesInTexts(t *testing.T) {
	for text, want := range map[string]string{
		"x }":                                  `unexpected "}"`,
		"}":                                    `unexpected "}"`,
		"x {":                                  `no closing "}" for this "{"`,
		"{":                                    `no closing "}" for this "{"`,
		"{'}":                                  `no closing "}" for this "{"`,
		"{[}":                                  `no closing "}" for this "{"`,
		"{}":                                   "the expression is empty",
		"{ }":                                  "the expression is empty",
		"{1 +}":                                "not a Starlark expression",
		"{event.user + }":                      "not a Starlark expression",
		"{" + strings.Repeat("1+", 500) + "1}": "the expression is longer than 1000 bytes",
		"{[x for x in event.roles] + x}":       `unknown name "x"`,
		"{(lambda y: y)(1) + y}":               `unknown name "y"`,
		"{event.roles[0].uper()}":              `text has no attribute "uper"`,
		"{event['user'].uper()}":               `text has no attribute "uper"`,
		"{event.badges['vip'].uper()}":         `text has no attribute "uper"`,
		"{event.bits.x}":                       `number has no attribute "x"`,
		"{event.is_reply.x}":                   `boolean has no attribute "x"`,
		"{[r.uper() for r in event.roles]}":    `text has no attribute "uper"`,
		"{event.text[1:].uper()}":              `text has no attribute "uper"`,
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
