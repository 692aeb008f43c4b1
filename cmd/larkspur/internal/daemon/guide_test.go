package daemon_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
)

// The configurations in the guide about events are read without a mistake, together with
// what every configuration has.
func TestEventsGuideConfigurations(t *testing.T) {
	text, err := os.ReadFile("../../../../docs/guides/events.md")
	if err != nil {
		t.Fatal(err)
	}
	const twitch = "client-id: a\n    client-secret: b\n    channel: ada\n    "
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	if len(blocks) != 2 {
		t.Errorf("got %d configurations, want 2", len(blocks))
	}
	for _, block := range blocks {
		src := block[1]
		if !strings.Contains(src, "connectors:") {
			src += "connectors:\n  twitch:\n    " + twitch + "\n"
		} else {
			src = strings.Replace(src, "twitch:\n    ", "twitch:\n    "+twitch, 1) + "skills: {hi: {match: {command: '!hi'}, do: [say: hi]}}\n"
		}
		cfg, err := daemon.Load("guide.yaml", []byte(src), daemon.LoadOptions{})
		if err != nil || len(cfg.Notes) > 0 {
			t.Errorf("got %v in\n%s", err, src)
		}
	}
}
