package helix

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// registry answers Get Users after a while with everybody but those in nobody.
type registry struct {
	mu       sync.Mutex
	requests []int // how many were asked for
	nobody   []string
}

func (g *registry) RoundTrip(r *http.Request) (*http.Response, error) {
	q := r.URL.Query()
	g.mu.Lock()
	g.requests = append(g.requests, len(q["id"])+len(q["login"]))
	g.mu.Unlock()
	select {
	case <-time.After(100 * time.Millisecond):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	var data []string
	for _, login := range q["login"] {
		if !slices.Contains(g.nobody, login) {
			data = append(data, fmt.Sprintf(`{"id":"%d","login":%q,"created_at":"2026-11-01T12:00:00Z"}`, len(login), login))
		}
	}
	for _, id := range q["id"] {
		if !slices.Contains(g.nobody, id) {
			data = append(data, fmt.Sprintf(`{"id":%q,"login":"user%s","created_at":"2026-11-01T12:00:00Z"}`, id, id))
		}
	}
	body := `{"data":[` + strings.Join(data, ",") + `]}`
	return &http.Response{StatusCode: 200, Header: http.Header{}, Request: r, Body: io.NopCloser(strings.NewReader(body))}, nil
}

func TestLookUpsShareRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &registry{nobody: []string{"77"}}
		tw := New("client", StaticToken("7", "t"), Options{HTTPClient: httpClient(g)})
		var wg sync.WaitGroup
		for i := range 250 {
			wg.Go(func() {
				id := strconv.Itoa(i)
				user, err := tw.Users.ByID(t.Context(), id)
				if i == 77 {
					if !errors.Is(err, ErrNotFound) {
						t.Errorf("got %v, want %v", err, ErrNotFound)
					}
				} else if err != nil || user.ID != id {
					t.Errorf("got %+v, %v, want user %s", user, err, id)
				}
			})
		}
		wg.Wait()
		if slices.Sort(g.requests); !slices.Equal(g.requests, []int{50, 100, 100}) {
			t.Errorf("got requests of %v users, want 100, 100 and 50", g.requests)
		}
		// What was found is known by either key, for a minute; callers do not share it.
		one, err := tw.Users.ByLogin(t.Context(), "user5")
		if err != nil {
			t.Fatal(err)
		}
		one.Login = "changed"
		again, err := tw.Users.ByID(t.Context(), "5")
		if err != nil || again.Login != "user5" || len(g.requests) != 3 {
			t.Errorf("got %+v, %v after %d requests, want user5 after 3", again, err, len(g.requests))
		}
		if _, err := tw.As("8").Users.ByID(t.Context(), "5"); err != nil || len(g.requests) != 3 {
			// StaticToken has no token of user 8; the app's would do, but must be asked.
			if err == nil {
				t.Errorf("another identity: got %d requests, want 4", len(g.requests))
			}
		}
		time.Sleep(time.Minute)
		if _, err := tw.Users.ByID(t.Context(), "5"); err != nil || len(g.requests) < 4 {
			t.Errorf("a minute later: got %v after %d requests, want one more", err, len(g.requests))
		}
	})
}

func TestNothingIsRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &registry{}
		tw := New("client", StaticToken("", "t"), Options{HTTPClient: httpClient(g), RememberUsers: -1})
		for range 3 {
			if _, err := tw.Users.ByLogin(t.Context(), "ada"); err != nil {
				t.Fatal(err)
			}
		}
		if len(g.requests) != 3 {
			t.Errorf("got %d requests, want 3", len(g.requests))
		}
	})
}

// Others do not suffer from one who gives up, not even the one who sent the request.
func TestLookUpIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &registry{}
		tw := New("client", StaticToken("", "t"), Options{HTTPClient: httpClient(g)})
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := tw.Users.ByLogin(ctx, "ada"); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("who gave up: got %v, want %v", err, context.DeadlineExceeded)
			}
		})
		synctest.Wait()
		for range 3 {
			wg.Go(func() {
				if user, err := tw.Users.ByLogin(t.Context(), "grace"); err != nil || user.Login != "grace" {
					t.Errorf("got %+v, %v, want grace", user, err)
				}
			})
		}
		wg.Go(func() {
			if _, err := tw.Users.ByLogin(ctx, "hedy"); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("who waited for another: got %v, want %v", err, context.DeadlineExceeded)
			}
		})
		wg.Wait()
		if got, want := g.requests, []int{3, 1}; !slices.Equal(got, want) {
			t.Errorf("got requests of %v users, want %v", got, want)
		}
	})
}

func TestRememberedUsersAreBounded(t *testing.T) {
	l := lookups{keep: time.Minute}
	for i := range 5 * lookupCached {
		l.remember(map[userKey]User{{id: strconv.Itoa(i)}: {}}, time.Now())
	}
	if got := len(l.known); got > 2*lookupCached {
		t.Errorf("got %d remembered, want at most %d", got, 2*lookupCached)
	}
}
