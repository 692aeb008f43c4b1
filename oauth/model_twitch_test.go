package oauth_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// modelTwitch is the login server of the model. It remembers every token that it issued,
// and its state.
type modelTwitch struct {
	public    bool          // refresh tokens work once, as those of public clients do
	mostValid int           // access tokens of one refresh token
	life      time.Duration // of access tokens, as reported by Twitch
	skew      time.Duration // how much longer they really live: a clock is wrong

	mu       sync.Mutex
	n        int                      // guarded by mu; issued pairs
	access   map[string]*modelAccess  // guarded by mu
	refresh  map[string]*modelRefresh // guarded by mu
	troubles []trouble                // guarded by mu; of the next requests
	requests int                      // guarded by mu
}

type modelAccess struct {
	userID  string
	number  int // in order of issue
	expires time.Time
	revoked bool
}

type modelRefresh struct {
	userID  string
	access  []string      // the access tokens that it was exchanged for
	revoked bool          // by the user
	taken   *modelRequest // the request that used it, if it works only once
	refused bool          // a live process received its refusal
}

// A modelRequest is one exchange of a refresh token.
type modelRequest struct {
	by        *modelProcess // nil: another program
	arrived   time.Time     // when the response arrived while by was alive
	successor string        // the refresh token in it
}

func (r modelRefresh) dead() bool { return r.revoked || r.taken != nil }

func (tw *modelTwitch) issue(userID string) (access, refresh string) {
	tw.mu.Lock()
	defer tw.mu.Unlock()
	return tw.issueLocked(userID, "")
}

// issueLocked issues an access token, and a refresh token if refresh is empty.
func (tw *modelTwitch) issueLocked(userID, refresh string) (string, string) {
	tw.n++
	access := "access-" + strconv.Itoa(tw.n)
	tw.access[access] = &modelAccess{userID: userID, number: tw.n, expires: time.Now().Add(tw.life + tw.skew)}
	if refresh == "" {
		refresh = "refresh-" + strconv.Itoa(tw.n)
		tw.refresh[refresh] = &modelRefresh{userID: userID}
	}
	r := tw.refresh[refresh]
	r.access = append(r.access, access)
	return access, refresh
}

// disconnect revokes all tokens of a user, as if the user disconnected the app.
func (tw *modelTwitch) disconnect(userID string) {
	tw.mu.Lock()
	defer tw.mu.Unlock()
	for _, a := range tw.access {
		a.revoked = a.revoked || a.userID == userID
	}
	for _, r := range tw.refresh {
		r.revoked = r.revoked || r.userID == userID
	}
}

func (tw *modelTwitch) valid(access string) bool {
	tw.mu.Lock()
	defer tw.mu.Unlock()
	return tw.validLocked(access)
}

func (tw *modelTwitch) validLocked(access string) bool {
	a := tw.access[access]
	return a != nil && !a.revoked && time.Now().Before(a.expires)
}

// ageOf returns the user of an access token and its number. Later tokens have higher
// numbers.
func (tw *modelTwitch) ageOf(access string) (userID string, number int) {
	tw.mu.Lock()
	defer tw.mu.Unlock()
	if a := tw.access[access]; a != nil {
		return a.userID, a.number
	}
	return "", 0
}

// fate returns the state of a refresh token.
func (tw *modelTwitch) fate(refresh string) modelRefresh {
	tw.mu.Lock()
	defer tw.mu.Unlock()
	if r := tw.refresh[refresh]; r != nil {
		return *r
	}
	return modelRefresh{}
}

// refusedAny reports whether a refresh token of the user was refused.
func (tw *modelTwitch) refusedAny(userID string) (refused bool) {
	tw.mu.Lock()
	defer tw.mu.Unlock()
	for _, r := range tw.refresh {
		refused = refused || r.refused && r.userID == userID
	}
	return refused
}

func (tw *modelTwitch) set(change func(*modelTwitch)) {
	tw.mu.Lock()
	defer tw.mu.Unlock()
	change(tw)
}

// A modelAnswer is a response of Twitch.
type modelAnswer struct {
	status int
	body   []byte
}

// act carries out a request.
func (tw *modelTwitch) act(q modelQuery, by *modelRequest) modelAnswer {
	rec := httptest.NewRecorder()
	tw.mu.Lock()
	defer tw.mu.Unlock()
	switch {
	case strings.HasSuffix(q.path, "/validate"):
		tw.validate(rec, q.access)
	case strings.HasSuffix(q.path, "/revoke"):
		if token := q.form.Get("token"); tw.validLocked(token) {
			tw.access[token].revoked = true
		} else {
			refuse(rec, 400, "Invalid token")
		}
	case q.form.Get("grant_type") == "refresh_token":
		tw.exchange(rec, q.form.Get("refresh_token"), by)
	default:
		refuse(rec, 404, "no such path")
	}
	return modelAnswer{rec.Code, rec.Body.Bytes()}
}

// A modelQuery is a request to Twitch.
type modelQuery struct {
	path   string
	access string // in the header
	form   url.Values
}

func (tw *modelTwitch) validate(w http.ResponseWriter, token string) {
	if !tw.validLocked(token) {
		refuse(w, 401, "invalid access token")
		return
	}
	a := tw.access[token]
	reply(w, map[string]any{
		"client_id": "client", "login": "user" + a.userID, "user_id": a.userID, "scopes": []string{"chat:read"},
		"expires_in": int(time.Until(a.expires.Add(-tw.skew)).Seconds()),
	})
}

func (tw *modelTwitch) exchange(w http.ResponseWriter, token string, by *modelRequest) {
	r := tw.refresh[token]
	if r == nil || r.dead() {
		refuse(w, 400, "Invalid refresh token")
		return
	}
	successor := token
	if tw.public {
		successor, r.taken = "", by
	} else if tw.tooMany(r) {
		refuse(w, 400, "Too many access tokens for this refresh token")
		return
	}
	access, refresh := tw.issueLocked(r.userID, successor)
	by.successor = refresh
	reply(w, map[string]any{
		"access_token": access, "refresh_token": refresh, "expires_in": int(tw.life.Seconds()),
		"scope": []string{"chat:read"}, "token_type": "bearer",
	})
}

func (tw *modelTwitch) tooMany(r *modelRefresh) bool {
	valid := 0
	for _, access := range r.access {
		if tw.validLocked(access) {
			valid++
		}
	}
	return valid >= tw.mostValid
}

// rotated is an exchange by another program; access is empty if it is refused.
func (tw *modelTwitch) rotated(token string) (access, refresh string) {
	tw.mu.Lock()
	defer tw.mu.Unlock()
	r := tw.refresh[token]
	if r == nil || r.dead() || !tw.public {
		return "", ""
	}
	r.taken = &modelRequest{}
	access, refresh = tw.issueLocked(r.userID, "")
	r.taken.successor = refresh
	return access, refresh
}
