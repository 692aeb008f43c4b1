package api

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// claims are what an extension's back end says of itself in its token.
type claims struct {
	Expires   int64  `json:"exp"`
	UserID    string `json:"user_id"`
	Role      string `json:"role"`
	ChannelID string `json:"channel_id"`
	Perms     struct {
		Send []string `json:"send"`
	} `json:"pubsub_perms"`
}

// noExpiry are the endpoints that take a token without exp.
var noExpiry = []string{"get-extensions", "send-extension-chat-message"}

// authenticateExtension checks the token that an extension's back end signed.
func (c *call) authenticateExtension(r *http.Request) error {
	kind, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(kind, "Bearer") || token == "" {
		return unauthorized("JWT token is missing")
	}
	clientID := r.Header.Get("Client-Id")
	if clientID == "" {
		return unauthorized("Client ID is missing")
	}
	e, ok := c.world.ExtensionByID(clientID)
	if !ok {
		return unauthorized("The ID in the Client-Id header is not of an extension")
	}
	said, ok := verify(token, e.Secrets, time.Now())
	if !ok {
		return unauthorized("JWT token is invalid")
	}
	switch expired := !time.Now().Before(time.Unix(said.Expires, 0)); {
	case expired && (said.Expires != 0 || !slices.Contains(noExpiry, c.endpoint.ID)):
		return unauthorized("JWT token has expired")
	case said.Role != "external":
		return unauthorized("The role in the JWT token must be external")
	case said.UserID != e.Owner.ID && c.endpoint.ID != "get-extensions":
		return unauthorized("The user_id in the JWT token must be the owner of the extension")
	}
	c.grant = auth.Grant{ClientID: clientID}
	c.claims, c.extension = said, e
	return nil
}

// checkExtension checks that the parameters name the extension of the token.
func (c *call) checkExtension() error {
	if id := c.get("extension_id"); id != "" && id != c.extension.ID {
		return unauthorized("The ID in extension_id must match the ID in the Client-Id header")
	}
	return nil
}

// verify checks a token's signature, HMAC with SHA-256, against the secrets
// that are good at the moment.
func verify(token string, secrets []world.ExtensionSecret, now time.Time) (claims, bool) {
	signed, mac, ok := cutLast(token, ".")
	head, body, ok2 := strings.Cut(signed, ".")
	signature, err := base64.RawURLEncoding.DecodeString(mac)
	if !ok || !ok2 || err != nil {
		return claims{}, false
	}
	var header struct {
		Algorithm string `json:"alg"`
	}
	var said claims
	if !decodePart(head, &header) || header.Algorithm != "HS256" || !decodePart(body, &said) {
		return claims{}, false
	}
	for _, s := range secrets {
		key, err := base64.StdEncoding.DecodeString(s.Content)
		if err != nil || now.Before(s.ActiveAt) || !now.Before(s.Expires) {
			continue
		}
		h := hmac.New(sha256.New, key)
		h.Write([]byte(signed))
		if hmac.Equal(signature, h.Sum(nil)) {
			return said, true
		}
	}
	return claims{}, false
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

func decodePart(part string, into any) bool {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	return err == nil && json.Unmarshal(raw, into) == nil
}
