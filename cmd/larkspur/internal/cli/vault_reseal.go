package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/larkspur-dev/larkspur/oauth"
	"github.com/larkspur-dev/larkspur/oauth/keyring"
)

// A handover seals with one key and opens with that and another.
type handover struct{ to, from oauth.Sealer }

// Seal implements [oauth.Sealer].
func (h handover) Seal(plain []byte, identity string) ([]byte, error) {
	return h.to.Seal(plain, identity)
}

// Open implements [oauth.Sealer].
func (h handover) Open(sealed []byte, identity string) ([]byte, error) {
	plain, err := h.to.Open(sealed, identity)
	if errors.Is(err, keyring.ErrUnknownKey) || errors.Is(err, keyring.ErrTampered) { // two passphrases look alike
		if old, oldErr := h.from.Open(sealed, identity); oldErr == nil {
			return old, nil
		}
	}
	return plain, err
}

// reseal encrypts all tokens with the key to. They may be plain, or encrypted with the
// present key or with to. No renewal is under way meanwhile, in any process: what it
// brings would be stored with a key that is on its way out.
func (v *vault) reseal(ctx context.Context, to keySource) error {
	target, err := newSealer(v.p, to)
	if err != nil {
		return err
	}
	from, err := v.present(ctx, target)
	if err != nil {
		return err
	}
	store, err := v.openFile(ctx, handover{to: target, from: from})
	if err != nil {
		return v.explain(err, from)
	}
	keys, err := store.List(ctx)
	if err != nil {
		return err
	}
	for _, key := range keys {
		unlock, err := store.Lock(ctx, key)
		if err != nil {
			return fmt.Errorf("waiting for a renewal to end: %w", err)
		}
		defer unlock()
	}
	return store.Reseal(ctx)
}

// present returns what opens the tokens now. A passphrase that nobody gave is asked
// for, unless the new key opens them already.
func (v *vault) present(ctx context.Context, target *sealer) (*sealer, error) {
	if v.isPlain(ctx) {
		return target, nil
	}
	if _, err := v.openFile(ctx, target); err == nil {
		return target, nil // an interrupted run came so far
	}
	if v.key.own {
		if err := v.openAsking(ctx); err != nil {
			return nil, err
		}
	}
	return newSealer(v.p, v.key)
}

// ownKey is the key that the program makes where it is given none.
func (v *vault) ownKey() keySource {
	return keySource{file: filepath.Join(filepath.Dir(v.path), ownKeyName), own: true}
}

// isPlain reports whether there is a file with tokens that are not encrypted.
func (v *vault) isPlain(ctx context.Context) bool {
	if !exists(v.path) {
		return false
	}
	_, err := v.openFile(ctx, nil)
	return err == nil
}
