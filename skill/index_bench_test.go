package skill_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/skill"
)

// manySkills is a configuration of 2,000 skills: 1,900 commands, 85 lists of keywords and
// 15 regular expressions.
func manySkills() string {
	var src strings.Builder
	src.WriteString("skills:\n")
	for i := range 1900 {
		fmt.Fprintf(&src, "  c%d: {match: {command: '!command%d {text...?}'}, do: [log: x]}\n", i, i)
	}
	for i := range 85 {
		fmt.Fprintf(&src, "  k%d: {match: {keywords: [", i)
		for j := range 20 {
			fmt.Fprintf(&src, "'word%d of %d', ", j, i)
		}
		src.WriteString("]}, do: [log: x]}\n")
	}
	for i := range 15 {
		fmt.Fprintf(&src, "  r%d: {match: {regex: 'https?://[a-z]+%d\\.example'}, do: [log: x]}\n", i, i)
	}
	return src.String()
}

// Three of 2,000 skills match each line: a command, a list of keywords and a regular
// expression. The goal is 100 microseconds.
func BenchmarkMatchingOf2000Skills(b *testing.B) {
	set, err := skill.Parse("l.yaml", []byte(manySkills()), skill.LoadOptions{})
	if err != nil {
		b.Fatal(err)
	}
	ran := 0
	e := skill.NewEngine(set, skill.EngineOptions{Host: &fakeHost{}, Report: func(skill.Report) { ran++ }})
	m := message("!command777 have you seen word7 of 33? it is at https://abc12.example and a few more words to read")
	for b.Loop() {
		if err := e.Message(b.Context(), m); err != nil {
			b.Fatal(err)
		}
	}
	if ran != 3*b.N {
		b.Errorf("got %d reactions in %d messages, want 3 each", ran, b.N)
	}
}
