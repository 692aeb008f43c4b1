package oauth_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// writes counts the writes of a file with tokens.
type writes struct {
	*oauth.FileStore
	n *atomic.Int32
}

func (s writes) Save(ctx context.Context, key string, t oauth.Token) error {
	s.n.Add(1)
	return s.FileStore.Save(ctx, key, t)
}

func (s writes) Update(ctx context.Context, keys []string, change func(string, oauth.Token) (oauth.Token, bool)) error {
	s.n.Add(1)
	return s.FileStore.Update(ctx, keys, change)
}

// Validating a hundred tokens does not cause a hundred writes of the file.
func TestValidationsAreStoredTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.life = 1000 * time.Hour
		store := writes{openFile(t, filepath.Join(t.TempDir(), "tokens.json")), new(atomic.Int32)}
		const users = 100
		id := func(i int) string { return fmt.Sprint(1000 + i) }
		tokens := map[string]oauth.Token{}
		for i := range users {
			tokens[id(i)] = f.token(grant{userID: id(i), login: "user" + id(i), scopes: []string{"chat:read"}})
		}
		if err := oauth.FillFile(t.Context(), store.FileStore, tokens); err != nil {
			t.Fatal(err)
		}
		m := f.manager(t, store, oauth.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- m.Run(ctx) }()
		time.Sleep(time.Second)
		synctest.Wait()
		if n := store.n.Load(); n > 1 || f.count("/validate") != users {
			t.Errorf("got %d writes and %d validations at start, want 1 and %d", n, f.count("/validate"), users)
		}
		old := func(limit time.Duration) (n int) {
			for i := range users {
				if kept, err := store.Load(t.Context(), id(i)); err != nil || time.Since(kept.ValidatedAt) > limit {
					n++
				}
			}
			return n
		}
		if n := old(time.Minute); n > 0 {
			t.Errorf("got %d tokens not noted as validated", n)
		}
		time.Sleep(3 * time.Hour)
		synctest.Wait()
		if n := store.n.Load(); n > 1+3*12 {
			t.Errorf("got %d writes in three hours, want one in five minutes at most", n)
		}
		if n := old(65 * time.Minute); n > 0 {
			t.Errorf("got %d tokens not noted as validated in the last hour", n)
		}
		// A renewal in between is not undone.
		token, err := m.Token(t.Context(), id(7))
		if err != nil {
			t.Fatal(err)
		}
		renewed, err := m.Renew(t.Context(), id(7), token)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Minute)
		cancel()
		<-done
		if kept, err := store.Load(t.Context(), id(7)); err != nil || string(kept.AccessToken) != renewed {
			t.Errorf("got %v, want the renewed token kept", err)
		}
		if n := old(61 * time.Minute); n > 0 { // also stored at the end
			t.Errorf("got %d tokens not noted at the end", n)
		}
	})
}

// Changes of a token are stored at once.
func TestChangesOfATokenAreStoredAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.life = 1000 * time.Hour
		store := openFile(t, filepath.Join(t.TempDir(), "tokens.json"))
		token := f.token(ada)
		if err := store.Save(t.Context(), "123", token); err != nil {
			t.Fatal(err)
		}
		running(t, f.manager(t, store, oauth.Options{}))
		synctest.Wait()
		renamed := ada
		renamed.login, renamed.expires = "ada_renamed", time.Now().Add(time.Hour*1000)
		f.set(func(f *fake) { f.access[string(token.AccessToken)] = renamed })
		time.Sleep(time.Hour + 10*time.Second)
		synctest.Wait()
		if kept, err := store.Load(t.Context(), "123"); err != nil || kept.Login != "ada_renamed" {
			t.Errorf("got %v, %v, want her new name", kept.Login, err)
		}
	})
}
