package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/larkspur-dev/larkspur/oauth"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatalf("open: got %v, want none", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: got %v, want none", err)
		}
	})
	return s
}

func token(user string) oauth.Token {
	return oauth.Token{
		AccessToken: oauth.Secret("access-" + user), RefreshToken: oauth.Secret("refresh-" + user), ClientID: "client",
		UserID: user, Login: "login" + user, Scopes: oauth.ScopeSet{"chat:read"},
		ExpiresAt: time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC),
	}
}

func TestTokensSurviveClosing(t *testing.T) {
	// A name with characters that have a meaning in a URL.
	path := filepath.Join(t.TempDir(), "new dir", "a?b#c%20 d.db")
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	for _, user := range []string{"7", oauth.AppKey} {
		if err := s.Tokens().Save(t.Context(), user, token(user)); err != nil {
			t.Fatalf("save: got %v, want none", err)
		}
	}
	if err := s.Tokens().Save(t.Context(), "7", token("8")); err != nil {
		t.Fatalf("save again: got %v, want none", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Errorf("the file is not where it should be: %v", err)
	}

	tokens := open(t, path).Tokens()
	got, err := tokens.Load(t.Context(), "7")
	if err != nil {
		t.Fatalf("load: got %v, want none", err)
	}
	if diff := cmp.Diff(token("8"), got); diff != "" {
		t.Errorf("token (-want +got):\n%s", diff)
	}
	keys, err := tokens.List(t.Context())
	if want := []string{"7", "app"}; err != nil || !cmp.Equal(keys, want) {
		t.Errorf("list: got %v, %v, want %v", keys, err, want)
	}
	for range 2 {
		if err := tokens.Delete(t.Context(), "7"); err != nil {
			t.Errorf("delete: got %v, want none", err)
		}
	}
	if _, err := tokens.Load(t.Context(), "7"); !errors.Is(err, oauth.ErrNoToken) {
		t.Errorf("load of none: got %v, want %v", err, oauth.ErrNoToken)
	}
}

func TestSettings(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "larkspur.db"))
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "busy_timeout": "5000", "foreign_keys": "1", "trusted_schema": "0",
	} {
		var got string
		if err := s.db.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", pragma, got, err, want)
		}
	}
}

func TestFilesAreForTheirOwnerOnly(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no file modes")
	}
	path := filepath.Join(t.TempDir(), "larkspur.db")
	s := open(t, path)
	if err := s.Tokens().Save(t.Context(), "7", token("7")); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) < 2 {
		t.Fatalf("files: got %v, %v, want the database and its log", files, err)
	}
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s: got mode %v, want 0600", filepath.Base(file), info.Mode())
		}
	}

	loose := filepath.Join(t.TempDir(), "loose.db")
	if err := os.WriteFile(loose, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(loose, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), loose); !errors.Is(err, ErrTooOpen) || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a file that others may read: got %v, want %v and what to do", err, ErrTooOpen)
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	garbage := filepath.Join(dir, "garbage.db")
	if err := os.WriteFile(garbage, []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), garbage); err == nil {
		t.Error("garbage: got no error")
	}
	if _, err := Open(t.Context(), dir); err == nil {
		t.Error("a directory: got no error")
	}

	newer := filepath.Join(dir, "newer.db")
	s := open(t, newer)
	if _, err := s.db.ExecContext(t.Context(), `PRAGMA user_version = 1000`); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), newer); !errors.Is(err, errNewer) {
		t.Errorf("a newer file: got %v, want %v", err, errNewer)
	}
}

func TestManyOpenANewFileAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "larkspur.db")
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			s, err := Open(t.Context(), path)
			if err != nil {
				t.Errorf("open: got %v, want none", err)
				return
			}
			defer s.Close()
			for j := range 5 {
				if err := s.Tokens().Save(t.Context(), fmt.Sprint(i, j), token("7")); err != nil {
					t.Errorf("save: got %v, want none", err)
				}
			}
		})
	}
	group.Wait()
	keys, err := open(t, path).Tokens().List(t.Context())
	if err != nil || len(keys) != 40 {
		t.Errorf("keys: got %d, %v, want 40", len(keys), err)
	}
}

func TestLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "larkspur.db")
	here, there := open(t, path).Tokens(), open(t, path).Tokens()
	unlock, err := here.Lock(t.Context(), "7")
	if err != nil {
		t.Fatal(err)
	}
	other, err := there.Lock(t.Context(), "8")
	if err != nil {
		t.Fatalf("another key: got %v, want none", err)
	}
	other()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Millisecond)
	defer cancel()
	if _, err := there.Lock(ctx, "7"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a held key: got %v, want deadline exceeded", err)
	}
	unlock()
	unlock, err = there.Lock(t.Context(), "7")
	if err != nil {
		t.Fatalf("a freed key: got %v, want none", err)
	}
	unlock()
}

func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "larkspur")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	s, err := Open(ctx, filepath.Join(dir, "larkspur.db"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	err = s.Tokens().Save(ctx, "7", oauth.Token{AccessToken: "secret", UserID: "7", Login: "ada"})
	token, loadErr := s.Tokens().Load(ctx, "7")
	fmt.Println(token.Login, err, loadErr)
	// Output: ada <nil> <nil>
}
