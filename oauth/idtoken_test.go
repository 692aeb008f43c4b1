package oauth_test

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// signer signs ID tokens as Twitch does, and serves the keys to check them with.
type signer struct {
	key *rsa.PrivateKey
	id  string
}

// newSigner creates one key for all tests, because that takes long.
var newSigner = sync.OnceValue(func() *signer {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return &signer{key: key, id: "1"}
})

func encode(v any) string {
	data, _ := json.Marshal(v)
	return base64.RawURLEncoding.EncodeToString(data)
}

func (s *signer) sign(header, claims map[string]any) string {
	text := encode(header) + "." + encode(claims)
	digest := sha256.Sum256([]byte(text))
	signature, _ := rsa.SignPKCS1v15(nil, s.key, crypto.SHA256, digest[:])
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func (s *signer) jwk() map[string]any {
	return map[string]any{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": s.id,
		"n": base64.RawURLEncoding.EncodeToString(s.key.N.Bytes()),
		"e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(s.key.E)).Bytes()),
	}
}

// RoundTrip serves the keys.
func (s *signer) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	if r.URL.Path != "/oauth2/keys" {
		rec.WriteHeader(http.StatusNotFound)
		return rec.Result(), nil
	}
	reply(rec, map[string]any{"keys": []any{map[string]any{"kty": "EC", "kid": "2"}, s.jwk()}})
	return rec.Result(), nil
}

func (s *signer) client() *oauth.Client {
	return &oauth.Client{ClientID: "client", HTTPClient: &http.Client{Transport: s}}
}

func goodClaims() map[string]any {
	now := time.Now()
	return map[string]any{
		"iss": oauth.DefaultBaseURL, "sub": "123", "aud": "client", "azp": "client", "nonce": "n-0",
		"iat": now.Unix(), "exp": now.Add(15 * time.Minute).Unix(),
		"preferred_username": "Ada", "email": "ada@example.com", "email_verified": true,
	}
}

func goodHeader() map[string]any {
	return map[string]any{"alg": "RS256", "typ": "JWT", "kid": "1"}
}

func TestVerifyIDToken(t *testing.T) {
	s := newSigner()
	synctest.Test(t, func(t *testing.T) { // so that the times are exact
		token := oauth.Secret(s.sign(goodHeader(), goodClaims()))
		id, err := s.client().VerifyIDToken(t.Context(), token, "n-0")
		if err != nil {
			t.Fatal(err)
		}
		if id.UserID != "123" || id.DisplayName != "Ada" || id.Email != "ada@example.com" || !id.Verified || id.Nonce != "n-0" {
			t.Errorf("got %+v, want what was signed", id)
		}
		if got := fmt.Sprint(id.LogValue()); strings.Contains(got, "example.com") {
			t.Errorf("got %s, want no e-mail address in logs", got)
		}
		time.Sleep(15*time.Minute + 30*time.Second) // the clocks may differ a little
		if _, err := s.client().VerifyIDToken(t.Context(), token, "n-0"); err != nil {
			t.Errorf("got %v half a minute late, want none", err)
		}
		time.Sleep(30 * time.Second)
		if _, err := s.client().VerifyIDToken(t.Context(), token, "n-0"); err == nil {
			t.Error("got no error for a token that is over")
		}
	})
}

