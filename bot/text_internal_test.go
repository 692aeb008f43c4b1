package bot

import (
	"strings"
	"testing"
)

func TestInvisibleCharactersAroundAMessageAreNoPartOfIt(t *testing.T) {
	for _, invisible := range []string{" ", "\t", "\u034f", "\u200b", "\u200d", "\u200f", "\ufeff", "\U000e0000", "\U000e0fff"} {
		if got := cleanIncoming(invisible + "!hello" + invisible + invisible); got != "!hello" {
			t.Errorf("%q: got %q, want it gone", invisible, got)
		}
	}
	for _, visible := range []string{"\u200a.", "‐", "¿", "\U0001f600", "\u2010"} {
		if want := visible + "x" + visible; cleanIncoming(want) != strings.TrimSpace(want) {
			t.Errorf("%q: got %q, want it kept", visible, cleanIncoming(want))
		}
	}
}

func TestWhatIsSentIsALineAndNoCommand(t *testing.T) {
	for _, row := range []struct{ text, want string }{
		{"hello", "hello"},
		{"  hello \n", "hello"},
		{"one\r\ntwo\tthree", "one  two three"},
		{"a\x00b\x1fc\x7fd", "abcd"},
		{"bad \xff byte", "bad \ufffd byte"},
		{"/ban bob", filler + "/ban bob"},
		{".ban bob", filler + ".ban bob"},
		{" \r\n /ban bob", filler + "/ban bob"},
		{"\x00/ban bob", filler + "/ban bob"},
		{"and/or", "and/or"},
		{" \n\x00", ""},
		{strings.Repeat("é", maxText), strings.Repeat("é", maxText)},
		{strings.Repeat("é", maxText+1), strings.Repeat("é", maxText-1) + "…"},
		{"/" + strings.Repeat("é", maxText-1), filler + "/" + strings.Repeat("é", maxText-3) + "…"},
	} {
		if got := cleanOutgoing(row.text); got != row.want {
			t.Errorf("%q: got %q, want %q", row.text, got, row.want)
		}
	}
}

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
