package larkspur_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// block returns the first block of a language after a heading of the README.
func block(t *testing.T, heading, language string) string {
	t.Helper()
	_, after, found := strings.Cut(readme(t), "\n## "+heading+"\n")
	if !found {
		t.Fatalf("the README has no heading %q", heading)
	}
	_, after, _ = strings.Cut(after, "```"+language+"\n")
	code, _, found := strings.Cut(after, "```")
	if !found {
		t.Fatalf("the README has no %s under %q", language, heading)
	}
	return code
}

// The statements of the README's Go bot are those that Example runs.
func TestREADMEGoBot(t *testing.T) {
	example, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	have := words(string(example))
	for line := range strings.Lines(block(t, "The shortest bot in Go", "go")) {
		// Example handles errors and adds addresses; the calls are the same.
		line = strings.NewReplacer("err := ", "", "err = ", "", "_ = ", "", "eventsub.SessionOptions{})", "eventsub.SessionOptions{").Replace(strings.TrimSpace(line))
		if line != "" && !strings.Contains(have, words(line)) {
			t.Errorf("the README's line %q is not in example_test.go", line)
		}
	}
}

var space = regexp.MustCompile(`\s+`)

func words(s string) string { return space.ReplaceAllString(s, " ") }

// The README's commands are the ones that tests and CI run.
func TestREADMECommands(t *testing.T) {
	var commands []string
	for _, m := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(readme(t), -1) {
		commands = append(commands, strings.TrimSpace(m[1]))
	}
	for _, want := range []string{"go run ./cmd/larkspur demo", "go test ./..."} {
		if !slices.Contains(commands, want) {
			t.Errorf("the README does not show %q as a block of its own", want)
		}
	}
	ci, err := os.ReadFile(".ci/run")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(ci), "go test ./...\n") {
		t.Error(".ci/run does not run the README's test command")
	}
}

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
