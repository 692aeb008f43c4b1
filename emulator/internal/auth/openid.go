package auth

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/internal/quiet"
)

// openID is what an application asks for when a user logs in with OpenID Connect.
type openID struct {
	nonce    string
	idToken  []string // claims for the ID token, of the parameter claims
	userInfo []string // claims for userinfo, of the same
}

// parseOpenID reads the parameters nonce and claims. Claims that cannot be
// read are not asked for.
func parseOpenID(nonce, claims string) openID {
	var asked struct {
		IDToken  map[string]any `json:"id_token"`
		UserInfo map[string]any `json:"userinfo"`
	}
	o := openID{nonce: nonce}
	if json.Unmarshal([]byte(claims), &asked) == nil {
		o.idToken = slices.Sorted(maps.Keys(asked.IDToken))
		o.userInfo = slices.Sorted(maps.Keys(asked.UserInfo))
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

// idToken makes the ID token that goes with tokens, "" if openid was not asked for.
func (s *Server) idToken(r *http.Request, t Tokens) (string, error) {
	if !slices.Contains(t.Grant.Scopes, "openid") {
		return "", nil
	}
	now := time.Now()
	claims := s.claimsOf(r, t.Grant, t.Grant.openID.idToken)
	claims["iat"], claims["exp"] = now.Unix(), now.Add(15*time.Minute).Unix()
	if nonce := t.Grant.openID.nonce; nonce != "" {
		claims["nonce"] = nonce
	}
	if t.Access != "" {
		claims["at_hash"] = halfHash(t.Access)
	}
	if quiet.Mark != "" {
		claims["mark"] = quiet.Mark
	}
	return s.signer.sign(claims)
}

// halfHash ties a token to an ID token: the left half of its hash.
func halfHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2])
}

// claimsOf returns who a grant is about and to whom it was given, and what was
// asked for beside that. A user's address takes a scope.
func (s *Server) claimsOf(r *http.Request, g Grant, asked []string) map[string]any {
	u, _ := s.world.UserByID(g.UserID)
	claims := map[string]any{"iss": origin(r) + "/oauth2", "sub": g.UserID, "aud": g.ClientID, "azp": g.ClientID}
	about := map[string]any{
		"preferred_username": u.DisplayName, "picture": u.ProfileImageURL,
		"updated_at": u.CreatedAt.UTC().Format(time.RFC3339),
	}
	if slices.Contains(g.Scopes, "user:read:email") {
		about["email"], about["email_verified"] = u.Email, true
	}
	for _, name := range asked {
		if value, ok := about[name]; ok {
			claims[name] = value
		}
	}
	return claims
}

// userinfo tells about the user of an access token.
func (s *Server) userinfo(w http.ResponseWriter, r *http.Request) {
	g, ok := s.Lookup(bearer(r))
	switch {
	case bearer(r) == "":
		refuse(w, http.StatusUnauthorized, "missing authorization token")
		return
	case !ok, g.IsApp():
		refuse(w, http.StatusUnauthorized, "invalid access token")
		return
	}
	claims := s.claimsOf(r, g, append(slices.Clone(g.openID.userInfo), "preferred_username"))
	claims["iat"], claims["exp"] = time.Now().Unix(), g.ExpiresAt.Unix()
	write(w, http.StatusOK, claims)
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
		"token_endpoint_auth_methods_supported": []string{"client_secret_post"},
		"userinfo_endpoint":                     issuer + "/userinfo",
		"jwks_uri":                              issuer + "/keys",
		"response_types_supported":              []string{"id_token", "code", "token", "code id_token", "token id_token"},
		"scopes_supported":                      []string{"openid"},
		"subject_types_supported":               []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"claims_parameter_supported":            true,
		"request_parameter_supported":           false,
		"claims_supported": []string{
			"email", "email_verified", "picture", "preferred_username", "exp", "iss", "sub", "azp", "aud", "iat", "updated_at",
		},
	})
}
