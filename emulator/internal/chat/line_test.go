package chat

import (
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestParseLine(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in   string
		want line
	}{
		{"ping", line{command: "PING"}},
		{"PING :a b", line{command: "PING", params: []string{"a b"}}},
		{"PRIVMSG #a ::)", line{command: "PRIVMSG", params: []string{"#a", ":)"}}},
		{"PRIVMSG  #a   :", line{command: "PRIVMSG", params: []string{"#a", ""}}},
		{"JOIN #a,#b key", line{command: "JOIN", params: []string{"#a,#b", "key"}}},
		{":me!me@me PART #a", line{command: "PART", params: []string{"#a"}}},
		{
			`@a=1;b;c=x\sy\:z\\\r\n\q\;=v PRIVMSG #a :t`,
			line{tags: map[string]string{"a": "1", "b": "", "c": "x y;z\\\r\nq"}, command: "PRIVMSG", params: []string{"#a", "t"}},
		},
		{`@a=\\s X`, line{tags: map[string]string{"a": `\s`}, command: "X"}},
	}
	for _, test := range tests {
		got, ok := parseLine(test.in)
		if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(line{})); !ok || diff != "" {
			t.Errorf("%q: got ok %v and another line (-want +got):\n%s", test.in, ok, diff)
		}
	}
	for _, in := range []string{"", " ", "@", "@a=b", "@a=b ", ":", ":a", ":a ", "@a :b "} {
		if got, ok := parseLine(in); ok {
			t.Errorf("%q: got %v, want no line", in, got)
		}
	}
}

func FuzzParseLine(f *testing.F) {
	for _, s := range []string{"", "PING", "@a=b;c :x!y@z PRIVMSG #a :hello", `@a=\`, "CAP REQ :x", ": :", "@ @ @"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l, ok := parseLine(s)
		if !ok {
			return
		}
		if l.command == "" {
			t.Errorf("%q: got a line without command", s)
		}
		for i, p := range l.params[:max(len(l.params)-1, 0)] {
			if p == "" {
				t.Errorf("%q: got an empty parameter %d", s, i)
			}
		}
	})
}

// What is escaped into a tag comes out of it again.
func FuzzTagValue(f *testing.F) {
	f.Add("a b;c\\d\r\n")
	f.Fuzz(func(t *testing.T, value string) {
		if !utf8.ValidString(value) {
			return
		}
		m := newMessage(tagList{{"k", value}, {"l", "x"}}, ":h PING")
		l, ok := parseLine(trimLineEnd(string(m.tagged)))
		if !ok || l.tags["k"] != value || l.tags["l"] != "x" {
			t.Errorf("got %q in %q, want %q", l.tags["k"], m.tagged, value)
		}
	})
}
