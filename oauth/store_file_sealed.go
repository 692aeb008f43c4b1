package oauth

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// A Sealer encrypts what a store keeps, so that a copy of the file is of no use. What
// was sealed under one identity must not open under another: tokens cannot be moved
// from user to user. The keyring of Larkspur's own program is one.
type Sealer interface {
	Seal(plain []byte, identity string) ([]byte, error)
	Open(sealed []byte, identity string) ([]byte, error)
}

// SealedIdentity is what a store seals the token under key as.
func SealedIdentity(key string) string { return "twitch token " + key }

// OpenSealedFileStore is like [OpenFileStore] with encrypted tokens; the user IDs are not
// encrypted. A plain file is encrypted at once. A file that sealer cannot open is an error.
func OpenSealedFileStore(path string, sealer Sealer) (*FileStore, error) {
	if sealer == nil {
		return nil, fmt.Errorf("oauth: token file: %s: %w", path, errNoSealer)
	}
	return openFile(path, sealer)
}

var (
	errNoSealer = errors.New("no key to encrypt it with")
	errSealed   = errors.New("it is encrypted; give the key that it was encrypted with")
	errPlain    = errors.New("it was encrypted when it was opened, and no longer is, so it was replaced; restore it from a copy")
)

func (s *FileStore) empty() contents {
	if s.sealer != nil {
		return contents{Version: sealedVersion, Sealed: map[string][]byte{}}
	}
	return contents{Version: fileVersion, Tokens: map[string]storedToken{}}
}

// fits returns an error where c is sealed and s is not, or the other way round.
func (s *FileStore) fits(c contents) error {
	switch {
	case s.sealer == nil && c.Version == sealedVersion:
		return fmt.Errorf("%s: %w", s.path, errSealed)
	case s.sealer != nil && c.Version == fileVersion:
		return fmt.Errorf("%s: %w", s.path, errPlain)
	}
	return nil
}

// check reads everything once, so that a damaged file or a wrong key shows at start,
// and seals a plain file. The file is locked.
func (s *FileStore) check() error {
	c, err := s.readAny()
	if err != nil {
		return err
	}
	if s.sealer == nil || c.Version == sealedVersion {
		return s.checkAll(c)
	}
	sealed := s.empty()
	for key, t := range c.Tokens {
		if err := s.put(&sealed, key, t.token()); err != nil {
			return err
		}
	}
	return s.write(sealed)
}

func (s *FileStore) checkAll(c contents) error {
	if err := s.fits(c); err != nil {
		return err
	}
	for key := range c.Sealed {
		if _, err := s.get(c, key); err != nil {
			return err
		}
	}
	return nil
}

// Reseal encrypts every token anew, with the key that the sealer uses now: afterwards
// older keys are not needed for this file anymore.
func (s *FileStore) Reseal(ctx context.Context) error {
	if s.sealer == nil {
		return fmt.Errorf("oauth: token file: %s: %w", s.path, errNoSealer)
	}
	return s.change(ctx, func(c *contents) error {
		for key := range c.Sealed {
			t, err := s.get(*c, key)
			if err != nil {
				return err
			}
			if err := s.put(c, key, t); err != nil {
				return err
			}
		}
		return nil
	})
}

// keys returns the keys of all tokens, sorted.
func (c contents) keys() []string {
	if c.Version == sealedVersion {
		return slices.Sorted(maps.Keys(c.Sealed))
	}
	return slices.Sorted(maps.Keys(c.Tokens))
}

// get returns the token under key, or [ErrNoToken].
func (s *FileStore) get(c contents, key string) (Token, error) {
	if t, ok := c.Tokens[key]; ok {
		return t.token(), nil
	}
	sealed, ok := c.Sealed[key]
	if !ok {
		return Token{}, fmt.Errorf("%w for %s", ErrNoToken, key)
	}
	data, err := s.sealer.Open(sealed, SealedIdentity(key))
	if err != nil {
		return Token{}, fmt.Errorf("%s: the token of %q cannot be opened: %w; give the right key, restore the file from a copy, or delete it and log in again",
			s.path, key, err)
	}
	t, err := DecodeToken(data)
	if err != nil {
		return Token{}, fmt.Errorf("%s: the token of %q is damaged: %w; restore the file from a copy, or delete it and log in again", s.path, key, err)
	}
	return t, nil
}

// put keeps t under key in c.
func (s *FileStore) put(c *contents, key string, t Token) error {
	if s.sealer == nil {
		c.Tokens[key] = stored(t)
		return nil
	}
	data, err := EncodeToken(t)
	if err == nil {
		data, err = s.sealer.Seal(data, SealedIdentity(key))
	}
	if err != nil {
		return fmt.Errorf("%s: the token of %q: %w", s.path, key, err)
	}
	c.Sealed[key] = data
	return nil
}
