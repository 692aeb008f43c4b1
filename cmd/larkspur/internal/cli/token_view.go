package cli

import (
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// A tokenView is a stored token as scripts see it.
type tokenView struct {
	Login       string         `json:"login"`
	UserID      string         `json:"user_id"`
	ClientID    string         `json:"client_id"`
	Usable      bool           `json:"usable"` // as it is, or after a renewal
	State       string         `json:"state"`
	Problem     string         `json:"problem,omitempty"` // why they must log in again
	Scopes      oauth.ScopeSet `json:"scopes"`
	Renewable   bool           `json:"renewable"`
	ExpiresAt   time.Time      `json:"expires_at,omitzero"`
	ValidatedAt time.Time      `json:"validated_at,omitzero"`

	// Only where they are asked for.
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

// tokenRows is everything about a token; its secrets only where they are asked for.
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

// stateOf says in a few words how a token is.
func stateOf(t oauth.Token, now time.Time) string {
	switch left := t.ExpiresAt.Sub(now).Round(time.Minute); {
	case t.Problem != "":
		return "must log in again: " + printable(t.Problem)
	case t.Expired(now) && t.RefreshToken != "":
		return "over, is renewed when needed"
	case t.Expired(now):
		return "over, must log in again"
	case t.ExpiresAt.IsZero():
		return "good"
	case t.RefreshToken == "":
		return fmt.Sprintf("good for %s, then must log in again", left)
	default:
		return "good for " + left.String()
	}
}

func moment(t time.Time) string {
	if t.IsZero() {
		return "unknown"
	}
	return t.Local().Format(time.DateTime)
}
