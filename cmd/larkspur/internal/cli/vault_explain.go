package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/larkspur-dev/larkspur/oauth/keyring"
)

var errWantsPassphrase = errors.New("it is encrypted with a passphrase")

// openAsking opens the tokens. If they need a passphrase and no key is given, it asks
// for the passphrase at the terminal, three times at most.
func (v *vault) openAsking(ctx context.Context) error {
	err := v.open(ctx)
	if !errors.Is(err, errWantsPassphrase) || !v.key.own {
		return err
	}
	own := v.key
	for range 3 {
		words, askErr := askPassphrase(ctx, v.p, "Passphrase for "+v.path+": ")
		if errors.Is(askErr, errNoTerminal) {
			return usageError{fmt.Errorf("%w, and there is no terminal to ask for it\nWrite it into a file that only you can read, and set %s to the file's name", err, passphraseVariable)}
		}
		if askErr != nil {
			return askErr
		}
		v.key = keySource{passphrase: words, given: "typed"}
		if err = v.open(ctx); err == nil {
			return nil
		}
		fmt.Fprintln(v.p.Stderr, "Wrong passphrase.")
		v.key = own
	}
	return err
}

// keyAdvice lists the ways to give a key.
const keyAdvice = "--token-key FILE, " + keyFileVariable + ", " + keyCredentialVariable + " or " + keyVariable

// explain says what to do about tokens that cannot be opened.
func (v *vault) explain(err error, s *sealer) error {
	switch {
	case s.wantsPassphrase() && !v.key.own:
		return usageError{fmt.Errorf("%s is encrypted with a passphrase, not with %s", v.path, v.key)}
	case s.wantsPassphrase():
		return fmt.Errorf("%s: %w", v.path, errWantsPassphrase)
	case errors.Is(err, keyring.ErrUnknownKey) && v.key.own && !exists(v.key.file):
		return usageError{fmt.Errorf("%s is encrypted, and its key file is missing: %s\nGive the key with %s; if it is lost, delete %s and log in again", v.path, v.key.file, keyAdvice, v.path)}
	case errors.Is(err, keyring.ErrUnknownKey):
		next := fmt.Sprintf("Give the right key with %s; if it is lost, delete %s and log in again", keyAdvice, v.path)
		if !v.key.own && exists(v.ownKey().file) {
			next = "If " + v.ownKey().file + " is its key, encrypt the tokens with the new one:\n  larkspur token seal"
		}
		return usageError{fmt.Errorf("%s is encrypted with another key than %s\n%s", v.path, v.key, next)}
	case errors.Is(err, keyring.ErrTampered) && v.key.passphrase != "":
		return usageError{fmt.Errorf("%s cannot be opened with %s: the passphrase is wrong, or the file was changed", v.path, v.key)}
	}
	return err
}

// protection describes what keeps other people from reading encrypted tokens.
func (v *vault) protection(ctx context.Context) string {
	text := "those in " + v.path + " are encrypted with " + v.key.String()
	if s, _ := v.get(); s != nil {
		if keys, err := s.List(ctx); err == nil && len(keys) == 0 {
			text = "there are none yet; they will be encrypted with " + v.key.String()
		}
	}
	if v.key.own {
		text += ", beside them: a copy of only one of the two files is useless, a copy of both is not"
	}
	return text
}
