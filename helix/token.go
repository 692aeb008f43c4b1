package helix

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// A TokenSource knows the tokens. The user id "" asks for the app token.
// Token is called before every request and should answer from memory.
// *oauth.Manager is one, and so is [StaticToken].
type TokenSource interface {
	Token(ctx context.Context, userID string) (string, error)
}

// A Renewer is a [TokenSource] that can replace a token that Twitch refused. It
// is asked at most once per call. If the source holds another token than stale
// by now, it returns that.
type Renewer interface {
	Renew(ctx context.Context, userID, stale string) (string, error)
}

// A TokenValidator is a [TokenSource] that can ask Twitch whether it still accepts a
// token (https://dev.twitch.tv/docs/authentication/validate-tokens). It is asked when a
// call was answered with 401, because that may mean a missing right as well. If the
// token is valid, the call fails with an [Error] whose TokenValid is set, and the token
// is not renewed. An error means that Twitch could not be asked.
type TokenValidator interface {
	ValidToken(ctx context.Context, userID, token string) (valid bool, err error)
}

// A ScopeSource is a [TokenSource] that knows what a user has granted. With it a
// call that cannot succeed fails with a [ScopeError] before it is sent.
// Known is false if there is no token of that user.
type ScopeSource interface {
	Scopes(ctx context.Context, userID string) (scopes []string, known bool)
}

// A JWTSource signs the token of an extension's back end, for a call about the
// given channel; "" if it is about none or all. [ExtensionSigner.Token] is one.
type JWTSource func(ctx context.Context, channelID string) (string, error)

// errNoToken is the error of a static token for other users.
var errNoToken = errors.New("no token")

// StaticToken returns a source of the one given token, as user userID. Every call
// of a client with this source is made as that user. With the user id "", the
// token is an app token. An empty token is none: calls end in a [TokenError].
func StaticToken(userID, token string) TokenSource {
	return &staticToken{userID: userID, token: token}
}

type staticToken struct{ userID, token string }

func (s *staticToken) Token(_ context.Context, userID string) (string, error) {
	if s.token == "" || userID != "" && userID != s.userID {
		return "", errNoToken
	}
	return s.token, nil
}

// String keeps the token out of logs.
func (s *staticToken) String() string { return "token of user " + s.userID }

// Format keeps the token out of logs, whatever the verb.
func (s *staticToken) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, s.String()) // fmt's own buffer, which does not fail
}

// LogValue keeps the token out of logs.
func (s *staticToken) LogValue() slog.Value { return slog.StringValue(s.String()) }

// A TokenError means that there was no token to make a call with. Nothing was sent.
type TokenError struct {
	Endpoint *Endpoint
	UserID   string // "": the app token, or no user was named
	Err      error  // what the [TokenSource] said; nil if it was not asked
}

// Error says whose token is missing, and which tokens the endpoint accepts.
func (e *TokenError) Error() string {
	var problem string
	switch {
	case e.Err == nil && e.UserID == "":
		problem = "no user is named, use As(userID)"
	case e.UserID == "":
		problem = fmt.Sprintf("app token: %v", e.Err)
	default:
		problem = fmt.Sprintf("token of user %s: %v", e.UserID, e.Err)
	}
	return fmt.Sprintf("helix: %s: %s; needs %s", e.Endpoint.Name, problem, e.Endpoint.accepts())
}

// accepts says in words which tokens e accepts.
func (e *Endpoint) accepts() string {
	var kinds []string
	if e.Tokens.Has(UserToken) {
		kind := "a user token"
		if len(e.Scopes) > 0 {
			kind += " with " + e.Scopes.String()
		}
		kinds = append(kinds, kind)
	}
	if e.Tokens.Has(AppToken) {
		kinds = append(kinds, "an app token")
	}
	if e.Tokens.Has(JWT) {
		kinds = append(kinds, "a token signed by the extension")
	}
	return strings.Join(kinds, ", or ")
}

// Unwrap returns what the token source said.
func (e *TokenError) Unwrap() error { return e.Err }

// LogValue returns the error's parts as attributes.
func (e *TokenError) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("endpoint", e.Endpoint.ID),
		slog.String("user_id", e.UserID),
		slog.Any("error", e.Err),
	)
}

// choose decides whose token a call needs: As decides if it was used, then the
// parameter that Twitch compares with the token's user, then the app token.
func (c *Client) choose(call *Call, p params) error {
	e := call.Endpoint
	call.Token, call.UserID, call.fallback = 0, "", false
	user := c.userID
	if user == "" {
		user = p.first(e.TokenUser)
		call.fallback = e.Tokens.Has(AppToken)
	}
	switch {
	case e.Tokens == 0:
	case user != "" && e.Tokens.Has(UserToken):
		call.Token, call.UserID = UserToken, user
	case e.Tokens.Has(AppToken):
		call.Token = AppToken
	case e.Tokens.Has(JWT):
		call.Token = JWT
	default:
		return &TokenError{Endpoint: e}
	}
	return nil
}

// token fetches the token for a call. It may turn a call for a user of whom
// nothing is known into a call with the app token.
func (c *core) token(ctx context.Context, call *Call) (string, error) {
	switch call.Token {
	case 0:
		return "", nil
	case JWT:
		if c.jwt == nil {
			return "", &TokenError{Endpoint: call.Endpoint, Err: errors.New("Options.JWT is not set")}
		}
		token, err := c.jwt(ctx, call.params.first([]string{"broadcaster_id"}))
		if err != nil {
			return "", &TokenError{Endpoint: call.Endpoint, Err: err}
		}
		return token, nil
	default:
	}
	if err := c.checkScopes(ctx, call); err != nil {
		return "", err
	}
	token, err := c.tokens.Token(ctx, call.UserID)
	if err == nil {
		call.fallback = false
		return token, nil
	}
	if call.fallback && ctx.Err() == nil {
		if token, appErr := c.tokens.Token(ctx, ""); appErr == nil {
			call.Token, call.UserID, call.fallback = AppToken, "", false
			return token, nil
		}
	}
	return "", &TokenError{Endpoint: call.Endpoint, UserID: call.UserID, Err: err}
}
