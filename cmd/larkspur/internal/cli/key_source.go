package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/oauth"
	"github.com/larkspur-dev/larkspur/oauth/keyring"
)

// The variables that give the key of the tokens. At most one may be set.
const (
	keyVariable           = "LARKSPUR_TOKEN_KEY"
	keyFileVariable       = "LARKSPUR_TOKEN_KEY_FILE"
	keyCredentialVariable = "LARKSPUR_TOKEN_KEY_CREDENTIAL"
	passphraseVariable    = "LARKSPUR_TOKEN_PASSPHRASE_FILE"
)

const (
	// defaultCredential is the systemd credential that is used where there is one.
	defaultCredential = "larkspur-token-key"
	// ownKeyName is the file beside the tokens with the key that the program makes if it
	// is given none.
	ownKeyName = "token.key"
)

// A keySource is where the key of the stored tokens comes from.
type keySource struct {
	file       string       // a key file
	credential string       // a systemd credential
	variable   string       // a variable that holds keys
	passphrase oauth.Secret // a passphrase, from a file or a person
	own        bool         // file is the key file that the program created
	given      string       // how it was given, for messages: "--token-key", "tokens.key-file in bot.yaml"
}

// String describes the key and how it was given.
func (s keySource) String() string {
	switch {
	case s.own:
		return "the key in " + s.file
	case s.file != "":
		return fmt.Sprintf("the key in %s (%s)", s.file, s.given)
	case s.credential != "":
		return fmt.Sprintf("the key in the systemd credential %s (%s)", s.credential, s.given)
	case s.variable != "":
		return "the key in the variable " + s.variable
	}
	return fmt.Sprintf("a passphrase (%s)", s.given)
}

// what returns String without the way in which the key was given.
func (s keySource) what() string {
	text, _, _ := strings.Cut(s.String(), " (")
	return text
}

// open reads the keys.
func (s keySource) open(p Process) (*keyring.Ring, error) {
	return keyring.Open(keyring.Source{
		File: s.file, Credential: s.credential, Variable: s.variable, Passphrase: s.passphrase,
		Getenv: func(name string) string { return env(p, name) },
	})
}

// findKey returns where the key comes from, in this order: the flag, the environment, the
// configuration, a systemd credential of the default name, the program's own key in the
// directory of the tokens.
func findKey(p Process, flag string, cfg *daemon.Config, state string) (keySource, error) {
	if flag != "" {
		return keySource{file: flag, given: "--token-key"}, nil
	}
	if s, err := keyFromEnvironment(p); err != nil || s != (keySource{}) {
		return s, err
	}
	if cfg != nil {
		if s, err := keyFromConfig(cfg); err != nil || s != (keySource{}) {
			return s, err
		}
	}
	if dir := env(p, "CREDENTIALS_DIRECTORY"); dir != "" {
		if _, err := os.Stat(filepath.Join(dir, defaultCredential)); !errors.Is(err, fs.ErrNotExist) {
			return keySource{credential: defaultCredential, given: "handed over by systemd"}, nil
		}
	}
	return keySource{file: filepath.Join(state, ownKeyName), own: true}, nil // as vault.ownKey says
}

func keyFromEnvironment(p Process) (keySource, error) {
	var set []string
	for _, name := range []string{keyFileVariable, keyCredentialVariable, keyVariable, passphraseVariable} {
		if env(p, name) != "" {
			set = append(set, name)
		}
	}
	if len(set) > 1 {
		return keySource{}, usageError{fmt.Errorf("%s are set, but the tokens have one key; unset all but one", strings.Join(set, " and "))}
	}
	if len(set) == 0 {
		return keySource{}, nil
	}
	value := env(p, set[0])
	switch set[0] {
	case keyFileVariable:
		return keySource{file: value, given: keyFileVariable}, nil
	case keyCredentialVariable:
		return keySource{credential: value, given: keyCredentialVariable}, nil
	case keyVariable:
		return keySource{variable: keyVariable, given: keyVariable}, nil
	}
	return passphraseFile(value, passphraseVariable)
}

func keyFromConfig(cfg *daemon.Config) (keySource, error) {
	switch t := cfg.Tokens; {
	case t.KeyFile != "":
		return keySource{file: t.KeyFile, given: "tokens.key-file in " + cfg.File}, nil
	case t.KeyCredential != "":
		return keySource{credential: t.KeyCredential, given: "tokens.key-credential in " + cfg.File}, nil
	case t.PassphraseFile != "":
		return passphraseFile(t.PassphraseFile, "tokens.passphrase-file in "+cfg.File)
	}
	return keySource{}, nil
}
