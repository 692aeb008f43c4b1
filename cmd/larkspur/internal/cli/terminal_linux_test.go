package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/cli"
	"github.com/larkspur-dev/larkspur/emulator"
)

// A terminal is a pseudo-terminal in which a test types.
type terminal struct {
	t               *testing.T
	person, program *os.File // the two ends

	mu   sync.Mutex
	seen bytes.Buffer // guarded by mu; what the person sees: prompts, and what is echoed
}

// openTerminal makes a pseudo-terminal.
func openTerminal(t *testing.T) *terminal {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("there are no terminals here: %v", err)
	}
	var number, unlocked int32
	for _, call := range []struct {
		request uintptr
		arg     *int32
	}{{syscall.TIOCSPTLCK, &unlocked}, {syscall.TIOCGPTN, &number}} {
		if err := ioctl(person, call.request, unsafe.Pointer(call.arg)); err != nil {
			t.Skipf("there are no terminals here: %v", err)
		}
	}
	program, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("there are no terminals here: %v", err)
	}
	tt := &terminal{t: t, person: person, program: program}
	read := make(chan struct{})
	go func() {
		defer close(read)
		for buffer := make([]byte, 1024); ; {
			n, err := person.Read(buffer)
			if err != nil {
				return
			}
			_, _ = tt.Write(buffer[:n])
		}
	}()
	t.Cleanup(func() { program.Close(); person.Close(); <-read })
	return tt
}

func ioctl(f *os.File, request uintptr, arg unsafe.Pointer) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var errno syscall.Errno
	err = raw.Control(func(fd uintptr) { _, _, errno = syscall.Syscall(syscall.SYS_IOCTL, fd, request, uintptr(arg)) })
	if err == nil && errno != 0 {
		err = errno
	}
	return err
}

// Write records output that the program does not print to the terminal.
func (tt *terminal) Write(p []byte) (int, error) {
	tt.mu.Lock()
	defer tt.mu.Unlock()
	return tt.seen.Write(p)
}

func (tt *terminal) screen() string {
	tt.mu.Lock()
	defer tt.mu.Unlock()
	return tt.seen.String()
}

// echoes reports whether the terminal shows what is typed.
func (tt *terminal) echoes() bool {
	var modes syscall.Termios
	if err := ioctl(tt.program, syscall.TCGETS, unsafe.Pointer(&modes)); err != nil {
		tt.t.Fatal(err)
	}
	return modes.Lflag&syscall.ECHO != 0
}

func (tt *terminal) until(what string, holds func() bool) {
	tt.t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			tt.t.Fatalf("%s: not within %s; the screen:\n%s", what, patience, tt.screen())
		}
	}
}

// answer types a line at the n-th prompt with a text.
func (tt *terminal) answer(n int, prompt, line string) {
	tt.t.Helper()
	tt.until("prompt "+prompt, func() bool { return strings.Count(tt.screen(), prompt) >= n && !tt.echoes() })
	if _, err := tt.person.WriteString(line + "\n"); err != nil {
		tt.t.Fatal(err)
	}
}

// run runs the program at the terminal, with tokens in state.
func (tt *terminal) run(ctx context.Context, state string, args ...string) <-chan int {
	code := make(chan int, 1)
	go func() {
		code <- cli.Main(ctx, cli.Process{
			Args: append(args, "--state", state), Stdin: tt.program, Stdout: tt, Stderr: tt,
			Getenv: func(string) (string, bool) { return "", false },
		})
	}()
	return code
}

