package helix

import "context"

// tokenCheck stands for the endpoint in errors of [Client.CheckToken].
var tokenCheck = &Endpoint{ID: "check-token", Name: "check token"}

// CheckToken reports whether there is a token for calls as the client's user (see
// [Client.As]), or an app token if the client has none: nil, or a [TokenError]. It
// sends nothing to Twitch's API, although the [TokenSource] may have to renew the
// token first. Programs that subscribe to events over WebSocket ask before they
// connect, because a connection without subscriptions is of no use.
func (c *Client) CheckToken(ctx context.Context) error {
	if _, err := c.core.tokens.Token(ctx, c.userID); err != nil {
		return &TokenError{Endpoint: tokenCheck, UserID: c.userID, Err: err}
	}
	return nil
}
