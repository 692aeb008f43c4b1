package world

import (
	"slices"
	"strings"
	"testing"
)

func TestFindTerms(t *testing.T) {
	tests := []struct {
		term, text string
		want       []Span
	}{
		{"bad", "bad", []Span{{0, 2}}},
		{"bad", "so BAD, so bad!", []Span{{3, 6}, {11, 14}}},
		{"bad", "badly", nil},
		{"bad*", "badly", []Span{{0, 4}}},
		{"*bad", "toobad too", []Span{{0, 5}}},
		{"*bad*", "itsbadly", []Span{{0, 7}}},
		{"buy followers", "Buy  followers now", []Span{{0, 13}}},
		{"buy follow*", "ünd buy followers", []Span{{4, 16}}},
		{"buy followers", "buy more followers", nil},
		{"f*ck", "f*ck f!ck", []Span{{0, 3}}},
		{"***", "what ***", []Span{{5, 7}}},
	}
	for _, test := range tests {
		if got := find(wordsOf(test.text), test.term); !slices.Equal(got, test.want) {
			t.Errorf("%q in %q: got %v, want %v", test.term, test.text, got, test.want)
		}
	}
}

func FuzzFindTerms(f *testing.F) {
	f.Add("bad*", "how badly")
	f.Add("*", "x  y")
	f.Add("a b", "a b a b")
	f.Add(" ", "0")
	f.Fuzz(func(t *testing.T, term, text string) {
		length := len([]rune(strings.ToLower(text)))
		for _, span := range find(wordsOf(text), term) {
			if span.Start < 0 || span.End < span.Start-1 || span.End >= length {
				t.Errorf("%q in %q: got %v of %d characters", term, text, span, length)
			}
		}
	})
}

func FuzzSegmentID(f *testing.F) {
	f.Add(segmentID{"a", 2026, 9}.String())
	f.Add("eyJzZWdtZW50SUQiOiJhIiwiaXNvWWVhciI6OTk5OTk5OTk5fQ==")
	f.Fuzz(func(t *testing.T, text string) {
		s := schedule{segments: []*segment{{id: "a", SegmentSettings: SegmentSettings{Recurring: true}}}}
		if _, stream, ok := s.find(text); ok && stream.ID == "" {
			t.Errorf("%q: got a stream without an id", text)
		}
	})
}