func TestVerifyIDTokenRefuses(t *testing.T) {
	s := newSigner()
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	claims := func(name string, value any) string {
		c := goodClaims()
		if c[name] = value; value == nil {
			delete(c, name)
		}
		return s.sign(goodHeader(), c)
	}
	header := func(name string, value any) string {
		h := goodHeader()
		h[name] = value
		return s.sign(h, goodClaims())
	}
	good := s.sign(goodHeader(), goodClaims())
	parts := strings.Split(good, ".")
	symmetric := hmac.New(sha256.New, s.key.N.Bytes())
	confused := encode(map[string]any{"alg": "HS256", "kid": "1"}) + "." + parts[1]
	symmetric.Write([]byte(confused))

	tests := []struct{ name, token, want string }{
		{"another issuer", claims("iss", "https://evil.example/oauth2"), "issued"},
		{"no issuer", claims("iss", nil), "issued"},
		{"another client", claims("aud", "other"), "another client"},
		{"another party", claims("azp", "other"), "another client"},
		{"several clients, another party", claims("aud", []string{"client", "other"}), ""},
		{"no audience", claims("aud", nil), "another client"},
		{"another login", claims("nonce", "n-1"), "nonce"},
		{"no nonce", claims("nonce", nil), "nonce"},
		{"over", claims("exp", time.Now().Add(-2*time.Minute).Unix()), "time"},
		{"no end", claims("exp", nil), "time"},
		{"from the future", claims("iat", time.Now().Add(time.Hour).Unix()), "time"},
		{"no user", claims("sub", nil), "user"},
		{"wrong type", claims("sub", 5), "ID token"},
		{"unsigned", header("alg", "none"), "RS256"},
		{"unsigned and bare", encode(map[string]any{"alg": "none"}) + "." + parts[1] + ".", "RS256"},
		{"public key as secret", confused + "." + base64.RawURLEncoding.EncodeToString(symmetric.Sum(nil)), "RS256"},
		{"unknown key", header("kid", "9"), "key"},
		{"key of another type", header("kid", "2"), "key"},
		{"unknown extension", header("crit", []string{"x"}), "ID token"},
		{"another's signature", (&signer{key: other, id: "1"}).sign(goodHeader(), goodClaims()), "signature"},
		{"changed", parts[0] + "." + encode(goodClaims()) + "x." + parts[2], "signature"},
		{"two parts", parts[0] + "." + parts[1], "ID token"},
		{"four parts", good + ".x", "ID token"},
		{"empty", "", "ID token"},
		{"huge", good + strings.Repeat("A", 20<<10), "ID token"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := s.client().VerifyIDToken(t.Context(), oauth.Secret(tt.token), "n-0")
			if tt.want == "" {
				if err != nil {
					t.Errorf("got %v, want none", err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
			if err != nil && len(tt.token) > 100 && strings.Contains(err.Error(), tt.token[:100]) {
				t.Errorf("got the token in %v", err)
			}
		})
	}
}

// Weak keys are ignored; if no other key remains, that is an error.
func TestKeysRefuse(t *testing.T) {
	for name, body := range map[string]string{
		"none":         `{"keys":[]}`,
		"not JSON":     `<html>`,
		"short":        `{"keys":[{"kty":"RSA","kid":"1","n":"AQAB","e":"AQAB"}]}`,
		"bad exponent": `{"keys":[{"kty":"RSA","kid":"1","n":"` + strings.Repeat("_", 344) + `","e":"AQ"}]}`,
		"not base64":   `{"keys":[{"kty":"RSA","kid":"1","n":"!","e":"AQAB"}]}`,
	} {
		f := newFake()
		f.status, f.body = 200, body
		if _, err := f.protocol().VerifyIDToken(t.Context(), "a.b.c", ""); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

func FuzzIDToken(f *testing.F) {
	s := newSigner()
	f.Add(s.sign(goodHeader(), goodClaims()), `{"keys":[{"kty":"RSA","kid":"1","n":"AQAB","e":"AQAB"}]}`)
	f.Add("eyJhbGciOiJub25lIn0.e30.", "")
	f.Fuzz(func(t *testing.T, token, keys string) {
		// The fuzzer cannot sign, so only the signed seed for its own client may pass.
		c := s.client()
		c.ClientID = "other client"
		if id, err := c.VerifyIDToken(t.Context(), oauth.Secret(token), "n-0"); err == nil {
			t.Errorf("got %+v from %q", id, token)
		}
		c.HTTPClient = &http.Client{Transport: answering(keys)}
		if id, err := c.VerifyIDToken(t.Context(), oauth.Secret(token), "n-0"); err == nil {
			t.Errorf("got %+v from %q with keys %q", id, token, keys)
		}
	})
}

// answering answers every request with the same body.
type answering string

func (a answering) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(string(a)))}, nil
}
