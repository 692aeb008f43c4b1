package project_test

import (
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/project"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A project of each kind is formatted, builds and passes its test without a network.
func TestProjectsWork(t *testing.T) {
	source, err := filepath.Abs("../../../..")
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]project.Options{
		"own channel":      {Module: "example.org/robin", Name: "robin", Prefix: "!"},
		"another channel":  {Module: "robin", Name: "robin", Channel: "theflyingdev", Prefix: "?"},
		"several channels": {Module: "example.org/bots/robin", Name: "robin", Prefix: "!", Several: true},
	} {
		t.Run(name, func(t *testing.T) {
			o.Source = source
			files, err := project.Files(o)
			if err != nil {
				t.Fatal(err)
			}
			for file, src := range files {
				if strings.Contains(string(src), "[[") {
					t.Errorf("%s has a placeholder left:\n%s", file, src)
				}
				if !strings.HasSuffix(file, ".go") {
					continue
				}
				if formatted, err := format.Source(src); err != nil || string(formatted) != string(src) {
					t.Errorf("%s is not formatted (%v); want\n%s", file, err, formatted)
				}
			}
			dir := filepath.Join(t.TempDir(), "new", "robin")
			if err := project.Write(dir, files); err != nil {
				t.Fatal(err)
			}
			for _, args := range [][]string{{"vet", "./..."}, {"build", "-o", os.DevNull, "."}, {"test", "./..."}} {
				cmd := exec.CommandContext(t.Context(), "go", args...)
				cmd.Dir = dir
				cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=", "GOWORK=off", "CGO_ENABLED=0")
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
				}
			}
			if err := project.Write(dir, files); err == nil || !strings.Contains(err.Error(), "is not empty") {
				t.Errorf("a second time: got %v, want a refusal", err)
			}
		})
	}
}

func TestMistakes(t *testing.T) {
	good := project.Options{Module: "example.org/robin", Name: "robin", Prefix: "!", Version: "v1.2.3"}
	if files, err := project.Files(good); err != nil || !strings.Contains(string(files["go.mod"]), "require github.com/larkspur-dev/larkspur v1.2.3\n") || files["go.sum"] != nil {
		t.Errorf("got %s, %v for a published version", files["go.mod"], err)
	}
	for want, change := range map[string]func(*project.Options){
		`"a b" is not the path of a Go module`: func(o *project.Options) { o.Module = "a b" },
		`"../x" is not the path`:               func(o *project.Options) { o.Module = "../x" },
		`"1 2" is not a name for a program`:    func(o *project.Options) { o.Name = "1 2" },
		`"No Such" is not a channel`:           func(o *project.Options) { o.Channel = "No Such" },
		`"" is not a prefix`:                   func(o *project.Options) { o.Prefix = "" },
		"was not published":                    func(o *project.Options) { o.Version = "" },
		"is not Larkspur's source":             func(o *project.Options) { o.Source = "testdata/other" },
		"no such file":                         func(o *project.Options) { o.Source = "testdata/none" },
	} {
		o := good
		change(&o)
		if _, err := project.Files(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestPublishedVersions(t *testing.T) {
	for version, want := range map[string]bool{
		"v1.2.3": true, "v0.1.0-rc.1": true, "devel": false, "devel-0123456789ab": false, "v1.2.3+dirty": false,
		"v0.0.0-20261127193104-f85f53e0a1b2": false, "v1.2.4-0.20261127193104-f85f53e0a1b2": false, "": false,
	} {
		if got := project.IsPublished(version); got != want {
			t.Errorf("%q: got %t, want %t", version, got, want)
		}
	}
}
