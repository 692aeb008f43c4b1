package emulator_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/emulator"
)

// Every verb in the guide exists, with the values that it is given.
func TestGuideNamesWhatThereIs(t *testing.T) {
	guide, err := os.ReadFile("../docs/guides/emulator.md")
	if err != nil {
		t.Fatal(err)
	}
	verbs := map[string][]string{"list": nil} // their fields, by name
	for _, v := range emulator.Verbs() {
		verbs[v.Name] = nil
		for _, f := range v.Fields {
			verbs[v.Name] = append(verbs[v.Name], f.Name)
		}
	}
	named := 0
	faults := regexp.MustCompile(`(?m)^\| (`+"`[a-z-]+[ a-z0-9_=./A-Z-]*`(?:, `[a-z-]+[ a-z0-9_=./A-Z-]*`)*"+`) \|`).FindAllStringSubmatch(section(string(guide), "## Faults"), -1)
	lines := regexp.MustCompile("emulator ctl ([a-z-]+[^#\n`]*)|/larkspur/([a-z-]+)").FindAllStringSubmatch(string(guide), -1)
	for _, m := range slices.Concat(faults, lines) {
		for text := range strings.SplitSeq(strings.ReplaceAll(strings.Join(m[1:], ""), "`", ""), ", ") {
			named++
			name, values, _ := strings.Cut(strings.TrimSpace(text), " ")
			fields, ok := verbs[name]
			if !ok {
				t.Errorf("the guide names %q, which control does not know", name)
			}
			for _, value := range regexp.MustCompile(`(?:^|\s)([a-z_]+)=`).FindAllStringSubmatch(values, -1) {
				if !slices.Contains(fields, value[1]) {
					t.Errorf("the guide gives %s a %s, which it does not have", name, value[1])
				}
			}
		}
	}
	if named < 40 {
		t.Errorf("got %d verbs in the guide, want more", named)
	}
}

// section returns a part of a page, from its heading to the next one.
func section(page, heading string) string {
	_, part, _ := strings.Cut(page, heading+"\n")
	part, _, _ = strings.Cut(part, "\n## ")
	return part
}
