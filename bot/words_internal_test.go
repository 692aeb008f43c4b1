package bot

import (
	"strings"
	"testing"
)

func TestWordsAreCutOffTheFront(t *testing.T) {
	for _, row := range []struct{ text, word, rest string }{
		{"", "", ""},
		{"   ", "", ""},
		{"one", "one", ""},
		{" one ", "one", ""},
		{"one  two  three ", "one", "two  three"},
		{"one\u3000two", "one", "two"},
	} {
		if word, rest := cutWord(row.text); word != row.word || rest != row.rest {
			t.Errorf("%q: got %q and %q, want %q and %q", row.text, word, rest, row.word, row.rest)
		}
	}
}

func TestWhatCanBeALogin(t *testing.T) {
	for _, login := range []string{"a", "z", "az_09", "0", "9", strings.Repeat("a", 25)} {
		if !isLogin(login) {
			t.Errorf("%q: got no, want yes", login)
		}
	}
	for _, other := range []string{"", "A", "é", "a b", "a-b", "a/b", "a:b", "a{b", "a`b", strings.Repeat("a", 26)} {
		if isLogin(other) {
			t.Errorf("%q: got yes, want no", other)
		}
	}
}
