package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A repository is written, found fresh, and found stale in each of three ways.
func TestRun(t *testing.T) {
	root := t.TempDir()
	if err := os.CopyFS(filepath.Join(root, "spec"), os.DirFS("../testdata/toy")); err != nil {
		t.Fatal(err)
	}
	if err := run(root, true); err == nil {
		t.Error("got no error although nothing was written")
	}
	if err := run(root, false); err != nil {
		t.Fatal(err)
	}
	if err := run(root, true); err != nil {
		t.Errorf("after writing: %v", err)
	}
	for _, tt := range []struct {
		file  string
		spoil func(name string) error
	}{
		{"helix/chat_gen.go", os.Remove},
		{"helix/users_gen.go", func(name string) error { return os.WriteFile(name, []byte("package helix\n"), 0o644) }},
		{"eventsub/stale_gen.go", func(name string) error { return os.WriteFile(name, []byte("package eventsub\n"), 0o644) }},
	} {
		if err := tt.spoil(filepath.Join(root, tt.file)); err != nil {
			t.Fatal(err)
		}
		if err := run(root, true); err == nil || !strings.Contains(err.Error(), tt.file) {
			t.Errorf("got %v, want an error that names %s", err, tt.file)
		}
		if err := run(root, false); err != nil {
			t.Fatal(err)
		}
		if err := run(root, true); err != nil {
			t.Errorf("%s was not mended: %v", tt.file, err)
		}
	}
}
