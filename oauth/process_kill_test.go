package oauth_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// killVariable is set in a process that will be killed. Its lines describe what the
// process does until then.
const killVariable = "LARKSPUR_TEST_KILL"

// TestKilledInRefresh kills real processes at random moments of a refresh. A token may
// be lost only if Twitch had accepted the old one and the new one was not on the disk
// yet; the error must then contain this reason. No process may have to wait for the locks
// of a killed one.
// LARKSPUR_KILLS=200 makes it a long run.
func TestKilledInRefresh(t *testing.T) {
	if job := os.Getenv(killVariable); job != "" {
		refreshUntilKilled(t, strings.Split(job, "\n"))
		return
	}
	f := newFront(t)
	f.delay = 3 * time.Millisecond
	path := filepath.Join(t.TempDir(), "tokens.json")
	k := &kills{front: f, path: path, userID: f.tw.UserID("ada")}
	k.login(t)
	within := 30 * time.Millisecond
	for i := range scale(t, "LARKSPUR_KILLS", 100) {
		job := strings.Join([]string{path, f.url(), k.userID}, "\n")
		k.saw(t, killed(t, "TestKilledInRefresh", job, within))
		if len(k.windows) == 0 && i%10 == 9 {
			within *= 2 // this machine needs more time for a refresh
		}
		k.check(t)
	}
	if len(k.windows) == 0 {
		t.Fatal("got no refresh at all")
	}
	slices.Sort(k.windows)
	slices.Sort(k.waits)
	n, w := len(k.windows), len(k.waits)
	// Check the upper quartile, not the longest wait: the machine may have been paused. A lock
	// that outlives its owner would make most waits long.
	if wait := k.waits[w*3/4]; wait > time.Second {
		t.Errorf("a quarter waited %v and more for the locks of a dead process, want no wait", wait)
	}
	t.Logf("%d kills: %d within a renewal, %d of them between Twitch's response and the disk; of %d renewals, from the last byte to the disk: median %v, 99 of 100 %v, longest %v; for the locks of dead processes: median %v, longest %v",
		w, k.begun, k.lost, n, k.windows[n/2], k.windows[n*99/100], k.windows[n-1], k.waits[w/2], k.waits[w-1])
}

// kills holds the results of the killed processes.
type kills struct {
	*front
	path, userID string
	windows      []time.Duration // from the last byte of a response to the end of the write
	waits        []time.Duration // for the locks of killed processes
	begun, lost  int
}

func (k *kills) login(t *testing.T) {
	t.Helper()
	access, refresh := k.tw.UserTokens("ada", "chat:read")
	m := k.manager(t, k.path)
	if _, err := m.Add(t.Context(), oauth.Token{AccessToken: oauth.Secret(access), RefreshToken: oauth.Secret(refresh)}); err != nil {
		t.Fatal(err)
	}
}

// saw records the output of a process before it was killed.
func (k *kills) saw(t *testing.T, lines []string) {
	t.Helper()
	for _, line := range lines {
		text, ok := strings.CutPrefix(line, "window ")
		if window, err := time.ParseDuration(text); ok && err == nil {
			k.windows = append(k.windows, window)
		} else if !ok {
			t.Errorf("got %q from the process", line)
		}
	}
}

// check checks the store that a killed process has left.
func (k *kills) check(t *testing.T) {
	t.Helper()
	start := time.Now()
	store := openFile(t, k.path)
	unlock, err := store.Lock(t.Context(), k.userID)
	if err != nil {
		t.Fatal(err)
	}
	unlock()
	k.waits = append(k.waits, time.Since(start))
	kept, err := store.Load(t.Context(), k.userID)
	if err != nil {
		t.Fatalf("got %v after a kill, want a token", err)
	}
	if !kept.RefreshingSince.IsZero() {
		k.begun++
	}
	taken := k.took(string(kept.RefreshToken))
	m := k.manager(t, k.path)
	_, err = m.Renew(t.Context(), k.userID, string(kept.AccessToken))
	switch {
	case err == nil && taken:
		t.Fatal("got a token for one that works once and was taken")
	case err == nil:
	case !k.took(string(kept.RefreshToken)): // checked again: the killed process's request may have arrived late
		t.Fatalf("got %v, want no token lost that Twitch had not taken", err)
	case !errors.Is(err, oauth.ErrRevoked) || !strings.Contains(err.Error(), "a renewal begun at"):
		t.Fatalf("got %v, want an error that the response was lost", err)
	default:
		k.lost++
		if _, err := m.Token(t.Context(), k.userID); !errors.Is(err, oauth.ErrRevoked) {
			t.Errorf("got %v afterwards, want ErrRevoked", err)
		}
		k.login(t)
	}
}

func (f *front) manager(t *testing.T, path string) *oauth.Manager {
	t.Helper()
	return oauth.NewManager(publicClient, "", openFile(t, path), oauth.Options{BaseURL: f.url(), HTTPClient: f.server.Client()})
}

// killed starts a process that does job in test, kills it at a random moment of the time
// after it is ready, and returns the lines that it printed since.
func killed(t *testing.T, test, job string, within time.Duration) (lines []string) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Skip(err)
	}
	cmd := exec.CommandContext(t.Context(), exe, "-test.run=^"+test+"$")
	cmd.Env = append(os.Environ(), killVariable+"="+job)
	var problems strings.Builder
	cmd.Stderr = &problems
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewScanner(out)
	if in.Scan(); in.Text() != "ready" {
		rest, _ := io.ReadAll(out)
		t.Fatalf("got %q from the process, want ready\n%s%s", in.Text(), rest, problems.String())
	}
	kill := time.AfterFunc(rand.N(within), func() { _ = cmd.Process.Kill() })
	defer kill.Stop()
	for in.Scan() {
		lines = append(lines, in.Text())
	}
	_ = cmd.Wait()
	return lines
}

func refreshUntilKilled(t *testing.T, job []string) {
	clock := &stopwatch{Store: openFile(t, job[0])}
	m := oauth.NewManager(publicClient, "", clock, oauth.Options{BaseURL: job[1], HTTPClient: &http.Client{Transport: clock}})
	token, err := m.Token(t.Context(), job[2])
	fmt.Println("ready")
	for err == nil {
		token, err = m.Renew(t.Context(), job[2], token)
		fmt.Println("window", clock.window)
	}
	fmt.Println(err)
}

// stopwatch measures from the last byte of an answer to the end of the Save after it.
type stopwatch struct {
	oauth.Store
	answered time.Time
	window   time.Duration
}

func (s *stopwatch) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := http.DefaultTransport.RoundTrip(r)
	if err == nil {
		res.Body = &watched{ReadCloser: res.Body, ended: func() { s.answered = time.Now() }}
	}
	return res, err
}

func (s *stopwatch) Save(ctx context.Context, key string, t oauth.Token) error {
	err := s.Store.Save(ctx, key, t)
	s.window = time.Since(s.answered)
	return err
}

func (s *stopwatch) Lock(ctx context.Context, key string) (func(), error) {
	return s.Store.(oauth.Locker).Lock(ctx, key)
}

type watched struct {
	io.ReadCloser
	ended func()
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.ReadCloser.Read(p)
	if err != nil {
		w.ended()
	}
	return n, err
}
