package emulator_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/emulator"
)

// Every verb in the guide exists.
func TestGuideNamesWhatThereIs(t *testing.T) {
	guide, err := os.ReadFile("../docs/guides/emulator.md")
	if err != nil {
		t.Fatal(err)
	}
	tw := emulator.Start(t)
	_, help := get(t, tw.HTTPClient(), tw.URL()+"/larkspur/")
	named := 0
	for _, m := range regexp.MustCompile("/larkspur/([a-z-]+)|`([a-z-]+) \\{").FindAllStringSubmatch(string(guide), -1) {
		named++
		if verb := m[1] + m[2]; !strings.Contains(help, "/larkspur/"+verb+" ") && !strings.Contains(help, "/larkspur/"+verb+"\n") {
			t.Errorf("the guide names %q, which control does not know", verb)
		}
	}
	if named < 15 {
		t.Errorf("got %d verbs in the guide, want more", named)
	}
}
