package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"
)

// ExchangeCode turns the code of a finished login into a token. redirectURI must be
// the one the login was started with. [Client.Validate] returns the token's user. A code
// works once.
func (c *Client) ExchangeCode(ctx context.Context, code Secret, redirectURI string) (Token, error) {
	return c.token(ctx, opExchange, c.form(
		"grant_type", "authorization_code",
		"code", string(code),
		"redirect_uri", redirectURI,
	))
}

var errNoSecret = errors.New("a client secret is needed")

// AppToken fetches a token for the app itself. It cannot be refreshed: fetch another.
func (c *Client) AppToken(ctx context.Context) (Token, error) {
	if c.ClientSecret == "" {
		return Token{}, fmt.Errorf("oauth: %s: %w", opApp, errNoSecret)
	}
	return c.token(ctx, opApp, c.form("grant_type", "client_credentials"))
}

// Refresh exchanges a refresh token for a new token. Store the new token before using it:
// for public clients, the old refresh token is no longer valid. It returns [ErrRevoked] if
// Twitch refuses the refresh token.
func (c *Client) Refresh(ctx context.Context, refreshToken Secret) (Token, error) {
	return c.token(ctx, opRefresh, c.form(
		"grant_type", "refresh_token",
		"refresh_token", string(refreshToken),
	))
}

// Revoke makes an access token invalid.
func (c *Client) Revoke(ctx context.Context, accessToken Secret) error {
	form := url.Values{"client_id": {c.ClientID}, "token": {string(accessToken)}}
	_, err := c.post(ctx, opRevoke, "/revoke", form)
	return err
}

// token sends a request to /token and reads the token in its answer.
func (c *Client) token(ctx context.Context, op string, form url.Values) (Token, error) {
	body, err := c.post(ctx, op, "/token", form)
	if err != nil {
		return Token{}, err
	}
	t, err := parseToken(body, time.Now())
	if err != nil {
		return Token{}, fmt.Errorf("oauth: %s: %w", op, err)
	}
	t.ClientID = c.ClientID
	return t, nil
}
