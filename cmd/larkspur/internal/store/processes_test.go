package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/store"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/oauth"
	"github.com/larkspur-dev/larkspur/oauth/keyring"
)

const publicClient = "public-client"

// jobVariable makes this test binary one of many processes.
const jobVariable = "LARKSPUR_TEST_JOB" // "what\nfile\nkey\nbase URL\nuser\ngoroutines"

// A job is the work of one process.
type job struct{ what, path, key, url, userID, goroutines string }

func (j job) start(t *testing.T) (in io.WriteCloser, out *bufio.Reader, cmd *exec.Cmd) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Skip(err)
	}
	cmd = exec.CommandContext(t.Context(), exe, "-test.run=^TestProcessJob$")
	cmd.Env = append(os.Environ(), jobVariable+"="+strings.Join([]string{j.what, j.path, j.key, j.url, j.userID, j.goroutines}, "\n"))
	in, err = cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return in, bufio.NewReader(pipe), cmd
}

// TestProcessJob runs the job of a process that another test has started.
func TestProcessJob(t *testing.T) {
	text := os.Getenv(jobVariable)
	if text == "" {
		t.Skip("for the processes of other tests")
	}
	p := strings.Split(text, "\n")
	defer http.DefaultClient.CloseIdleConnections()
	m := manager(t, p[1], p[2], p[3])
	stale, err := m.Token(t.Context(), p[4])
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("ready")
	if p[0] == "renew" { // until killed
		for token := stale; err == nil; {
			token, err = m.Renew(t.Context(), p[4], token)
		}
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, os.Stdin) // wait for the signal to start
	goroutines, _ := strconv.Atoi(p[5])
	results := make(chan error)
	for range goroutines {
		go func() {
			token, err := m.Renew(t.Context(), p[4], stale)
			if err == nil && token == stale {
				err = errors.New("got the old token")
			}
			results <- err
		}()
	}
	for range goroutines {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
}

// manager returns a manager for a new public client, with the encrypted tokens in a file.
func manager(t *testing.T, path, key, url string) *oauth.Manager {
	t.Helper()
	keys, err := keyring.Open(keyring.Source{Variable: "KEY", Getenv: func(string) string { return key }})
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	tokens, err := s.SealedTokens(t.Context(), keys)
	if err != nil {
		t.Fatal(err)
	}
	return oauth.NewManager(publicClient, "", tokens, oauth.Options{BaseURL: url})
}

// twitch is an emulator behind a counter of granted refreshes.
func twitch(t *testing.T) (tw *emulator.Server, url string, refreshes *atomic.Int32) {
	t.Helper()
	tw = emulator.Start(t, emulator.InMemory(), emulator.User("ada"), emulator.ClientCredentials(publicClient, ""))
	refreshes = new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		req, err := http.NewRequestWithContext(context.WithoutCancel(r.Context()), r.Method, tw.URL()+r.URL.Path, r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		req.Header = r.Header.Clone()
		res, err := tw.HTTPClient().Do(req)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer res.Body.Close()
		if strings.HasSuffix(r.URL.Path, "/token") && res.StatusCode == http.StatusOK {
			refreshes.Add(1)
		}
		w.WriteHeader(res.StatusCode)
		_, _ = io.Copy(w, res.Body)
	}))
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		server.Close()
	})
	return tw, server.URL + "/oauth2", refreshes
}

