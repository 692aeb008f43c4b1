package oauth_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// fake is the part of Twitch's login server that these tests need. Refresh tokens
// work once, as those of public clients do, which is the harder case.
type fake struct {
	mu        sync.Mutex
	n         int
	access    map[string]grant // by access token
	refresh   map[string]grant // by refresh token
	codes     map[string]grant // by authorization code
	device    []string         // answers of polls before the token comes
	life      time.Duration
	delay     time.Duration // of every refresh
	slow      time.Duration // of every answer
	open      int           // requests under way
	most      int           // most of them at a time
	down      bool          // the network is gone
	away      bool          // it does not validate tokens
	calls     map[string]int
	lastForms []map[string][]string
	status    int    // answer with this …
	body      string // … to every request, where set
}

type grant struct {
	userID, login string
	scopes        []string
	expires       time.Time
}

func newFake() *fake {
	return &fake{
		access: map[string]grant{}, refresh: map[string]grant{}, codes: map[string]grant{},
		calls: map[string]int{}, life: 4 * time.Hour,
	}
}

var ada = grant{userID: "123", login: "ada", scopes: []string{"chat:edit", "chat:read"}}

// token issues a pair of tokens for g, valid for f.life.
func (f *fake) token(g grant) oauth.Token {
	f.mu.Lock()
	defer f.mu.Unlock()
	access, refresh := f.issue(g)
	return oauth.Token{
		AccessToken: oauth.Secret(access), RefreshToken: oauth.Secret(refresh), ClientID: "client",
		UserID: g.userID, Login: g.login, Scopes: oauth.NewScopeSet(g.scopes...), ExpiresAt: time.Now().Add(f.life),
	}
}

func (f *fake) issue(g grant) (access, refresh string) {
	f.n++
	access, refresh = fmt.Sprintf("access-canary-%06d-%s", f.n, g.userID), fmt.Sprintf("refresh-canary-%06d/+%%=", f.n)
	g.expires = time.Now().Add(f.life)
	f.access[access], f.refresh[refresh] = g, g
	return access, refresh
}

func (f *fake) revoke(userID string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, tokens := range []map[string]grant{f.access, f.refresh} {
		for token, g := range tokens {
			if g.userID == userID {
				delete(tokens, token)
			}
		}
	}
}

func (f *fake) set(change func(*fake)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

func (f *fake) count(call string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[call]
}

// RoundTrip answers without a network, so that it works in synctest bubbles too.
func (f *fake) RoundTrip(req *http.Request) (*http.Response, error) {
	f.mu.Lock()
	down, delay, slow := f.down, f.delay, f.slow
	f.open++
	f.most = max(f.most, f.open)
	f.mu.Unlock()
	defer f.set(func(f *fake) { f.open-- })
	time.Sleep(slow)
	if delay > 0 && strings.HasSuffix(req.URL.Path, "/token") {
		time.Sleep(delay)
	}
	if down {
		return nil, io.ErrUnexpectedEOF
	}
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	rec := httptest.NewRecorder()
	f.ServeHTTP(rec, req)
	return rec.Result(), nil
}

func (f *fake) client() *http.Client { return &http.Client{Transport: f} }

func (f *fake) manager(t *testing.T, store oauth.Store, o oauth.Options) *oauth.Manager {
	t.Helper()
	o.HTTPClient = f.client()
	return oauth.NewManager("client", "secret-canary-000000", store, o)
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	f.mu.Lock()
	defer f.mu.Unlock()
	call := strings.TrimPrefix(r.URL.Path, "/oauth2")
	if grantType := r.PostForm.Get("grant_type"); grantType != "" {
		call = grantType
	}
	f.calls[call]++
	f.lastForms = append(f.lastForms, r.PostForm)
	if f.status != 0 {
		w.WriteHeader(f.status)
		_, _ = io.WriteString(w, f.body)
		return
	}
	if r.URL.Path != "/oauth2/validate" && r.PostForm.Get("client_id") != "client" {
		refuse(w, 400, "invalid client")
		return
	}
	switch call {
	case "authorization_code":
		g, ok := f.codes[r.PostForm.Get("code")]
		delete(f.codes, r.PostForm.Get("code"))
		f.answer(w, g, ok, "Invalid authorization code")
	case "refresh_token":
		g, ok := f.refresh[r.PostForm.Get("refresh_token")]
		delete(f.refresh, r.PostForm.Get("refresh_token"))
		f.answer(w, g, ok, "Invalid refresh token")
	case "client_credentials":
		if r.PostForm.Get("client_secret") != "secret-canary-000000" {
			refuse(w, 403, "invalid client secret")
			return
		}
		f.answer(w, grant{}, true, "")
	case "urn:ietf:params:oauth:grant-type:device_code":
		if len(f.device) > 0 {
			refuse(w, 400, f.device[0])
			f.device = f.device[1:]
			return
		}
		f.answer(w, ada, r.PostForm.Get("device_code") == "device-canary", "invalid device code")
	case "/device":
		reply(w, map[string]any{
			"device_code": "device-canary", "user_code": "ABCDEFGH", "expires_in": 1800, "interval": 5,
			"verification_uri": "https://www.twitch.tv/activate?device-code=ABCDEFGH",
		})
	case "/validate":
		if f.away {
			refuse(w, 503, "busy")
			return
		}
		token := strings.TrimPrefix(r.Header.Get("Authorization"), "OAuth ")
		g, ok := f.access[token]
		if !ok || !time.Now().Before(g.expires) {
			refuse(w, 401, "invalid access token")
			return
		}
		reply(w, map[string]any{
			"client_id": "client", "login": g.login, "user_id": g.userID, "scopes": g.scopes,
			"expires_in": int(time.Until(g.expires).Seconds()),
		})
	case "/revoke":
		if _, ok := f.access[r.PostForm.Get("token")]; !ok {
			refuse(w, 400, "Invalid token")
			return
		}
		delete(f.access, r.PostForm.Get("token"))
	default:
		refuse(w, 404, "no such path")
	}
}

func (f *fake) answer(w http.ResponseWriter, g grant, ok bool, problem string) {
	if !ok {
		refuse(w, 400, problem)
		return
	}
	access, refresh := f.issue(g)
	body := map[string]any{"access_token": access, "expires_in": int(f.life.Seconds()), "token_type": "bearer"}
	if g.userID != "" {
		body["refresh_token"], body["scope"] = refresh, g.scopes
	}
	reply(w, body)
}

func refuse(w http.ResponseWriter, status int, message string) {
	w.WriteHeader(status)
	reply(w, map[string]any{"status": status, "message": message})
}

func reply(w http.ResponseWriter, body any) { _ = json.NewEncoder(w).Encode(body) }
