package auth_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

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
		url.QueryEscape(`{"id_token":{"email":null,"preferred_username":null},"userinfo":{"picture":null}}`))
	tokens := d.form("/oauth2/token", "grant_type", "authorization_code", "client_id", "id", "client_secret", "secret",
		"code", back.Query().Get("code"), "redirect_uri", "http://localhost/back")
	got := d.claims(tokens.text("id_token"))
	for name, want := range map[string]any{
		"iss": "http://example.com/oauth2", "sub": d.ada.ID, "aud": "id", "azp": "id", "nonce": "n1",
		"email": d.ada.Email, "preferred_username": d.ada.DisplayName, "picture": nil,
	} {
		if got[name] != want {
			t.Errorf("%s: got %v, want %v", name, got[name], want)
		}
	}
	if tokens.text("nonce") != "n1" {
		t.Errorf("got nonce %v, want n1", tokens.body["nonce"])
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
	for kind, access := range map[string]bool{"id_token": false, "token+id_token": true} {
		fragment, err := url.ParseQuery(d.authorize("response_type=" + kind + "&scope=openid").Fragment)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.claims(fragment.Get("id_token"))["sub"]; got != d.ada.ID {
			t.Errorf("%s: got subject %v, want %v", kind, got, d.ada.ID)
		}
		if got := fragment.Get("access_token") != ""; got != access {
			t.Errorf("%s: got an access token %v, want %v", kind, got, access)
		}
	}
}

func TestDiscovery(t *testing.T) {
	d := newDesk(t, auth.Options{})
	got := d.do(httptest.NewRequest(http.MethodGet, "/oauth2/.well-known/openid-configuration", nil))
	if got.text("issuer") != "http://example.com/oauth2" || got.text("jwks_uri") != "http://example.com/oauth2/keys" {
		t.Errorf("got %v", got.body)
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
