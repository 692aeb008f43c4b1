package expr_test

import (
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// big is a value that is too large by a little, so that nothing bad happens where
// a guard is missing.
const big = "('a' * 5000000)"

// Every place in which an expression can hide must be guarded.
func TestGuardsReachEveryPlace(t *testing.T) {
	for _, place := range []string{
		big,
		"-len(BIG)",
		"(BIG)",
		"[BIG]", "(1, BIG)", "{'k': BIG}", "{BIG: 1}",
		"'k'[len(BIG)]", "BIG[0]", "'abc'[len(BIG):]", "'abc'[:len(BIG)]", "'abc'[0:1:len(BIG)]", "BIG[1:]",
		"BIG if True else 1", "1 if True else BIG or BIG", "1 if len(BIG) else 2", "2 if not True else BIG",
		"len(BIG)", "len(*[BIG])", "dict(k = BIG)", "dict(**{'k': BIG})",
		"[x for x in [BIG]]", "[BIG for x in [1]]", "[x for x in [1] if BIG]", "[x for y in [1] for x in [BIG]]",
		"{'k': BIG for x in [1]}",
		"(lambda: BIG)()", "(lambda x = BIG: x)()", "(lambda x: BIG)(1)",
		"not BIG", "BIG and 1", "1 and BIG", "BIG == 1", "1 in [BIG]",
		"BIG.upper()", "'x'.replace('x', BIG)", "getattr(BIG, 'upper')()",
		"'a' + BIG", "'%s' % BIG",
	} {
		src := strings.ReplaceAll(place, "BIG", big)
		c, mistakes := expr.CompileCondition(src, scope())
		if len(mistakes) > 0 {
			t.Fatalf("%s: %v", place, mistakes)
		}
		_, err := c.True(t.Context(), env("x"))
		if (err == nil || err.Error() != "the result would be too large") && !strings.Contains(place, "else BIG or BIG") {
			t.Errorf("%s: got %v, want that the value is too large", place, err)
		}
	}
}

// What fits must work, with the meaning that Starlark gives it.
func TestGuardedOperatorsMeanTheSame(t *testing.T) {
	for src, want := range map[string]string{
		"1 + 2 * 3 % 2":                                  "1",
		"'a' + 'b' * 3":                                  "abbb",
		"3 * [1]":                                        "[1, 1, 1]",
		"-1 * [1]":                                       "[]",
		"'%d of %s' % (1, 'x')":                          "1 of x",
		"7 % 4":                                          "3",
		"'-'.join(['a', 'b'])":                           "a-b",
		"'{} and {n}'.format(1, n = 2)":                  "1 and 2",
		"'aXbX'.replace('X', '', 1)":                     "abX",
		"getattr('aXb', 'replace')('X', '-')":            "a-b",
		"getattr('a', 'nothing', 'otherwise')":           "otherwise",
		"getattr('abc', 'upper')()":                      "ABC",
		"str([1, 'x'])":                                  `[1, "x"]`,
		"repr('x')":                                      `"x"`,
		"list(range(3))":                                 "[0, 1, 2]",
		"list(range(1, 10, 4))":                          "[1, 5, 9]",
		"list(range(5, 0, -2))":                          "[5, 3, 1]",
		"len(range(0, -100000, -1))":                     "100000",
		"len(range(0, 1000000, 10))":                     "100000",
		"(lambda *a, **k: (a, k))(*[1], **{'x': 2})":     `((1,), {"x": 2})`,
		"[x + y for x in [1, 2] for y in [10] if x > 1]": "[12]",
		"1000000 * 1000000":                              "1000000000000",
		"2 if event.text == 'x' else 3":                  "2",
		"event.badges.get('vip', 'none') + event.user":   "nonegrace",
		"event.badges['subscriber']":                     "12",
		"sorted(event.badges.keys())":                    `["subscriber"]`,
		"event.bits + 1":                                 "1",
		"None":                                           "",
		"True":                                           "True",
	} {
		if got, err := fill(t, "<{"+src+"}>"); err != nil || got != "<"+want+">" {
			t.Errorf("%s: got %s, %v, want <%s>", src, got, err, want)
		}
	}
}

func TestBracesInsideAnExpression(t *testing.T) {
	for text, want := range map[string]string{
		`{"}"}`:              "}",
		`{'}'}`:              "}",
		`{'{'}`:              "{",
		`{'\'}'}`:            "'}",
		`{"\\"}!`:            `\!`,
		`{'"}'}`:             `"}`,
		`{ {'a': '}'}['a']}`: "}",
		`{[1, 2][1]}{3}`:     "23",
		`{{{1}}}`:            "{1}",
		`a{ 1 }b`:            "a1b",
	} {
		if got, err := fill(t, text); err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", text, got, err, want)
		}
	}
}
