package skill

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

func TestEveryEventHasAShape(t *testing.T) {
	c := catalog{twitchTypes()}
	if len(c.types) < 60 {
		t.Errorf("got %d event types", len(c.types))
	}
	for _, info := range c.types {
		ts, wrong := c.triggers(info.Type.Name + "@" + info.Type.Version)
		if wrong != "" || len(ts) != 1 || ts[0].typ != info.Type || len(ts[0].shape.Fields()) == 0 {
			t.Errorf("%s: got %v, %s", info.Type, ts, wrong)
		}
	}
	for _, name := range aliasNames() {
		if _, wrong := c.triggers(name); wrong != "" {
			t.Errorf("%s: %s", name, wrong)
		}
	}
}

func TestNewestVersionIsTheDefault(t *testing.T) {
	c := catalog{twitchTypes()}
	for name, want := range map[string]string{"channel.follow": "2", "channel.moderate": "2", "stream.online": "1"} {
		info, ok := c.find(name)
		if !ok || info.Type != (eventsub.Type{Name: name, Version: want}) {
			t.Errorf("got %v, want %s v%s", info.Type, name, want)
		}
	}
}

// misfiled has examples with the attributes of automod.message.update.
const misfiled = "automod.message.hold"

// What Twitch shows in its examples must be known to the check of attributes.
func TestAttributesOfTwitchsExamples(t *testing.T) {
	files, _ := filepath.Glob("../../shared/twitch/examples/eventsub/*.json")
	if len(files) == 0 {
		t.Skip("Twitch's examples are not here")
	}
	c := catalog{twitchTypes()}
	seen := 0
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var example struct {
			Subscription eventsub.Subscription
			Event        map[string]any
		}
		if json.Unmarshal(src, &example) != nil || example.Event == nil {
			continue
		}
		info, ok := c.find(example.Subscription.Type + "@" + example.Subscription.Version)
		if !ok || info.Type.Name == misfiled {
			continue
		}
		seen++
		known(t, infoShape(info), "event", example.Event)
	}
	if seen < 30 {
		t.Errorf("got %d examples", seen)
	}
}

// known fails for keys that the shape lacks: an expression that reads them must compile.
func known(t *testing.T, s *expr.Shape, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			at := path + "." + key
			if _, mistakes := expr.CompileCondition(at, expr.NewScope(nil).WithEvents(s)); len(mistakes) > 0 {
				t.Errorf("%s: %s", at, mistakes[0].Text)
				continue
			}
			known(t, s, at, v[key])
		}
	case []any:
		if len(v) > 0 {
			known(t, s, path+"[0]", v[0])
		}
	}
}
