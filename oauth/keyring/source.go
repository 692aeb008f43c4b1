package keyring

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"

	"github.com/larkspur-dev/larkspur/oauth"
)

// A Source is the place of the key for the tokens. Exactly one field must be set.
type Source struct {
	File       string       // a file of the owner's only, with a key in each line: the first seals, the others only open
	Credential string       // the name of a systemd credential (LoadCredential=) that holds such lines
	Variable   string       // the name of an environment variable that holds them, separated by commas
	Passphrase oauth.Secret // what a person remembers; slower at start, and as good as it is long

	Getenv func(string) string // default: os.Getenv
}

// Format writes s with its passphrase redacted: see package oauth, hidden.go.
func (s Source) Format(f fmt.State, verb rune) {
	type source Source
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), source(s)) // fmt's own buffer, which does not fail
}

// keyPrefix begins every key, so that a password is not mistaken for one.
const keyPrefix = "larkspur-key-1-"

const (
	maxKeyFile    = 64 << 10
	minPassphrase = 12
)

// NewKey returns a new key, a line for a key file.
func NewKey() oauth.Secret {
	bits := make([]byte, chacha20poly1305.KeySize)
	_, _ = rand.Read(bits) // documented to never fail
	return oauth.Secret(keyPrefix + base64.RawURLEncoding.EncodeToString(bits))
}

// What can be wrong with keys. None of these texts quotes one.
var (
	// ErrTooOpen is returned if other users of the machine could read the key file.
	ErrTooOpen = errors.New("others may read it")

	errOneSource  = errors.New("give one of key file, credential, variable and passphrase")
	errNoKey      = errors.New("it holds no key")
	errSameKey    = errors.New("it holds a key twice")
	errKeyTooLong = errors.New("it is too long for keys")
	errShort      = fmt.Errorf("a passphrase needs %d characters", minPassphrase)
	errNoSystemd  = errors.New("systemd has handed over no credentials; see LoadCredential= in systemd.exec(5)")
)

// Open returns the keys that a source holds. An error names the file, the line or the
// variable and never quotes a key.
func Open(source Source) (*Ring, error) {
	given := 0
	for _, s := range []string{source.File, source.Credential, source.Variable, string(source.Passphrase)} {
		if s != "" {
			given++
		}
	}
	if given != 1 {
		return nil, fmt.Errorf("keyring: %w", errOneSource)
	}
	if source.Getenv == nil {
		source.Getenv = os.Getenv
	}
	var text, what string
	var err error
	switch {
	case source.Passphrase != "":
		if len([]rune(string(source.Passphrase))) < minPassphrase {
			return nil, fmt.Errorf("keyring: %w", errShort)
		}
		return &Ring{passphrase: &source.Passphrase}, nil
	case source.File != "":
		what = source.File
		text, err = readKeys(source.File, true)
	case source.Credential != "":
		what = "credential " + source.Credential
		text, err = readCredential(source)
	default:
		what = "variable " + source.Variable
		text = strings.ReplaceAll(source.Getenv(source.Variable), ",", "\n")
	}
	if err != nil {
		return nil, fmt.Errorf("keyring: %w", err)
	}
	r, err := parseKeys(text)
	if err != nil {
		return nil, fmt.Errorf("keyring: %s: %w", what, err)
	}
	return r, nil
}

// readCredential reads what systemd has put where only this service can look. Its
// modes have no meaning: access is granted by other means.
func readCredential(source Source) (string, error) {
	dir := source.Getenv("CREDENTIALS_DIRECTORY")
	if dir == "" {
		return "", errNoSystemd
	}
	if source.Credential != filepath.Base(source.Credential) || source.Credential == ".." {
		return "", fmt.Errorf("credential %q: %w", source.Credential, fs.ErrInvalid)
	}
	return readKeys(filepath.Join(dir, source.Credential), false)
}

func readKeys(path string, private bool) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	if private && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("%w; run: chmod 600 %s", &fs.PathError{Op: "open", Path: path, Err: ErrTooOpen}, path)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxKeyFile+1))
	if err != nil {
		return "", err
	}
	return string(data), nil
}

// parseKeys reads a key from each line; those that begin with # are comments.
func parseKeys(text string) (*Ring, error) {
	if len(text) > maxKeyFile {
		return nil, errKeyTooLong
	}
	r := &Ring{}
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		encoded, ok := strings.CutPrefix(line, keyPrefix)
		bits, err := base64.RawURLEncoding.Strict().DecodeString(encoded)
		if !ok || err != nil || len(bits) != chacha20poly1305.KeySize {
			return nil, fmt.Errorf("line %d is not a key; a key begins with %s and has %d characters", number, keyPrefix, len(keyPrefix)+43)
		}
		k, err := newKey(bits)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(r.keys, func(other key) bool { return other.id == k.id }) {
			return nil, errSameKey
		}
		r.keys = append(r.keys, k)
	}
	if len(r.keys) == 0 {
		return nil, errNoKey
	}
	return r, nil
}
