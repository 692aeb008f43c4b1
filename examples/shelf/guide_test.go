package shelf_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/skill"
)

var yamlBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")

// Every configuration of the guide is without mistakes, and none is missed by the test.
func TestGuideOfSkills(t *testing.T) {
	text, err := os.ReadFile("../../docs/guides/skills.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := yamlBlock.FindAllStringSubmatch(string(text), -1)
	if len(blocks) != strings.Count(string(text), "```yaml") || len(blocks) < 5 {
		t.Errorf("got %d blocks", len(blocks))
	}
	for _, block := range blocks {
		if _, err := skill.Parse("skills.md", []byte(block[1]), skill.LoadOptions{}); err != nil {
			t.Errorf("%v\n%s", err, block[1])
		}
	}
}
