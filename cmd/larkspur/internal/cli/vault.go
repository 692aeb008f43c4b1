package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/oauth"
	"github.com/larkspur-dev/larkspur/oauth/keyring"
)

// storeFlags say where the stored tokens are, and what they are encrypted with.
type storeFlags struct{ state, key string }

func (f *storeFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.state, "state", "", "directory with the tokens (or LARKSPUR_STATE; default: in your state directory)")
	cmd.Flags().StringVar(&f.key, "token-key", "", "file with the key of the stored tokens (or LARKSPUR_TOKEN_KEY_FILE and others; default: token.key beside them)")
}

// A backend is all that a [oauth.Manager] makes use of in a store.
type backend interface {
	oauth.Store
	oauth.Locker
	oauth.Updater
}

// tokensName is the file with the tokens, in the state directory.
const tokensName = "tokens.json"

// A vault is the stored tokens, opened with the program's key.
type vault struct {
	path string
	key  keySource
	p    Process

	mu    sync.Mutex
	plain bool    // guarded by mu; nothing is encrypted
	store backend // guarded by mu
}

// openTokens opens the tokens that all commands share. Where they were encrypted with
// a passphrase, a person is asked for it.
func openTokens(ctx context.Context, p Process, f storeFlags, cfg *daemon.Config) (*vault, error) {
	v, err := findVault(p, f, cfg)
	if err != nil {
		return nil, err
	}
	if err := v.openAsking(ctx); err != nil {
		return nil, err
	}
	return v, nil
}

// openAsking opens the tokens, and asks for a passphrase where they need one and no
// key was given.
func (v *vault) openAsking(ctx context.Context) error {
	err := v.open(ctx)
	if !errors.Is(err, errWantsPassphrase) || !v.key.own {
		return err
	}
	own := v.key
	for range 3 {
		words, askErr := askPassphrase(ctx, v.p, "Passphrase for "+v.path+": ")
		if errors.Is(askErr, errNobody) {
			return usageError{fmt.Errorf("%w; it is asked for in a terminal, else write it into a file that only you can read and set %s to its name", err, passphraseVariable)}
		}
		if askErr != nil {
			return askErr
		}
		v.key = keySource{passphrase: words, given: "typed"}
		if err = v.open(ctx); err == nil {
			return nil
		}
		fmt.Fprintln(v.p.Stderr, "That is not it.")
		v.key = own
	}
	return err
}

// findVaultOf is findVault of the application that the flags name.
func findVaultOf(p Process, f appFlags) (*vault, error) {
	var cfg *daemon.Config
	if f.config != "" {
		var err error
		if cfg, err = loadConfig(p, f.config); err != nil {
			return nil, err
		}
	}
	return findVault(p, f.storeFlags, cfg)
}

// findVault says where the tokens are and what opens them, without opening them.
func findVault(p Process, f storeFlags, cfg *daemon.Config) (*vault, error) {
	dir, err := stateDir(p, f.state)
	if err != nil {
		return nil, err
	}
	v := &vault{p: p, path: filepath.Join(dir, tokensName)}
	v.key, err = findKey(p, f.key, cfg, dir)
	return v, err
}

var errWantsPassphrase = errors.New("it is encrypted with a passphrase")

// open opens the file. Without a key from anybody a plain file stays plain: it was made
// by hand or by an older version, and only "larkspur token seal" changes that.
func (v *vault) open(ctx context.Context) error {
	if v.key.own && exists(v.path) && !exists(v.key.file) {
		if store, err := v.openFile(ctx, nil); err == nil {
			v.set(store, true)
			return nil
		}
	}
	s, err := newSealer(v.p, v.key)
	if err != nil {
		return err
	}
	store, err := v.openFile(ctx, s)
	if err == nil {
		v.set(store, false)
		return nil
	}
	return v.explain(err, s)
}

// openFile opens the file as a sealer's, or as a plain one where there is none.
func (v *vault) openFile(_ context.Context, s oauth.Sealer) (*oauth.FileStore, error) {
	if s == nil {
		return oauth.OpenFileStore(v.path) //nolint:contextcheck // it waits seconds at most, and takes no ctx
	}
	return oauth.OpenSealedFileStore(v.path, s) //nolint:contextcheck // as above
}

// explain says what to do about tokens that cannot be opened.
func (v *vault) explain(err error, s *sealer) error {
	switch {
	case s.wantsPassphrase() && !v.key.own:
		return usageError{fmt.Errorf("%s is encrypted with a passphrase, not with %s", v.path, v.key)}
	case s.wantsPassphrase():
		return fmt.Errorf("%s: %w", v.path, errWantsPassphrase)
	case errors.Is(err, keyring.ErrUnknownKey) && v.key.own && !exists(v.key.file):
		return usageError{fmt.Errorf("%s is encrypted, and its key is not at hand: %s is not there. Give the key: %s; if it is lost, delete %s and log in again", v.path, v.key.file, keyAdvice, v.path)}
	case errors.Is(err, keyring.ErrUnknownKey):
		also := ""
		if !v.key.own && exists(v.ownKey().file) {
			also = "; if the key beside it is right, to go over to the new one, run: larkspur token seal"
		}
		return usageError{fmt.Errorf("%s is encrypted with another key than %s. Give the right one: %s%s; if it is lost, delete %s and log in again", v.path, v.key, keyAdvice, also, v.path)}
	case errors.Is(err, keyring.ErrTampered) && v.key.passphrase != "":
		return usageError{fmt.Errorf("%s cannot be opened with %s: it is wrong, or somebody has changed the file", v.path, v.key)}
	}
	return err
}

// keyAdvice is how a key is given.
const keyAdvice = "--token-key FILE, " + keyFileVariable + ", " + keyCredentialVariable + " or " + keyVariable

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

func (v *vault) set(store backend, plain bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.store, v.plain = store, plain
}

func (v *vault) get() (store backend, plain bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.store, v.plain
}

// protection says what keeps others from reading encrypted tokens.
func (v *vault) protection() string {
	text := v.path + " is encrypted with " + v.key.String()
	if !exists(v.path) {
		text = v.path + " does not exist yet; it will be encrypted with " + v.key.String()
	}
	if v.key.own {
		text += ", beside it: a copy of it alone is of no use, a copy of both is"
	}
	return text
}
