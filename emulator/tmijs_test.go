package emulator_test

import (
	"bufio"
	"context"
	"fmt"
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

// installTmijs installs tmi.js as the lock file pins it. Where npm is absent or fails, it
// skips the test; in CI, whose script installs npm, the test fails.
func installTmijs(t *testing.T) (dir string) {
	t.Helper()
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			skipTmijs(t, program+" is not installed")
		}
	}
	dir = t.TempDir()
	for _, name := range []string{"package.json", "package-lock.json", "client.js", "guide.js"} {
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
		skipTmijs(t, fmt.Sprintf("npm ci: %v\n%s", err, out))
	}
	return dir
}

func skipTmijs(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal("tmi.js cannot be tested: " + why)
	}
	t.Skip("tmi.js is not tested: " + why)
}

// A tmijs is a running client made of tmi.js.
type tmijs struct {
	in    io.Writer
	lines chan string
}

func startTmijs(t *testing.T, tw *emulator.Server, dir, program string, login ...string) *tmijs {
	t.Helper()
	host, port, err := net.SplitHostPort(strings.TrimPrefix(tw.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", slices.Concat([]string{program, host, port}, login)...) //nolint:gosec // our own program
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
			c := startTmijs(t, tw, dir, "client.js", login...)
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

// The code of the guide about tmi.js does what the guide says.
func TestGuideCodeOfTmijs(t *testing.T) {
	dir := installTmijs(t)
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.Channel("hedy"), emulator.Channel("grace"), emulator.User("bot", "mallory"), emulator.Moderator("ada", "hedy"))
	c := startTmijs(t, tw, dir, "guide.js", tw.UserToken("bot", "chat:read", "chat:edit"))
	tw.WantChat(t, "grace", "looks around")
	for deadline := time.Now().Add(30 * time.Second); !tw.IsInChat("ada", "bot") || !tw.IsInChat("hedy", "bot"); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the client is not in its channels")
		}
	}
	tw.Say("ada", "mallory", "!HELLO")
	tw.WantChat(t, "ada", "@mallory, heya!")
	tw.Say("ada", "hedy", "calm down")
	c.want(t, "moderator hedy calm down")
	tw.Subscribe("ada", "mallory", "1000")
	tw.WantChat(t, "ada", "Welcome mallory!")
	tw.Raid("hedy", "ada", 5)
	tw.WantChat(t, "ada", "hedy brings 5 viewers")
	tw.Timeout("ada", "mallory", 10*time.Minute, "")
	c.want(t, "timeout mallory 600")
}
