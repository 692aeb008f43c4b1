package oauth

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// A Login is what was requested when a login began in a browser.
type Login struct {
	Scopes ScopeSet
	UserID string // the user who must log in; empty: any user
	Nonce  string // for the ID token

	forced bool // the person is asked by Twitch, even if they have agreed before
}

// Logins remembers logins that were begun in a browser and are not finished. Each is
// bound to the browser that began it and to what was asked for, is finished at most
// once, and within ten minutes. The zero value is empty and ready.
type Logins struct {
	mu    sync.Mutex
	begun map[[sha256.Size]byte]begun // guarded by mu; by the state's hash, so that the time of a lookup reveals nothing
	order [][sha256.Size]byte         // guarded by mu; oldest first, with some that are finished
}

// begun is a login that is under way.
type begun struct {
	login   Login
	browser [sha256.Size]byte
	expires time.Time
}

const (
	// loginTime is how long a person has to agree.
	loginTime = 10 * time.Minute
	// maxLogins bounds the memory that unknown visitors can use.
	maxLogins = 10_000
)

// ErrState is returned if a login was not begun here, in this browser, within the last ten
// minutes, or was already finished.
var ErrState = errors.New("oauth: this login was not begun here, took too long, or was used before")

// Begin remembers l. It returns the state for the [Authorization] and a secret for the
// browser, to be kept in a cookie.
func (s *Logins) Begin(l Login) (state string, browser Secret) {
	state, secret := NewState(), NewState()
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.begun == nil {
		s.begun = map[[sha256.Size]byte]begun{}
	}
	s.sweep(now)
	key := sha256.Sum256([]byte(state))
	s.begun[key] = begun{login: l, browser: sha256.Sum256([]byte(secret)), expires: now.Add(loginTime)}
	s.order = append(s.order, key)
	return state, Secret(secret)
}

// Finish returns the login that began with state in the browser that has the secret.
// It does so once: state is invalid afterwards, even after an error. Every error is
// [ErrState].
func (s *Logins) Finish(state string, browser Secret) (Login, error) {
	l, _, err := s.finish(state, browser)
	if err != nil {
		return Login{}, err
	}
	return l, nil
}

// finish is like Finish. known reports whether the login was begun in this browser, even
// if it took too long.
func (s *Logins) finish(state string, browser Secret) (l Login, known bool, err error) {
	key := sha256.Sum256([]byte(state))
	s.mu.Lock()
	b, ok := s.begun[key]
	delete(s.begun, key)
	s.mu.Unlock()
	hash := sha256.Sum256([]byte(browser))
	if !ok || subtle.ConstantTimeCompare(hash[:], b.browser[:]) != 1 {
		return Login{}, false, ErrState
	}
	if !time.Now().Before(b.expires) {
		return b.login, true, ErrState
	}
	return b.login, true, nil
}

// sweep forgets what is over, and the oldest where there are too many. s.mu is held.
func (s *Logins) sweep(now time.Time) {
	done := 0
	for _, key := range s.order {
		b, ok := s.begun[key]
		if ok && now.Before(b.expires) && len(s.begun) < maxLogins {
			break
		}
		delete(s.begun, key)
		done++
	}
	s.order = s.order[done:]
	// What was finished out of order must not pile up behind one that is not.
	if len(s.order) > 2*len(s.begun)+64 {
		kept := make([][sha256.Size]byte, 0, len(s.begun)+1)
		for _, key := range s.order {
			if _, ok := s.begun[key]; ok {
				kept = append(kept, key)
			}
		}
		s.order = kept
	}
}

// Format writes only what s is.
func (s *Logins) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "oauth.Logins") // fmt's buffer does not fail
}
