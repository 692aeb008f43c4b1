package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/oauth/keyring"
)

const (
	ownKeyComment = "# The key of the tokens beside it. A copy of both files makes the tokens readable.\n"
	newKeyComment = "# A key for Larkspur's stored tokens. Keep a copy of it away from copies of the tokens.\n"
)

// makeKeyFile creates a file with a new key, which only its owner can read. The file is
// on the disk before it gets its name, so that a crash cannot lose a key in use. An
// existing file is an error, [fs.ErrExist].
func makeKeyFile(path, comment string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	tmp, err := writeBeside(path, comment+string(keyring.NewKey())+"\n")
	if err != nil {
		return err
	}
	err = os.Link(tmp, path) // unlike a rename, it replaces nothing
	if err == nil || errors.Is(err, fs.ErrExist) {
		return errors.Join(err, os.Remove(tmp), flushDir(filepath.Dir(path)))
	}
	if _, statErr := os.Lstat(path); !errors.Is(statErr, fs.ErrNotExist) { // some file systems have no links
		return errors.Join(statErr, os.Remove(tmp), err)
	}
	if err := os.Rename(tmp, path); err != nil {
		return errors.Join(err, os.Remove(tmp))
	}
	return flushDir(filepath.Dir(path))
}

// prependKey adds a new key as the first line of a key file; all others stay.
func prependKey(path string, now time.Time) error {
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return replaceFile(path, fmt.Sprintf("# made at %s\n%s\n%s", now.UTC().Format(time.RFC3339), string(keyring.NewKey()), old))
}

// dropOldKeys removes all keys of a key file except the first, and returns how many it
// removed.
func dropOldKeys(path string) (dropped int, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	var kept strings.Builder
	first := true
	for line := range strings.Lines(string(text)) {
		isKey := isKeyLine(line)
		if first {
			kept.WriteString(line)
		} else if isKey {
			dropped++
		}
		first = first && !isKey
	}
	if dropped == 0 {
		return 0, nil
	}
	return dropped, replaceFile(path, kept.String())
}

// countKeys returns how many keys the lines of a source hold.
func countKeys(text string) int {
	n := 0
	for line := range strings.Lines(text) {
		if isKeyLine(line) {
			n++
		}
	}
	return n
}

func isKeyLine(line string) bool {
	line = strings.TrimSpace(line)
	return line != "" && line[0] != '#'
}

// replaceFile replaces a key file atomically. It also removes temporary files that a crash
// left beside it, since they contain keys. The caller holds the lock of the file.
func replaceFile(path, text string) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), tmpPrefix(path)) && strings.HasSuffix(e.Name(), ".tmp") {
			if err := os.Remove(filepath.Join(filepath.Dir(path), e.Name())); err != nil {
				return err
			}
		}
	}
	tmp, err := writeBeside(path, text)
	if err != nil {
		return err
	}
	if _, err := keyring.Open(keyring.Source{File: tmp}); err != nil { // never replace keys with an unreadable file
		return errors.Join(err, os.Remove(tmp))
	}
	if err := os.Rename(tmp, path); err != nil {
		return errors.Join(err, os.Remove(tmp))
	}
	return flushDir(filepath.Dir(path))
}

// writeBeside writes a temporary file in the directory of path, and syncs it.
func writeBeside(path, text string) (name string, err error) {
	tmp, err := os.CreateTemp(filepath.Dir(path), tmpPrefix(path)+"*.tmp") // made with mode 0600
	if err != nil {
		return "", err
	}
	_, err = tmp.WriteString(text)
	if err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return "", errors.Join(err, os.Remove(tmp.Name()))
	}
	return tmp.Name(), nil
}

// tmpPrefix begins the names of temporary files for path.
func tmpPrefix(path string) string { return "." + filepath.Base(path) + "." }

func flushDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // directories cannot be synced there
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
