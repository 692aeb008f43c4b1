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

// maxPassphrase limits how much of a passphrase file is read, in bytes.
const maxPassphrase = 4 << 10

// passphraseFile reads a passphrase from the first line of a file. Only the owner may be
// able to read the file.
func passphraseFile(path, given string) (keySource, error) {
	if err := regular(path); err != nil {
		return keySource{}, usageError{fmt.Errorf("passphrase (%s): %w", given, err)}
	}
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

// errNoTerminal reports that there is no terminal to ask a question at.
var errNoTerminal = errors.New("standard input is not a terminal")

// askPassphrase asks for a passphrase at the terminal, without echo.
func askPassphrase(ctx context.Context, p Process, prompt string) (oauth.Secret, error) {
	in, ok := p.Stdin.(*os.File)
	if !ok || !isTerminal(in) {
		return "", errNoTerminal
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

// askNewPassphrase asks twice: a typing mistake would lock the tokens for good.
func askNewPassphrase(ctx context.Context, p Process) (oauth.Secret, error) {
	first, err := askPassphrase(ctx, p, "New passphrase for the tokens (12 characters or more): ")
	if err != nil {
		return "", err
	}
	again, err := askPassphrase(ctx, p, "Repeat it: ")
	if err != nil {
		return "", err
	}
	if first != again {
		return "", errors.New("the two passphrases differ; nothing was changed")
	}
	return first, nil
}
