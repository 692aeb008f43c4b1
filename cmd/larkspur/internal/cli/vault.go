package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/store"
	"github.com/larkspur-dev/larkspur/oauth"
)

// storeFlags say where the stored tokens are and what they are encrypted with.
type storeFlags struct{ state, file, key string }

func (f *storeFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.state, "state", "", "directory for the tokens (or LARKSPUR_STATE; default: ~/.local/state/larkspur)")
	flags.StringVar(&f.file, "token-file", "", "keep the tokens in this JSON file, not in the database "+databaseName+" of the state directory")
	flags.StringVar(&f.key, "token-key", "", "file with the key that encrypts the tokens (or LARKSPUR_TOKEN_KEY_FILE and others; default: token.key beside them)")
}

// A backend is what the vault needs from a token store.
type backend interface {
	oauth.Store
	oauth.Locker
	oauth.Updater
	Reseal(ctx context.Context) error
}

// databaseName is the database in the state directory that holds the tokens.
const databaseName = "larkspur.db"

// A vault is the stored tokens, opened with the program's key: a database in the state
// directory, or a JSON file that a flag or the configuration names.
type vault struct {
	path string // of the database or the file
	file bool   // path is a JSON file
	key  keySource
	p    Process
	say  func(text string) // tells the user about an import; default: a line on standard error

	db     *store.Store // nil until the database is opened
	sealer oauth.Sealer // of what is not a token; nil if nothing is encrypted

	mu    sync.Mutex
	plain bool    // guarded by mu; the tokens are not encrypted
	store backend // guarded by mu
}

// openTokens opens the tokens that all commands share. If they are encrypted with a
// passphrase that is not given, it asks for the passphrase at the terminal.
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

// findVaultOf is findVault for the application that the flags name.
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

// findVault determines where the tokens are and which key opens them, without opening
// them.
func findVault(p Process, f storeFlags, cfg *daemon.Config) (*vault, error) {
	v := &vault{p: p, path: f.file, file: true}
	if v.path == "" && cfg != nil {
		v.path = cfg.Tokens.File
	}
	if v.path == "" {
		dir, err := stateDir(p, f.state)
		if err != nil {
			return nil, err
		}
		v.path, v.file = filepath.Join(dir, databaseName), false
	}
	p.atExit.add(v.Close)
	var err error
	v.key, err = findKey(p, f.key, cfg, v.dir())
	return v, err
}

// dir is the directory that holds the tokens and, by default, their key.
func (v *vault) dir() string { return filepath.Dir(v.path) }

// open opens the tokens with the vault's key.
func (v *vault) open(ctx context.Context) error {
	for _, path := range []string{v.path, v.key.file} {
		if err := regular(path); err != nil {
			return usageError{err}
		}
	}
	if v.file {
		return v.openFile(ctx)
	}
	return v.openDatabase(ctx)
}

// openFile opens a JSON file. Without a key, a plain file stays plain: an older version
// of the program, or its owner, may use it too, and only "larkspur token seal" encrypts
// it.
func (v *vault) openFile(ctx context.Context) error {
	if v.key.own && exists(v.path) && !exists(v.key.file) {
		if s, err := v.openWith(ctx, nil); err == nil {
			v.set(s, true)
			return nil
		}
	}
	return v.openSealed(ctx)
}

// openDatabase opens the database, whose tokens are always encrypted, after importing
// the token file of an older version.
func (v *vault) openDatabase(ctx context.Context) error {
	if err := v.importOldFile(ctx); err != nil {
		return err
	}
	return v.openSealed(ctx)
}

func (v *vault) openSealed(ctx context.Context) error {
	s, err := newSealer(v.p, v.key)
	if err != nil {
		return err
	}
	store, err := v.openWith(ctx, s)
	if err != nil {
		return v.explain(err, s)
	}
	v.set(store, false)
	v.sealer = s
	return nil
}

// openWith opens the tokens as those that s encrypted, or as plain ones if s is nil.
func (v *vault) openWith(ctx context.Context, s oauth.Sealer) (backend, error) {
	switch {
	case v.file && s == nil:
		return backendOf(oauth.OpenFileStore(v.path)) //nolint:contextcheck // it waits seconds at most, and takes no ctx
	case v.file:
		return backendOf(oauth.OpenSealedFileStore(v.path, s)) //nolint:contextcheck // as above
	}
	return backendOf(v.database(ctx, s))
}

// database returns the tokens in the database, which it opens the first time.
func (v *vault) database(ctx context.Context, s oauth.Sealer) (*store.Tokens, error) {
	if v.db == nil {
		db, err := store.Open(ctx, v.path)
		if err != nil {
			return nil, err
		}
		v.db = db
	}
	return v.db.SealedTokens(ctx, s)
}

// backendOf returns a nil interface for an error: a nil pointer in it would not be nil.
func backendOf[T backend](s T, err error) (backend, error) {
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Close closes the database. The vault must not be used afterwards.
func (v *vault) Close() {
	if v.db != nil {
		_ = v.db.Close() // every write is on the disk already
	}
}

// regular returns an error if path names something other than a file: opening a pipe
// would wait for its writer, without end.
func regular(path string) error {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return &fs.PathError{Op: "open", Path: path, Err: store.ErrNotRegular}
	}
	return nil // a missing or unreadable file is reported by the caller that needs it
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

func (v *vault) set(s backend, plain bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.store, v.plain = s, plain
}

func (v *vault) get() (s backend, plain bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.store, v.plain
}
