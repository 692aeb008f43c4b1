package oauth_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/oauth"
)

func TestSecretsDoNotPrint(t *testing.T) {
	f := newFake()
	c := f.protocol()
	token := f.token(ada)
	identity, err := c.Validate(t.Context(), token.AccessToken)
	if err != nil {
		t.Fatal(err)
	}
	device, err := c.StartDevice(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	store := saved(t, token)
	m := f.manager(t, store, oauth.Options{})
	if _, err := m.Renew(t.Context(), "123", string(token.AccessToken)); err != nil {
		t.Fatal(err)
	}
	values := []any{
		token.AccessToken, token, &token,
		[]oauth.Token{token},
		map[string]any{"x": token},
		*c, c, identity, &identity,
		*device, device, store, m, oauth.Secret("canary"),
		struct{ T oauth.Token }{token},
	}
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%t"} {
			wantNoCanary(t, fmt.Sprintf(verb, v), fmt.Sprintf("%T with %s", v, verb))
		}
		wantNoCanary(t, fmt.Sprint(v), fmt.Sprintf("%T printed", v))
		if text, err := json.Marshal(v); err == nil {
			wantNoCanary(t, string(text), fmt.Sprintf("%T as JSON", v))
		}
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v)
		wantNoCanary(t, log.String(), fmt.Sprintf("%T logged", v))
	}
}

func wantNoCanary(t *testing.T, text, where string) {
	t.Helper()
	// Hexadecimal as well, the form that %x prints.
	if strings.Contains(text, "canary") || strings.Contains(text, fmt.Sprintf("%x", "canary")) {
		t.Errorf("got a secret in %s: %s", where, text)
	}
}

func TestLogsHoldNoSecrets(t *testing.T) {
	f := newFake()
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	token := f.token(ada)
	m := f.manager(t, saved(t, token), oauth.Options{Logger: logger})
	var failures []string
	note := func(_ string, err error) {
		if err != nil {
			failures = append(failures, fmt.Sprintf("%v %+v %#v", err, err, err))
		}
	}
	note(m.Renew(t.Context(), "123", string(token.AccessToken)))
	f.set(func(f *fake) { f.status, f.body = 500, "secret-canary-000000" })
	second, _ := m.Token(t.Context(), "123")
	note(m.Renew(t.Context(), "123", second))
	_, err := m.AddCode(t.Context(), "code-canary", "http://localhost")
	note("", err)
	f.set(func(f *fake) { f.status, f.down = 0, true })
	_, err = m.AddCode(t.Context(), "code-canary", "http://localhost")
	note("", err)
	if len(failures) != 3 || log.Len() == 0 {
		t.Errorf("got %d errors and %d bytes of log, want 3 and some", len(failures), log.Len())
	}
	wantNoCanary(t, log.String(), "the log")
	wantNoCanary(t, strings.Join(failures, "\n"), "the errors")
}

