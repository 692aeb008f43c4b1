package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"golang.org/x/term"

	"github.com/larkspur-dev/larkspur/oauth"
	"github.com/larkspur-dev/larkspur/oauth/keyring"
)

// maxPassphrase is longer than anybody types.
const maxPassphrase = 4 << 10

// passphraseFile reads a passphrase from the first line of a file that only its owner
// can read.
func passphraseFile(path, given string) (keySource, error) {
	f, err := os.Open(path)
	if err != nil {
		return keySource{}, usageError{fmt.Errorf("passphrase (%s): %w", given, err)}
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return keySource{}, usageError{fmt.Errorf("passphrase (%s): %w", given, err)}
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return keySource{}, usageError{fmt.Errorf("passphrase (%s): %s: %w; run: chmod 600 %s", given, path, keyring.ErrTooOpen, path)}
	}
	data, err := io.ReadAll(io.LimitReader(f, maxPassphrase))
	if err != nil {
		return keySource{}, usageError{fmt.Errorf("passphrase (%s): %w", given, err)}
	}
	line, _, _ := strings.Cut(string(data), "\n")
	if line = strings.TrimSuffix(line, "\r"); line == "" {
		return keySource{}, usageError{fmt.Errorf("passphrase (%s): the first line of %s is empty", given, path)}
	}
	return keySource{passphrase: oauth.Secret(line), given: given}, nil
}

// errNobody says that there is nobody to ask.
var errNobody = errors.New("nobody can be asked here")

// askPassphrase asks for one at the terminal, and does not show what is typed.
func askPassphrase(ctx context.Context, p Process, prompt string) (oauth.Secret, error) {
	in, ok := p.Stdin.(*os.File)
	if !ok || !isTerminal(in) {
		return "", errNobody
	}
	terminal := int(in.Fd())
	before, err := term.GetState(terminal)
	if err != nil {
		return "", err
	}
	fmt.Fprint(p.Stderr, prompt)
	type answer struct {
		line []byte
		err  error
	}
	typed := make(chan answer, 1)
	go func() { // reading cannot be interrupted; Ctrl-C ends the process soon
		line, err := term.ReadPassword(terminal)
		typed <- answer{line, err}
	}()
	select {
	case a := <-typed:
		fmt.Fprintln(p.Stderr)
		return oauth.Secret(a.line), a.err
	case <-ctx.Done():
		fmt.Fprintln(p.Stderr)
		return "", errors.Join(context.Cause(ctx), term.Restore(terminal, before))
	}
}

// askNewPassphrase asks twice, so that a slip of the finger does not lock anybody out.
func askNewPassphrase(ctx context.Context, p Process) (oauth.Secret, error) {
	first, err := askPassphrase(ctx, p, "New passphrase for the tokens (12 characters or more): ")
	if err != nil {
		return "", err
	}
	again, err := askPassphrase(ctx, p, "Once more: ")
	if err != nil {
		return "", err
	}
	if first != again {
		return "", errors.New("the two are not the same; nothing was changed")
	}
	return first, nil
}
