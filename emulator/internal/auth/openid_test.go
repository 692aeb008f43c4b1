package auth_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
)

// claims checks an ID token with the server's published key and returns what it says.
func (d *desk) claims(token string) map[string]any {
	d.t.Helper()
	rec := httptest.NewRecorder()
	d.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/oauth2/keys", nil))
	var set struct {
		Keys []struct{ N, E, Alg, Kid string }
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &set); err != nil || len(set.Keys) != 1 {
		d.t.Fatalf("got keys %s, %v", rec.Body, err)
	}
	part := strings.Split(token, ".")
	if len(part) != 3 {
		d.t.Fatalf("got ID token %q, want three parts", token)
	}
	decode := func(s string) []byte {
		b, err := base64.RawURLEncoding.DecodeString(s)
		if err != nil {
			d.t.Fatal(err)
		}
		return b
	}
	key := rsa.PublicKey{N: new(big.Int).SetBytes(decode(set.Keys[0].N)), E: int(new(big.Int).SetBytes(decode(set.Keys[0].E)).Int64())}
	sum := sha256.Sum256([]byte(part[0] + "." + part[1]))
	if err := rsa.VerifyPKCS1v15(&key, crypto.SHA256, sum[:], decode(part[2])); err != nil {
		d.t.Errorf("got a signature that does not fit the key: %v", err)
	}
	var claims map[string]any
	if err := json.Unmarshal(decode(part[1]), &claims); err != nil {
		d.t.Fatal(err)
	}
	return claims
}

func (d *desk) authorize(query string) *url.URL {
	d.t.Helper()
	got := d.do(httptest.NewRequest(http.MethodGet, "/oauth2/authorize?client_id=id&redirect_uri=http://localhost/back&larkspur_user=ada&"+query, nil))
	target, err := url.Parse(got.header.Get("Location"))
	if err != nil || got.status != http.StatusFound {
		d.t.Fatalf("got %d %v, want a redirect", got.status, got.body)
	}
	return target
}

func TestOpenIDCodeFlow(t *testing.T) {
	d := newDesk(t, auth.Options{})
	back := d.authorize("response_type=code&scope=openid+user:read:email&nonce=n1&claims=" +
		url.QueryEscape(`{"id_token":{"email":null,"email_verified":null,"preferred_username":null,"secret":null},"userinfo":{"picture":null}}`))
	tokens := d.form("/oauth2/token", "grant_type", "authorization_code", "client_id", "id", "client_secret", "secret",
		"code", back.Query().Get("code"), "redirect_uri", "http://localhost/back")
	sum := sha256.Sum256([]byte(tokens.text("access_token")))
	got := d.claims(tokens.text("id_token"))
	want := map[string]any{
		"iss": "http://example.com/oauth2", "sub": d.ada.ID, "aud": "id", "azp": "id", "nonce": "n1",
		"email": d.ada.Email, "email_verified": true, "preferred_username": d.ada.DisplayName,
		"at_hash": base64.RawURLEncoding.EncodeToString(sum[:16]),
		"iat":     got["iat"], "exp": got["iat"].(float64) + 900,
	}
	delete(got, "mark") // of tests that look for secrets
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ID token (-want +got):\n%s", diff)
	}
	if tokens.text("nonce") != "n1" {
		t.Errorf("got nonce %v, want n1", tokens.body["nonce"])
	}
}

