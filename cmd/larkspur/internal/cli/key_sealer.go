package cli

import (
	"errors"
	"io/fs"
	"sync"

	"github.com/larkspur-dev/larkspur/oauth"
	"github.com/larkspur-dev/larkspur/oauth/keyring"
)

// A sealer encrypts tokens with the current keys of a source: it uses a rotated key at
// once, also in a running bot.
type sealer struct {
	p      Process
	source keySource

	mu         sync.Mutex
	ring       *keyring.Ring // guarded by mu; what was read last
	passphrase bool          // guarded by mu; something is sealed with a passphrase, which is not the source
}

// newSealer reads the keys. The program's own key file may not exist yet.
func newSealer(p Process, source keySource) (*sealer, error) {
	s := &sealer{p: p, source: source}
	if _, err := s.keys(); err != nil && (!source.own || !errors.Is(err, fs.ErrNotExist)) {
		return nil, usageError{err}
	}
	return s, nil
}

// keys returns the current keys. If they cannot be read anymore, it returns the ones that
// were read before: a token that Twitch has just issued must be stored.
func (s *sealer) keys() (*keyring.Ring, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ring != nil && s.source.file == "" {
		return s.ring, nil // it cannot change while we run
	}
	ring, err := s.source.open(s.p)
	if err == nil {
		s.ring = ring
	}
	if s.ring != nil {
		return s.ring, nil
	}
	return nil, err
}

// Seal implements [oauth.Sealer]. It creates the program's own key for the first token.
func (s *sealer) Seal(plain []byte, identity string) ([]byte, error) {
	ring, err := s.keys()
	if s.source.own && errors.Is(err, fs.ErrNotExist) {
		if err := makeKeyFile(s.source.file, ownKeyComment); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		ring, err = s.keys() // ours, or the one of a process that was faster
	}
	if err != nil {
		return nil, err
	}
	return ring.Seal(plain, identity)
}

// Open implements [oauth.Sealer].
func (s *sealer) Open(sealed []byte, identity string) ([]byte, error) {
	ring, err := s.keys()
	if err == nil {
		var plain []byte
		if plain, err = ring.Open(sealed, identity); err == nil {
			return plain, nil
		}
	} else if errors.Is(err, fs.ErrNotExist) {
		err = keyring.ErrUnknownKey // the program's own key does not exist yet
	}
	if errors.Is(err, keyring.ErrUnknownKey) && s.source.passphrase == "" && byPassphrase(sealed, identity) {
		s.mu.Lock()
		s.passphrase = true
		s.mu.Unlock()
	}
	return nil, err
}

// wantsPassphrase reports whether a token could only be opened with a passphrase.
func (s *sealer) wantsPassphrase() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.passphrase
}

// byPassphrase reports whether sealed was sealed with a passphrase: opening it with a
// wrong passphrase fails differently from opening it with a key.
func byPassphrase(sealed []byte, identity string) bool {
	ring, err := keyring.Open(keyring.Source{Passphrase: keyring.NewKey()})
	if err != nil {
		return false
	}
	_, err = ring.Open(sealed, identity)
	return errors.Is(err, keyring.ErrTampered)
}

var _ oauth.Sealer = (*sealer)(nil)
