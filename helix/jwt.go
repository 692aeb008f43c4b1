package helix

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
)

// ErrExtensionToken means that an extension's token is not to be trusted: it is
// malformed, signed with another secret, or expired.
var ErrExtensionToken = errors.New("not a valid token of the extension")

// ExtensionClaims is what a token of an extension says. Twitch signs one for every
// viewer, which the extension's front end sends to its back end; the back end signs
// its own to call Twitch.
type ExtensionClaims struct {
	Expires      int64                `json:"exp"`     // in seconds since 1970
	UserID       string               `json:"user_id"` // of the viewer if they share it; of the back end: the extension's owner
	OpaqueUserID string               `json:"opaque_user_id,omitzero"`
	Role         string               `json:"role"` // "viewer", "broadcaster", "moderator"; of the back end: "external"
	ChannelID    string               `json:"channel_id,omitzero"`
	IsUnlinked   bool                 `json:"is_unlinked,omitzero"`
	PubSubPerms  ExtensionPubSubPerms `json:"pubsub_perms,omitzero"`
}

// ExtensionPubSubPerms are the targets that a token lets listen and send to:
// "broadcast", "global", "whisper-U123", "*".
type ExtensionPubSubPerms struct {
	Listen []string `json:"listen,omitzero"`
	Send   []string `json:"send,omitzero"`
}

// ExpiresAt returns when the token expires.
func (c *ExtensionClaims) ExpiresAt() time.Time { return time.Unix(c.Expires, 0) }

// jwtHeader is the header of all tokens: HS256 is the only algorithm.
const jwtHeader = `{"alg":"HS256","typ":"JWT"}`

// SignExtensionToken returns a token with the given claims, signed with a secret
// of the extension, which is in base64 as Twitch's console shows it.
func SignExtensionToken(secret string, claims ExtensionClaims) (string, error) {
	key, err := extensionKey(secret)
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("helix: extension token: %w", err)
	}
	signed := base64.RawURLEncoding.EncodeToString([]byte(jwtHeader)) + "." + base64.RawURLEncoding.EncodeToString(body)
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature(key, signed)), nil
}

// VerifyExtensionToken returns what a token says if it is signed with one of the
// secrets and has not expired. Otherwise the error is [ErrExtensionToken] and does
// not contain the token. Twitch replaces secrets: give it all that are active.
func VerifyExtensionToken(token string, secrets ...string) (*ExtensionClaims, error) {
	return verifyExtensionToken(token, time.Now(), secrets)
}

func verifyExtensionToken(token string, now time.Time, secrets []string) (*ExtensionClaims, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, badToken("it has not three parts")
	}
	var header struct {
		Algorithm string `json:"alg"`
	}
	if decodePart(parts[0], &header) != nil || header.Algorithm != "HS256" {
		return nil, badToken("it is not signed with HS256") // above all not with "none"
	}
	given, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		return nil, badToken("its signature is malformed")
	}
	signed := parts[0] + "." + parts[1]
	good := false
	for _, secret := range secrets {
		key, err := extensionKey(secret)
		if err != nil {
			return nil, err
		}
		good = hmac.Equal(given, signature(key, signed)) || good
	}
	if !good {
		return nil, badToken("it is signed with another secret")
	}
	var claims ExtensionClaims
	switch err := decodePart(parts[1], &claims); {
	case err != nil:
		return nil, badToken("its claims are malformed")
	case claims.Expires == 0:
		return nil, badToken("it never expires")
	case !now.Before(claims.ExpiresAt()):
		return nil, badToken("it has expired")
	}
	return &claims, nil
}

func badToken(why string) error { return fmt.Errorf("helix: %w: %s", ErrExtensionToken, why) }

func decodePart(part string, out any) error {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, out)
}

func extensionKey(secret string) ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(secret))
	if err != nil || len(key) == 0 {
		return nil, errors.New("helix: extension token: the secret is not in base64, as the console shows it")
	}
	return key, nil
}

func signature(key []byte, signed string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(signed))
	return h.Sum(nil)
}

// An ExtensionSigner signs the tokens with which an extension's back end calls
// Twitch:
//
//	signer := &helix.ExtensionSigner{OwnerID: ownerID, Secret: secret}
//	tw := helix.New(extensionClientID, tokens, helix.Options{JWT: signer.Token})
//
// It may be used by several goroutines. It does not print its secret.
type ExtensionSigner struct {
	OwnerID string        // user who owns the extension
	Secret  string        `json:"-"` // in base64, as the console shows it
	Life    time.Duration // of a token; default 3 minutes

	mu     sync.Mutex
	signed map[string]signedToken // guarded by mu; by channel
}

type signedToken struct {
	token string
	till  time.Time
}

// Token returns a token for calls about a channel, or about none or all of them
// if channelID is "". It is a [JWTSource]. Tokens are used again until shortly before they
// expire.
func (s *ExtensionSigner) Token(_ context.Context, channelID string) (string, error) {
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if known, ok := s.signed[channelID]; ok && now.Before(known.till) {
		return known.token, nil
	}
	life := s.Life
	if life <= 0 {
		life = 3 * time.Minute
	}
	claims := ExtensionClaims{
		Expires: now.Add(life).Unix(), UserID: s.OwnerID, Role: "external", ChannelID: channelID,
		PubSubPerms: ExtensionPubSubPerms{Send: []string{"*"}},
	}
	if channelID == "" {
		claims.ChannelID = "all"
	}
	token, err := SignExtensionToken(s.Secret, claims)
	if err != nil {
		return "", err
	}
	if s.signed == nil || len(s.signed) >= maxBuckets {
		s.signed = map[string]signedToken{}
	}
	s.signed[channelID] = signedToken{token, now.Add(life * 3 / 4)}
	return token, nil
}

// Format keeps the secret out of logs, whatever the verb.
func (s *ExtensionSigner) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "signer of the extension of user "+s.OwnerID) // fmt's own buffer, which does not fail
}

// NewestSecret returns the secret to sign with: of those that are active, the one
// that became active last. It reports false if none is.
func (s *ExtensionSecrets) NewestSecret(now time.Time) (ExtensionSecret, bool) {
	active := slices.DeleteFunc(slices.Clone(s.Secrets), func(one ExtensionSecret) bool {
		return now.Before(one.ActiveAt) || !now.Before(one.ExpiresAt)
	})
	if len(active) == 0 {
		return ExtensionSecret{}, false
	}
	return slices.MaxFunc(active, func(a, b ExtensionSecret) int { return a.ActiveAt.Compare(b.ActiveAt) }), true
}
