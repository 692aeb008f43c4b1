package oauth_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// A process may stop in the middle of a renewal and still live: in a debugger, in a
// paused container. It holds its lock then, for ever.
func TestFrozenProcessStopsNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.life = 1000 * time.Hour
		store := noUpdates{oauth.NewMemoryStore()}
		for _, id := range []string{"123", "456"} {
			if err := store.Save(t.Context(), id, f.token(grant{userID: id, login: "user" + id})); err != nil {
				t.Fatal(err)
			}
		}
		unlock, err := store.Lock(t.Context(), "123")
		if err != nil {
			t.Fatal(err)
		}
		defer unlock()
		running(t, f.manager(t, store, oauth.Options{}))
		time.Sleep(3 * time.Hour)
		synctest.Wait()
		seen, err := store.Load(t.Context(), "456")
		if err != nil || time.Since(seen.ValidatedAt) > time.Hour+5*time.Minute {
			t.Errorf("got a validation %v ago, %v, want one within the hour", time.Since(seen.ValidatedAt), err)
		}
	})
}

// noUpdates is a store that is told of each validation by itself.
type noUpdates struct{ s *oauth.MemoryStore }

func (n noUpdates) Load(ctx context.Context, key string) (oauth.Token, error) {
	return n.s.Load(ctx, key)
}

func (n noUpdates) Save(ctx context.Context, key string, t oauth.Token) error {
	return n.s.Save(ctx, key, t)
}

func (n noUpdates) Delete(ctx context.Context, key string) error { return n.s.Delete(ctx, key) }

func (n noUpdates) List(ctx context.Context) ([]string, error) { return n.s.List(ctx) }

func (n noUpdates) Lock(ctx context.Context, key string) (func(), error) { return n.s.Lock(ctx, key) }

// Who was removed by one process is not served for hours by another.
func TestRemovedElsewhereIsNotServed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.life = 1000 * time.Hour
		store := oauth.NewMemoryStore()
		if err := store.Save(t.Context(), "123", f.token(ada)); err != nil {
			t.Fatal(err)
		}
		here, there := f.manager(t, store, oauth.Options{}), f.manager(t, store, oauth.Options{})
		running(t, here)
		if _, err := here.Token(t.Context(), "123"); err != nil {
			t.Fatal(err)
		}
		if err := there.Remove(t.Context(), "123"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(11 * time.Minute)
		synctest.Wait()
		if _, err := here.Token(t.Context(), "123"); !errors.Is(err, oauth.ErrNoToken) {
			t.Errorf("got %v, want %v", err, oauth.ErrNoToken)
		}
	})
}

// The clock that a time.Time carries along stands still while a machine sleeps.
func TestExpiryCountsWhileTheMachineSleeps(t *testing.T) {
	f := newFake()
	m := f.manager(t, oauth.NewMemoryStore(), oauth.Options{})
	u, err := m.Add(t.Context(), f.token(ada))
	if err != nil {
		t.Fatal(err)
	}
	if text := u.ExpiresAt.String(); strings.Contains(text, "m=") {
		t.Errorf("got %s, want it without a monotonic clock", text)
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
