package expr_test

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	// patience is for a machine that is busy with others: alone, the worst attack
	// takes a second.
	patience = time.Minute
	// maxAllocated is what one attack may allocate in all, collected garbage included.
	maxAllocated = 512 << 20
)

// Every attack must be stopped, in time and without much memory. It runs in a function,
// at the top level of a script (which also runs when a configuration is checked), and as
// an expression if it is one.
func TestAttacksAreStopped(t *testing.T) {
	type result struct {
		name      string
		took      time.Duration
		allocated uint64
	}
	var results []result
	for _, tt := range attacks {
		measure := func(place string, run func() error) {
			t.Run(tt.name+"/"+place, func(t *testing.T) {
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				began := time.Now()
				err := run()
				took := time.Since(began)
				runtime.ReadMemStats(&after)
				allocated := after.TotalAlloc - before.TotalAlloc
				results = append(results, result{tt.name + "/" + place, took, allocated})
				if took > patience || allocated > maxAllocated {
					t.Errorf("took %v and %d MiB", took, allocated>>20)
				}
				if err == nil || !stopped(err, tt.want, took) {
					t.Errorf("got %.300v, want an error with %q", err, tt.want)
				}
			})
		}
		measure("function", func() error {
			s, err := load(t, "def act(call):\n    "+strings.ReplaceAll(tt.src, "\n", "\n    ")+"\n\non(act)\n")
			if err != nil {
				return err
			}
			return s.call(t)
		})
		if tt.want != steps && tt.want != slow && !strings.Contains(tt.src, "act(call)") {
			measure("top level", func() error {
				_, err := load(t, tt.src+"\n")
				return err
			})
		}
		if !strings.Contains(tt.src, "\n") && !strings.Contains(tt.src, " = ") && !strings.Contains(tt.src, "act(call)") {
			measure("expression", func() error {
				_, err := fill(t, "{ "+tt.src+"}")
				return err
			})
		}
	}
	slices.SortFunc(results, func(a, b result) int { return int(b.took - a.took) })
	for _, r := range results[:min(5, len(results))] {
		t.Logf("%-40s %8v %6.1f MiB", r.name, r.took.Round(time.Millisecond), float64(r.allocated)/(1<<20))
	}
	slices.SortFunc(results, func(a, b result) int { return int(int64(b.allocated) - int64(a.allocated)) })
	for _, r := range results[:min(5, len(results))] {
		t.Logf("%-40s %8v %6.1f MiB", r.name, r.took.Round(time.Millisecond), float64(r.allocated)/(1<<20))
	}
}

// stopped reports whether err says want, or that another limit was reached before: the
// step limit is there for everything, and a busy machine may run out of time first.
func stopped(err error, want string, took time.Duration) bool {
	text := err.Error()
	return strings.Contains(text, want) ||
		strings.Contains(text, "stopped: too many steps") ||
		took > 2*time.Second && strings.Contains(text, "stopped: took too long")
}

const (
	large = "too large"
	deep  = "nested too deeply"
	key   = "too large for a key"
	steps = "too many steps"
	slow  = "took too long"
)

