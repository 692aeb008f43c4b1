package config

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// env is an environment with two variables.
func env(name string) (string, bool) {
	v, ok := map[string]string{"SECRET": "s3cr3t", "NUMBER": "7", "YES": "true"}[name]
	return v, ok
}

func parse(t *testing.T, src string) (*Node, Problems) {
	t.Helper()
	return Parse("l.yaml", []byte(src), Options{LookupEnv: env})
}

func TestTypedValues(t *testing.T) {
	root, ps := parse(t, `
text: hello
number: 007
int: 42
on: true
short: 1m30s
seconds: 90
list: [a, 1, "b"]
one: a
env: ${NUMBER}
yes: ${YES}
path: /home/${SECRET}/x
dollar: $${SECRET} $5
block: |
  two
  lines
nothing:
quoted: !!str 5
base: &base {a: 1, b: 2}
more: {<<: *base, b: 3}
huge: 99999999999999999999
`)
	s := root.Section(&ps)
	type values struct {
		Text, Number, Path, Dollar, Block, Quoted, Missing, Huge string
		Int, Env, A, B, Default                                  int
		On, Yes, Off                                             bool
		Short, Long                                              time.Duration
		List, One, None                                          []string
	}
	got := values{
		Text: s.String("text", ""), Number: s.String("number", ""), Path: s.String("path", ""), Dollar: s.String("dollar", ""),
		Block: s.String("block", ""), Quoted: s.String("quoted", ""), Missing: s.String("missing", "default"), Huge: s.String("huge", ""),
		Int: s.Int("int", 0), Env: s.Int("env", 0), Default: s.Int("missing", 5),
		A: s.Section("more").Int("a", 0), B: s.Section("more", "a", "b").Int("b", 0),
		On: s.Bool("on", false), Yes: s.Bool("yes", false), Off: s.Bool("missing", false),
		Short: s.Duration("short", 0), Long: s.Duration("seconds", 0),
		List: s.StringList("list"), One: s.StringList("one"), None: s.StringList("nothing"),
	}
	want := values{
		Text: "hello", Number: "007", Path: "/home/s3cr3t/x", Dollar: "${SECRET} $5", Block: "two\nlines\n",
		Quoted: "5", Missing: "default", Huge: "99999999999999999999",
		Int: 42, Env: 7, A: 1, B: 3, Default: 5, On: true, Yes: true,
		Short: 90 * time.Second, Long: 90 * time.Second, List: []string{"a", "1", "b"}, One: []string{"a"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(ps) > 0 {
		t.Error(ps)
	}
}

func TestProblems(t *testing.T) {
	tests := []struct {
		name, src string
		read      func(s *Section)
		want      string
	}{
		{"unknown key", "a: 1\nchanel: x", func(s *Section) {}, `l.yaml:2:1: unknown key "chanel"; did you mean "channel"?`},
		{"unknown key like none", "wxyz: x", func(s *Section) {}, `l.yaml:1:1: unknown key "wxyz"; want one of: a, b, channel`},
		{"mistyped and needed", "chanel: x", func(s *Section) { s.NeedString("channel") }, `l.yaml:1:1: unknown key "chanel"; did you mean "channel"?`},
		{"mistyped twice", "channel: x\nchanel: [y]", func(s *Section) { s.NeedString("channel") }, `l.yaml:2:1: unknown key "chanel"; did you mean "channel"?`},
		{"not YAML and needed", "b: [", func(s *Section) { s.Need("a"); s.Section("b").Need("x") }, "l.yaml:1:4: not valid YAML: "},
		{"too large and needed", strings.Repeat("#\n", maxLines+1), func(s *Section) { s.Need("a") }, "l.yaml:1:1: the file has more than"},
		{"no YAML but needed", "# nothing", func(s *Section) { s.Need("a") }, `l.yaml:1:1: "a" is missing`},
		{"duplicate key", "a: 1\na: 2", func(s *Section) {}, "l.yaml:2:1: a: duplicate key; the first is in line 1"},
		{"missing", "b: 1", func(s *Section) { s.NeedString("channel") }, `l.yaml:1:1: "channel" is missing`},
		{"empty", "a: ''", func(s *Section) { s.NeedString("a") }, "l.yaml:1:4: a: is empty"},
		{"no value", "a:\nb: 1", func(s *Section) { s.NeedString("a") }, "l.yaml:1:1: a: has no value; want text"},
		{"truth for text", "a: yes\nb: true", func(s *Section) { s.String("a", ""); s.String("b", "") }, `l.yaml:2:4: b: want text; put it in quotes: "true"`},
		{"text for a number", "a: x", func(s *Section) { s.Int("a", 0) }, "l.yaml:1:4: a: want a whole number, this is text"},
		{"text for truth", "a: 'true'", func(s *Section) { s.Bool("a", false) }, "l.yaml:1:4: a: want true or false, this is text"},
		{"list for text", "b: {a: [x]}", func(s *Section) { s.Section("b").String("a", "") }, "l.yaml:1:8: b.a: want text, this is a list"},
		{"mapping in a list", "a: [x, {b: c}]", func(s *Section) { s.StringList("a") }, "l.yaml:1:8: a[1]: want text, this is a mapping"},
		{"no duration", "a: soon", func(s *Section) { s.Duration("a", 0) }, "l.yaml:1:4: a: want a duration such as 30s, 10m or 1h30m"},
		{"negative", "a: -3s", func(s *Section) { s.Duration("a", 0) }, "l.yaml:1:4: a: a duration cannot be negative"},
		{"too long", "a: 9999999999999", func(s *Section) { s.Duration("a", 0) }, "l.yaml:1:4: a: the duration is too long"},
		{"no mapping", "a: 3", func(s *Section) { s.Section("a").NeedString("x") }, "l.yaml:1:4: a: want a mapping (key: value), this is a number"},
		{"unset variable", "a: 'x ${MISSING}'", func(s *Section) { s.NeedString("a") }, "l.yaml:1:7: a: the environment variable MISSING is not set; "},
		{"no variable", "a: x ${a b}", func(s *Section) {}, `l.yaml:1:6: a: want a variable such as ${TWITCH_CLIENT_ID}`},
		{"open bracket", "a: [1,\n", func(s *Section) {}, "l.yaml:1:4: not valid YAML: sequence end token ']' not found"},
		{"tab", "a:\n\tb: 1", func(s *Section) {}, "l.yaml:2:1: not valid YAML: "},
		{"two documents", "a: 1\n---\na: 2", func(s *Section) {}, "l.yaml:3:1: the file has more than one document; only the first is read"},
		{"unknown anchor", "b: &base 1\na: *bsae", func(s *Section) {}, `l.yaml:2:4: a: unknown anchor "bsae"; did you mean "base"?`},
		{"alias of itself", "a: &x [*x]", func(s *Section) {}, `l.yaml:1:8: a[0]: unknown anchor "x"`},
		{"tag", "a: !!python/object x", func(s *Section) {}, `l.yaml:1:4: a: the tag "!!python/object" is not supported`},
		{"key that is none", "? [a]\n: b", func(s *Section) {}, "l.yaml:2:1: not valid YAML: found an invalid key for this map"},
		{"merge of text", "a: {<<: x}", func(s *Section) {}, "l.yaml:1:9: a: << needs a mapping, got text"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			root, ps := parse(t, tt.src)
			tt.read(root.Section(&ps, "a", "b", "channel"))
			if got := ps.Error(); !strings.HasPrefix(got, tt.want) || strings.Contains(got, "\n") {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// A mistake under a mistyped key is found before the key is corrected.
func TestMistypedKeyHidesNoMistake(t *testing.T) {
	root, ps := parse(t, "chanel: [x]\nother: {}")
	s := root.Section(&ps, "channel", "b")
	s.NeedString("channel")
	want := `l.yaml:1:1: unknown key "chanel"; did you mean "channel"?
l.yaml:1:9: chanel: want text, this is a list
l.yaml:2:1: unknown key "other"; want one of: channel, b`
	if diff := cmp.Diff(want, ps.Error()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What may be a secret must not be in any text that is shown.
func TestProblemsKeepSecrets(t *testing.T) {
	const secret = "hunter2hunter2"
	lookup := func(string) (string, bool) { return secret, true }
	for _, src := range []string{
		"client-secret: [hunter2hunter2]", "client-secret: {hunter2hunter2: 1", "client-secret: \"hunter2hunter2\nx: y",
		"client-secret: 'hunter2hunter2", "client-secret: hunter2hunter2: x", "client-secret: ${X}", "client-secret: !hunter2 x",
		"client-secret: |\nhunter2hunter2", "client-secret: &a hunter2hunter2 *b", "client-secret: @hunter2hunter2", "client-secret: %hunter2hunter2",
		"client-secret: \"hunter2hunter2\\q\"", "client-secret: hunter2hunter2\n  x: y", "hunter2hunter2", "client-secret: `hunter2hunter2`",
		"\tclient-secret: hunter2hunter2", "- client-secret: hunter2hunter2\nb: c", "client-secret: ? hunter2hunter2", "client-secret: >9 hunter2hunter2",
	} {
		root, ps := Parse("l.yaml", []byte(src), Options{LookupEnv: lookup})
		s := root.Section(&ps)
		s.Int("client-secret", 0)
		s.Bool("client-secret", false)
		s.Duration("client-secret", 0)
		if got := ps.Error(); strings.Contains(got, secret) || got == "" {
			t.Errorf("%q: got %q", src, got)
		}
	}
}

func TestPlacesInsideTexts(t *testing.T) {
	src := strings.Join([]string{
		"plain: say ${A}", "single: 'say ${A}'", "double: \"säy ${A}\"", "escaped: \"\\u0073ay ${A}\"",
		"block: |", "  one", "    two ${A}", "folded: >", "  one ${A}", "é: [x, 'y ${A}']",
	}, "\n")
	_, ps := parse(t, src)
	var got []string
	for _, p := range ps {
		line, _, _ := strings.Cut(p.Error(), ": the environment variable")
		got = append(got, line)
	}
	want := []string{
		"l.yaml:1:12: plain", "l.yaml:2:14: single", "l.yaml:3:14: double", "l.yaml:4:10: escaped",
		"l.yaml:7:9: block", "l.yaml:8:9: folded", "l.yaml:10:11: é[1]",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestProblemsAreAnError(t *testing.T) {
	_, ps := parse(t, "b: ${B}\na: ${A}")
	err := ps.Err()
	p, ok := errors.AsType[Problem](err)
	if !ok || p.Line != 1 || p.Path != "b" {
		t.Errorf("got %v", err)
	}
	if Problems(nil).Err() != nil {
		t.Error("no problems are an error")
	}
}

func TestNearest(t *testing.T) {
	known := []string{"title", "say", "channel.follow", "client-id", "client-secret"}
	for word, want := range map[string]string{
		"titel": "title", "tilte": "title", "Title": "title", "sy": "say", "xyz": "", "channel.folow": "channel.follow",
		"channel_follow": "channel.follow", "clientid": "client-id", "client_secret": "client-secret", "": "", "a": "",
	} {
		if got := Nearest(word, known); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("a: &x {b: [1, ${A}]}\nc: *x\n<<: *x\n"))
	f.Add([]byte("a: |\n  x\nb: >-\n  y\n? z\n: !!str 1"))
	f.Add([]byte("\ufeffa: \"\\u00e4 ${A:-b}\"\r\n---\n- 1\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		root, ps := Parse("f.yaml", src, Options{LookupEnv: env})
		check(t, root)
		s := root.Section(&ps, "a")
		s.String("a", "")
		s.StringList("a")
		for _, p := range ps {
			if p.Line < 1 || p.Column < 1 {
				t.Errorf("%q: problem without a place: %#v", src, p)
			}
		}
	})
}

func check(t *testing.T, n *Node) {
	if n == nil {
		t.Fatal("a node is nil")
	}
	if text, ok := n.Value.(string); ok {
		n.ProblemAt(len(text), "x")
		n.ProblemAt(len(text)+1, "x")
	}
	for _, item := range n.Items {
		check(t, item)
	}
	for _, f := range n.Fields {
		check(t, f.Value)
	}
}
