package oauth_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// slow is a store whose operations take some time; they fail when ctx ends.
type slow struct {
	*oauth.MemoryStore
	time time.Duration
}

func (s slow) wait(ctx context.Context) error {
	select {
	case <-time.After(s.time):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s slow) Load(ctx context.Context, key string) (oauth.Token, error) {
	if err := s.wait(ctx); err != nil {
		return oauth.Token{}, err
	}
	return s.MemoryStore.Load(ctx, key)
}

func (s slow) Save(ctx context.Context, key string, t oauth.Token) error {
	if err := s.wait(ctx); err != nil {
		return err
	}
	return s.MemoryStore.Save(ctx, key, t)
}

func (s slow) Delete(ctx context.Context, key string) error {
	if err := s.wait(ctx); err != nil {
		return err
	}
	return s.MemoryStore.Delete(ctx, key)
}

// Another process may hold the lock until the last moment, Twitch and the disk may be
// slow, and the caller may have gone: the token that Twitch issued is still stored.
func TestRenewalHasTimeForEachPart(t *testing.T) {
	tests := []struct {
		name                 string
		caller               time.Duration // how long the caller waits
		held, twitch, saving time.Duration
	}{
		{"nothing is slow", time.Hour, 0, 0, 0},
		{"the lock is freed late", time.Hour, 29 * time.Second, 10 * time.Second, 0},
		{"everything is slow", time.Hour, 29 * time.Second, 29 * time.Second, 9 * time.Second},
		{"and the caller no longer waits", time.Second, 29 * time.Second, 29 * time.Second, 9 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				f.delay = tt.twitch
				old := f.token(ada)
				store := slow{saved(t, old), tt.saving}
				unlock, err := store.Lock(t.Context(), "123") // as another process
				if err != nil {
					t.Fatal(err)
				}
				time.AfterFunc(tt.held, unlock)
				m := f.manager(t, store, oauth.Options{})
				ctx, cancel := context.WithTimeout(t.Context(), tt.caller)
				defer cancel()
				token, err := m.Renew(ctx, "123", string(old.AccessToken))
				if tt.caller == time.Hour && (err != nil || token == string(old.AccessToken)) {
					t.Errorf("got %v, want a new token", err)
				}
				if tt.caller < time.Hour && !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("got %v, want the caller's deadline", err)
				}
				if err := m.Close(t.Context()); err != nil {
					t.Fatal(err)
				}
				kept, err := store.MemoryStore.Load(t.Context(), "123")
				if err != nil || kept.AccessToken == old.AccessToken || !kept.RefreshingSince.IsZero() {
					t.Errorf("got %+v, %v in the store, want the renewed token", kept, err)
				}
				if n := f.count("refresh_token"); n != 1 {
					t.Errorf("got %d refreshes, want 1", n)
				}
			})
		})
	}
}

// A renewal without progress ends; each part has its own timeout.
func TestRenewalEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		old := f.token(ada)
		store := saved(t, old)
		unlock, err := store.Lock(t.Context(), "123")
		if err != nil {
			t.Fatal(err)
		}
		m := f.manager(t, store, oauth.Options{})
		start := time.Now()
		if _, err := m.Renew(t.Context(), "123", string(old.AccessToken)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want an end to the wait for the lock", err)
		}
		if took := time.Since(start); took > time.Minute {
			t.Errorf("got %v, want less than a minute", took)
		}
		if n := f.count("refresh_token"); n != 0 {
			t.Errorf("got %d refreshes without the lock, want none", n)
		}
		unlock()
		time.Sleep(time.Minute)
		if _, err := m.Renew(t.Context(), "123", string(old.AccessToken)); err != nil {
			t.Errorf("got %v once the lock is free, want a token", err)
		}
	})
}
