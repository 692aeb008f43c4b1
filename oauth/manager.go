package oauth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/internal/quiet"
)

// Options configure a [Manager]. The zero value is usable. The hooks must not call
// [Manager.Close], which waits for them.
type Options struct {
	HTTPClient *http.Client // default: a client with a 15 s timeout
	BaseURL    string       // default: DefaultBaseURL
	Logger     *slog.Logger // default: discard

	// OnRefreshed is called after a token was renewed and stored. It must not block.
	OnRefreshed func(userID string)
	// OnRevoked is called once when Twitch has refused a user's token for good:
	// work that uses the token should stop. It must not block.
	OnRevoked func(*LoginError)
	// OnNeedsLogin is called once for every user who must log in again, even if another
	// process or an earlier run of this one found that out: [Manager.Run] looks for
	// them. It must not block.
	OnNeedsLogin func(*LoginError)
	// LoginURL returns where the user can log in again; userID is empty for the app.
	// It goes into LoginErrors. [Handler.LoginURL] is one. Default: none.
	LoginURL func(userID string, scopes ScopeSet) string
}

// A Manager keeps the tokens of any number of users, and the app token, whose user
// ID is "". Packages that call Twitch use it as their source of tokens.
type Manager struct {
	client *Client
	store  Store
	o      Options
	log    *slog.Logger

	wake chan struct{} // wakes Run when a user was added

	mu         sync.Mutex
	entries    map[string]*entry // guarded by mu
	seen       map[string]sight  // guarded by mu; by key; what is not stored yet
	seenStored time.Time         // guarded by mu
	closed     bool              // guarded by mu
	flights    sync.WaitGroup    // Add under mu and not when closed
}

// NewManager returns a Manager of the tokens in store. Without clientSecret it is
// that of a public client: no app token, and refresh tokens work once.
//
// It panics if store is nil, because all logins would be lost when the process ends. Pass
// [NewMemoryStore] if that is intended.
func NewManager(clientID, clientSecret string, store Store, o Options) *Manager {
	if store == nil {
		panic("oauth: NewManager needs a Store; NewMemoryStore() returns one that lasts as long as the process")
	}
	m := &Manager{
		client:  &Client{ClientID: clientID, ClientSecret: Secret(clientSecret), HTTPClient: o.HTTPClient, BaseURL: o.BaseURL},
		store:   store,
		o:       o,
		log:     quiet.Or(o.Logger),
		wake:    make(chan struct{}, 1),
		entries: map[string]*entry{},
		seen:    map[string]sight{},
	}
	return m
}

// Client returns the protocol client of the Manager, for logins.
func (m *Manager) Client() *Client { return m.client }

// Token returns the user's access token, "" the app's. It is renewed first when its
// time is over; an app token is fetched if there is none. A user without a usable token
// is a [LoginError]; every other error, of the network or the store, may be temporary.
//
// It waits for the network only where a token has to be got, and no longer than ctx
// allows. After a failure it does not ask Twitch again at once, but returns the same
// error for a second, later for up to a minute.
func (m *Manager) Token(ctx context.Context, userID string) (string, error) {
	return m.FreshToken(ctx, userID, 0)
}

// FreshToken is Token for connections that cannot renew it once they are up, such as
// chat: the token lives for at least life, if Twitch's tokens live that long: ask for
// minutes, and at every connect; do not keep it.
func (m *Manager) FreshToken(ctx context.Context, userID string, life time.Duration) (string, error) {
	key := keyOf(userID)
	t, err := m.current(ctx, key)
	if err != nil && (key != AppKey || !errors.Is(err, ErrNoToken)) {
		return "", err
	}
	if t.Problem != "" {
		return "", m.loginError(t)
	}
	now := time.Now()
	onlyOne := t.RefreshToken == "" && key != AppKey // there will be no better one
	stale := t.AccessToken
	if t.usable(now.Add(life)) || onlyOne && t.usable(now) {
		if !m.entry(key).hasNewer(t.AccessToken) {
			return string(t.AccessToken), nil
		}
		stale = "" // it serves; but there is a newer one, which must be stored
	}
	renewed, err := m.renew(ctx, key, stale)
	if err != nil {
		if ctx.Err() == nil && t.usable(now) && !errors.Is(err, ErrRevoked) {
			m.log.WarnContext(ctx, "token not renewed early", "user_id", userID, "error", err)
			return string(t.AccessToken), nil
		}
		return "", err
	}
	return string(renewed.AccessToken), nil
}

// Renew returns a token of the user that is not stale, the one Twitch has just
// refused. Concurrent calls share one renewal; if another process that shares the store
// has renewed the token already, Renew returns that one. It waits and fails as Token does;
// a renewal that has begun continues if ctx ends.
//
// A token without a refresh token is validated before the login is given up. If Twitch
// still accepts it, that is an error, because there is no other; the login stays.
func (m *Manager) Renew(ctx context.Context, userID, stale string) (string, error) {
	t, err := m.renew(ctx, keyOf(userID), Secret(stale))
	if err == nil && t.AccessToken == Secret(stale) {
		err = fmt.Errorf("oauth: %s: %w", opRefresh, errStillValid)
	}
	if err != nil {
		return "", err
	}
	return string(t.AccessToken), nil
}

// Scopes returns what the user has granted, under today's names too; known is false
// where that is not known, as for the app. It does not ask Twitch.
func (m *Manager) Scopes(ctx context.Context, userID string) (scopes []string, known bool) {
	if userID == "" {
		return nil, false
	}
	t, err := m.current(ctx, userID)
	if err != nil || t.Scopes == nil {
		return nil, false
	}
	return t.Scopes.Covered(), true
}

// Close waits until renewals under way have ended, or ctx has: a process that exits
// during one may lose the token. It stores what the store could not take before; that
// it cannot even now is an error. Afterwards nothing is renewed anymore.
func (m *Manager) Close(ctx context.Context) error {
	m.mu.Lock()
	m.closed = true
	m.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		m.flights.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-ctx.Done():
		return fmt.Errorf("oauth: close: %w", ctx.Err())
	}
	if err := m.saveAllUnsaved(ctx); err != nil {
		return fmt.Errorf("oauth: close: %w", err)
	}
	return nil
}

// Format writes only what m is: fmt would walk to the tokens.
func (m *Manager) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "oauth.Manager of client "+m.client.ClientID) // fmt's buffer does not fail
}