// userinfo tells the name, and what else was asked for, also after a renewal.
// An ID token cannot be renewed.
func TestUserInfo(t *testing.T) {
	d := newDesk(t, auth.Options{})
	ask := func(token string) reply {
		r := httptest.NewRequest(http.MethodGet, "/oauth2/userinfo", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		return d.do(r)
	}
	for claims, want := range map[string][]string{
		"":  {"aud", "azp", "exp", "iat", "iss", "preferred_username", "sub"},
		"x": {"aud", "azp", "exp", "iat", "iss", "preferred_username", "sub"},
		`{"userinfo":{"picture":null,"updated_at":null}}`:        {"aud", "azp", "exp", "iat", "iss", "picture", "preferred_username", "sub", "updated_at"},
		`{"userinfo":{"email":null},"id_token":{"picture":{}}}`:  {"aud", "azp", "email", "exp", "iat", "iss", "preferred_username", "sub"},
		`{"userinfo":{"nothing":{"essential":true},"sub":null}}`: {"aud", "azp", "exp", "iat", "iss", "preferred_username", "sub"},
	} {
		back := d.authorize("response_type=code&scope=openid+user:read:email&claims=" + url.QueryEscape(claims))
		tokens := d.form("/oauth2/token", "grant_type", "authorization_code", "client_id", "id", "client_secret", "secret",
			"code", back.Query().Get("code"), "redirect_uri", "http://localhost/back")
		renewed := d.form("/oauth2/token", "grant_type", "refresh_token", "client_id", "id", "client_secret", "secret", "refresh_token", tokens.text("refresh_token"))
		if _, there := renewed.body["id_token"]; there || renewed.status != http.StatusOK {
			t.Errorf("renewal: got %d %v, want no ID token", renewed.status, renewed.body)
		}
		for _, token := range []string{tokens.text("access_token"), renewed.text("access_token")} {
			got := ask(token)
			if names := slices.Sorted(maps.Keys(got.body)); !slices.Equal(names, want) || got.text("sub") != d.ada.ID {
				t.Errorf("claims %s: got %d %v, want %v", claims, got.status, got.body, want)
			}
		}
	}
	for token, message := range map[string]string{"": "missing authorization token", "x": "invalid access token", d.IssueApp("id").Access: "invalid access token"} {
		if got := ask(token); got.status != http.StatusUnauthorized || got.text("message") != message {
			t.Errorf("got %d %v, want 401 %s", got.status, got.body, message)
		}
	}
	noEmail := d.authorize("response_type=code&scope=openid&claims=" + url.QueryEscape(`{"id_token":{"email":null}}`))
	tokens := d.form("/oauth2/token", "grant_type", "authorization_code", "client_id", "id", "client_secret", "secret",
		"code", noEmail.Query().Get("code"), "redirect_uri", "http://localhost/back")
	if got := d.claims(tokens.text("id_token")); got["email"] != nil {
		t.Errorf("got %v, want no address without its scope", got)
	}
}

func TestNoIDTokenWithoutOpenID(t *testing.T) {
	d := newDesk(t, auth.Options{})
	back := d.authorize("response_type=code&scope=chat:read&nonce=n1")
	tokens := d.form("/oauth2/token", "grant_type", "authorization_code", "client_id", "id", "client_secret", "secret",
		"code", back.Query().Get("code"), "redirect_uri", "http://localhost/back")
	if _, there := tokens.body["id_token"]; there || tokens.status != http.StatusOK {
		t.Errorf("got %d %v, want no ID token", tokens.status, tokens.body)
	}
}

func TestOpenIDImplicitFlow(t *testing.T) {
	d := newDesk(t, auth.Options{})
	for kind, access := range map[string]bool{"id_token": false, "token+id_token": true, "id_token+token": true} {
		fragment, err := url.ParseQuery(d.authorize("response_type=" + kind + "&scope=openid&nonce=n1").Fragment)
		if err != nil {
			t.Fatal(err)
		}
		claims := d.claims(fragment.Get("id_token"))
		if claims["sub"] != d.ada.ID || claims["nonce"] != "n1" {
			t.Errorf("%s: got %v, want ada and n1", kind, claims)
		}
		token := fragment.Get("access_token")
		if _, ok := d.Lookup(token); ok != access || (claims["at_hash"] != nil) != access {
			t.Errorf("%s: got the access token %q and %v, want %v", kind, token, claims, access)
		}
	}
}

// An implicit token lives long and cannot be renewed.
func TestImplicitTokenIsNotRenewed(t *testing.T) {
	d := newDesk(t, auth.Options{})
	fragment, err := url.ParseQuery(d.authorize("response_type=token&scope=chat:read").Fragment)
	if err != nil {
		t.Fatal(err)
	}
	got := d.validate(fragment.Get("access_token"))
	if got.text("login") != "ada" || got.body["expires_in"].(float64) < 59*24*3600 || fragment.Get("token_type") != "bearer" {
		t.Errorf("got %d %v, want a token for 60 days", got.status, got.body)
	}
	for _, g := range d.Granted() {
		if g.Refresh != 0 {
			t.Errorf("got %+v, want no refresh token", g)
		}
	}
}

func TestDiscovery(t *testing.T) {
	d := newDesk(t, auth.Options{})
	got := d.do(httptest.NewRequest(http.MethodGet, "/oauth2/.well-known/openid-configuration", nil))
	const here = "http://example.com/oauth2"
	want := map[string]any{
		"issuer": here, "authorization_endpoint": here + "/authorize", "token_endpoint": here + "/token", "userinfo_endpoint": here + "/userinfo",
		"jwks_uri": here + "/keys", "token_endpoint_auth_methods_supported": []any{"client_secret_post"},
		"response_types_supported": []any{"id_token", "code", "token", "code id_token", "token id_token"}, "scopes_supported": []any{"openid"},
		"subject_types_supported": []any{"public"}, "id_token_signing_alg_values_supported": []any{"RS256"},
		"claims_parameter_supported": true, "request_parameter_supported": false,
		"claims_supported": []any{"email", "email_verified", "picture", "preferred_username", "exp", "iss", "sub", "azp", "aud", "iat", "updated_at"},
	}
	if diff := cmp.Diff(want, got.body); diff != "" {
		t.Errorf("discovery (-want +got):\n%s", diff)
	}
}

func TestRevokedTokensAreTold(t *testing.T) {
	d := newDesk(t, auth.Options{})
	var told []string
	d.OnRevoked(func(tokens []string) { told = append(told, tokens...) })
	one, two := d.IssueUser("id", d.ada, nil).Access, d.IssueUser("id", d.ada, nil).Access
	d.Expire(d.IssueUser("public", d.ada, nil).Access)
	d.form("/oauth2/revoke", "client_id", "id", "token", one)
	d.Disconnect("id", d.ada.ID)
	if len(told) != 2 || told[0] != one || told[1] != two {
		t.Errorf("got %d told, want the revoked and the disconnected one", len(told))
	}
}

func TestExpiredIsForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, auth.Options{})
		for range 100 {
			d.IssueUser("public", d.ada, nil)
			d.IssueApp("id")
			d.IssueCode("id", d.ada, "http://localhost/back", nil)
			d.form("/oauth2/device", "client_id", "public")
		}
		time.Sleep(61 * 24 * time.Hour)
		d.IssueApp("id")
		if got := d.Held(); got != 1 {
			t.Errorf("got %d tokens and codes held, want 1", got)
		}
	})
}
