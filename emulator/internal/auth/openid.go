package auth

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"sync"
	"time"
)

// openID is what an application asks for when a user logs in with OpenID Connect.
type openID struct {
	nonce   string
	idToken []string // claims for the ID token, of the parameter claims
}

// parseOpenID reads the parameters nonce and claims. Claims that cannot be
// read are not asked for.
func parseOpenID(nonce, claims string) openID {
	var asked struct {
		IDToken map[string]any `json:"id_token"`
	}
	o := openID{nonce: nonce}
	if json.Unmarshal([]byte(claims), &asked) == nil {
		for name := range asked.IDToken {
			o.idToken = append(o.idToken, name)
		}
	}
	return o
}

// A signer signs ID tokens with a key that is made when it is first needed.
type signer struct {
	once sync.Once
	key  *rsa.PrivateKey
	err  error
}

// keyID names the only key.
const keyID = "1"

func (s *signer) private() (*rsa.PrivateKey, error) {
	s.once.Do(func() { s.key, s.err = rsa.GenerateKey(rand.Reader, 2048) })
	return s.key, s.err
}

// sign returns claims as a JSON Web Token.
func (s *signer) sign(claims map[string]any) (string, error) {
	key, err := s.private()
	if err != nil {
		return "", fmt.Errorf("key: %w", err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("claims: %w", err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	text := encode([]byte(`{"alg":"RS256","kid":"`+keyID+`","typ":"JWT"}`)) + "." + encode(payload)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		return "", fmt.Errorf("sign: %w", err)
	}
	return text + "." + encode(signature), nil
}

// idToken makes the ID token for a grant, "" if openid was not asked for.
func (s *Server) idToken(r *http.Request, g Grant, o openID) (string, error) {
	if !slices.Contains(g.Scopes, "openid") {
		return "", nil
	}
	now := time.Now()
	claims := map[string]any{
		"iss": origin(r) + "/oauth2", "sub": g.UserID, "aud": g.ClientID, "azp": g.ClientID,
		"iat": now.Unix(), "exp": now.Add(15 * time.Minute).Unix(),
	}
	if o.nonce != "" {
		claims["nonce"] = o.nonce
	}
	about := s.claimsOf(g)
	for _, name := range o.idToken {
		if value, ok := about[name]; ok {
			claims[name] = value
		}
	}
	return s.signer.sign(claims)
}

// claimsOf returns what may be told of a user. Their address takes a scope.
func (s *Server) claimsOf(g Grant) map[string]any {
	u, _ := s.world.UserByID(g.UserID)
	claims := map[string]any{
		"preferred_username": u.DisplayName, "picture": u.ProfileImageURL,
		"updated_at": u.CreatedAt.UTC().Format(time.RFC3339),
	}
	if slices.Contains(g.Scopes, "user:read:email") {
		claims["email"], claims["email_verified"] = u.Email, true
	}
	return claims
}

// keys serves the public key as a JSON Web Key Set.
func (s *Server) keys(w http.ResponseWriter, _ *http.Request) {
	key, err := s.signer.private()
	if err != nil {
		refuse(w, http.StatusInternalServerError, "no key")
		return
	}
	encode := base64.RawURLEncoding.EncodeToString
	write(w, http.StatusOK, map[string]any{"keys": []any{map[string]string{
		"alg": "RS256", "kty": "RSA", "use": "sig", "kid": keyID,
		"n": encode(key.N.Bytes()), "e": encode(big.NewInt(int64(key.E)).Bytes()),
	}}})
}

// discovery serves /.well-known/openid-configuration.
func (s *Server) discovery(w http.ResponseWriter, r *http.Request) {
	issuer := origin(r) + "/oauth2"
	write(w, http.StatusOK, map[string]any{
		"issuer":                                issuer,
		"authorization_endpoint":                issuer + "/authorize",
		"token_endpoint":                        issuer + "/token",
		"userinfo_endpoint":                     issuer + "/userinfo",
		"jwks_uri":                              issuer + "/keys",
		"response_types_supported":              []string{"id_token", "code", "token", "code id_token", "token id_token"},
		"scopes_supported":                      []string{"openid"},
		"subject_types_supported":               []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"claims_parameter_supported":            true,
		"claims_supported": []string{
			"iss", "azp", "aud", "exp", "iat", "sub", "nonce", "email", "email_verified", "picture", "preferred_username", "updated_at",
		},
	})
}
