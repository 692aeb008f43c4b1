package cli

import (
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// A tokenView is the JSON form of a stored token.
type tokenView struct {
	Login       string         `json:"login"`
	UserID      string         `json:"user_id"`
	ClientID    string         `json:"client_id"`
	Usable      bool           `json:"usable"` // now, or after a renewal
	State       string         `json:"state"`
	Problem     string         `json:"problem,omitempty"` // why the user must log in again
	Scopes      oauth.ScopeSet `json:"scopes"`
	Renewable   bool           `json:"renewable"`
	ExpiresAt   time.Time      `json:"expires_at,omitzero"`
	ValidatedAt time.Time      `json:"validated_at,omitzero"`

	// Only with --reveal.
	AccessToken  string `json:"access_token,omitempty"`
	RefreshToken string `json:"refresh_token,omitempty"`
}

func viewOf(t oauth.Token, reveal bool) tokenView {
	now := time.Now()
	v := tokenView{
		Login: t.Login, UserID: t.UserID, ClientID: t.ClientID, State: stateOf(t, now), Problem: t.Problem,
		Usable: t.Problem == "" && (t.RefreshToken != "" || !t.Expired(now)), Scopes: append(oauth.ScopeSet{}, t.Scopes...),
		Renewable: t.RefreshToken != "", ExpiresAt: t.ExpiresAt, ValidatedAt: t.ValidatedAt,
	}
	if reveal {
		v.AccessToken, v.RefreshToken = string(t.AccessToken), string(t.RefreshToken)
	}
	return v
}

// tokenRows lists everything about a token; its secrets only with reveal.
func tokenRows(t oauth.Token, reveal bool) [][]string {
	rows := [][]string{
		{"login", nameOf(t)},
		{"user id", t.UserID},
		{"client id", t.ClientID},
		{"state", stateOf(t, time.Now())},
		{"scopes", t.Scopes.String()},
		{"validated", moment(t.ValidatedAt)},
		{"expires", moment(t.ExpiresAt)},
	}
	secrets := [][]string{{"access token", string(t.AccessToken)}, {"refresh token", string(t.RefreshToken)}}
	for _, row := range secrets {
		switch {
		case row[1] == "":
			row[1] = "none"
		case !reveal:
			row[1] = "hidden; --reveal shows it"
		}
	}
	return append(rows, secrets...)
}

// stateOf describes the state of a token in a few words.
func stateOf(t oauth.Token, now time.Time) string {
	switch left := t.ExpiresAt.Sub(now).Round(time.Minute); {
	case t.Problem != "":
		return "must log in again: " + printable(t.Problem)
	case t.Expired(now) && t.RefreshToken != "":
		return "expired, renewed when needed"
	case t.Expired(now):
		return "expired, must log in again"
	case t.ExpiresAt.IsZero():
		return "valid"
	case t.RefreshToken == "":
		return fmt.Sprintf("valid for %s, then must log in again", left)
	default:
		return "valid for " + left.String()
	}
}

func moment(t time.Time) string {
	if t.IsZero() {
		return "unknown"
	}
	return t.Local().Format(time.DateTime)
}
