package oauth_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/oauth"
)

func openFile(t *testing.T, path string) *oauth.FileStore {
	t.Helper()
	store, err := oauth.OpenFileStore(path)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func TestFileStoreKeepsTokens(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new [dir]")
	path := filepath.Join(dir, "tokens.json")
	store := openFile(t, path)
	want := newFake().token(ada)
	want.ExpiresAt = time.Date(2026, 8, 1, 12, 0, 0, 123, time.UTC)
	want.ValidatedAt, want.RefreshingSince, want.Problem = want.ExpiresAt, want.ExpiresAt, "none"
	for _, key := range []string{"123", "app"} {
		if err := store.Save(t.Context(), key, want); err != nil {
			t.Fatal(err)
		}
	}
	again := openFile(t, path)
	got, err := again.Load(t.Context(), "123")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := again.Delete(t.Context(), "123"); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Load(t.Context(), "123"); !errors.Is(err, oauth.ErrNoToken) {
		t.Errorf("got %v, want ErrNoToken", err)
	}
	if keys, err := store.List(t.Context()); err != nil || len(keys) != 1 || keys[0] != "app" {
		t.Errorf("got %v, %v, want app", keys, err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("got mode %v, want 0600", info.Mode())
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 && runtime.GOOS != "windows" {
		t.Errorf("got %v, want the file alone", entries)
	}
}

func TestFileStoreRefusesDamage(t *testing.T) {
	tests := []struct {
		name, data string
		mode       os.FileMode
		want       string
	}{
		{"torn", `{"version":1,"tokens":{"123":{"access_token":"canary`, 0o600, "is damaged"},
		{"empty", ``, 0o600, "is damaged"},
		{"other JSON", `{"access_token":"canary"}`, 0o600, "not a token file"},
		{"wrong type", `{"version":1,"tokens":{"123":"canary"}}`, 0o600, "is damaged"},
		{"newer", `{"version":99,"tokens":{}}`, 0o600, "version 99"},
		{"readable by others", `{"version":1,"tokens":{}}`, 0o644, "chmod 600"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.mode != 0o600 && runtime.GOOS == "windows" {
				t.Skip("no such modes")
			}
			path := filepath.Join(t.TempDir(), "tokens.json")
			if err := os.WriteFile(path, []byte(tt.data), tt.mode); err != nil {
				t.Fatal(err)
			}
			_, err := oauth.OpenFileStore(path)
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("got %v, want %q and the path", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), "canary") {
				t.Errorf("got a secret in %v", err)
			}
			if kept, _ := os.ReadFile(path); string(kept) != tt.data {
				t.Errorf("got %q, want the damaged file untouched", kept)
			}
		})
	}
}

func TestFileStoreSweepsLeftovers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tok[e]ns.json")
	for _, name := range []string{path + ".123.tmp", path + ".lock", path + ".123.lock"} {
		if err := os.WriteFile(name, []byte("torn"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	store := openFile(t, path) // locks of dead processes are released
	unlock, err := store.Lock(t.Context(), "123")
	if err != nil {
		t.Fatal(err)
	}
	unlock()
	if _, err := os.Stat(path + ".123.tmp"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want the leftover gone", err)
	}
}

func TestFileLockExcludes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokens.json")
	a, b := openFile(t, path), openFile(t, path)
	unlock, err := a.Lock(t.Context(), "123")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if _, err := b.Lock(ctx, "123"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want to wait for the lock", err)
	}
	other, err := b.Lock(t.Context(), "456")
	if err != nil {
		t.Fatalf("got %v, want another user's lock free", err)
	}
	other()
	unlock()
	again, err := b.Lock(t.Context(), "123")
	if err != nil {
		t.Fatal(err)
	}
	again()

	// The lock file is removed and made again all the time: still one holder at a time.
	var wg sync.WaitGroup
	var holders, most atomic.Int32
	for range 8 {
		wg.Go(func() {
			for range 100 {
				unlock, err := a.Lock(t.Context(), "7")
				if err != nil {
					t.Error(err)
					return
				}
				if n := holders.Add(1); n > most.Load() {
					most.Store(n)
				}
				_, _ = a.List(t.Context()) // takes a moment, as real work does
				holders.Add(-1)
				unlock()
			}
		})
	}
	wg.Wait()
	if n := most.Load(); n != 1 {
		t.Errorf("got %d holders at a time, want 1", n)
	}
}

// TestProcessesRefreshOnce starts this test binary several times on one file.
func TestProcessesRefreshOnce(t *testing.T) {
	const variable = "LARKSPUR_TEST_REFRESH" // "file base-URL stale"
	if job := os.Getenv(variable); job != "" {
		refreshInChild(t, strings.Split(job, "\n"))
		return
	}
	exe, err := os.Executable()
	if err != nil {
		t.Skip(err)
	}
	f := newFake()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(20 * time.Millisecond) // real processes, real time: let the others catch up
		f.ServeHTTP(w, r)
	}))
	defer server.Close()
	path := filepath.Join(t.TempDir(), "tokens.json")
	old := f.token(ada)
	if err := openFile(t, path).Save(t.Context(), "123", old); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			cmd := exec.CommandContext(t.Context(), exe, "-test.run=^TestProcessesRefreshOnce$")
			cmd.Env = append(os.Environ(), variable+"="+strings.Join([]string{path, server.URL, string(old.AccessToken)}, "\n"))
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("child: %v\n%s", err, out)
			}
		})
	}
	wg.Wait()
	if n := f.count("refresh_token"); n != 1 {
		t.Errorf("got %d refreshes, want 1", n)
	}
}

func refreshInChild(t *testing.T, job []string) {
	defer http.DefaultClient.CloseIdleConnections()
	store := openFile(t, job[0])
	m := oauth.NewManager("client", "secret-canary-000000", store, oauth.Options{BaseURL: job[1] + "/oauth2"})
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			if token, err := m.Renew(t.Context(), "123", job[2]); err != nil || token == job[2] {
				t.Errorf("got %v, want a new token", err)
			}
		})
	}
	wg.Wait()
}

func writeFile(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Two stores may stand side by side, one with a name that begins like the other's.
func TestSweepLeavesTheFilesOfOthers(t *testing.T) {
	dir := t.TempDir()
	others := []string{"tokens.json.4711.tmp", "tokens.old.tmp", "tokens.1.bak.tmp"}
	mine := "tokens.4711.tmp"
	for _, name := range append([]string{mine}, others...) {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := oauth.OpenFileStore(filepath.Join(dir, "tokens")); err != nil {
		t.Fatal(err)
	}
	for _, name := range others {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Errorf("got %v, want it left alone", err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, mine)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want it swept away", err)
	}
}