var attacks = []struct{ name, src, want string }{
	// Operators.
	{"repeat", "'a' * 1000000000", large},
	{"repeat turned", "1000000000 * 'a'", large},
	{"repeat bytes", "b'a' * 1000000000", large},
	{"repeat list", "[1] * 1000000000", large},
	{"repeat tuple", "(1,) * 1000000000", large},
	{"repeat by a huge number", "'a' * (1 << 500)", large},
	{"double", "(lambda f: f(f(f(f(f(f('a' * 20000)))))))(lambda s: s+s+s+s+s+s+s+s)", large},
	{"double a list", "(lambda f: f(f(f(f(f(f([1] * 2000)))))))(lambda s: s+s+s+s+s+s+s+s)", large},
	{"square", "x = 3\nfor i in range(60):\n    x = x * x", large},
	{"square in place", "x = 3\nfor i in range(60):\n    x *= x", large},
	{"shift", "1 << 100000000", large},
	{"shift often", "x = 1\nfor i in range(100000):\n    x = x << 511", large},
	{"shift in place", "x = 1\nfor i in range(100000):\n    x <<= 511", large},
	{"add numbers", "x = 1\nfor i in range(250000):\n    x = x + x", large},
	{"subtract numbers", "x = 1\nfor i in range(250000):\n    x = x - (-x - x)", large},
	{"format", "'%s%s' % ('a' * 600000, 'a' * 600000)", large},
	{"format with a name, often", "('%(a)s' * 100000) % {'a': 'b' * 100000}", large},
	{"format with a width", "'%1000000000d' % 1", "unknown conversion"},
	{"format shared", "'%s' % " + nest("[x]*9", 12), large},
	{"compare shared", nest("[x]*40", 8) + " == " + nest("[x]*40", 8), large},
	{"order shared", nest("[x]*40", 8) + " < " + nest("[x]*40", 8), large},
	{"compare dicts", nest("{0: x, 1: x, 2: x, 3: x, 4: x}", 20) + " != " + nest("{0: x, 1: x, 2: x, 3: x, 4: x}", 20), large},
	{"search shared", nest("[x]*40", 8) + " in [" + nest("[x]*40", 8) + "]", large},
	{"itself", "x = [1]\nx.append(x)\nx == x\nstr(x)", deep},

	// Assignments in all their forms.
	{"name", "s = 'a'\nfor i in range(100):\n    s += s", large},
	{"name in parentheses", "s = 'a' * 1000\n(s) *= 1000000", large},
	{"element of a dict", "d = {'x': 'a' * 1000}\nd['x'] *= 1000000", large},
	{"element of a list", "l = ['a' * 1000]\nl[0] *= 1000000", large},
	{"last element", "l = ['a' * 1000]\nl[-1] *= 1000000", large},
	{"element of an element", "d = {'x': [{'y': 'a' * 1000}]}\nd['x'][0]['y'] *= 1000000", large},
	{"element in parentheses", "d = {'x': 'a' * 1000}\n(d['x']) *= 1000000", large},
	{"element that grows", "d = {'x': 'a'}\nfor i in range(100):\n    d['x'] += d['x']", large},
	{"element list that grows", "d = {'x': [1]}\nfor i in range(100):\n    d['x'] += d['x']", large},
	{"element shifted", "d = {'x': 1}\nfor i in range(100000):\n    d['x'] <<= 511", large},
	{"element formatted", "d = {'x': '%(a)s' * 100000}\nd['x'] %= {'a': 'b' * 100000}", large},
	{"value of an element", "d = {'x': 'a'}\nd['x'] += 'a' * 100000000", large},
	{"key of an element", "d = {}\nd['a' * 100000000] = 1", large},
	{"key of an augmented element", "d = {}\nd['a' * 100000000] += 1", large},
	{"base of an element", "(['a'] * 100000000)[0] = 1", large},
	{"tuple of targets", "d = {}\na, d['a' * 100000000] = 1, 2", large},
	{"list of targets", "d = {}\n[a, (d['a' * 100000000])] = 1, 2", large},
	{"target of a loop", "d = {}\nfor d['a' * 100000000] in [1]:\n    pass", large},
	{"target of a comprehension", "d = {}\n[1 for d['a' * 100000000] in [1]]", large},
	{"list that grows in place", "s = [1]\nfor i in range(100):\n    s += s", large},
	{"dict that grows in place", "d = {}\nfor i in range(100000):\n    d |= {i: d.keys()}", large},

	// Keys: hashing a tuple hashes all it holds, as often as it holds it.
	{"key of a dict", "{" + nest("(x,)*9", 12) + ": 1}", key},
	{"key of a comprehension", "{" + nest("(x,)*9", 12) + ": 1 for i in [1]}", key},
	{"index", "{}[" + nest("(x,)*9", 12) + "]", key},
	{"index assigned", "d = {}\nd[" + nest("(x,)*9", 12) + "] = 1", key},
	{"index augmented", "d = {}\nd[" + nest("(x,)*9", 12) + "] += 1", key},
	{"in a dict", nest("(x,)*9", 12) + " in {}", key},
	{"in a set", nest("(x,)*9", 12) + " in set()", key},
	{"get", "{}.get(" + nest("(x,)*9", 12) + ")", key},
	{"pop", "{}.pop(" + nest("(x,)*9", 12) + ", 1)", key},
	{"setdefault", "{}.setdefault(" + nest("(x,)*9", 12) + ", 1)", key},
	{"update", "{}.update([(" + nest("(x,)*9", 12) + ", 1)])", key},
	{"dict()", "dict([[" + nest("(x,)*9", 12) + ", 1]])", key},
	{"set()", "set([" + nest("(x,)*9", 12) + "])", key},
	{"set.add", "set().add(" + nest("(x,)*9", 12) + ")", key},
	{"set.remove", "set().remove(" + nest("(x,)*9", 12) + ")", key},
	{"set.union", "set().union([" + nest("(x,)*9", 12) + "])", key},
	{"set.issubset", "set([1]).issubset([" + nest("(x,)*9", 12) + "])", key},
	{"bound method", "f = set().add\nf(" + nest("(x,)*9", 12) + ")", key},
	{"getattr of a method", "getattr(set(), 'add')(" + nest("(x,)*9", 12) + ")", key},
	{"method as a key function", "sorted([" + nest("(x,)*9", 12) + "], key = set().add)", large},
	{"large keys", "s = 'a' * 1000000\nd = {}\nfor i in range(100000):\n    d[(s, i)] = 1", key},
	{"keys that collide", "set([i << 32 for i in range(100000)])", large},
	{"keys that collide in a dict", "dict([(i << 32, 1) for i in range(60000)])", large},
	{"keys that collide one by one", "d = {}\nfor i in range(250000):\n    d[i << 32] = 1", slow},
	{"functions that collide", "set([lambda: 1 for i in range(20000)])", large},
	{"union of sets", "s = set(range(5000))\nfor i in range(100000):\n    s = s | set(range(i, i + 5000))", large},

	// Built-in functions.
	{"str of a deep list", "x = []\nfor i in range(150000):\n    x = [x]\nstr(x)", deep},
	{"str of a deep dict", "x = {}\nfor i in range(100000):\n    x = {1: x}\nstr(x)", deep},
	{"str of a deep tuple", "x = ()\nfor i in range(150000):\n    x = (x,)\nstr(x)", deep},
	{"str shared", "str(" + nest("[x]*9", 12) + ")", large},
	{"repr shared", "repr(" + nest("(x,)*9", 12) + ")", large},
	{"print shared", "print(" + nest("[x]*9", 12) + ")", large},
	{"print with a separator", "print(1, 2, sep = " + nest("[x]*9", 12) + ")", large},
	{"fail shared", "fail(" + nest("[x]*9", 12) + ")", large},
	{"int of a long text", "int('9' * 1000000)", large},
	{"int of a long text with a base", "int('z' * 1000000, base = 36)", large},
	{"int of a long text by name", "int(x = '9' * 1000000)", large},
	{"list of a range", "list(range(1000000000000))", large},
	{"maximum of a range", "max(range(100000000000))", large},
	{"any of a range", "any(range(0, 0 - 100000000000, -1))", large},
	{"list of characters", "list(('a' * 1000000).elems())", large},
	{"set of characters", "set(('é' * 500000).codepoints())", large},
	{"zip of many", "zip(*[range(60000)] * 60000)", large},
	{"zip shared", "x = 1\nfor i in range(60):\n    x = zip([x], [x])[0]\n{x: 1}", key},
	{"many arguments", "(lambda *a: 1)(*range(1000000))", large},
	{"arguments shared", "x = 1\nf = lambda *a: a\nfor i in range(60):\n    x = f(x, x)\n{x: 1}", key},
	{"sorted with a key", "a, b = 'a' * 1000000, 'a' * 1000000\nsorted(range(100000), key = lambda i: a if i % 2 else b)", large},
	{"sorted with a key by place", "a, b = 'a' * 1000000, 'a' * 1000000\nsorted(range(100000), lambda i: a if i % 2 else b)", large},
	{"max with a key", "a, b = 'a' * 1000000, 'a' * 1000000\nmax(range(100000), key = lambda i: a if i % 2 else b)", large},
	{"sorted shared", "a, b = 'a' * 1000000, 'a' * 1000000\nsorted([a, b] * 10000)", large},
	{"enumerate", "x = list(range(100000))\nfor i in range(1000):\n    enumerate(x)", steps},
	{"deep and then frozen", "x = (1,)\nfor i in range(60):\n    x = (x, x)\nstr(x)", large},

	// Methods.
	{"replace", "('a' * 10000).replace('a', 'b' * 10000)", large},
	{"replace nothing", "('a' * 10000).replace('', 'b' * 10000)", large},
	{"join", "('a' * 100000).join(['b'] * 100000)", large},
	{"join shared", "','.join(['b' * 100000] * 10000)", large},
	{"format method", "('{0}' * 10000).format('a' * 10000)", large},
	{"format method by name", "('{a}' * 10000).format(a = 'a' * 10000)", large},
	{"format method shared", "'{}'.format(" + nest("[x]*9", 12) + ")", large},
	{"getattr", "getattr('a' * 10000, 'replace')('a', 'b' * 10000)", large},
	{"split", "x = ',' * 1000000\nfor i in range(1000):\n    x.split(',')", large},
	{"splitlines", "('\\n' * 1000000).splitlines()", large},
	{"split at spaces", "('a ' * 500000).split()", large},
	{"strip", "('é' * 500000).strip('a' * 500000 + 'é')", large},
	{"startswith", "('a' * 1000000).startswith(('a' * 999999 + 'b',) * 10000)", large},
	{"extend", "s = [1]\nfor i in range(100):\n    s.extend(s)", large},
	{"extend by name", "s = [1]\nf = getattr(s, 'extend')\nfor i in range(100):\n    f(s)", large},
	{"insert", "s = []\nfor i in range(250000):\n    s.insert(0, i)", steps},
	{"index of", nest("[x]*40", 8) + ".index(1)", large},
	{"remove", nest("[x]*40", 8) + ".remove(1)", large},
	{"items", "d = {i: i for i in range(10000)}\nfor i in range(100000):\n    d.items()", steps},
	{"update often", "d = {i: i for i in range(10000)}\nfor i in range(100000):\n    d.update(d)", steps},

	// Steps and memory.
	{"endless loop", "for i in range(100000):\n    for j in range(100000):\n        pass", steps},
	{"loops", "[x for a in range(10000) for x in range(10000)]", steps},
	{"recursion", "(lambda f: f(f))(lambda f: f(f))", "recursively"},
	{"recursion of a script", "act(call)", "recursively"},
	{"held", "[('%d' % x) * 100000 for x in range(20000)]", steps},
	{"held slices", "x = list(range(100000))\ny = [x[1:] for i in range(100000)]", steps},
	{"held arguments", "x = list(range(100000))\ny = [(lambda *a: a)(*x) for i in range(100000)]", steps},
	{"held lists", "x = [[] for i in range(2000000)]", large},
	{"appended", "x = []\nfor i in range(250000):\n    x.append([[[[[[[[[[[[]]]]]]]]]]]])", steps},
}

// nest is an expression that puts x into itself n times over.
func nest(x string, n int) string {
	return fmt.Sprintf("(lambda f: %s1%s)(lambda x: %s)", strings.Repeat("f(", n), strings.Repeat(")", n), x)
}
