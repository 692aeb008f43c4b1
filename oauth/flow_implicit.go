package oauth

import (
	"crypto/subtle"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// ParseFragment returns the token in the address that Twitch sent a browser to after
// an [Authorization.Implicit] login: the whole URL, as a user copies it from the
// browser, or only the part after the "#". A server cannot see it: browsers do not send
// that part. state must be the one the login was started with. A
// refusal by the user is an [*Error] with the Code "access_denied".
//
// Such a token cannot be renewed. [Client.Validate] returns its user.
func ParseFragment(address, state string) (Token, error) {
	values, err := fragment(address)
	if err != nil {
		return Token{}, fmt.Errorf("oauth: %s: %w", opRedirect, err)
	}
	if subtle.ConstantTimeCompare([]byte(values.Get("state")), []byte(state)) != 1 {
		return Token{}, fmt.Errorf("oauth: %s: %w", opRedirect, errState)
	}
	if values.Get("error") != "" {
		return Token{}, refusal(values)
	}
	access, id := values.Get("access_token"), values.Get("id_token")
	if !tokenLike(access) || id != "" && !tokenLike(id) {
		return Token{}, fmt.Errorf("oauth: %s: %w", opRedirect, errNoTokenThere)
	}
	t := Token{AccessToken: Secret(access), IDToken: Secret(id)}
	if values.Has("scope") {
		t.Scopes = ParseScopes(values.Get("scope"))
	}
	var life seconds
	if expires := values.Get("expires_in"); expires != "" {
		_ = life.UnmarshalJSON([]byte(strconv.Quote(expires))) // never fails: an invalid number means unknown
	}
	t.ExpiresAt = life.at(time.Now())
	return t, nil
}

// fragment returns what follows the "#". A refusal stands before it.
func fragment(address string) (url.Values, error) {
	address = strings.TrimSpace(address)
	if len(address) > maxRedirect+maxIDToken {
		return nil, errBadAddress
	}
	before, after, found := strings.Cut(address, "#")
	switch {
	case found && after != "":
		address = after
	case strings.Contains(before, "?"):
		_, address, _ = strings.Cut(before, "?")
	default:
		address = before
	}
	values, err := url.ParseQuery(strings.TrimPrefix(address, "/"))
	if err != nil {
		return nil, errBadAddress // url's error would quote the token
	}
	return values, nil
}
