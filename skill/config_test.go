package skill_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/skill"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Every file in testdata/bad has the mistakes that stand in the .want file beside it.
func TestMistakes(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, err = skill.Parse(filepath.Base(file), src, skill.LoadOptions{Dir: "testdata", Connectors: []string{"twitch", "team"}})
			if err == nil {
				t.Fatal("got no mistakes")
			}
			got := err.Error() + "\n"
			golden := strings.TrimSuffix(file, ".yaml") + ".want"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("mistakes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMistakeIsAConfigError(t *testing.T) {
	_, err := skill.Parse("bot.yaml", []byte("skills:\n  a: {on: channel.follow, do: [say: '{x']}\n"), skill.LoadOptions{})
	e, ok := errors.AsType[skill.ConfigError](err)
	if !ok || e.Line != 2 || e.Column != 38 || e.Path != "skills.a.do[0].say" {
		t.Errorf("got %#v", e)
	}
}
