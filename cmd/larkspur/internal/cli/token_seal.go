package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"
)

// newKeyFlags name the key that encrypts the tokens from now on.
type newKeyFlags struct {
	file       string
	passphrase bool
}

func (f *newKeyFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.file, "new-key", "", "encrypt with the key in this file from now on; a missing file is created")
	cmd.Flags().BoolVar(&f.passphrase, "new-passphrase", false, "encrypt with a passphrase from now on; it is typed at the terminal")
	cmd.MarkFlagsMutuallyExclusive("new-key", "new-passphrase")
}

// source returns the new key, or the zero value if no flag names one.
func (f newKeyFlags) source(ctx context.Context, p Process) (keySource, error) {
	switch {
	case f.passphrase:
		words, err := askNewPassphrase(ctx, p)
		if errors.Is(err, errNoTerminal) {
			return keySource{}, usageError{fmt.Errorf("--new-passphrase needs a terminal\nWithout one, write the passphrase into a file that only you can read, set %s to its name and run: larkspur token seal", passphraseVariable)}
		}
		return keySource{passphrase: words, given: "typed"}, err
	case f.file != "":
		if err := makeKeyFile(f.file, newKeyComment); err != nil && !errors.Is(err, fs.ErrExist) {
			return keySource{}, fmt.Errorf("new key: %w", err)
		}
		return keySource{file: f.file, given: "--token-key"}, nil
	}
	return keySource{}, nil
}

func newTokenSeal(p Process) *cobra.Command {
	var f appFlags
	var to newKeyFlags
	cmd := &cobra.Command{
		Use:   "seal",
		Short: "Encrypts the stored tokens",
		Long: `Encrypts the stored tokens, so that a copy of their file is useless without the key.

Tokens in the database are always encrypted, with a key in the file token.key beside
them if no other key is given. That protects copies of the database alone. This command
encrypts a plain token file, or changes from the program's own key to the one that is
given. With --new-key the key moves to another place, such as another disk.

The key comes from the first of these that exists:
  --token-key FILE                  a key file, for its owner only (chmod 600)
  LARKSPUR_TOKEN_KEY_FILE           the name of a key file
  LARKSPUR_TOKEN_KEY_CREDENTIAL     the name of a systemd credential (LoadCredential=)
  LARKSPUR_TOKEN_KEY                the key itself
  LARKSPUR_TOKEN_PASSPHRASE_FILE    the name of a file with a passphrase
  tokens: in the configuration      key-file, key-credential or passphrase-file
  larkspur-token-key                a systemd credential of that name
  token.key                         beside the tokens, made at the first login
Two of the variables, or two of the keys in the configuration, are an error. If the
tokens are encrypted with a passphrase and no key is given, it asks for the passphrase.

It can be interrupted: all tokens are then encrypted with the old key or the new one.`,
		Example: `  larkspur token seal
  larkspur token seal --new-key ~/keys/larkspur.key
  larkspur token seal --new-passphrase`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			v, err := findVaultOf(p, f)
			if err != nil {
				return err
			}
			target, err := to.source(ctx, p)
			if err != nil {
				return err
			}
			plain := v.isPlain(ctx)
			if target == (keySource{}) {
				return sealWith(ctx, p, v, plain)
			}
			return moveKey(ctx, p, v, target, "encrypted")
		},
	}
	f.register(p, cmd, true)
	to.register(cmd)
	return cmd
}

// sealWith encrypts the tokens with the key that every command would use.
func sealWith(ctx context.Context, p Process, v *vault, plain bool) error {
	if plain && v.key.own {
		if err := makeKeyFile(v.key.file, ownKeyComment); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	said := "are encrypted with"
	err := v.openAsking(ctx)
	own := v.ownKey()
	switch {
	case err != nil && !v.key.own && exists(own.file):
		// The tokens are encrypted with the program's own key, from before a key was given.
		before := &vault{p: p, path: v.path, file: v.file, key: own, say: v.say}
		defer before.Close()
		if before.reseal(ctx, v.key) != nil {
			return err
		}
	case err != nil:
		return err
	case !plain:
		said = "were encrypted already, with"
	}
	fmt.Fprintf(p.Stdout, "The tokens in %s %s %s.\n", v.path, said, v.key)
	if !v.key.own && exists(own.file) && own.file != v.key.file {
		fmt.Fprintf(p.Stdout, "%s only opens old copies now: delete it.\n", own.file)
	}
	if v.key.own {
		fmt.Fprintln(p.Stdout, "A copy of both files makes the tokens readable; --new-key FILE keeps the key elsewhere.")
	}
	return nil
}

// moveKey encrypts all tokens with another key and prints how to give that key.
func moveKey(ctx context.Context, p Process, v *vault, to keySource, said string) error {
	if err := v.reseal(ctx, to); err != nil {
		return err
	}
	fmt.Fprintf(p.Stdout, "The tokens in %s are %s with %s.\n", v.path, said, to.what())
	if to.file != "" {
		fmt.Fprintf(p.Stdout, `
Give the key to every command in one of these ways:
  --token-key %s
  %s=%s
  tokens: {key-file: %s}    in the configuration
`, to.file, keyFileVariable, to.file, to.file)
		fmt.Fprintln(p.Stdout, "\nKeep a copy of the key, away from copies of the tokens. Without it, every account must log in again.")
	} else {
		fmt.Fprintf(p.Stdout, "\nCommands ask for it when they need it. For a bot that starts by itself, write it into a file that only\nyou can read and set %s to its name.\n", passphraseVariable)
	}
	if v.key.file != to.file {
		fmt.Fprintf(p.Stdout, "A running bot cannot renew its tokens until it is restarted with the new key.\n")
	}
	if v.key.own && exists(v.key.file) {
		fmt.Fprintf(p.Stdout, "%s only opens old copies now: delete it.\n", v.key.file)
	}
	return nil
}

func newTokenNewKey(p Process) *cobra.Command {
	return &cobra.Command{
		Use:   "new-key FILE",
		Short: "Creates a key file, for a systemd credential or another machine",
		Long: `Creates a key file that only you can read. "larkspur token seal --new-key FILE" does
this too, and encrypts the tokens with the key. Use this command for a systemd credential:

  larkspur token new-key larkspur-token-key
  systemd-creds encrypt larkspur-token-key /etc/credstore.encrypted/larkspur-token-key

and in the unit:
  LoadCredentialEncrypted=larkspur-token-key`,
		Example: `  larkspur token new-key /etc/larkspur/token.key`,
		Args:    usageArgs(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := makeKeyFile(args[0], newKeyComment); err != nil {
				return fmt.Errorf("new key: %w", err)
			}
			fmt.Fprintf(p.Stdout, "%s contains a new key.\n", args[0])
			return nil
		},
	}
}
