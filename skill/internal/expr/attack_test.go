package expr_test

import (
	"strings"
	"testing"
	"time"
)

// Every bomb must end within seconds, with an error and without much memory.
func TestBombsInExpressions(t *testing.T) {
	tests := []struct{ name, expr, want string }{
		{"repeat", "'a' * 1000000000", "too large"},
		{"repeat turned", "1000000000 * 'a'", "too large"},
		{"repeat of a list", "[1] * 1000000000", "too large"},
		{"range", "list(range(1000000000000))", "too large"},
		{"maximum of a range", "max(range(100000000000))", "too large"},
		{"doubling", "(lambda f: f(f(f(f(f(f('aaaaaaaaaaaaaaaaaaaa' * 1000)))))))(lambda s: s+s+s+s+s+s+s+s)", "too large"},
		{"replace", "('a' * 10000).replace('a', 'b' * 10000)", "too large"},
		{"join", "('a' * 100000).join(['b'] * 100000)", "too large"},
		{"format", "('{0}' * 10000).format('a' * 10000)", "too large"},
		{"percent", "('%s' * 2) % ('a' * 4000000, 'a' * 4000000)", "too large"},
		{"getattr", "getattr('a' * 10000, 'replace')('a', 'b' * 10000)", "too large"},
		{"sharing", "str((lambda f: f(f(f(f(f(f(f(f(f(f([1])))))))))))(lambda x: [x]*9))", "too large"},
		{"steps", "[x for a in range(10000) for x in range(10000)]", "too many steps"},
		{"held", "[('%d' % x) * 1000000 for x in range(20000)]", "too much memory"},
		{"numbers", "(lambda f: f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(2)))))))))))))))))))))))))))))(lambda x: x*x)", "too large"},
		{"recursion", "(lambda f: f(f))(lambda f: f(f))", "recursively"},
		{"shift", "1 << 100000000", "too large"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			began := time.Now()
			_, err := fill(t, "{"+tt.expr+"}")
			took := time.Since(began)
			if took > patience {
				t.Errorf("took %v", took)
			}
			if !stopped(err, tt.want, took) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

func TestBombsInScripts(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"endless loop", "for i in range(100000):\n        for j in range(100000):\n            pass", "x.star:4: stopped: too many steps"},
		{"growing text", "s = 'a'\n    for i in range(100):\n        s += s", "x.star:5: this makes a value that is too large"},
		{"growing list", "s = [1]\n    for i in range(100):\n        s.extend(s)", "x.star:5: this makes a value that is too large"},
		{"growing list in place", "s = [1]\n    for i in range(100):\n        s += s", "x.star:5: this makes a value that is too large"},
		{"recursion", "act(call)", "recursively"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sc, err := load(t, "def act(call):\n    n = 0\n    "+tt.body+"\n\non(act)\n")
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			err = sc.call(t)
			took := time.Since(began)
			if took > patience {
				t.Errorf("took %v", took)
			}
			if !stopped(err, tt.want, took) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

// patience is for a machine that is busy with others: alone, a bomb takes a second.
const patience = time.Minute

// stopped reports whether err says want. On a busy machine the look at the heap may
// come before a value is too large by itself, and the time may be up before both.
func stopped(err error, want string, took time.Duration) bool {
	if err == nil {
		return false
	}
	text := err.Error()
	return strings.Contains(text, want) ||
		strings.Contains(want, "too large") && strings.Contains(text, "stopped: uses too much memory") ||
		took > 2*time.Second && strings.Contains(text, "stopped: took too long")
}
