package oauth

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"time"
)

// A Token is what Twitch gave for one user, or for the app itself.
//
// It prints and marshals without its secrets; stores use [EncodeToken].
type Token struct {
	AccessToken  Secret
	RefreshToken Secret // empty: the token cannot be renewed
	IDToken      Secret // of a login with the scope "openid"; not stored
	ClientID     string // the client it was made for
	UserID       string // empty: the app token, or not validated yet
	Login        string
	Scopes       ScopeSet  // as granted
	ExpiresAt    time.Time // zero: unknown, or never

	// ValidatedAt is the time of the last successful validation.
	ValidatedAt time.Time

	// Problem is why the user must log in again, empty while the token serves.
	Problem string

	// AddedAt is when [Manager.Add] or [Manager.AddCode] got the token, or the one that
	// this was renewed from.
	AddedAt time.Time

	// RefreshingSince is set while a renewal is under way. Found at start, it means
	// that a process died while it waited for Twitch.
	RefreshingSince time.Time
}

// Expired reports whether the token's time was over at now.
func (t Token) Expired(now time.Time) bool {
	return !t.ExpiresAt.IsZero() && !now.Before(t.ExpiresAt)
}

// usable reports whether the token may be handed out at now.
func (t Token) usable(now time.Time) bool {
	return t.AccessToken != "" && t.Problem == "" && !t.Expired(now)
}

// renewed returns t after Twitch answered a refresh with n.
func (t Token) renewed(n Token) Token {
	t.AccessToken, t.ExpiresAt = n.AccessToken, n.ExpiresAt
	if n.RefreshToken != "" {
		t.RefreshToken = n.RefreshToken
	}
	if n.Scopes != nil {
		t.Scopes = n.Scopes
	}
	t.Problem, t.RefreshingSince = "", time.Time{}
	return t
}

// LogValue returns what may be logged of t.
func (t Token) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("user_id", t.UserID),
		slog.String("login", t.Login),
		slog.Any("access_token", t.AccessToken),
		slog.String("scopes", t.Scopes.String()),
		slog.Time("expires_at", t.ExpiresAt),
	)
}

// storedToken is a Token in a store, secrets included.
type storedToken struct {
	AccessToken     string    `json:"access_token"`
	RefreshToken    string    `json:"refresh_token,omitzero"`
	ClientID        string    `json:"client_id,omitzero"`
	UserID          string    `json:"user_id,omitzero"`
	Login           string    `json:"login,omitzero"`
	Scopes          ScopeSet  `json:"scopes,omitzero"`
	ExpiresAt       time.Time `json:"expires_at,omitzero"`
	ValidatedAt     time.Time `json:"validated_at,omitzero"`
	Problem         string    `json:"problem,omitzero"`
	AddedAt         time.Time `json:"added_at,omitzero"`
	RefreshingSince time.Time `json:"refreshing_since,omitzero"`
}

// EncodeToken returns t as JSON with its secrets in plain text, for a [Store] to keep.
func EncodeToken(t Token) ([]byte, error) {
	return json.Marshal(stored(t))
}

// DecodeToken reads what [EncodeToken] wrote.
func DecodeToken(data []byte) (Token, error) {
	var s storedToken
	if err := json.Unmarshal(data, &s); err != nil {
		return Token{}, fmt.Errorf("oauth: stored token: %w", jsonErrorIn("it", err)) // which quotes nothing
	}
	return s.token(), nil
}

func stored(t Token) storedToken {
	return storedToken{
		AccessToken: string(t.AccessToken), RefreshToken: string(t.RefreshToken),
		ClientID: t.ClientID, UserID: t.UserID, Login: t.Login, Scopes: t.Scopes,
		ExpiresAt: t.ExpiresAt.UTC(), ValidatedAt: t.ValidatedAt.UTC(),
		Problem: t.Problem, AddedAt: t.AddedAt.UTC(), RefreshingSince: t.RefreshingSince.UTC(),
	}
}

func (s storedToken) token() Token {
	return Token{
		AccessToken: Secret(s.AccessToken), RefreshToken: Secret(s.RefreshToken),
		ClientID: s.ClientID, UserID: s.UserID, Login: s.Login, Scopes: slices.Clone(s.Scopes),
		ExpiresAt: s.ExpiresAt, ValidatedAt: s.ValidatedAt,
		Problem: s.Problem, AddedAt: s.AddedAt, RefreshingSince: s.RefreshingSince,
	}
}
