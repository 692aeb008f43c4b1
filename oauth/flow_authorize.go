package oauth

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/larkspur-dev/larkspur/internal/quiet"
)

// Authorization is a login request that a user confirms in the browser.
type Authorization struct {
	RedirectURI string   // must be registered with Twitch, character by character
	Scopes      ScopeSet // old names are replaced by today's
	State       string   // comes back with the code; make it with NewState
	ForceVerify bool     // ask even if the user agreed before, so that they can change the account

	// Implicit requests a token in the address itself, which the user has to copy,
	// instead of a code: see [ParseFragment]. It needs no client secret and cannot be renewed.
	Implicit bool
	Nonce    string   // comes back in the ID token; make it with NewState. Only with the scope "openid"
	Claims   []string // further claims of the ID token: "email", "picture", "preferred_username" …
}

// AuthorizeURL returns the page to send a user to. If the user agrees, Twitch sends the
// browser to RedirectURI with a code: see [ParseRedirect].
func (c *Client) AuthorizeURL(a Authorization) string {
	query := url.Values{
		"response_type": {"code"},
		"client_id":     {c.ClientID},
		"redirect_uri":  {a.RedirectURI},
		"scope":         {a.Scopes.Modern().String()},
	}
	if a.State != "" {
		query.Set("state", a.State)
	}
	if a.ForceVerify {
		query.Set("force_verify", "true")
	}
	openID := a.Scopes.Contains(ScopeOpenid)
	switch {
	case a.Implicit && openID:
		query.Set("response_type", "token id_token")
	case a.Implicit:
		query.Set("response_type", "token")
	}
	if openID && a.Nonce != "" {
		query.Set("nonce", a.Nonce)
	}
	if openID && len(a.Claims) > 0 {
		query.Set("claims", claimsParameter(a.Claims))
	}
	return c.baseURL() + "/authorize?" + query.Encode()
}

// claimsParameter asks for claims in Twitch's way: their names with null.
func claimsParameter(names []string) string {
	claims := map[string]any{}
	for _, name := range names {
		claims[name] = nil
	}
	data, _ := json.Marshal(map[string]any{"id_token": claims}) // strings and nulls always can be
	return string(data)
}

// NewState returns 256 random bits for one login. Store it in the user's session and
// compare it with the state in the redirect; otherwise an attacker can log the user in to
// another account.
func NewState() string {
	var bits [32]byte
	_, _ = rand.Read(bits[:]) // documented to never fail
	return quiet.Mark + base64.RawURLEncoding.EncodeToString(bits[:])[len(quiet.Mark):]
}

// Errors of the address of a redirect.
var (
	errState      = errors.New("the state differs: this login was not started here")
	errNoCode     = errors.New("the address holds no code")
	errBadAddress = errors.New("the address cannot be read")

	errNoTokenThere = errors.New("the address holds no token; copy it whole, with what follows the #")
)

// maxRedirect is longer than any address Twitch makes.
const maxRedirect = 8 << 10

// ParseRedirect returns the code in the address that Twitch sent a browser to:
// the whole URL, as a user pastes it, or only its query. state must be the one
// the login was started with. A refusal by the user is an [*Error] with the Code
// "access_denied".
func ParseRedirect(address, state string) (Secret, error) {
	query, err := redirectQuery(address)
	if err != nil {
		return "", fmt.Errorf("oauth: %s: %w", opRedirect, err)
	}
	if subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(state)) != 1 {
		return "", fmt.Errorf("oauth: %s: %w", opRedirect, errState)
	}
	if query.Get("error") != "" {
		return "", refusal(query)
	}
	code := query.Get("code")
	if !tokenLike(code) {
		return "", fmt.Errorf("oauth: %s: %w", opRedirect, errNoCode)
	}
	return Secret(code), nil
}

// refusal returns the error in the address of a redirect.
func refusal(values url.Values) *Error {
	var secrets []Secret
	for _, name := range []string{"state", "code", "access_token", "id_token"} {
		secrets = append(secrets, Secret(values.Get(name)))
	}
	text := func(name string) string { return tidy(scrub(values.Get(name), secrets...)) }
	return &Error{Op: opRedirect, Code: text("error"), Description: text("error_description")}
}

func redirectQuery(address string) (url.Values, error) {
	address = strings.TrimSpace(address)
	if len(address) > maxRedirect {
		return nil, errBadAddress
	}
	if _, query, found := strings.Cut(address, "?"); found {
		address = query
	}
	address, _, _ = strings.Cut(address, "#")
	values, err := url.ParseQuery(address)
	if err != nil {
		return nil, errBadAddress // url's error would quote the code
	}
	return values, nil
}
