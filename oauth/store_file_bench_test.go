package oauth_test

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// crowd returns a store with n users whose tokens are valid.
func crowd(b *testing.B, f *fake, users int) *oauth.FileStore {
	b.Helper()
	store, err := oauth.OpenFileStore(filepath.Join(b.TempDir(), "tokens.json"))
	if err != nil {
		b.Fatal(err)
	}
	tokens := make(map[string]oauth.Token, users)
	for i := range users {
		id := fmt.Sprint(100_000 + i)
		tokens[id] = f.token(grant{userID: id, login: "user" + id, scopes: []string{"chat:read", "chat:edit"}})
	}
	if err := oauth.FillFile(b.Context(), store, tokens); err != nil {
		b.Fatal(err)
	}
	return store
}

// The cost of one round of validating all users.
func BenchmarkValidateAll(b *testing.B) {
	for _, users := range []int{100, 1000, 10_000} {
		b.Run(fmt.Sprint(users), func(b *testing.B) {
			f := newFake()
			store := crowd(b, f, users)
			time.Sleep(2100 * time.Millisecond) // until the file is recognised by its time
			b.ResetTimer()
			for range b.N {
				validated := make(chan struct{}, users)
				m := oauth.NewManager("client", "", store, oauth.Options{HTTPClient: &http.Client{Transport: counted{f, validated}}})
				ctx, cancel := context.WithCancel(b.Context())
				done := make(chan error, 1)
				go func() { done <- m.Run(ctx) }()
				for range users {
					<-validated
				}
				cancel()
				<-done
			}
		})
	}
}

// counted sends to answered after each response.
type counted struct {
	*fake
	answered chan struct{}
}

func (c counted) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := c.fake.RoundTrip(r)
	c.answered <- struct{}{}
	return res, err
}

// The cost of one write; a renewal needs two.
func BenchmarkFileSave(b *testing.B) {
	for _, users := range []int{1, 100, 1000, 10_000} {
		b.Run(fmt.Sprint(users), func(b *testing.B) {
			f := newFake()
			store := crowd(b, f, users)
			token := f.token(ada)
			for b.Loop() {
				if err := store.Save(b.Context(), "123", token); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
