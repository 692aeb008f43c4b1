package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/larkspur-dev/larkspur/oauth"
	"github.com/larkspur-dev/larkspur/oauth/keyring"
)

// A handover seals with one key, and opens with that key or an older one.
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
// current key or with to. It holds the locks of all users, so that no process renews a
// token meanwhile and stores it under the old key.
func (v *vault) reseal(ctx context.Context, to keySource) error {
	target, err := newSealer(v.p, to)
	if err != nil {
		return err
	}
	if !v.file && exists(v.oldFile()) { // its tokens are encrypted with the current key
		if err := v.openAsking(ctx); err != nil {
			return err
		}
	}
	from, err := v.current(ctx, target)
	if err != nil {
		return err
	}
	store, err := v.openWith(ctx, handover{to: target, from: from})
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

// current returns the sealer that opens the tokens now. It asks for a passphrase that
// is needed and not given, unless the new key opens the tokens already.
func (v *vault) current(ctx context.Context, target *sealer) (*sealer, error) {
	if v.isPlain(ctx) {
		return target, nil
	}
	if _, err := v.openWith(ctx, target); err == nil {
		return target, nil // an earlier run was interrupted after it had encrypted them
	}
	if v.key.own {
		if err := v.openAsking(ctx); err != nil {
			return nil, err
		}
	}
	return newSealer(v.p, v.key)
}

// ownKey is the key that the program makes if it is given none.
func (v *vault) ownKey() keySource {
	return keySource{file: filepath.Join(v.dir(), ownKeyName), own: true}
}

// isPlain reports whether the tokens are in a file that is not encrypted.
func (v *vault) isPlain(ctx context.Context) bool {
	if !v.file || !exists(v.path) || regular(v.path) != nil {
		return false
	}
	_, err := v.openWith(ctx, nil)
	return err == nil
}
