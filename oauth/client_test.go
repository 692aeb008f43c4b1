package oauth_test

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/oauth"
)

func (f *fake) protocol() *oauth.Client {
	return &oauth.Client{ClientID: "client", ClientSecret: "secret-canary-000000", HTTPClient: f.client()}
}

func TestDeviceLogin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.device = []string{"authorization_pending", "slow_down", "Authorization_Pending"}
		c := &oauth.Client{ClientID: "client", HTTPClient: f.client()} // public: no secret
		d, err := c.StartDevice(t.Context(), oauth.ScopeSet{"chat:read"})
		if err != nil {
			t.Fatal(err)
		}
		if d.UserCode != "ABCDEFGH" || d.Interval != 5*time.Second {
			t.Errorf("got %+v, want code and interval", d)
		}
		if _, err := c.PollDevice(t.Context(), d); !errors.Is(err, oauth.ErrPending) {
			t.Errorf("got %v, want ErrPending", err)
		}
		if _, err := c.PollDevice(t.Context(), d); !errors.Is(err, oauth.ErrSlowDown) {
			t.Errorf("got %v, want ErrSlowDown", err)
		}
		start := time.Now()
		token, err := c.WaitDevice(t.Context(), d)
		if err != nil || token.RefreshToken == "" {
			t.Fatalf("got %v, %v, want a token", token, err)
		}
		if took := time.Since(start); took != 10*time.Second {
			t.Errorf("got %v for two polls, want 10s", took)
		}
		form := f.lastForms[len(f.lastForms)-1]
		want := map[string][]string{
			"client_id": {"client"}, "device_code": {"device-canary"}, "scope": {"chat:read"}, "scopes": {"chat:read"},
			"grant_type": {"urn:ietf:params:oauth:grant-type:device_code"},
		}
		if diff := cmp.Diff(want, form); diff != "" {
			t.Errorf("form of the poll (-want +got):\n%s", diff)
		}
	})
}

func TestDeviceLoginEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		c := &oauth.Client{ClientID: "client", HTTPClient: f.client()}
		d, err := c.StartDevice(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		f.set(func(f *fake) { f.down = true }) // a network error only costs a turn
		start := time.Now()
		if _, err := c.WaitDevice(t.Context(), d); !errors.Is(err, oauth.ErrDeviceExpired) {
			t.Errorf("got %v, want ErrDeviceExpired", err)
		}
		if took := time.Since(start); took != 30*time.Minute {
			t.Errorf("got %v, want 30m", took)
		}
		f.set(func(f *fake) { f.down, f.device = false, []string{"invalid device code"} })
		if _, err := c.PollDevice(t.Context(), d); !errors.Is(err, oauth.ErrDeviceExpired) {
			t.Errorf("got %v, want ErrDeviceExpired", err)
		}
		if _, err := c.PollDevice(t.Context(), &oauth.Device{}); err == nil {
			t.Error("got no error for a device that was not started")
		}
	})
}

func TestValidate(t *testing.T) {
	f := newFake()
	token := f.token(ada)
	id, err := f.protocol().Validate(t.Context(), token.AccessToken)
	if err != nil {
		t.Fatal(err)
	}
	if id.UserID != "123" || id.Login != "ada" || id.Scopes.String() != "chat:edit chat:read" || id.ExpiresAt.IsZero() {
		t.Errorf("got %+v, want ada", id)
	}
	want := http.Header{"Authorization": {"Bearer " + string(token.AccessToken)}, "Client-Id": {"client"}}
	if diff := cmp.Diff(want, id.Header()); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	if _, err := f.protocol().Validate(t.Context(), "other"); !errors.Is(err, oauth.ErrRevoked) {
		t.Errorf("got %v, want ErrRevoked", err)
	}
}

func TestErrors(t *testing.T) {
	tests := []struct {
		name    string
		status  int
		body    string
		want    oauth.Error // but Op
		revoked bool        // of a refresh
		retry   bool
	}{
		{"twitch", 400, `{"status":400,"message":"Invalid refresh token"}`, oauth.Error{Status: 400, Description: "Invalid refresh token"}, true, false},
		{"with error", 400, `{"error":"Bad Request","status":400,"message":"Invalid refresh token"}`, oauth.Error{Status: 400, Description: "Invalid refresh token"}, true, false},
		{"401", 401, `{}`, oauth.Error{Status: 401}, true, false},
		{"rfc", 400, `{"error":"invalid_grant","error_description":"gone"}`, oauth.Error{Status: 400, Code: "invalid_grant", Description: "gone"}, true, false},
		{"client", 400, `{"status":400,"message":"invalid client"}`, oauth.Error{Status: 400, Description: "invalid client"}, false, false},
		{"html", 502, `<html>`, oauth.Error{Status: 502}, false, true},
		{"empty", 429, ``, oauth.Error{Status: 429}, false, true},
		{"odd types", 400, `{"message":[1],"error":{}}`, oauth.Error{Status: 400}, false, false},
		{"redirect", 307, ``, oauth.Error{Status: 307}, false, false},
		{"control characters", 400, "{\"message\":\"a\\u001b[31mb\\nc\"}", oauth.Error{Status: 400, Description: "a [31mb c"}, false, false},
		{"echo", 400, `{"message":"refresh-canary-echoed is bad"}`, oauth.Error{Status: 400, Description: "[redacted] is bad"}, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFake()
			f.status, f.body = tt.status, tt.body
			_, err := f.protocol().Refresh(t.Context(), "refresh-canary-echoed")
			e, ok := errors.AsType[*oauth.Error](err)
			if !ok {
				t.Fatalf("got %v, want an *oauth.Error", err)
			}
			tt.want.Op = "refresh"
			if diff := cmp.Diff(tt.want, *e); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got := errors.Is(err, oauth.ErrRevoked); got != tt.revoked {
				t.Errorf("got ErrRevoked %v, want %v", got, tt.revoked)
			}
			if got := e.Temporary(); got != tt.retry {
				t.Errorf("got temporary %v, want %v", got, tt.retry)
			}
		})
	}
}

