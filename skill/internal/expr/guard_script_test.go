package expr_test

import (
	"strings"
	"testing"
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
		"call.say(text = BIG)",
	} {
		sc, err := load(t, "def act(call):\n    "+strings.ReplaceAll(body, "BIG", big)+"\non(act)\n")
		if err != nil {
			t.Errorf("%s: %v", body, err)
			continue
		}
		err = sc.call(t)
		if err == nil || !strings.HasSuffix(err.Error(), "the result would be too large") || len(sc.said) != 0 {
			t.Errorf("%s: got %v and %v, want that the value is too large", body, err, sc.said)
		}
	}
	// The lines outside of functions run when the configuration is loaded.
	for _, src := range []string{"x = " + big, "[" + big + "]", "for x in [1]:\n    " + big, "if True:\n    " + big} {
		if _, err := load(t, src+"\ndef act(call):\n    pass\non(act)\n"); err == nil || !strings.Contains(err.Error(), "too large") {
			t.Errorf("%s: got %v, want that the value is too large", src, err)
		}
	}
}
