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

// killVariable tells a process that it is to be killed: "file\nbase URL\nuser".
const killVariable = "LARKSPUR_TEST_KILL"

// TestKilledInRefresh kills real processes at random moments of a refresh. A token may
// be lost only where Twitch had taken the old one and the new one was not on the disk
// yet, and then that must be said. LARKSPUR_KILLS=200 makes it a long run.
func TestKilledInRefresh(t *testing.T) {
	if job := os.Getenv(killVariable); job != "" {
		refreshUntilKilled(t, strings.Split(job, "\n"))
		return
	}
	kills := scale(t, "LARKSPUR_KILLS", 20)
	exe, err := os.Executable()
	if err != nil {
		t.Skip(err)
	}
	f := newFront(t)
	f.delay = 3 * time.Millisecond
	path := filepath.Join(t.TempDir(), "tokens.json")
	userID := f.tw.UserID("ada")
	login := func() {
		access, refresh := f.tw.UserTokens("ada", "chat:read")
		m := f.manager(t, path)
		if _, err := m.Add(t.Context(), oauth.Token{AccessToken: oauth.Secret(access), RefreshToken: oauth.Secret(refresh)}); err != nil {
			t.Fatal(err)
		}
	}
	login()
	var windows []time.Duration
	lost, begun := 0, 0
	for range kills {
		windows = append(windows, killOne(t, f, exe, path, userID)...)
		kept, err := openFile(t, path).Load(t.Context(), userID)
		if err != nil {
			t.Fatalf("got %v after a kill, want a token", err)
		}
		if !kept.RefreshingSince.IsZero() {
			begun++
		}
		taken := f.took(string(kept.RefreshToken))
		m := f.manager(t, path)
		_, err = m.Renew(t.Context(), userID, string(kept.AccessToken))
		switch {
		case err == nil && taken:
			t.Fatal("got a token for one that works once and was taken")
		case err == nil:
		case !f.took(string(kept.RefreshToken)): // asked again: the dead one's request may have arrived late
			t.Fatalf("got %v, want no token lost that Twitch had not taken", err)
		case !errors.Is(err, oauth.ErrRevoked) || !strings.Contains(err.Error(), "a renewal begun at"):
			t.Fatalf("got %v, want to be told that the answer was lost", err)
		default:
			lost++
			if _, err := m.Token(t.Context(), userID); !errors.Is(err, oauth.ErrRevoked) {
				t.Errorf("got %v afterwards, want ErrRevoked", err)
			}
			login()
		}
	}
	if len(windows) == 0 {
		t.Fatal("got no refresh at all")
	}
	slices.Sort(windows)
	t.Logf("%d kills: %d within a renewal, %d of them between Twitch's answer and our disk; of %d renewals, from the last byte to the disk: median %v, 99 of 100 %v, longest %v",
		kills, begun, lost, len(windows), windows[len(windows)/2], windows[len(windows)*99/100], windows[len(windows)-1])
}

func (f *front) manager(t *testing.T, path string) *oauth.Manager {
	t.Helper()
	return oauth.NewManager(publicClient, "", openFile(t, path), oauth.Options{BaseURL: f.url(), HTTPClient: f.server.Client()})
}

// killOne starts a process that renews a token all the time, kills it, and returns how
// long its renewals took from Twitch's last byte to the disk.
func killOne(t *testing.T, f *front, exe, path, userID string) (windows []time.Duration) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), exe, "-test.run=^TestKilledInRefresh$")
	cmd.Env = append(os.Environ(), killVariable+"="+strings.Join([]string{path, f.url(), userID}, "\n"))
	var problems strings.Builder
	cmd.Stderr = &problems
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if lines.Scan(); lines.Text() != "ready" {
		rest, _ := io.ReadAll(out)
		t.Fatalf("got %q from the process, want ready\n%s%s", lines.Text(), rest, problems.String())
	}
	kill := time.AfterFunc(rand.N(30*time.Millisecond), func() { _ = cmd.Process.Kill() })
	defer kill.Stop()
	for lines.Scan() {
		text, ok := strings.CutPrefix(lines.Text(), "window ")
		if window, err := time.ParseDuration(text); ok && err == nil {
			windows = append(windows, window)
		} else if !ok {
			t.Errorf("got %q from the process", lines.Text())
		}
	}
	_ = cmd.Wait()
	return windows
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