func TestAnswers(t *testing.T) {
	tests := []struct {
		name, body string
		want       string // the scopes, or the error
		life       time.Duration
	}{
		{"array", `{"access_token":"a","expires_in":60,"scope":["b","a","b"]}`, "a b", time.Minute},
		{"string", `{"access_token":"a","expires_in":"60","scope":"b a"}`, "a b", time.Minute},
		{"null", `{"access_token":"a","expires_in":60.5,"scope":null}`, "", 60*time.Second + 500*time.Millisecond},
		{"absent", `{"access_token":"a"}`, "", 0},
		{"odd scope", `{"access_token":"a","scope":{"x":1},"expires_in":-1}`, "", 0},
		{"no token", `{"expires_in":60}`, "no access token", 0},
		{"header injection", `{"access_token":"a\r\nX: y"}`, "no access token", 0},
		{"wrong type", `{"access_token":17}`, `number as "access_token"`, 0},
		{"truncated", `{"access_token":"a`, "not JSON", 0},
		{"list", `[]`, "array", 0},
		{"html", `<html>`, "not JSON", 0},
		{"empty", ``, "not JSON", 0},
		{"endless", `{"x":"` + strings.Repeat("x", 2<<20), "longer than", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				f.status, f.body = 200, tt.body
				token, err := f.protocol().AppToken(t.Context())
				if err != nil {
					if tt.want == "" || !strings.Contains(err.Error(), tt.want) {
						t.Errorf("got %v, want %v", err, tt.want)
					}
					return
				}
				if token.Scopes.String() != tt.want {
					t.Errorf("got scopes %v, want %v", token.Scopes, tt.want)
				}
				if tt.life == 0 != token.ExpiresAt.IsZero() || tt.life > 0 && time.Until(token.ExpiresAt) != tt.life {
					t.Errorf("got expiry %v, want in %v", token.ExpiresAt, tt.life)
				}
			})
		})
	}
}

func TestNoRedirectIsFollowed(t *testing.T) {
	var seen []string
	hc := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		seen = append(seen, r.URL.Host)
		return &http.Response{
			StatusCode: 307, Header: http.Header{"Location": {"https://evil.example/token"}},
			Body: io.NopCloser(strings.NewReader("")), Request: r,
		}, nil
	})}
	c := &oauth.Client{ClientID: "client", ClientSecret: "s", HTTPClient: hc}
	if _, err := c.AppToken(t.Context()); err == nil {
		t.Error("got no error for a redirect")
	}
	if len(seen) != 1 || seen[0] != "id.twitch.tv" {
		t.Errorf("got requests to %v, want only Twitch", seen)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestAuthorizeURL(t *testing.T) {
	c := &oauth.Client{ClientID: "client", ClientSecret: "secret-canary-000000"}
	address := c.AuthorizeURL(oauth.Authorization{
		RedirectURI: "http://localhost:3000/cb?a=b&c", Scopes: oauth.ScopeSet{"channel_editor", "chat:read"},
		State: "a+b", ForceVerify: true,
	})
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	want := url.Values{
		"client_id": {"client"}, "response_type": {"code"}, "redirect_uri": {"http://localhost:3000/cb?a=b&c"},
		"scope": {"channel:manage:broadcast chat:read"}, "state": {"a+b"}, "force_verify": {"true"},
	}
	if diff := cmp.Diff(want, u.Query()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := u.Scheme + "://" + u.Host + u.Path; got != "https://id.twitch.tv/oauth2/authorize" {
		t.Errorf("got %v", got)
	}
}

func TestParseRedirect(t *testing.T) {
	state := oauth.NewState()
	if len(state) < 43 || state == oauth.NewState() {
		t.Errorf("got state %q, want 256 random bits", state)
	}
	tests := []struct{ name, address, want, wantErr string }{
		{"url", "http://localhost/?code=abc&scope=a+b&state=" + state, "abc", ""},
		{"pasted", "  http://localhost/?code=abc&state=" + state + "#\n", "abc", ""},
		{"query", "code=abc&state=" + state, "abc", ""},
		{"foreign", "http://localhost/?code=abc&state=other", "", "state differs"},
		{"no state", "http://localhost/?code=abc", "", "state differs"},
		{"denied", "http://localhost/?error=access_denied&error_description=The+user+denied&state=" + state, "", "The user denied"},
		{"no code", "http://localhost/?state=" + state, "", "no code"},
		{"injected", "http://localhost/?code=a%0Ab&state=" + state, "", "no code"},
		{"bad escape", "http://localhost/?code=canary%zz&state=" + state, "", "cannot be read"},
		{"oversized", "http://localhost/?code=" + strings.Repeat("a", 10000), "", "cannot be read"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code, err := oauth.ParseRedirect(tt.address, state)
			if string(code) != tt.want || (err == nil) != (tt.wantErr == "") {
				t.Fatalf("got %q, %v, want %q, %q", string(code), err, tt.want, tt.wantErr)
			}
			if err != nil && (!strings.Contains(err.Error(), tt.wantErr) || strings.Contains(err.Error(), "canary")) {
				t.Errorf("got %v, want %v", err, tt.wantErr)
			}
		})
	}
	if _, err := oauth.ParseRedirect("?error=access_denied&state=s", "s"); err == nil || !strings.Contains(err.Error(), "access_denied") {
		t.Errorf("got %v, want access_denied", err)
	}
}
