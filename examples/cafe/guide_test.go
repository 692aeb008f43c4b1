package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var block = regexp.MustCompile("(?s)```([a-z-]+)\n(.*?)```")

// blocks returns the blocks of a language in the guide.
func blocks(t *testing.T, language string) []string {
	t.Helper()
	var all []string
	for _, m := range block.FindAllStringSubmatch(guide(t), -1) {
		if m[1] == language {
			all = append(all, m[2])
		}
	}
	return all
}

// Each declaration that the guide shows is one of this program.
func TestGuideShowsThisProgram(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var have strings.Builder
	for _, file := range append(files, "../firstbot/main.go") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		have.Write(text)
	}
	program, shown := words(have.String()), blocks(t, "go")
	if len(shown) < 15 {
		t.Fatalf("got %d blocks of Go, want more", len(shown))
	}
	for _, code := range shown {
		for part := range strings.SplitSeq(code, "\n\n") {
			if !strings.Contains(program, words(part)) {
				t.Errorf("this is not in the program: %s", part)
			}
		}
	}
}

// The conversations of the guide happen as they are written.
func TestGuideConversations(t *testing.T) {
	inCafe(t, func(s *scene) {
		for _, want := range blocks(t, "text")[1:] { // the first one is that of firstbot
			s.talk(want)
		}
		if t.Failed() {
			t.Log(s.logged())
		}
	})
}

// talk plays a conversation: "user: text" is said, unless the user is the bot, and "(31s)"
// is time that passes.
func (s *scene) talk(want string) {
	var got []string
	for line := range strings.Lines(want) {
		line = strings.TrimSpace(line)
		line = strings.TrimSuffix(line, " (not shown)")
		user, text, said := strings.Cut(line, ": ")
		switch {
		case user == "robin":
		case said:
			heard := s.does(func() { s.tw.Say("ada", user, text) })
			if !slices.Contains(heard, line) {
				heard = append(heard, line+" (not shown)")
			}
			got = append(got, heard...)
		default:
			d, err := time.ParseDuration(strings.Trim(line, "()"))
			if err != nil {
				s.t.Fatal(err)
			}
			got = append(append(got, line), s.does(func() { time.Sleep(d) })...)
		}
	}
	if diff := cmp.Diff(strings.TrimSpace(want), strings.Join(got, "\n")); diff != "" {
		s.t.Errorf("conversation (-guide +got):\n%s", diff)
	}
}

// The bot answers as the table of errors says.
func TestGuideErrors(t *testing.T) {
	_, table, _ := strings.Cut(guide(t), "|---|---|---|\n| no such command")
	table, _, _ = strings.Cut("| no such command"+table, "\n\n")
	code := regexp.MustCompile("`([^`]+)`")
	inCafe(t, func(s *scene) {
		for row := range strings.SplitSeq(table, "\n") {
			cells := strings.Split(strings.Trim(row, "|"), "|")
			if len(cells) != 3 {
				t.Fatalf("the row %q has not 3 cells", row)
			}
			var got string
			for _, text := range code.FindAllStringSubmatch(cells[1], -1) {
				got = strings.Join(s.says("grace", text[1]), ", ")
			}
			want := strings.Trim(strings.TrimSpace(cells[2]), "`")
			if head, _, cut := strings.Cut(want, "usage: …"); cut && strings.HasPrefix(got, head+"usage: !reserve ") {
				got = want
			}
			if got == "" {
				got = "nothing"
			}
			if got != want {
				t.Errorf("%s: got %s, want %s", cells[0], got, want)
			}
		}
	})
}

// words joins the words of a text by single spaces.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }
