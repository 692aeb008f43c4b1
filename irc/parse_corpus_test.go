package irc_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/irc"
)

// corpus returns the lines of the captured chat that lies beside the repository.
func corpus(t testing.TB) []string {
	t.Helper()
	const name = "../../shared/corpus/irc.txt"
	b, err := os.ReadFile(name)
	if err != nil {
		t.Skipf("%s is not there: captured chat is not part of the repository", name)
	}
	return strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
}

func TestExamplesHaveTypes(t *testing.T) {
	for i, line := range examples(t) {
		m, err := irc.Parse(line)
		if err != nil {
			t.Fatalf("line %d: %v", i+1, err)
		}
		known := false
		for _, e := range events() {
			if e.Command() == m.Command || e.Command() == "NUMERIC" && m.Command[0] <= '9' {
				known = true
				if err := e.Decode(&m); err != nil {
					t.Errorf("line %d: %v", i+1, err)
				}
			}
		}
		if !known {
			t.Errorf("line %d: %s has no type", i+1, m.Command)
		}
	}
}

func TestCorpusParses(t *testing.T) {
	byCommand := map[string]irc.Event{}
	for _, e := range events() {
		byCommand[e.Command()] = e
	}
	got, want := map[string]int{}, map[string]int{}
	for i, line := range corpus(t) {
		// The independent count: the first word that is neither tags nor source.
		for word := range strings.FieldsSeq(line) {
			if word[0] != '@' && word[0] != ':' {
				want[word]++
				break
			}
		}
		m, err := irc.Parse(line)
		if err != nil {
			t.Fatalf("line %d: %v", i+1, err)
		}
		got[m.Command]++
		e, ok := byCommand[m.Command]
		if !ok {
			continue
		}
		if err := e.Decode(&m); err != nil {
			t.Errorf("line %d: %v", i+1, err)
		}
		if p, ok := e.(*irc.PrivMsg); ok && (p.ID == "" || p.UserID == "" || p.Login == "" || p.DisplayName == "" || p.BroadcasterID == "" || p.SentAt.IsZero()) {
			t.Errorf("line %d: something is missing in %+v", i+1, p)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("messages per command (-want +got):\n%s", diff)
	}
}

func BenchmarkCorpus(b *testing.B) {
	lines := corpus(b)
	bytes := 0
	for _, l := range lines {
		bytes += len(l)
	}
	b.SetBytes(int64(bytes))
	b.ReportAllocs()
	var p irc.PrivMsg
	for b.Loop() {
		for _, line := range lines {
			m, err := irc.Parse(line)
			if err != nil {
				b.Fatal(err)
			}
			if m.Command == "PRIVMSG" {
				_ = p.Decode(&m)
			}
		}
	}
}

// BenchmarkChat is the step from a typed message to the one that bots see.
func BenchmarkChat(b *testing.B) {
	var messages []irc.PrivMsg
	for _, line := range corpus(b) {
		m, err := irc.Parse(line)
		if err != nil {
			b.Fatal(err)
		}
		var p irc.PrivMsg
		if m.Command == "PRIVMSG" && p.Decode(&m) == nil {
			messages = append(messages, p)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		for i := range messages {
			_ = messages[i].Chat()
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(messages)), "ns/message")
}
