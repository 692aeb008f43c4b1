package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/internal/lock"
)

// write replaces the file: a temporary file is written and flushed, then takes the
// name, then the directory is flushed, so that the name is on the disk too.
func (s *FileStore) write(c contents) error {
	data, err := json.MarshalIndent(c, "", "\t")
	if err != nil {
		return fmt.Errorf("%s: %w", s.path, err)
	}
	dir := filepath.Dir(s.real)
	tmp, err := os.CreateTemp(dir, filepath.Base(s.real)+".*.tmp") // made with mode 0600
	if err != nil {
		return err
	}
	_, err = tmp.Write(append(data, '\n'))
	if err == nil {
		err = tmp.Sync()
	}
	err = errors.Join(err, tmp.Close())
	if err == nil {
		err = rename(tmp.Name(), s.real)
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	return syncDir(dir)
}

// sweep removes what a crash has left of a write. The file is locked. Only what
// os.CreateTemp makes of this file's name is meant: the store in "tokens" must not remove
// what that in "tokens.json" writes just now.
func (s *FileStore) sweep() error {
	names, err := filepath.Glob(globEscape(s.real) + ".*.tmp")
	if err != nil {
		return err
	}
	for _, name := range names {
		if random := strings.TrimSuffix(strings.TrimPrefix(name, s.real+"."), ".tmp"); strings.Trim(random, "0123456789") != "" {
			continue
		}
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// rename gives the new file its name. Windows refuses while a process reads the old
// one, which never takes long.
func rename(from, to string) error {
	for range 50 {
		err := os.Rename(from, to)
		if err == nil || runtime.GOOS != "windows" {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
	return os.Rename(from, to)
}

func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // cannot be asked for there
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// locked calls f while no other writer is at work, here or in another process.
func (s *FileStore) locked(ctx context.Context, f func() error) error {
	unlock, err := lock.File(ctx, s.real+".lock")
	if err != nil {
		return fmt.Errorf("%s: waiting for other writers: %w", s.path, err)
	}
	defer unlock()
	return f()
}

// Lock waits for the exclusive lock of key, in all processes. The lock is a file beside the
// store; the operating system releases it when its process dies.
func (s *FileStore) Lock(ctx context.Context, key string) (func(), error) {
	unlock, err := lock.File(ctx, s.real+"."+fileName(key)+".lock")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.path, err)
	}
	return unlock, nil
}

// fileName makes key fit for a file's name: only the app's key and digits stay as
// they are, and nothing else maps to those.
func fileName(key string) string {
	var b strings.Builder
	for _, c := range []byte(key) {
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' {
			b.WriteByte(c)
		} else {
			const hex = "0123456789ABCDEF"
			b.Write([]byte{'_', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}
