package skill_test

import (
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/skill"
)

// Every kind of statement in which a script can hide a large value must be guarded.
func TestGuardsReachEveryStatement(t *testing.T) {
	for _, body := range []string{
		"BIG",
		"x = BIG",
		"x = 'a'\n    x += BIG",
		"x = ('a' * 1000)\n    x *= 5000",
		"x = '%s' + ' ' * 10\n    x %= BIG",
		"x, y = 1, BIG",
		"x = {}\n    x['k'] = BIG",
		"x = [1]\n    x[0] += BIG",
		"for x in [BIG]:\n        pass",
		"for x in [1]:\n        BIG",
		"for x in [1]:\n        for y in [1]:\n            BIG",
		"if BIG:\n        pass",
		"if True:\n        BIG",
		"if False:\n        pass\n    else:\n        BIG",
		"if False:\n        pass\n    elif BIG:\n        pass",
		"def f():\n        BIG\n    f()",
		"def f(x = BIG):\n        pass\n    f()",
		"def f():\n        return BIG\n    f()",
		"return BIG",
		"call.say(BIG)",
		"memory.put('x', BIG)",
	} {
		set, err := parseScript(t, "def act(call):\n    "+strings.ReplaceAll(body, "BIG", big)+"\non_message('x', act)\n")
		if err != nil {
			t.Errorf("%s: %v", body, err)
			continue
		}
		var got error
		host := &stage{}
		e := skill.NewEngine(set, skill.EngineOptions{Host: host, Report: func(r skill.Report) { got = r.Err }})
		_ = e.Message(t.Context(), chat("x")) // reported, too
		if got == nil || !strings.HasSuffix(got.Error(), "this makes a value that is too large") || len(host.lines) != 0 {
			t.Errorf("%s: got %v and %v, want that the value is too large", body, got, host.lines)
		}
	}
	// The lines outside of functions run when the configuration is loaded.
	for _, src := range []string{"x = " + big, "[" + big + "]", "for x in [1]:\n    " + big, "if True:\n    " + big} {
		if _, err := parseScript(t, src+"\ndef act(call):\n    pass\non_message('x', act)\n"); err == nil || !strings.Contains(err.Error(), "too large") {
			t.Errorf("%s: got %v, want that the value is too large", src, err)
		}
	}
}

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
		_, err := skill.Parse("l.yaml", []byte(sayYAML(t, text)), skill.LoadOptions{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
	for _, text := range []string{
		"{" + strings.Repeat("1+", 499) + "1}",
		"{[x for x in event.roles]}{[x for r in event.roles for x in [r.upper()]]}", "{(event.text if True else 1)}", "{len(event.roles[1:])}",
	} {
		if _, err := skill.Parse("l.yaml", []byte(sayYAML(t, text)), skill.LoadOptions{}); err != nil {
			t.Errorf("%s: got %v, want no mistake", text, err)
		}
	}
	for _, command := range []string{"!" + strings.Repeat("x", 1000), "", "{x}", "!a {x}{y}", "!a{x}", "!a {x", "!a {event}", "!a {x} {x}", "!a {x?} {y}", "!a {x...} {y}", "!a {x?} b", "!a {x:flot}", "!a {x:int...}", "!a {1}", "!a {for}"} {
		if _, err := parseScript(t, "def act(call):\n    pass\non_command('"+command+"', act)\n"); err == nil {
			t.Errorf("%.40s: got no mistake in the command", command)
		}
	}
}
