package emulator_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
)

// installTmijs installs tmi.js as the lock file pins it, and skips the test where npm is
// absent or fails.
func installTmijs(t *testing.T) (dir string) {
	t.Helper()
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("tmi.js is not tested: %s is not installed", program)
		}
	}
	dir = t.TempDir()
	for _, name := range []string{"package.json", "package-lock.json", "client.js"} {
		b, err := os.ReadFile(filepath.Join("testdata/tmijs", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	npm := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	npm.Dir = dir
	if out, err := npm.CombinedOutput(); err != nil {
		t.Skipf("tmi.js is not tested: npm ci: %v\n%s", err, out)
	}
	return dir
}

// A tmijs is a running client made of tmi.js.
type tmijs struct {
	in    io.Writer
	lines chan string
}

func startTmijs(t *testing.T, tw *emulator.Server, dir string, login ...string) *tmijs {
	t.Helper()
	host, port, err := net.SplitHostPort(strings.TrimPrefix(tw.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", slices.Concat([]string{"client.js", host, port}, login)...) //nolint:gosec // our own program
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := &tmijs{in, make(chan string, 1000)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for s := bufio.NewScanner(out); s.Scan(); {
			c.lines <- s.Text()
		}
	}()
	t.Cleanup(func() {
		_ = in.Close()
		<-done
		_ = cmd.Wait()
	})
	return c
}

// want waits for a line and ignores others before it.
func (c *tmijs) want(t *testing.T, line string) {
	t.Helper()
	timeout := time.After(30 * time.Second)
	var seen []string
	for {
		select {
		case got := <-c.lines:
			if got == line {
				return
			}
			seen = append(seen, got)
		case <-timeout:
			t.Fatalf("got %q, want %q", seen, line)
		}
	}
}

func (c *tmijs) send(t *testing.T, line string) {
	t.Helper()
	if _, err := io.WriteString(c.in, line+"\n"); err != nil {
		t.Fatal(err)
	}
}

func TestTmijsWorksWithTheEmulator(t *testing.T) {
	dir := installTmijs(t)
	for _, row := range []struct {
		name  string
		login bool
	}{{"with a token", true}, {"anonymously", false}} {
		t.Run(row.name, func(t *testing.T) {
			tw := emulator.Start(t, emulator.Channel("ada"), emulator.User("grace", "hedy"))
			var login []string
			if row.login {
				login = []string{"bot", tw.UserToken("bot", "chat:read", "chat:edit")}
			}
			c := startTmijs(t, tw, dir, login...)
			c.want(t, "joined #ada")
			id := tw.Say("ada", "grace", "hello")
			c.want(t, "chat #ada grace hello")
			if row.login {
				c.send(t, "say welcome")
				tw.WantChat(t, "ada", "welcome")
				c.want(t, "own #ada bot welcome")
				c.send(t, "act waves")
				tw.WantChat(t, "ada", "waves")
				c.send(t, "reply "+id+" hi grace")
				if m := tw.WantChat(t, "ada", "hi grace"); m.ReplyTo != id {
					t.Errorf("got a reply to %q, want %q", m.ReplyTo, id)
				}
			}
			tw.Subscribe("ada", "hedy", "1000")
			c.want(t, "subscription #ada hedy")
			tw.DeleteMessage("ada", id)
			c.want(t, "deleted #ada grace hello")
			tw.Timeout("ada", "grace", 10*time.Minute, "")
			c.want(t, "timeout #ada grace 600")
			tw.Ban("ada", "grace", "")
			c.want(t, "ban #ada grace")
			tw.ClearChat("ada")
			c.want(t, "clear #ada")

			tw.ReconnectChat(time.Second)
			c.want(t, "disconnected")
			c.want(t, "joined #ada")
			tw.Say("ada", "hedy", "after RECONNECT")
			c.want(t, "chat #ada hedy after RECONNECT")
			tw.DropChat()
			c.want(t, "joined #ada")
			tw.Say("ada", "hedy", "after a lost connection")
			c.want(t, "chat #ada hedy after a lost connection")
		})
	}
}
