// The command cmd writes the generated files of the repository. With -check it lists
// those that are not up to date instead.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/internal/gen"
)

func main() {
	root := flag.String("root", ".", "the repository")
	check := flag.Bool("check", false, "change nothing; fail if a file is not what would be written")
	flag.Parse()
	if err := run(*root, *check); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(root string, check bool) error {
	files, err := gen.Generate(filepath.Join(root, "spec"))
	if err != nil {
		return err
	}
	stale, err := differences(root, files)
	if err != nil {
		return err
	}
	if check {
		if len(stale) > 0 {
			return fmt.Errorf("not up to date, run make gen:\n  %s", strings.Join(stale, "\n  "))
		}
		return nil
	}
	for _, path := range stale {
		name := filepath.Join(root, filepath.FromSlash(path))
		content, wanted := files[path]
		if !wanted {
			err = os.Remove(name)
		} else if err = os.MkdirAll(filepath.Dir(name), 0o755); err == nil {
			err = os.WriteFile(name, content, 0o644)
		}
		if err != nil {
			return err
		}
		fmt.Println(path)
	}
	return nil
}

// differences returns the paths of files that are missing, old, or no longer wanted.
func differences(root string, files map[string][]byte) ([]string, error) {
	var paths []string
	dirs := map[string]bool{}
	for path, content := range files {
		dirs[filepath.Dir(path)] = true
		have, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
		if err != nil && !os.IsNotExist(err) {
			return nil, err
		}
		if err != nil || !bytes.Equal(have, content) {
			paths = append(paths, path)
		}
	}
	for dir := range dirs {
		old, err := filepath.Glob(filepath.Join(root, dir, "*_gen.go"))
		if err != nil {
			return nil, err
		}
		for _, name := range old {
			path := filepath.ToSlash(filepath.Join(dir, filepath.Base(name)))
			if _, wanted := files[path]; !wanted {
				paths = append(paths, path)
			}
		}
	}
	slices.Sort(paths)
	return paths, nil
}
