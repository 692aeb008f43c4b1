package irc_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/irc"
)

// allLines are the lines of this package's tests, of Twitch's examples and of captured
// chat; the last two only where they are present.
func allLines(t *testing.T, f func(t *testing.T, line string)) {
	t.Helper()
	t.Run("written", func(t *testing.T) {
		for _, row := range writtenLines {
			f(t, row.line)
		}
		for _, row := range noticeRows {
			f(t, noticeLine(row.kind, row.params))
		}
	})
	t.Run("examples", func(t *testing.T) {
		for _, line := range examples(t) {
			f(t, line)
		}
	})
	t.Run("captured", func(t *testing.T) {
		for _, line := range corpus(t) {
			f(t, line)
		}
	})
}

// checkWriting writes a message in both ways and reads it again.
func checkWriting(t *testing.T, m irc.Message) {
	t.Helper()
	again, err := irc.Parse(m.String())
	if err != nil {
		t.Fatalf("%q: %v", m.Line, err)
	}
	parts := m.Parts()
	if !reflect.DeepEqual(parts, again.Parts()) { // cmp.Diff is slow
		t.Errorf("%q written as a line (-want +got):\n%s", m.Line, cmp.Diff(parts, again.Parts()))
	}
	if again.String() != m.String() {
		t.Errorf("got %q, then %q", m.String(), again.String())
	}
	built, err := parts.Message()
	if err != nil {
		t.Fatalf("%q: %v", m.Line, err)
	}
	if !reflect.DeepEqual(parts, built.Parts()) {
		t.Errorf("%q built of its parts (-want +got):\n%s", m.Line, cmp.Diff(parts, built.Parts()))
	}
}

func TestLinesAreWrittenAsTheyCame(t *testing.T) {
	allLines(t, func(t *testing.T, line string) {
		m, err := irc.Parse(line)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if got := m.String(); got != line {
			t.Errorf("got  %q\nwant %q", got, line)
		}
		checkWriting(t, m)
		// Built of its parts, the line is the same but for tags without "=" and for escapes
		// that need none.
		built, _ := m.Parts().Message()
		if got := built.String(); got != line && !strings.ContainsAny(line, `\`) && !strings.Contains(line, ";;") {
			t.Errorf("got  %q\nwant %q", got, line)
		}
	})
}

func TestMessagesAreBuiltOfParts(t *testing.T) {
	for _, row := range []struct {
		parts irc.Parts
		want  string
	}{
		{irc.Parts{Command: "PING"}, "PING"},
		{irc.Parts{Command: "PRIVMSG", Params: []string{"#ada"}, Text: "hi"}, "PRIVMSG #ada :hi"},
		{irc.Parts{Command: "PRIVMSG", Params: []string{"#ada", ""}}, "PRIVMSG #ada :"},
		{irc.Parts{Command: "PRIVMSG", Params: []string{"#ada", "a b"}}, "PRIVMSG #ada :a b"},
		{irc.Parts{Command: "PRIVMSG", Params: []string{"#ada", ":)"}}, "PRIVMSG #ada ::)"},
		{
			irc.Parts{Tags: []irc.Tag{{"a", "b c;\\\r\n"}, {"d", ""}}, Source: "x", Command: "001", Params: []string{"y"}},
			`@a=b\sc\:\\\r\n;d= :x 001 y`,
		},
	} {
		m, err := row.parts.Message()
		if err != nil || m.Line != row.want {
			t.Errorf("got %q, %v, want %q", m.Line, err, row.want)
		}
	}
	for _, parts := range []irc.Parts{
		{},
		{Command: "A B"},
		{Command: "@a"},
		{Command: ":a"},
		{Command: "A\n"},
		{Command: "P1"},
		{Command: "A", Source: "a b"},
		{Command: "A", Source: "a\r"},
		{Command: "A", Params: []string{"", "b"}},
		{Command: "A", Params: []string{"a b"}, Text: "c"},
		{Command: "A", Text: "a\nQUIT"},
		{Command: "A", Text: "\x00"},
		{Command: "A", Tags: []irc.Tag{{"", "x"}}},
		{Command: "A", Tags: []irc.Tag{{"a=b", "x"}}},
		{Command: "A", Tags: []irc.Tag{{"a b", "x"}}},
		{Command: "A", Tags: []irc.Tag{{"a", "\x00"}}},
		{Command: "A", Params: []string{":a", "b"}},
		{Command: "A", Params: []string{"a\nb"}},
	} {
		if m, err := parts.Message(); err == nil {
			t.Errorf("%+v: got %q, want an error", parts, m.Line)
		}
	}
}

func TestAppendingALineDoesNotAllocate(t *testing.T) {
	m, err := irc.Parse(benchLine)
	if err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 0, 1024)
	if n := testing.AllocsPerRun(100, func() { buf = m.AppendTo(buf[:0]) }); n != 0 {
		t.Errorf("got %v allocations, want 0", n)
	}
}

// FuzzParts builds messages of any parts: those that can be written come back.
func FuzzParts(f *testing.F) {
	f.Add("a", "b c", "x!x@x", "PRIVMSG", "#ada", "hi")
	f.Add("a=", "\\", "", "001", "", ":")
	f.Add("", "", ":", "A", ":", "")
	f.Fuzz(func(t *testing.T, key, value, source, command, param, text string) {
		p := irc.Parts{Tags: []irc.Tag{{key, value}}, Source: source, Command: command, Params: []string{param}, Text: text}
		m, err := p.Message()
		if err != nil {
			return
		}
		got := m.Parts()
		if text == "" && strings.HasPrefix(m.Line[strings.LastIndex(m.Line, " ")+1:], ":") || strings.Contains(param, " ") || strings.HasPrefix(param, ":") {
			// The last parameter needs a colon: it comes back as the text.
			if last := slices.Collect(m.Params()); len(last) != 1 || last[0] != param {
				t.Errorf("got the parameters %q, want %q", last, param)
			}
			got.Params, got.Text = []string{got.Text}, ""
			if param == "" {
				got.Params = []string{""}
			}
		}
		if diff := cmp.Diff(p, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", m.Line, diff)
		}
	})
}
