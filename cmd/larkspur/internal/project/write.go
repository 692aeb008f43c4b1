package project

import (
	"embed"
	"errors"
	"fmt"
	"go/format"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed template
var templates embed.FS

// names of the files by those of their templates. The templates have other names, so that Go
// does not take them for parts of this module.
var names = map[string]string{
	"greeter.go.txt": "greeter.go", "bot_test.go.txt": "bot_test.go", "Dockerfile.txt": "Dockerfile",
	"README.md.txt": "README.md", "gitignore.txt": ".gitignore", "dockerignore.txt": ".dockerignore",
}

// Files returns the files of a project by their names. The error is a mistake in the
// options, or that Larkspur's source cannot be read.
func Files(o Options) (map[string][]byte, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	require, sums, err := o.requirements()
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{"go.mod": o.goMod(require)}
	if sums != "" {
		files["go.sum"] = []byte(sums)
	}
	wanted := maps.Clone(names)
	if o.Several {
		wanted["main_several.go.txt"] = "main.go"
	} else {
		wanted["main_one.go.txt"] = "main.go"
	}
	fill := strings.NewReplacer(o.values()...)
	for from, to := range wanted {
		src, err := templates.ReadFile("template/" + from)
		if err != nil {
			return nil, err
		}
		files[to] = []byte(fill.Replace(string(src)))
		if strings.HasSuffix(to, ".go") {
			if files[to], err = format.Source(files[to]); err != nil {
				return nil, fmt.Errorf("%s: %w", to, err)
			}
		}
	}
	return files, nil
}

// Write writes files into a directory, which must be empty or not exist yet.
func Write(dir string, files map[string][]byte) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if len(entries) > 0 {
		return fmt.Errorf("%s is not empty; name a new directory", dir)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // a project is no secret
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := os.WriteFile(filepath.Join(dir, name), files[name], 0o644); err != nil { //nolint:gosec // as above
			return err
		}
	}
	return nil
}

// NameOf returns a name for the program of a module: "example.org/my-bot" is my-bot.
func NameOf(module string) string { return module[strings.LastIndex(module, "/")+1:] }
