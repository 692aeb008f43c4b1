package oauth

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
)

// An IDToken holds Twitch's signed claims about a user who logged in with the scope
// "openid". Claims that were not requested are empty: see [Authorization].
type IDToken struct {
	UserID      string
	DisplayName string
	Email       string
	Picture     string // a URL
	Verified    bool   // the e-mail address

	Issuer    string
	ClientID  string // the client that it was issued for
	Nonce     string
	IssuedAt  time.Time
	ExpiresAt time.Time
}

// clockSkew is the allowed difference between the local clock and Twitch's.
const clockSkew = time.Minute

// Errors of an ID token.
var (
	errIDToken      = errors.New("it is not an ID token")
	errIDTokenAlg   = errors.New("it is not signed with RS256")
	errIDTokenKey   = errors.New("it is signed with a key that Twitch does not list")
	errIDTokenSign  = errors.New("its signature is wrong")
	errIDTokenFrom  = errors.New("it was not issued by Twitch")
	errIDTokenFor   = errors.New("it was made for another client")
	errIDTokenTime  = errors.New("its time is over or has not come; compare this machine's clock")
	errIDTokenNonce = errors.New("its nonce differs: it belongs to another login")
	errIDTokenUser  = errors.New("it names no user")
)

// VerifyIDToken verifies the ID token of a login ([Token.IDToken]) and returns its claims.
// It checks that Twitch signed it recently, for this client and for this login. nonce is
// that of the [Authorization], or "" if it had none. Twitch's keys are fetched each time.
func (c *Client) VerifyIDToken(ctx context.Context, idToken Secret, nonce string) (IDToken, error) {
	keys, err := c.keys(ctx)
	if err != nil {
		return IDToken{}, err
	}
	id, err := keys.verify(string(idToken))
	if err == nil {
		err = c.check(id, nonce, time.Now())
	}
	if err != nil {
		return IDToken{}, fmt.Errorf("oauth: %s: %w", opIDToken, err)
	}
	return id, nil
}

// check compares the claims with the expected values.
func (c *Client) check(id IDToken, nonce string, now time.Time) error {
	switch {
	// A server elsewhere that stands in for Twitch may call itself Twitch.
	case id.Issuer != c.baseURL() && id.Issuer != DefaultBaseURL:
		return errIDTokenFrom
	case c.ClientID == "" || id.ClientID != c.ClientID:
		return errIDTokenFor
	case id.ExpiresAt.IsZero() || !now.Before(id.ExpiresAt.Add(clockSkew)), id.IssuedAt.After(now.Add(clockSkew)):
		return errIDTokenTime
	case subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(nonce)) != 1:
		return errIDTokenNonce
	case id.UserID == "":
		return errIDTokenUser
	}
	return nil
}

// audience is one client or several.
type audience []string

func (a *audience) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*a = audience{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(a))
}

// parseClaims reads the payload of an ID token.
func parseClaims(payload []byte) (IDToken, error) {
	var claims struct {
		Issuer    string   `json:"iss"`
		Subject   string   `json:"sub"`
		Audience  audience `json:"aud"`
		Party     string   `json:"azp"`
		Nonce     string   `json:"nonce"`
		IssuedAt  float64  `json:"iat"`
		ExpiresAt float64  `json:"exp"`
		Name      string   `json:"preferred_username"`
		Email     string   `json:"email"`
		Verified  bool     `json:"email_verified"`
		Picture   string   `json:"picture"`
	}
	if json.Unmarshal(payload, &claims) != nil {
		return IDToken{}, errIDToken
	}
	id := IDToken{
		UserID: claims.Subject, DisplayName: claims.Name, Email: claims.Email, Picture: claims.Picture, Verified: claims.Verified,
		Issuer: claims.Issuer, Nonce: claims.Nonce, IssuedAt: unix(claims.IssuedAt), ExpiresAt: unix(claims.ExpiresAt),
	}
	switch {
	case len(claims.Audience) == 1:
		id.ClientID = claims.Audience[0]
	case slices.Contains(claims.Audience, claims.Party):
		id.ClientID = claims.Party // with several, the one that it was given to
	}
	if claims.Party != "" && claims.Party != id.ClientID {
		id.ClientID = ""
	}
	return id, nil
}

// unix returns the time of a claim; zero where it makes no sense.
func unix(seconds float64) time.Time {
	const year9999 = 253402300799
	if !(seconds > 0 && seconds < year9999) {
		return time.Time{}
	}
	return time.Unix(int64(seconds), 0)
}

// split returns the parts of a compact JWT.
func split(token string) (header, payload, signature string, err error) {
	header, rest, found := strings.Cut(token, ".")
	payload, signature, both := strings.Cut(rest, ".")
	if !found || !both || strings.Contains(signature, ".") || len(token) > maxIDToken {
		return "", "", "", errIDToken
	}
	return header, payload, signature, nil
}

// LogValue returns what may be logged of id: not the e-mail address.
func (id IDToken) LogValue() slog.Value {
	return slog.GroupValue(slog.String("user_id", id.UserID), slog.Time("expires_at", id.ExpiresAt))
}
