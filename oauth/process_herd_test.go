package oauth_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/larkspur-dev/larkspur/oauth"
)

// herdVariable is set in the processes of the herd: "file\nbase URL\nuser\ngoroutines".
const herdVariable = "LARKSPUR_TEST_HERD"

// TestHerdRefreshesOnce lets many goroutines in each of eight processes use an expired
// token at the same time: 1,000 in each, or LARKSPUR_GOROUTINES.
func TestHerdRefreshesOnce(t *testing.T) {
	if job := os.Getenv(herdVariable); job != "" {
		stampede(t, strings.Split(job, "\n"))
		return
	}
	goroutines := scale(t, "LARKSPUR_GOROUTINES", 1000)
	exe, err := os.Executable()
	if err != nil {
		t.Skip(err)
	}
	f := newFront(t)
	path := filepath.Join(t.TempDir(), "tokens.json")
	access, refresh := f.tw.UserTokens("ada", "chat:read")
	m := f.manager(t, path)
	u, err := m.Add(t.Context(), oauth.Token{AccessToken: oauth.Secret(access), RefreshToken: oauth.Secret(refresh)})
	if err != nil {
		t.Fatal(err)
	}
	f.tw.ExpireToken(access)

	const processes = 8
	var starters []io.Closer
	var ready, done sync.WaitGroup
	for range processes {
		cmd := exec.CommandContext(t.Context(), exe, "-test.run=^TestHerdRefreshesOnce$")
		cmd.Env = append(os.Environ(), herdVariable+"="+strings.Join([]string{path, f.url(), u.ID, strconv.Itoa(goroutines)}, "\n"))
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
		starters = append(starters, in)
		ready.Add(1)
		done.Go(func() {
			lines := bufio.NewReader(out)
			first, _ := lines.ReadString('\n')
			ready.Done()
			rest, _ := io.ReadAll(lines)
			if err := cmd.Wait(); err != nil || first != "ready\n" {
				t.Errorf("process: %v\n%s%s", err, first, rest)
			}
		})
	}
	ready.Wait()
	for _, in := range starters {
		_ = in.Close() // starts all processes
	}
	done.Wait()
	if n := f.refreshes(); n != 1 {
		t.Errorf("got %d refreshes by %d processes of %d goroutines, want 1", n, processes, goroutines)
	}
}

func stampede(t *testing.T, job []string) {
	defer http.DefaultClient.CloseIdleConnections()
	goroutines, err := strconv.Atoi(job[3])
	if err != nil {
		t.Fatal(err)
	}
	m := oauth.NewManager(publicClient, "", openFile(t, job[0]), oauth.Options{BaseURL: job[1]})
	stale, err := m.Token(t.Context(), job[2])
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin)
	var wg sync.WaitGroup
	for range goroutines {
		wg.Go(func() {
			if token, err := m.Renew(t.Context(), job[2], stale); err != nil || token == stale {
				t.Errorf("got %v, want a new token", err)
			}
		})
	}
	wg.Wait()
}
