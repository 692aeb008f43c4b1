package cli

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/larkspur-dev/larkspur/oauth"
)

// maxLogin is how long a login on Twitch can be, in characters.
const maxLogin = 25

// isLogin reports whether an argument can be a login or a user ID. Anything else may be
// a token that was pasted, and is not printed.
func isLogin(text string) bool {
	text = strings.TrimPrefix(text, "@")
	return text != "" && len(text) <= maxLogin && !strings.ContainsAny(text, ":/#?&=")
}

// What can be wrong with a pasted token. None of them repeats what was pasted.
var (
	errNoToken   = errors.New("standard input holds no token")
	errNotPasted = errors.New("stopped; no token was read")
	errNotAToken = errors.New("this is neither a login nor a token: a token has letters and digits only, and an address must contain access_token=")
	errIsCode    = errors.New("this address holds an authorization code, not a token\nPut the code into the configuration, or log in with:\n  larkspur login")
	errNotALogin = errors.New("this cannot be a login: a login has at most 25 letters, digits and underscores\nTo check a token, paste it into:\n  larkspur token validate -")
)

// parseToken finds the access token in what a person pasted: the token itself, with or
// without "oauth:" or "Bearer" before it, or the address to which Twitch redirected the
// browser, with the token in its fragment or its query.
func parseToken(text string) (oauth.Secret, error) {
	text = strings.TrimSpace(text)
	if strings.ContainsAny(text, "#?&=") {
		return tokenInAddress(text)
	}
	for _, prefix := range []string{"oauth:", "Bearer ", "bearer ", "OAuth "} {
		text = strings.TrimPrefix(text, prefix)
	}
	if text == "" {
		return "", errNoToken
	}
	for _, c := range text {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '-' && c != '_' {
			return "", errNotAToken
		}
	}
	return oauth.Secret(text), nil
}

// tokenInAddress finds access_token= in the fragment or the query of an address.
func tokenInAddress(address string) (oauth.Secret, error) {
	_, fragment, _ := strings.Cut(address, "#")
	before, _, _ := strings.Cut(address, "#")
	_, query, found := strings.Cut(before, "?")
	if !found {
		query = before // pasted without the address
	}
	for _, part := range []string{fragment, query} {
		values, err := url.ParseQuery(part)
		if err != nil {
			continue // it may quote the token
		}
		if token := values.Get("access_token"); token != "" {
			return parseToken(token)
		}
		if values.Get("code") != "" {
			return "", errIsCode
		}
	}
	return "", errNotAToken
}

// readToken reads an access token, or the address of a redirect, from standard input. At
// a terminal it asks for one line, without echo.
func readToken(ctx context.Context, p Process) (oauth.Secret, error) {
	text, err := askPassphrase(ctx, p, "Paste the token, then press Enter: ")
	if errors.Is(err, errNoTerminal) {
		var all []byte
		all, err = readStdin(p, 4096)
		text = oauth.Secret(all)
	}
	switch {
	case ctx.Err() != nil:
		return "", errNotPasted // exit code 0 would mean that the token is valid
	case err != nil:
		return "", err
	}
	token, err := parseToken(string(text))
	if err != nil {
		return "", usageError{err}
	}
	return token, nil
}

// pastedToken returns the token that args hold instead of logins; found is false if
// all of them can be logins. "-" reads standard input.
func pastedToken(ctx context.Context, p Process, args []string) (token oauth.Secret, found bool, err error) {
	if len(args) == 1 && args[0] == "-" {
		token, err = readToken(ctx, p)
		return token, true, err
	}
	for _, arg := range args {
		if isLogin(arg) {
			continue
		}
		if len(args) > 1 {
			return "", true, usageError{errNotALogin}
		}
		fmt.Fprintln(p.Stderr, "A token on the command line stays in the shell's history. To keep it out, paste it into:\n  larkspur token validate -")
		if token, err = parseToken(arg); err != nil {
			err = usageError{err}
		}
		return token, true, err
	}
	return "", false, nil
}
