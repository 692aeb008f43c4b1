package oauth

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"runtime"
	"time"
)

// The versions of the file; raised when older programs can no longer read it.
const (
	fileVersion   = 1 // plain
	sealedVersion = 2 // encrypted
)

// contents is the file. It has Tokens or Sealed.
type contents struct {
	Version int                    `json:"version"`
	Tokens  map[string]storedToken `json:"tokens,omitzero"`
	Sealed  map[string][]byte      `json:"sealed,omitzero"`
}

func (c contents) clone() contents {
	c.Tokens, c.Sealed = maps.Clone(c.Tokens), maps.Clone(c.Sealed)
	return c
}

// read returns the file's contents, empty where there is no file.
func (s *FileStore) read() (contents, error) {
	c, err := s.readAny()
	if err != nil {
		return c, err
	}
	return c, s.fits(c)
}

// readAny returns the file's contents, plain or sealed. They are not to be changed.
func (s *FileStore) readAny() (contents, error) {
	f, err := os.Open(s.real)
	if errors.Is(err, fs.ErrNotExist) {
		return s.empty(), nil
	}
	if err != nil {
		return contents{}, err
	}
	defer func() { _ = f.Close() }() // only read
	info, err := f.Stat()
	if err != nil {
		return contents{}, err
	}
	// Windows has no such bits: Go makes them up.
	if loose := info.Mode().Perm() & 0o077; loose != 0 && runtime.GOOS != "windows" {
		return contents{}, fmt.Errorf("%s can be read by others (mode %04o); run: chmod 600 %s", s.path, info.Mode().Perm(), s.path)
	}
	if c, ok := s.remembered(info); ok {
		return c, nil
	}
	data, err := io.ReadAll(f)
	if err != nil {
		return contents{}, err
	}
	c, err := parseContents(data)
	if errors.Is(err, errNewer) {
		return contents{}, fmt.Errorf("%s: %w; use that program, or a newer one of this", s.path, err)
	}
	if err != nil {
		return contents{}, fmt.Errorf("%s is damaged: %w; restore it from a copy, or delete it and log in again", s.path, err)
	}
	s.remember(info, c)
	return c, nil
}

// A snapshot is what was in the file that info describes.
type snapshot struct {
	info os.FileInfo
	c    contents
}

// settled is how old a file must be to be recognised by its time: two that were written
// within one tick of the file system's clock may look the same.
const settled = 2 * time.Second

// remembered returns what was read before, if it was from this very file.
func (s *FileStore) remembered(info os.FileInfo) (contents, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen == nil || !os.SameFile(s.seen.info, info) || s.seen.info.Size() != info.Size() || !s.seen.info.ModTime().Equal(info.ModTime()) {
		return contents{}, false
	}
	return s.seen.c, true
}

// remember keeps what was read: with thousands of users, reading it anew for each
// takes longer than everything else.
func (s *FileStore) remember(info os.FileInfo, c contents) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = nil
	if time.Since(info.ModTime()) > settled {
		s.seen = &snapshot{info, c}
	}
}

var errNewer = errors.New("a newer program has written it")

func parseContents(data []byte) (contents, error) {
	var c contents
	if err := json.Unmarshal(data, &c); err != nil {
		return c, jsonErrorIn("it", err) // which quotes nothing
	}
	switch {
	case c.Version > sealedVersion:
		return c, fmt.Errorf("%w: it has version %d, this program supports %d", errNewer, c.Version, sealedVersion)
	case c.Version == fileVersion && c.Tokens != nil && c.Sealed == nil:
	case c.Version == sealedVersion && c.Sealed != nil && c.Tokens == nil:
	default:
		return c, errors.New("it is not a token file")
	}
	return c, nil
}
