package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/internal/lock"
)

func newTokenRotateKey(p Process) *cobra.Command {
	var f appFlags
	var to newKeyFlags
	var dropOld bool
	cmd := &cobra.Command{
		Use:   "rotate-key",
		Short: "Encrypts the stored tokens with a new key",
		Long: `Encrypts the stored tokens with a new key.

It adds a new key as the first one of the key file and encrypts all tokens with it. The
older keys stay in the file, because they open old copies of the tokens. --drop-old
removes them, after making sure that no stored token needs them.

It can be interrupted at any time and run again. Running bots continue: they read the key
file again. With --new-key the key moves to another file, and bots must be restarted.

A key in a systemd credential or a variable can only be changed by you: put a new one
first, run this command, then remove the old one.`,
		Example: `  larkspur token rotate-key
  larkspur token rotate-key --drop-old
  larkspur token rotate-key --token-key old.key --new-key /etc/larkspur/token.key`,
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
			if target != (keySource{}) {
				return moveKey(ctx, p, v, target, "now encrypted")
			}
			return rotate(ctx, p, v, f, dropOld)
		},
	}
	f.register(p, cmd, true)
	to.register(cmd)
	cmd.Flags().BoolVar(&dropOld, "drop-old", false, "add no key; remove all but the first, if no token needs them")
	cmd.MarkFlagsMutuallyExclusive("drop-old", "new-key", "new-passphrase")
	return cmd
}

// rotate replaces the key in its place.
func rotate(ctx context.Context, p Process, v *vault, f appFlags, dropOld bool) error {
	if err := v.openAsking(ctx); err != nil { // change nothing if the tokens cannot be opened
		return err
	}
	if _, plain := v.get(); plain {
		return usageError{fmt.Errorf("the tokens in %s are not encrypted; to encrypt them, run:\n  larkspur token seal", v.path)}
	}
	switch {
	case v.key.passphrase != "":
		return usageError{errors.New("the tokens are encrypted with a passphrase; change it with --new-passphrase, or move to a key with --new-key FILE")}
	case v.key.file == "":
		return rotateGiven(ctx, p, v)
	}
	unlock, err := lock.File(ctx, v.key.file+".lock") // two rotations at once would lose a key
	if err != nil {
		return err
	}
	defer unlock()
	if !dropOld {
		if err := prependKey(v.key.file, time.Now()); err != nil {
			return fmt.Errorf("new key: %w", err)
		}
	}
	if err := v.reseal(ctx, v.key); err != nil {
		return err
	}
	if dropOld {
		dropped, err := dropOldKeys(v.key.file)
		if err != nil {
			return err
		}
		fmt.Fprintf(p.Stdout, "All tokens in %s are encrypted with the first key in %s; older keys were removed: %d.\n", v.path, v.key.file, dropped)
		return nil
	}
	fmt.Fprintf(p.Stdout, `All tokens in %s are encrypted with a new key, the first in %s.
The older keys below it only open old copies of the tokens. To remove them, run:
  %s
`, v.path, v.key.file, f.command("larkspur token rotate-key --drop-old"))
	return nil
}

// rotateGiven encrypts with the first of several keys that only the user can change.
func rotateGiven(ctx context.Context, p Process, v *vault) error {
	text := strings.ReplaceAll(env(p, v.key.variable), ",", "\n")
	if v.key.credential != "" {
		data, err := os.ReadFile(filepath.Join(env(p, "CREDENTIALS_DIRECTORY"), v.key.credential))
		if err != nil {
			return err
		}
		text = string(data)
	}
	if countKeys(text) < 2 {
		return usageError{fmt.Errorf("%s can only be changed by you: put a new key before it (larkspur token new-key FILE makes one) and run this command again, or move to a key file with --new-key FILE", v.key)}
	}
	if err := v.reseal(ctx, v.key); err != nil {
		return err
	}
	fmt.Fprintf(p.Stdout, "All tokens in %s are encrypted with the first key of %s.\nYou can remove the others, unless you need old copies of the tokens.\n", v.path, v.key.what())
	return nil
}
