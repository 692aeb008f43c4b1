// Package stage starts the examples against the emulator, for their tests.
package stage

import (
	"context"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/emulator"
)

// A Program is what an example consists of.
type Program interface {
	Run(ctx context.Context) error
}

// Start starts an example as a user would, logs it in as login when it shows the code of
// a device, and returns when it has printed "ready". It ends with the test.
func Start[P Program](t *testing.T, tw *emulator.Server, login string, env map[string]string, newProgram func(getenv func(string) string, tokens string, out io.Writer) (P, error)) P {
	t.Helper()
	all := map[string]string{"TWITCH_CLIENT_ID": tw.ClientID(), "TWITCH_CLIENT_SECRET": tw.ClientSecret(), "TWITCH_SERVER": tw.URL()}
	maps.Copy(all, env)
	s := &screen{tw: tw, login: login, ready: make(chan struct{})}
	p, err := newProgram(func(name string) string { return all[name] }, filepath.Join(t.TempDir(), "tokens.json"), s)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("run: got %v, want none", err)
		}
	})
	select {
	case <-s.ready:
	case err := <-done:
		done <- nil
		t.Fatalf("run: got %v before it was ready", err)
	}
	return p
}

// A screen reads what a program prints.
type screen struct {
	tw    *emulator.Server
	login string
	ready chan struct{}
}

var code = regexp.MustCompile(`\b[A-Z]{8}\b`)

// Write approves the code of a device.
func (s *screen) Write(p []byte) (int, error) {
	text := string(p)
	if strings.HasPrefix(text, "ready") {
		close(s.ready)
	} else if c := code.FindString(text); c != "" && !s.tw.ApproveDevice(c, s.login, true) {
		return 0, fmt.Errorf("the code in %q is not that of a device", text)
	}
	return len(p), nil
}