func login(t *testing.T, tw *emulator.Server, m *oauth.Manager) oauth.User {
	t.Helper()
	access, refresh := tw.UserTokens("ada", "chat:read")
	u, err := m.Add(t.Context(), oauth.Token{AccessToken: oauth.Secret(access), RefreshToken: oauth.Secret(refresh)})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func number(t *testing.T, variable string, usual int) int {
	t.Helper()
	if n, err := strconv.Atoi(os.Getenv(variable)); err == nil && n > 0 {
		return n
	}
	if variable == "LARKSPUR_KILLS" && os.Getenv("LARKSPUR_LONG") != "" {
		return 200
	}
	return usual
}

// Many goroutines in each of eight processes on one database notice at once that a token
// has expired: 1,000 in each, or LARKSPUR_GOROUTINES.
func TestHerdRefreshesOnce(t *testing.T) {
	tw, url, refreshes := twitch(t)
	j := job{what: "herd", path: filepath.Join(t.TempDir(), "larkspur.db"), key: string(keyring.NewKey()), url: url}
	j.goroutines = strconv.Itoa(number(t, "LARKSPUR_GOROUTINES", 1000))
	m := manager(t, j.path, j.key, url)
	j.userID = login(t, tw, m).ID
	old, err := m.Token(t.Context(), j.userID)
	if err != nil {
		t.Fatal(err)
	}
	tw.ExpireToken(old)

	type process struct {
		in  io.WriteCloser
		out *bufio.Reader
		cmd *exec.Cmd
	}
	var processes []process
	for range 8 {
		in, out, cmd := j.start(t)
		processes = append(processes, process{in, out, cmd})
	}
	for _, p := range processes {
		if line, _ := p.out.ReadString('\n'); line != "ready\n" {
			rest, _ := io.ReadAll(p.out)
			t.Errorf("got %q from a process, want ready\n%s", line, rest)
		}
	}
	for _, p := range processes {
		_ = p.in.Close()
	}
	for _, p := range processes {
		rest, _ := io.ReadAll(p.out)
		if err := p.cmd.Wait(); err != nil {
			t.Errorf("process: %v\n%s", err, rest)
		}
	}
	if n := refreshes.Load(); n != 1 {
		t.Errorf("got %d refreshes, want 1", n)
	}
}

// Processes are killed at random moments of a refresh: the database always opens, and it
// has the token or a record that its renewal got no answer. The locks of a killed process
// are free at once. LARKSPUR_KILLS=200 makes it a long run.
func TestKilledInRefresh(t *testing.T) {
	tw, url, _ := twitch(t)
	j := job{what: "renew", path: filepath.Join(t.TempDir(), "larkspur.db"), key: string(keyring.NewKey()), url: url}
	j.userID = login(t, tw, manager(t, j.path, j.key, url)).ID
	kills, lost := number(t, "LARKSPUR_KILLS", 40), 0
	var waits []time.Duration
	for range kills {
		_, out, cmd := j.start(t)
		if line, _ := out.ReadString('\n'); line != "ready\n" {
			rest, _ := io.ReadAll(out)
			t.Fatalf("got %q from the process, want ready\n%s", line, rest)
		}
		time.AfterFunc(rand.N(30*time.Millisecond), func() { _ = cmd.Process.Kill() })
		rest, _ := io.ReadAll(out)
		_ = cmd.Wait()
		if len(rest) > 0 {
			t.Fatalf("got %s from the process", rest)
		}
		waits = append(waits, lockAfterDeath(t, j.path, j.userID))
		m := manager(t, j.path, j.key, url)
		token, err := m.Token(t.Context(), j.userID)
		if err != nil {
			t.Fatalf("got %v after a kill, want a token", err)
		}
		if _, err = m.Renew(t.Context(), j.userID, token); err == nil {
			continue
		}
		if !errors.Is(err, oauth.ErrRevoked) || !strings.Contains(err.Error(), "a renewal begun at") {
			t.Fatalf("got %v, want a token, or to be told that the answer was lost", err)
		}
		lost++
		login(t, tw, m)
	}
	slices.Sort(waits)
	// Check most runs, not the slowest: the machine may have been busy. A lock kept as a
	// row would last until it expires in most runs.
	if wait := waits[kills*3/4]; wait > 2*time.Second {
		t.Errorf("a quarter waited %v and more for the lock of a dead process, want no wait", wait)
	}
	t.Logf("%d kills, %d of them between Twitch's answer and our disk; at most %v to open the database of the dead and get their lock", kills, lost, waits[kills-1])
}

// lockAfterDeath returns how long it takes to open the database and take the lock that a
// killed process may have held.
func lockAfterDeath(t *testing.T, path, userID string) time.Duration {
	t.Helper()
	start := time.Now()
	s, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	unlock, err := s.Tokens().Lock(t.Context(), userID)
	if err != nil {
		t.Fatal(err)
	}
	unlock()
	took := time.Since(start)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return took
}
