package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"
)

// An Identity is Twitch's description of a token: its user, client and scopes.
type Identity struct {
	ClientID  string
	UserID    string // empty: an app token
	Login     string
	Scopes    ScopeSet
	ExpiresAt time.Time // zero: never
	token     *Secret   // a pointer, because fmt prints unexported fields without asking them
}

// Validate returns the identity of a token. It returns [ErrRevoked] if the token is invalid.
func Validate(ctx context.Context, accessToken Secret) (Identity, error) {
	return (&Client{}).Validate(ctx, accessToken)
}

// Validate returns the identity of a token. It returns [ErrRevoked] if the token is invalid.
// Twitch requires it of every app that keeps a session: at its start and every hour.
func (c *Client) Validate(ctx context.Context, accessToken Secret) (Identity, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.baseURL()+"/validate", http.NoBody)
	if err != nil {
		return Identity{}, fmt.Errorf("oauth: %s: %w", opValidate, err)
	}
	req.Header.Set("Authorization", "OAuth "+string(accessToken))
	body, err := c.do(req, opValidate, []Secret{accessToken})
	if err != nil {
		return Identity{}, err
	}
	id, err := parseIdentity(body, time.Now())
	if err != nil {
		return Identity{}, fmt.Errorf("oauth: %s: %w", opValidate, err)
	}
	id.token = &accessToken
	return id, nil
}

var errNoClientID = errors.New("the answer holds no client id")

func parseIdentity(body []byte, now time.Time) (Identity, error) {
	var answer struct {
		ClientID  string   `json:"client_id"`
		UserID    string   `json:"user_id"`
		Login     string   `json:"login"`
		Scopes    ScopeSet `json:"scopes"`
		ExpiresIn seconds  `json:"expires_in"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return Identity{}, jsonError(err)
	}
	if answer.ClientID == "" {
		return Identity{}, errNoClientID
	}
	if answer.Scopes == nil {
		answer.Scopes = ScopeSet{} // Twitch sends null if there are none
	}
	return Identity{
		ClientID: answer.ClientID, UserID: answer.UserID, Login: answer.Login,
		Scopes: answer.Scopes, ExpiresAt: answer.ExpiresIn.at(now),
	}, nil
}

// Header returns the headers that a call of Twitch's API needs with the token that
// was validated.
func (id Identity) Header() http.Header {
	h := http.Header{"Client-Id": {id.ClientID}}
	if id.token != nil {
		h.Set("Authorization", "Bearer "+string(*id.token))
	}
	return h
}

// String returns the user, or the client of an app token.
func (id Identity) String() string {
	if id.UserID == "" {
		return "app " + id.ClientID
	}
	return id.Login + " (" + id.UserID + ")"
}

// LogValue returns what may be logged of id.
func (id Identity) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("user_id", id.UserID),
		slog.String("login", id.Login),
		slog.String("scopes", id.Scopes.String()),
		slog.Time("expires_at", id.ExpiresAt),
	)
}
