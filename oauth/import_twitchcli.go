package oauth

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

var errImportEmpty = errors.New("the file holds no access token; log in with the program that wrote it and import the file again")

// ReadTwitchCLI reads the .twitch-cli.env in which Twitch's own command line keeps its
// last token, and also returns the secret of the client that it was issued for: only
// that client can renew it. An app token has no RefreshToken.
func ReadTwitchCLI(r io.Reader) (t Token, clientSecret Secret, err error) {
	const op = ".twitch-cli.env"
	data, err := io.ReadAll(io.LimitReader(r, maxBody))
	if err != nil {
		return Token{}, "", fmt.Errorf("oauth: %s: %w", op, err)
	}
	values := dotenv(data)
	access, refresh := values["ACCESSTOKEN"], values["REFRESHTOKEN"]
	if !tokenLike(access) || refresh != "" && !tokenLike(refresh) {
		return Token{}, "", fmt.Errorf("oauth: %s: %w", op, errImportEmpty)
	}
	t = Token{AccessToken: Secret(access), RefreshToken: Secret(refresh), ClientID: values["CLIENTID"]}
	if scopes, known := values["TOKENSCOPES"]; known {
		t.Scopes = ParseScopes(strings.Trim(scopes, "[]")) // a list, as Go prints one
	}
	if at, err := time.Parse(time.RFC3339Nano, values["TOKENEXPIRATION"]); err == nil {
		t.ExpiresAt = at
	}
	return t, Secret(values["CLIENTSECRET"]), nil
}

// dotenv reads lines of NAME=value, with or without quotes. Names are compared without
// regard to case, because versions of the Twitch CLI differ in this.
func dotenv(data []byte) map[string]string {
	values := map[string]string{}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, maxBody)
	for lines.Scan() {
		name, value, found := strings.Cut(strings.TrimPrefix(strings.TrimSpace(lines.Text()), "export "), "=")
		if !found || strings.HasPrefix(name, "#") {
			continue
		}
		value = strings.TrimSpace(value)
		if n := len(value); n >= 2 && (value[0] == '"' || value[0] == '\'') && value[n-1] == value[0] {
			value = value[1 : n-1]
		}
		values[strings.ToUpper(strings.TrimSpace(name))] = value
	}
	return values
}
