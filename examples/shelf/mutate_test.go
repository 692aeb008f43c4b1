package shelf_test

import (
	"errors"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/examples/shelf"
	"github.com/larkspur-dev/larkspur/skill"
)

// Of 1,000 configurations with something broken, each is valid or has mistakes with a line;
// none panics, and each ends quickly. LARKSPUR_LONG=1 tries 100,000.
func TestMutatedConfigurations(t *testing.T) {
	var sources []string
	entries, err := shelf.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		src, err := shelf.Files.ReadFile(e.Name())
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, string(src))
	}
	guide, err := os.ReadFile("../../docs/guides/skills.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range yamlBlock.FindAllStringSubmatch(string(guide), -1) {
		sources = append(sources, block[1])
	}
	n := 1000
	if os.Getenv("LARKSPUR_LONG") != "" {
		n = 100_000
	}
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same mutations each time
	valid := 0
	for range n {
		src := sources[r.IntN(len(sources))]
		for range 1 + r.IntN(3) {
			src = mutate(r, src, sources)
		}
		_, err := skill.Parse("x.yaml", []byte(src), skill.LoadOptions{Connectors: []string{"team"}})
		if err == nil {
			valid++
			continue
		}
		problem, ok := errors.AsType[skill.ConfigError](err)
		if !ok || problem.Line < 1 || problem.Column < 1 || problem.File != "x.yaml" {
			t.Fatalf("got %v, want a mistake with its place in\n%s", err, src)
		}
	}
	t.Logf("%d of %d are valid", valid, n)
	if valid == 0 || valid == n {
		t.Errorf("%d of %d are valid: the mutations test nothing", valid, n)
	}
}

// mutate breaks something: it removes, doubles, swaps or replaces a part.
func mutate(r *rand.Rand, src string, sources []string) string {
	if src == "" {
		return sources[r.IntN(len(sources))]
	}
	lines := strings.SplitAfter(src, "\n")
	at := r.IntN(len(lines))
	switch r.IntN(8) {
	case 0:
		return strings.Join(append(lines[:at:at], lines[at+1:]...), "")
	case 1:
		return strings.Join(append(lines[:at:at], append([]string{lines[at]}, lines[at:]...)...), "")
	case 2:
		lines[at] = strings.Replace(lines[at], "  ", " ", 1)
		return strings.Join(lines, "")
	case 3:
		words := []string{"'", "{", "}", "[", "]", ":", "-", "null", "true", "-1", "1e99", "\t", "&a", "*a", "|", ">", "%", "@", "\x00", "é", "{event.nothing}", "9999999999999999999"}
		i := r.IntN(len(src) + 1)
		return src[:i] + words[r.IntN(len(words))] + src[i:]
	case 4:
		i := r.IntN(len(src))
		return src[:i] + src[i+1:]
	case 5:
		other := strings.SplitAfter(sources[r.IntN(len(sources))], "\n")
		return strings.Join(lines[:at], "") + other[r.IntN(len(other))] + strings.Join(lines[at:], "")
	case 6:
		keys := []string{"match", "on", "do", "say", "allow", "user", "for", "every", "text", "when", "scope", "skills"}
		return strings.Replace(src, keys[r.IntN(len(keys))], keys[r.IntN(len(keys))], 1+r.IntN(2))
	default:
		return src[:r.IntN(len(src)+1)]
	}
}
