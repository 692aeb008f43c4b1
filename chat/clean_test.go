package chat_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/larkspur-dev/larkspur/chat"
)

const (
	family  = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
	heart   = "\u2764\ufe0f"
	england = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
)

func TestCleanTextIsOneLineAndNoCommand(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"plain", "hello", "hello"},
		{"white space around", "  hello \n", "hello"},
		{"line breaks and tabs", "one\r\ntwo\tthree\u2028four\u0085five", "one  two three four five"},
		{"smuggled line", "a\r\nPRIVMSG #b :/ban c", "a  PRIVMSG #b :/ban c"},
		{"control characters", "a\x00b\x1fc\x7fd\u009fe", "abcde"},
		{"action", "\x01ACTION waves\x01", "ACTION waves"},
		{"bytes that are no UTF-8", "bad \xff\xfe byte", "bad \ufffd byte"},
		{"slash", "/ban grace", "\u2215ban grace"},
		{"dot", ".ban grace", "\u2024ban grace"},
		{"command behind white space", " \r\n\u3000/ban grace", "\u2215ban grace"},
		{"command behind NUL", "\x00/ban grace", "\u2215ban grace"},
		{"command behind a zero-width space", "\u200b/ban grace", "\u2215ban grace"},
		{"command behind a grapheme joiner", "\u034f/ban grace", "\u2215ban grace"},
		{"command behind a tag", "\U000e0000\U000e0041.ban grace", "\u2024ban grace"},
		{"command behind many", "\ufeff \u2060\u200d \u00ad\ufe0f/ban grace", "\u2215ban grace"},
		{"slash inside", "and/or", "and/or"},
		{"nothing", " \n\x00\u200b\u034f\U000e0000", ""},
		{"hidden inside", "a\u200bb\u034fc\u202ed\U000e0041e", "abcde"},
		{"family", family + "!", family + "!"},
		{"heart at the end", "I " + heart, "I " + heart},
		{"heart on fire", heart + "\u200d\U0001f525", heart + "\u200d\U0001f525"},
		{"flag of England", "go " + england, "go " + england},
		{"Persian", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"},
		{"joiner that joins nothing", "a\u200d b \u200dc", "a b c"},
	} {
		if got := chat.Clean(row.text); got != row.want {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
	}
}

func TestCommandOfTheProgramItselfStays(t *testing.T) {
	if got, want := chat.OneLine(" /me waves\r\n"), "/me waves"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestInvisibleCharactersAroundAMessageAreTrimmed(t *testing.T) {
	for _, invisible := range []string{" ", "\t", "\x00", "\u034f", "\u200b", "\u200d", "\u200f", "\u2060", "\ufeff", "\U000e0000", "\U000e0fff", "\u3164"} {
		if got := chat.Trim(invisible + "!hello" + invisible + invisible); got != "!hello" {
			t.Errorf("%q: got %q, want it removed", invisible, got)
		}
	}
	for _, text := range []string{"", "x", "hello there", family, heart, england, "a\u200b b", "\u00bf\u2010"} {
		if got := chat.Trim(text + " \U000e0000"); got != text {
			t.Errorf("got %q, want %q", got, text)
		}
	}
	if got, want := chat.Trim("\U0001f3f4\U000e0067\U000e0000"), "\U0001f3f4"; got != want {
		t.Errorf("tags that end no flag: got %q, want %q", got, want)
	}
}

// texts draws texts from the characters that matter here.
func texts() *rapid.Generator[string] {
	special := rapid.SampledFrom([]string{
		" ", "/", ".", "\n", "\r", "\x00", "\u200b", "\u034f", "\u200d", "\u200c", "\ufe0f", "\U000e0000", "\U000e0067", "\U000e007f",
		"\U0001f3f4", "\u00a0", "\u3000", "e\u0301", "\U0001f1e9\U0001f1ea", "\U0001f44b\U0001f3fd", "\xff", family, heart, england,
	})
	part := rapid.OneOf(special, special, rapid.StringN(0, 12, -1))
	return rapid.Map(rapid.SliceOfN(part, 0, 20), func(parts []string) string { return strings.Join(parts, "") })
}

// checkClean checks what Clean promises of its result.
func checkClean(t interface{ Errorf(string, ...any) }, text string) {
	got := chat.Clean(text)
	if again := chat.Clean(got); again != got {
		t.Errorf("%q: cleaned to %q, and again to %q", text, got, again)
	}
	bare := strings.TrimLeftFunc(got, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) || unicode.Is(unicode.Variation_Selector, r)
	})
	switch {
	case !utf8.ValidString(got):
		t.Errorf("%q: got %q, which is not UTF-8", text, got)
	case strings.ContainsFunc(got, unicode.IsControl):
		t.Errorf("%q: got %q, with a control character", text, got)
	case strings.TrimSpace(got) != got:
		t.Errorf("%q: got %q, with white space around", text, got)
	case strings.HasPrefix(bare, "/") || strings.HasPrefix(bare, "."):
		t.Errorf("%q: got %q, a command", text, got)
	case chat.Length(got) > chat.Length(text):
		t.Errorf("%q: got %q, which is longer", text, got)
	}
}

func TestCleanKeepsItsPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkClean(t, texts().Draw(t, "text")) })
}

func FuzzClean(f *testing.F) {
	for _, text := range []string{"", "hello", "\u200b/ban ada", "a\r\nb\x00", family + heart + england, "\ufe0f.x\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		checkClean(t, text)
		if got := chat.Trim(text); !strings.Contains(text, got) || chat.Trim(got) != got {
			t.Errorf("%q: trimmed to %q, and again to %q", text, got, chat.Trim(got))
		}
	})
}

func BenchmarkClean(b *testing.B) {
	for name, text := range map[string]string{
		"ascii": "that was a very good game, thank you all", "unicode": "schöne Grüße " + family + " und bis später",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				chat.Clean(text)
			}
		})
	}
}
