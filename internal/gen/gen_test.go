package gen

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const toy = "testdata/toy"

// The golden files hold the output for ten operations and five event types, one for
// each decision of the generator.
func TestGolden(t *testing.T) {
	files, err := Generate(toy)
	if err != nil {
		t.Fatal(err)
	}
	const dir = "testdata/golden"
	if *update {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	for path, content := range files {
		name := filepath.Join(dir, filepath.FromSlash(path)+".golden")
		if *update {
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, content, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Error(err)
			continue
		}
		if diff := cmp.Diff(string(want), string(content)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
	var stale []string
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			stale = append(stale, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(files), len(stale); got != want {
		t.Errorf("got %d files, want %d", got, want)
	}
}

// The generated files in the repository are equal to the generator's output.
func TestFresh(t *testing.T) {
	const root = "../.."
	files, err := Generate(filepath.Join(root, "spec"))
	if err != nil {
		t.Fatal(err)
	}
	again, err := Generate(filepath.Join(root, "spec"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range slices.Sorted(maps.Keys(files)) {
		if !bytes.Equal(files[path], again[path]) {
			t.Errorf("%s differs between two runs", path)
		}
		have, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
		if err != nil {
			t.Error(err)
		} else if !bytes.Equal(have, files[path]) {
			t.Errorf("%s is not up to date: run make gen", path)
		}
	}
}

// Each case breaks the toy overlay in one place.
func TestOverlayMistakes(t *testing.T) {
	tests := []struct {
		name, old, new, want string
	}{
		{"operation that does not exist", "at: ban-user, use: Ban", "at: ban-users, use: Ban", "methods ban-users matches nothing"},
		{"type that matches nothing", "[ban-user/data]", "[ban-user/data, ban-user/date]", "helix types ban-user/date matches nothing"},
		{"enum value that does not exist", "DrugsIntoxication:", "Drugs:", "value of ContentLabel Drugs matches nothing"},
		{"field that does not exist", "body/reply_parent_message_id", "body/reply", "helix fields send-chat-message/body/reply matches nothing"},
		{"no reason", ", why: only users are banned}", "}", "methods: ban-user gives no reason"},
		{"unknown section", "  methods:", "  method:", `unknown field "method"`},
		{"missing sentence", "    ban-user: bans a user.\n", "", "ban-user has no sentence"},
		{"sentence about nothing", "    ban-user: bans a user.\n", "    ban-user: bans a user.\n    ban-nothing: bans.\n", "helix sentences ban-nothing matches nothing"},
		{"two types of one name", "name: Ban,", "name: Follower,", "Follower has two entries"},
		{"name that the rule gives to another", "name: Ban,", "name: UserType,", "called UserType"},
		{"two methods of one name", "use: Modify,", "use: AllFollowers,", "the method name Channels.AllFollowers is taken"},
		{"unknown verb", "  repeat:", "  verbs: [{at: get-users, use: two, why: x}]\n  repeat:", "no verb is called two"},
		{"key of no field", "[id, data.user_id]", "[id, data.user]", "names user, which DropEntitlementGrantData does not have"},
		{"key into text", "[id, data.user_id]", "[id.x]", "goes into id, which is a string"},
		{"key of an object", "[id, data.user_id]", "[data]", "cannot hold data"},
		{"no pin", "    channel.raid: '1'\n", "", "channel.raid: no version is pinned"},
		{"pin of another version", "channel.raid: '1'", "channel.raid: '9'", "pins channel.raid matches nothing"},
		{"no key", "    channel.raid.1: [from_broadcaster_user_id, viewers, '@second']\n", "", "channel.raid.1 has no key"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Generate(broken(t, tt.old, tt.new))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

// broken returns a copy of the toy spec with one place of its overlay changed.
func broken(t *testing.T, old, replacement string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(toy)); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "overlay.yaml")
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(raw, []byte(old)) {
		t.Fatalf("the toy overlay has no %q", old)
	}
	if err := os.WriteFile(name, bytes.Replace(raw, []byte(old), []byte(replacement), 1), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestSpecMistakes(t *testing.T) {
	dir := t.TempDir()
	if _, err := Generate(dir); err == nil {
		t.Error("got no error for an empty directory")
	}
	if err := os.CopyFS(dir, os.DirFS(toy)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "helix.json"), []byte(`{"endpoints": 1}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Generate(dir); err == nil || !strings.Contains(err.Error(), "helix.json") {
		t.Errorf("got %v, want an error that names the file", err)
	}
}

func ExampleGenerate() {
	files, err := Generate(toy)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, path := range slices.Sorted(maps.Keys(files)) {
		if strings.HasPrefix(path, "eventsub/") {
			fmt.Println(path)
		}
	}
	// Output:
	// eventsub/automod_decode_gen.go
	// eventsub/automod_gen.go
	// eventsub/channel_decode_gen.go
	// eventsub/channel_gen.go
	// eventsub/decode_gen.go
	// eventsub/drop_decode_gen.go
	// eventsub/drop_gen.go
	// eventsub/raid_decode_gen.go
	// eventsub/raid_gen.go
	// eventsub/types_gen.go
}
