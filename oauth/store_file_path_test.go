package oauth_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

func link(t *testing.T, target, name string) {
	t.Helper()
	if err := os.Symlink(target, name); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
}

// Programs that use different names for one file share its locks and its contents.
func TestFileStoreIsSharedUnderAnyName(t *testing.T) {
	top := t.TempDir()
	t.Chdir(top)
	if err := os.MkdirAll("real/deep", 0o700); err != nil {
		t.Fatal(err)
	}
	link(t, "real", "dir")
	link(t, filepath.Join("real", "deep", "tokens.json"), "link.json")
	link(t, filepath.Join(top, "link.json"), filepath.Join("real", "again.json"))
	names := []string{
		"real/deep/tokens.json", filepath.Join(top, "real", "deep", "tokens.json"), "./real/../real/deep/tokens.json",
		"dir/deep/tokens.json", "link.json", "dir/again.json",
	}
	for _, name := range names { // the file is not there at first
		store := openFile(t, name)
		unlock, err := store.Lock(t.Context(), "123")
		if err != nil {
			t.Fatal(err)
		}
		for _, other := range names {
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
			again, err := openFile(t, other).Lock(ctx, "123")
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v for %s, want it locked by %s", err, other, name)
			}
			if err == nil {
				again()
			}
			cancel()
		}
		unlock()
		if err := store.Save(t.Context(), name, newFake().token(ada)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range names {
		if keys, err := openFile(t, name).List(t.Context()); err != nil || len(keys) != len(names) {
			t.Errorf("got %d keys, %v in %s, want those of all names", len(keys), err, name)
		}
	}
	// A symbolic link is kept: the file is written to its target.
	for _, name := range []string{"link.json", "real/again.json"} {
		if info, err := os.Lstat(name); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("got %v, %v, want %s to be a link still", info.Mode(), err, name)
		}
	}
	if entries, _ := os.ReadDir("real/deep"); len(entries) != 1 && runtime.GOOS != "windows" {
		t.Errorf("got %v, want the file alone", entries)
	}
}

// The store stays where it was opened.
func TestFileStoreDoesNotFollowTheWorkingDirectory(t *testing.T) {
	top := t.TempDir()
	t.Chdir(top)
	store := openFile(t, "tokens.json")
	t.Chdir(t.TempDir())
	if err := store.Save(t.Context(), "123", newFake().token(ada)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(top, "tokens.json")); err != nil {
		t.Error(err)
	}
}

func TestFileStoreMakesItsDirectory(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "new", "dir")
	openFile(t, filepath.Join(dir, "tokens.json"))
	link(t, filepath.Join(top, "other", "tokens.json"), filepath.Join(top, "dangling"))
	openFile(t, filepath.Join(top, "dangling"))
	for _, made := range []string{dir, filepath.Dir(dir), filepath.Join(top, "other")} {
		if info, err := os.Stat(made); err != nil || info.Mode().Perm() != 0o700 && runtime.GOOS != "windows" {
			t.Errorf("%s: got %v, %v, want mode 0700", made, info, err)
		}
	}
	link(t, "circle", filepath.Join(top, "circle"))
	if _, err := oauth.OpenFileStore(filepath.Join(top, "circle")); err == nil {
		t.Error("got no error for a link to itself")
	}
}

func TestFileStoreRefusesAWorldWritableDirectory(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no such modes")
	}
	dir := t.TempDir()
	tests := []struct {
		mode os.FileMode
		ok   bool
	}{{0o700, true}, {0o755, true}, {0o775, true}, {0o777, false}, {0o702, false}, {0o777 | os.ModeSticky, true}}
	for _, tt := range tests {
		if err := os.Chmod(dir, tt.mode); err != nil {
			t.Fatal(err)
		}
		_, err := oauth.OpenFileStore(filepath.Join(dir, "tokens.json"))
		if (err == nil) != tt.ok {
			t.Errorf("%v: got %v, want no error: %v", tt.mode, err, tt.ok)
		}
		if err != nil && (!strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "chmod o-w")) {
			t.Errorf("got %v, want the directory and what to do", err)
		}
	}
}

// Every error of the file names it.
func TestFileStoreErrorsNameTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokens.json")
	plain := openFile(t, path)
	far := newFake().token(ada)
	far.ExpiresAt = time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC) // which JSON cannot hold
	sealed, err := oauth.OpenSealedFileStore(path+".sealed", newGCM("0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	unlock, err := plain.Lock(t.Context(), "123")
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer cancel()
	_, locked := plain.Lock(ctx, "123")
	for name, err := range map[string]error{
		"year, plain": plain.Save(t.Context(), "123", far), "year, sealed": sealed.Save(t.Context(), "123", far),
		"resealing a plain file": plain.Reseal(t.Context()), "lock": locked,
	} {
		if err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got %v, want the file's name", name, err)
		} else {
			wantNoCanary(t, err.Error(), name)
		}
	}
}
