package chat_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/larkspur-dev/larkspur/chat"
)

func TestSplitCutsBetweenWords(t *testing.T) {
	for text, want := range map[string][]string{
		"":                     nil,
		" \n ":                 nil,
		"\u200b":               nil,
		"hello":                {"hello"},
		"one two  three":       {"one two", "three"},
		"1234567890":           {"1234567890"},
		"1234567890 b":         {"1234567890", "b"},
		"12345678901":          {"1234567890", "1"},
		"a 12345678901234 b c": {"a", "1234567890", "1234 b c"},
		"äöüäöüäöü ß x":        {"äöüäöüäöü", "ß x"},
		"line\nbreak":          {"line break"},
		"one\u3000two three":   {"one\u3000two", "three"},
		"12345 67\u00a089 x":   {"12345", "67\u00a089 x"},
	} {
		if got := chat.Split(text, 10); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if got := chat.Split(strings.Repeat("x ", 500), 0); len(got) != 2 {
		t.Errorf("no limit given: got %d messages, want 2", len(got))
	}
}

func TestLinkThatFitsIsNotCut(t *testing.T) {
	link := "https://clips.example/" + strings.Repeat("x", 400)
	got := chat.Split(strings.Repeat("word ", 50)+link, 0)
	if len(got) != 2 || got[1] != link {
		t.Errorf("got %q, want the link as the second message", got)
	}
}

func TestSplitTextCannotSmuggleACommand(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("x", 499) + " /ban ada", strings.Repeat("x", 500) + "/ban ada", strings.Repeat("x", 500) + " \u200b.ban ada",
		strings.Repeat("x", 500) + "\u200d/ban ada",
	} {
		got := chat.Split(text, 0)
		if len(got) != 2 || got[1] != "\u2215ban ada" && got[1] != "\u2024ban ada" && got[1] != "x\u200d/ban ada" {
			t.Errorf("got %q, want no command", got)
		}
	}
}

func TestSplitKeepsWhatPeopleSeeAsOneCharacter(t *testing.T) {
	for _, character := range []string{"e\u0301", family, heart, england, "\U0001f1e9\U0001f1ea", "\U0001f44b\U0001f3fd", "\u1112\u1161\u11ab", "\ud558\u11ab"} {
		for n := range 12 {
			text := strings.Repeat("x", n) + strings.Repeat(character, 10)
			for _, message := range chat.Split(text, 12) {
				if rest := strings.ReplaceAll(strings.Trim(message, "x"), character, ""); rest != "" {
					t.Errorf("%q: got the message %q, which cuts a character", text, message)
				}
			}
		}
	}
}

func TestShortenAndTruncate(t *testing.T) {
	long := strings.Repeat("é", 501)
	for _, row := range []struct{ what, got, want string }{
		{"shorten what fits", chat.Shorten(long[:1000], 500), long[:1000]},
		{"shorten", chat.Shorten(long, 500), long[:998] + "…"},
		{"shorten behind a space", chat.Shorten("one two", 5), "one…"},
		{"shorten within a family", chat.Shorten("x"+family+"y", 5), "x…"},
		{"shorten to nothing", chat.Shorten("one", 0), ""},
		{"truncate what fits", chat.Truncate("one", 3), "one"},
		{"truncate", chat.Truncate(long, 500), long[:1000]},
		{"truncate to nothing", chat.Truncate("one", -1), ""},
	} {
		if row.got != row.want {
			t.Errorf("%s: got %q, want %q", row.what, row.got, row.want)
		}
	}
}

func TestVariedTextDiffersWhereThereIsRoom(t *testing.T) {
	for _, row := range []struct {
		text, want string
		n          int
	}{
		{"gg", "gg \u034f", 1},
		{"gg", "gg \u034f\u034f", 2},
		{"a b  c", "a  b  c", 1},
		{"a b  c", "a b   c", 2},
		{"a b  c", "a b  c \u034f", 3},
		{strings.Repeat("x", 497) + " y", strings.Repeat("x", 497) + "  y", 1},
		{strings.Repeat("x", 497) + " y", "", 2},
		{strings.Repeat("x", 498) + " y", "", 1},
		{strings.Repeat("x", 499), "", 1},
		{"gg", "", 0},
	} {
		got, ok := chat.Vary(row.text, row.n)
		if want := cmp.Or(row.want, row.text); got != want || ok != (row.want != "") {
			t.Errorf("%.10q, %d: got %q, %t, want %q", row.text, row.n, got, ok, want)
		}
	}
}

// checkSplit checks what Split promises: nothing visible is lost, no message is too
// long, empty or a command, and no word is cut that fits into a message.
func checkSplit(t interface{ Errorf(string, ...any) }, text string, limit int) {
	messages := chat.Split(text, limit)
	for i, m := range messages {
		if n := chat.Length(m); n == 0 || n > limit || !utf8.ValidString(m) {
			t.Errorf("%q: message %d is %q, want 1 to %d characters", text, i, m, limit)
		}
		if chat.Clean(m) != m {
			t.Errorf("%q: message %d is %q, want %q", text, i, m, chat.Clean(m))
		}
	}
	strip := func(s string) string {
		return strings.Map(func(r rune) rune {
			switch {
			case unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r):
				return -1
			case r == '\u2215':
				return '/'
			case r == '\u2024':
				return '.'
			}
			return r
		}, s)
	}
	if got, want := strip(strings.Join(messages, "")), strip(chat.OneLine(text)); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	between := func(r rune) bool { return unicode.IsSpace(r) && !strings.ContainsRune("\u00a0\u2007\u202f", r) }
	for word := range strings.FieldsFuncSeq(chat.OneLine(text), between) {
		word = strings.TrimSpace(word)
		whole := func(m string) bool { return strings.Contains(m, chat.NoCommand(word)) || strings.Contains(m, word) }
		if chat.Length(word) <= limit && !slices.ContainsFunc(messages, whole) {
			t.Errorf("%q: got %q, which cuts the word %q", text, messages, word)
		}
	}
}

func TestSplitKeepsItsPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkSplit(t, texts().Draw(t, "text"), rapid.IntRange(1, 30).Draw(t, "limit"))
	})
}

func FuzzSplit(f *testing.F) {
	for _, text := range []string{"", "one two three", strings.Repeat("x", 20) + "/ban ada", family + heart + england, "a\u200d/b \u200d.c\xff"} {
		f.Add(text, 5)
	}
	f.Fuzz(func(t *testing.T, text string, limit int) {
		if limit < 1 || limit > 600 {
			limit = chat.MaxLength
		}
		checkSplit(t, text, limit)
	})
}
