//go:build unix

package cli_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/cli"
)

// A command that waits for standard input, or for the writer of a pipe, ends on SIGTERM
// like all commands.
func TestNoCommandIgnoresSIGTERM(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	state := t.TempDir()
	env := map[string]string{"TWITCH_CLIENT_ID": "abc", "LARKSPUR_TWITCH": "http://127.0.0.1:9"}
	for _, args := range [][]string{
		{"token", "import", "-", "--state", state},
		{"token", "import", pipe, "--state", state},
		{"token", "validate", "-", "--state", state},
		{"api", "POST", "/polls", "-d", "@-", "--state", state},
		{"api", "POST", "/polls", "-d", "@" + pipe, "--state", state},
		{"config", "check", pipe},
		{"run", pipe},
		{"doctor", pipe},
		{"emulator", "--addr", "127.0.0.1:0", "--replay", pipe},
	} {
		stdin, typed := io.Pipe()
		ctx, terminate := context.WithCancel(t.Context())
		ended := make(chan int, 1)
		var out bytes.Buffer
		go func() {
			ended <- cli.Main(ctx, cli.Process{
				Args: args, Stdin: stdin, Stdout: &out, Stderr: &out, Started: time.Now(),
				Getenv: func(name string) (string, bool) { value, ok := env[name]; return value, ok },
			})
		}()
		select {
		case code := <-ended:
			t.Errorf("%v: ended with %d before it was told to, want it to wait:\n%s", args, code, out.String())
			terminate()
			continue
		case <-time.After(100 * time.Millisecond):
		}
		terminate()
		select {
		case code := <-ended:
			want := 0
			if args[1] == "validate" { // 0 would mean that the token is valid
				want = 1
			}
			if code != want {
				t.Errorf("%v: exit code %d, want %d:\n%s", args, code, want, out.String())
			}
		case <-time.After(10 * time.Second):
			t.Errorf("%v: runs on after SIGTERM", args)
		}
		_ = typed.Close()
	}
	// Let go of the reads that were left behind.
	if w, err := os.OpenFile(pipe, os.O_WRONLY|syscall.O_NONBLOCK, 0); err == nil {
		_ = w.Close()
	}
}
