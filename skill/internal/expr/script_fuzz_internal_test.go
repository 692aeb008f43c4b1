package expr

import (
	"testing"
	"time"

	"go.starlark.net/starlark"
)

// Any script ends in time, and one that is within the limits means what it means to
// Starlark without guards.
func FuzzScript(f *testing.F) {
	for _, src := range []string{
		"x = 1\nx += 2\nx -= 1\nx *= 3\nx //= 2\nx %= 5\nx <<= 3\nx >>= 1\nx |= 8\nx &= 12\nx ^= 5\n",
		"d = {'a': [1], 2: 'x'}\nd['a'] += [2, 3]\nd['a'][-1] *= 4\nd[2] += 'y'\n(d[2]) *= 2\nd |= {3: 4}\n",
		"a, (b, [c]) = 1, (2, [3])\nl = [0, 0]\nl[0], l[1] = a, b\nfor l[0], x in [(7, 8)]:\n    pass\n",
		"def f(a, b = 2, *c, **d):\n    return [a, b, c, d, a + b]\nx = f(1, *[5, 6], **{'y': 7})\ny = f(b = 3, a = 4)\n",
		"x = [a * b for a in range(5) for b in [1, 2] if a != b]\ny = {k: v for k, v in zip('abc'.elems(), range(3))}\n",
		"x = sorted([3, 1, 2], key = lambda v: -v)\ny = max([1, 5, 2], key = lambda v: v % 5)\nz = min(4, 2, 3)\nw = sorted('b a c'.split(), reverse = True)\n",
		"x = 'a-b-c'.split('-') + 'x y'.split() + 'p\\nq'.splitlines()\ny = ','.join(x).replace('a', 'bb').strip('b').upper()\nz = '{0} {n}'.format(1, n = 2) + '%s %d %(k)s' % {'k': 1}\n",
		"s = set([1, 2]) | set([3])\nt = s & set([2, 3])\nu = s - t\nv = s ^ set([9])\ns.add(7)\nx = 7 in s and 8 not in s\nw = s.union([5]).issuperset([5])\n",
		"x = (1 < 2, 1 <= 1, 'a' > 'b', [1] >= [0], {1: 2} == {1: 2}, (1,) != (2,))\ny = 'bc' in 'abcd'\nz = 3 in {3: 4}\n",
		"x = [1, 2, 3, 4][1:3] + [9][0:1:1]\ny = 'hello'[::-1]\nz = (1, 2, 3)[-2:]\nw = 'abc'[1]\n",
		"x = getattr('a', 'upper')()\nf = [].append\nf(1)\ny = hasattr('a', 'nothing')\nz = getattr(1, 'x', 2)\n",
		"x = 10\nwhile_ = [x for x in range(3)]\nif x > 5 and not x == 7 or False:\n    y = x if x else 0\nelif x:\n    y = 1\nelse:\n    y = 2\n",
		"x = [-3 // 2, -3 % 2, 7 / 2, 1.5 * 2, 2 * 'ab', [0] * 3, 5 << 2, 5 >> 1, ~5, +5, -5]\n",
		"def f():\n    n = 0\n    l = [1]\n    m = l\n    m += [2]\n    for i in l:\n        n += i\n    return n, l\nx = f()\n",
		"x = int('12', 16) + int(3.7) + len(str([1, {'a': (None, True)}])) + len(repr('x'))\ny = list(enumerate(reversed([1, 2])))\nz = any([0, 1]) and all([])\n",
		"x = 'a' * 1000000000\n", "x = [1]\nx.append(x)\ny = str(x)\n", "1 +", "def f(): return f()\nf()\n", "x = ((", "x.y = 1\n", "(\xff)",
	} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 2000 {
			return
		}
		began := time.Now()
		s, mistakes := CompileScript("x.star", []byte(src), nil)
		if s == nil {
			if len(mistakes) == 0 {
				t.Fatal("got no script and no mistakes")
			}
			return
		}
		got, err := globals(t, s.prog, s.names)
		s.Check(nil)
		if took := time.Since(began); took > time.Minute {
			t.Errorf("took %v", took)
		}
		if err != nil || freezable(got) != nil {
			return
		}
		// It is within the limits, so it is harmless without guards.
		file, err := dialect.Parse("x.star", src, 0)
		if err != nil {
			t.Fatal(err)
		}
		prog, err := starlark.FileProgram(file, func(string) bool { return false })
		if err != nil {
			t.Fatal(err)
		}
		want, err := globals(t, prog, nil)
		if err != nil {
			t.Fatalf("got no error, Starlark has %v", err)
		}
		if len(got) != len(want) {
			t.Errorf("got the names %v, want %v", got.Keys(), want.Keys())
		}
		for name, v := range want {
			if _, err := weigh(v); err != nil {
				continue
			}
			if other := got[name]; other == nil || other.String() != v.String() {
				t.Errorf("%s: got %v, want %v", name, other, v)
			}
		}
	})
}

func globals(t *testing.T, prog *starlark.Program, names starlark.StringDict) (out starlark.StringDict, err error) {
	_, err = runRaw(t.Context(), scriptSteps, func(thread *starlark.Thread) (starlark.Value, error) {
		out, err = prog.Init(thread, names)
		return nil, err
	})
	return out, err
}