// The program asks for a passphrase, twice if it is new, and never shows it.
func TestPassphraseAtTerminal(t *testing.T) {
	t.Parallel()
	const words, prompt = "correct horse battery staple", "Passphrase for "
	state := t.TempDir()
	tt := openTerminal(t)
	if err := os.WriteFile(state+"/tokens.json", []byte(`{"version":1,"tokens":{"7":{"access_token":"a","user_id":"7","login":"ada"}}}`), 0o600); err != nil {
		t.Fatal(err)
	}

	code := tt.run(t.Context(), state, "token", "seal", "--new-passphrase")
	tt.answer(1, "New passphrase", words)
	tt.answer(1, "Repeat it", "another one entirely")
	if got := <-code; got != 1 || !strings.Contains(tt.screen(), "the two passphrases differ; nothing was changed") {
		t.Fatalf("got exit code %d and %s", got, tt.screen())
	}
	code = tt.run(t.Context(), state, "token", "seal", "--new-passphrase")
	tt.answer(2, "New passphrase", words)
	tt.answer(2, "Repeat it", words)
	if got := <-code; got != 0 || !strings.Contains(tt.screen(), "are encrypted with a passphrase.") {
		t.Fatalf("got exit code %d and %s", got, tt.screen())
	}

	code = tt.run(t.Context(), state, "token", "list")
	tt.answer(1, prompt, "not the right one")
	tt.answer(2, prompt, words)
	if got := <-code; got != 0 || !strings.Contains(tt.screen(), "ada ") || !strings.Contains(tt.screen(), "Wrong passphrase.") {
		t.Errorf("got exit code %d and %s", got, tt.screen())
	}
	code = tt.run(t.Context(), state, "token", "list")
	for n := range 3 {
		tt.answer(3+n, prompt, "not the right one")
	}
	if got := <-code; got != 2 || !strings.Contains(tt.screen(), "cannot be opened with a passphrase") {
		t.Errorf("got exit code %d and %s", got, tt.screen())
	}

	// Back to a key in a file.
	code = tt.run(t.Context(), state, "token", "rotate-key", "--new-key", state+"/my.key")
	tt.answer(6, prompt, words)
	if got := <-code; got != 0 {
		t.Errorf("got exit code %d and %s", got, tt.screen())
	}
	if got := <-tt.run(t.Context(), state, "token", "list", "--token-key", state+"/my.key"); got != 0 {
		t.Errorf("got exit code %d and %s", got, tt.screen())
	}
	if screen := tt.screen(); strings.Contains(screen, "horse") || strings.Contains(screen, "right one\n") {
		t.Errorf("a passphrase is on the screen:\n%s", screen)
	}
}

// token validate - asks for a token at a terminal, reads one line and does not show it.
func TestValidateAsksForATokenAtTerminal(t *testing.T) {
	t.Parallel()
	state, token := t.TempDir(), "abcdefghijklmnopqrstuvwxyz1234"
	tt := openTerminal(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	code := tt.run(ctx, state, "token", "validate", "-", "--twitch", emulator.Start(t).URL())
	tt.answer(1, "Paste the token, then press Enter:", token)
	if got := <-code; got != 1 || !strings.Contains(tt.screen(), "not valid") || strings.Contains(tt.screen(), token) {
		t.Errorf("got exit code %d and %s", got, tt.screen())
	}
	code = tt.run(ctx, state, "token", "validate", "-")
	tt.until("second prompt", func() bool { return strings.Count(tt.screen(), "Paste the token") == 2 && !tt.echoes() })
	cancel()
	if got := <-code; got != 1 || !tt.echoes() {
		t.Errorf("Ctrl-C: got exit code %d, echo %t; want 1, true", got, tt.echoes())
	}
	_, _ = tt.person.WriteString("\n") // ends the reading
}

// Ctrl-C ends the question at once, and the terminal echoes keys again.
func TestStopAtPassphrase(t *testing.T) {
	t.Parallel()
	state := t.TempDir()
	tt := openTerminal(t)
	ctx, cancel := context.WithCancel(t.Context())
	code := tt.run(ctx, state, "token", "seal", "--new-passphrase")
	tt.until("prompt", func() bool { return strings.Contains(tt.screen(), "New passphrase") && !tt.echoes() })
	cancel()
	select {
	case <-code:
	case <-time.After(patience):
		t.Fatal("it goes on asking")
	}
	if !tt.echoes() {
		t.Error("the terminal does not show what is typed")
	}
	_, _ = tt.person.WriteString("\n") // ends the reading
}