func TestRedactedTokenCannotBeReadBack(t *testing.T) {
	token := newFake().token(ada)
	text, err := json.Marshal(token)
	if err != nil {
		t.Fatal(err)
	}
	var back oauth.Token
	if err := json.Unmarshal(text, &back); err == nil {
		t.Errorf("got %v, want an error: who stores tokens with encoding/json must notice", back)
	}
	token.ExpiresAt = token.ExpiresAt.UTC().Round(0)
	data, err := oauth.EncodeToken(token)
	if err != nil {
		t.Fatal(err)
	}
	back, err = oauth.DecodeToken(data)
	if diff := cmp.Diff(token, back); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestSecretShowsItsEnd(t *testing.T) {
	for _, tt := range []struct {
		secret oauth.Secret
		want   string
	}{
		{"", ""},
		{"short", "[redacted]"},
		{"0123456789abcdefghijABCDEFGHIJ", "tok…GHIJ"},
	} {
		if got := tt.secret.String(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

func TestReadOpsdroid(t *testing.T) {
	file := `{"access_token": "access-canary-import", "expires_in": 14124, "refresh_token": "refresh-canary-import",
		"scope": ["channel_editor", "chat:read"], "token_type": "bearer"}`
	token, err := oauth.ReadOpsdroid(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if token.RefreshToken == "" || token.Scopes.String() != "channel_editor chat:read" || !token.ExpiresAt.IsZero() {
		t.Errorf("got %+v, want both tokens, the scopes and no expiry", token)
	}
	_, err = oauth.ReadOpsdroid(strings.NewReader(`{"status":400,"message":"Invalid authorization code"}`))
	if err == nil || !strings.Contains(err.Error(), "Invalid authorization code") {
		t.Errorf("got %v, want the refusal that opsdroid stored", err)
	}
}

// A file without a token is not called Twitch's answer, and the error says what to do.
func TestImportWithoutATokenSaysWhatToDo(t *testing.T) {
	_, opsdroid := oauth.ReadOpsdroid(strings.NewReader(`{}`))
	_, twitchIO := oauth.ReadTwitchIO(strings.NewReader(`{"1":{}}`))
	_, _, twitchCLI := oauth.ReadTwitchCLI(strings.NewReader("CLIENTID=a"))
	const want = "the file holds no access token; log in with the program that wrote it and import the file again"
	for _, err := range []error{opsdroid, twitchIO, twitchCLI} {
		if err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	_, opsdroid = oauth.ReadOpsdroid(strings.NewReader("<html>"))
	_, twitchIO = oauth.ReadTwitchIO(strings.NewReader("<html>"))
	for _, err := range []error{opsdroid, twitchIO} {
		if err == nil || !strings.Contains(err.Error(), "the file is not JSON") {
			t.Errorf("got %v, want that the file is not JSON", err)
		}
	}
}

func TestScopes(t *testing.T) {
	set := oauth.ParseScopes(" chat:read+chat:edit, chat:read\n")
	if set.String() != "chat:edit chat:read" {
		t.Errorf("got %v, want two scopes", set)
	}
	other := oauth.NewScopeSet("chat:read", "bits:read", " ")
	if got := set.Union(other).String(); got != "bits:read chat:edit chat:read" {
		t.Errorf("got union %v", got)
	}
	if got := set.Difference(other).String(); got != "chat:edit" || set.String() != "chat:edit chat:read" {
		t.Errorf("got difference %v, set %v", got, set)
	}
	if !set.Contains("chat:edit", "chat:read") || set.Contains("bits:read") || !set.Contains() {
		t.Error("Contains is wrong")
	}
	old := oauth.NewScopeSet("channel_editor", "viewing_activity_read", "chat_login", "bits:read")
	if got := old.Modern().String(); got != "bits:read channel:manage:broadcast chat:edit chat:read" {
		t.Errorf("got modern %v", got)
	}
	if got := oauth.NewScopeSet("user:edit:broadcast").Covered(); !got.Contains("channel:manage:broadcast", "user:edit:broadcast") {
		t.Errorf("got covered %v", got)
	}
	for _, text := range []string{`["a"]`, `"a"`, `null`, `[]`} {
		var s oauth.ScopeSet
		if err := json.Unmarshal([]byte(text), &s); err != nil || (s == nil) != (text == "null") {
			t.Errorf("got %#v, %v from %s", s, err, text)
		}
	}
}

func FuzzTokenAnswer(f *testing.F) {
	for _, seed := range []string{
		`{"access_token":"a","refresh_token":"b","expires_in":14124,"scope":["chat:read"]}`,
		`{"access_token":"a","expires_in":1e300,"scope":"a b"}`, `{"status":400,"message":"Invalid refresh token"}`, `<html>`, ``,
	} {
		f.Add(200, seed)
		f.Add(400, seed)
	}
	f.Fuzz(func(t *testing.T, status int, body string) {
		if status < 200 || status > 599 {
			t.Skip()
		}
		twitch := newFake()
		twitch.status, twitch.body = status, body
		c := twitch.protocol()
		token, err := c.Refresh(t.Context(), "refresh-canary")
		if err == nil && (token.AccessToken == "" || strings.ContainsAny(string(token.AccessToken), " \r\n\x00")) {
			t.Errorf("got token %q from %q", string(token.AccessToken), body)
		}
		if err == nil && !token.ExpiresAt.IsZero() && token.ExpiresAt.Before(time.Now().Add(-time.Minute)) {
			t.Errorf("got expiry %v in the past", token.ExpiresAt)
		}
		if err != nil {
			wantNoCanary(t, err.Error(), "an error")
		}
		_, _ = c.Validate(t.Context(), "access-canary")
		_, _ = c.StartDevice(t.Context(), nil)
		_, _ = oauth.ReadOpsdroid(strings.NewReader(body))
	})
}

func FuzzDecodeToken(f *testing.F) {
	f.Add(`{"access_token":"a","scopes":["b"],"expires_at":"2026-01-02T03:04:05Z"}`)
	f.Add(`{"access_token":"access-canary","expires_at":"canary","scopes":5}`)
	f.Fuzz(func(t *testing.T, data string) {
		token, err := oauth.DecodeToken([]byte(data))
		if err != nil {
			wantNoCanary(t, err.Error(), "an error")
			return
		}
		again, err := oauth.EncodeToken(token)
		if err != nil {
			t.Skip() // years beyond 9999
		}
		if back, err := oauth.DecodeToken(again); err != nil || !cmp.Equal(token.Scopes, back.Scopes) || token.AccessToken != back.AccessToken {
			t.Errorf("got %v, %v after a round trip", back, err)
		}
	})
}

func FuzzRedirect(f *testing.F) {
	f.Add("http://localhost/?code=abc&state=s", "s")
	f.Add("?error=access_denied&state=s", "s")
	f.Add("http://localhost/?code=code-canary%zz&state=state-canary", "s")
	f.Fuzz(func(t *testing.T, address, state string) {
		code, err := oauth.ParseRedirect(address, state)
		if err != nil && !strings.Contains(address, "error") { // the address itself contains an error
			wantNoCanary(t, err.Error(), "an error")
		}
		if err == nil && (code == "" || strings.ContainsAny(string(code), "\r\n ")) {
			t.Errorf("got code %q", string(code))
		}
	})
}
