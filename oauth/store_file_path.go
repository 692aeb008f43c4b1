package oauth

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// maxLinks bounds a chain of symbolic links.
const maxLinks = 40

var errLinks = errors.New("too many symbolic links")

// realPath returns the file that path leads to, which need not exist, as an absolute path
// without links: locks are named after it. Missing directories are made,
// for the owner only.
func realPath(path string) (string, error) {
	real, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	for range maxLinks {
		dir := filepath.Dir(real)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return "", err
		}
		if dir, err = filepath.EvalSymlinks(dir); err != nil {
			return "", err
		}
		real = filepath.Join(dir, filepath.Base(real))
		target, err := os.Readlink(real)
		if err != nil { // it is no link
			return real, checkDir(dir)
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(dir, target)
		}
		real = target
	}
	return "", fmt.Errorf("%s: %w", path, errLinks)
}

// checkDir refuses a directory in which every user of the machine can replace the file. One with the
// sticky bit, such as /tmp, is not of that kind. Groups are the owner's business: in many
// systems each user has one of their own.
func checkDir(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if mode := info.Mode(); mode.Perm()&0o002 != 0 && mode&os.ModeSticky == 0 && runtime.GOOS != "windows" {
		return fmt.Errorf("every user can write in %s (mode %04o) and replace the tokens; run: chmod o-w %s", dir, mode.Perm(), dir)
	}
	return nil
}

// globEscape keeps path from being read as a pattern.
func globEscape(path string) string {
	var escaped []rune
	for _, r := range path {
		switch r {
		case '*', '?', '[':
			escaped = append(escaped, '[', r, ']')
		case '\\':
			if runtime.GOOS != "windows" {
				escaped = append(escaped, '\\')
			}
			escaped = append(escaped, r)
		default:
			escaped = append(escaped, r)
		}
	}
	return string(escaped)
}
