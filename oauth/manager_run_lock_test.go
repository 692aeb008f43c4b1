package oauth_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// A process may be paused in the middle of a renewal, by a debugger or in a container.
// It then holds its lock without limit.
func TestFrozenProcessDoesNotBlockOthers(t *testing.T) {
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

// noUpdates is a store without Update: each validation is saved separately.
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
