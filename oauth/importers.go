package oauth

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// ReadTwitchIO reads the .tio.tokens.json that TwitchIO writes when it is closed: the
// tokens of any number of users. What they may do and for how long is not in there:
// hand each to [Manager.Add], which asks Twitch.
func ReadTwitchIO(r io.Reader) ([]Token, error) {
	const op = ".tio.tokens.json"
	data, err := io.ReadAll(io.LimitReader(r, maxImport+1))
	if err != nil {
		return nil, fmt.Errorf("oauth: %s: %w", op, err)
	}
	if len(data) > maxImport {
		return nil, fmt.Errorf("oauth: %s: %w", op, errImportSize)
	}
	var users map[string]struct {
		UserID  string `json:"user_id"`
		Token   string `json:"token"`
		Refresh string `json:"refresh"`
	}
	if err := json.Unmarshal(data, &users); err != nil {
		return nil, fmt.Errorf("oauth: %s: %w", op, jsonError(err))
	}
	tokens := make([]Token, 0, len(users))
	for _, key := range slices.Sorted(maps.Keys(users)) {
		u := users[key]
		if !tokenLike(u.Token) || u.Refresh != "" && !tokenLike(u.Refresh) {
			return nil, fmt.Errorf("oauth: %s: user %s: %w", op, tidy(key), errNoAccessToken)
		}
		if u.UserID == "" {
			u.UserID = key
		}
		tokens = append(tokens, Token{AccessToken: Secret(u.Token), RefreshToken: Secret(u.Refresh), UserID: u.UserID})
	}
	return tokens, nil
}

// maxImport is longer than the file of any bot that one machine runs.
const maxImport = 16 << 20

var (
	errImportSize  = errors.New("the file is too long for tokens")
	errImportEmpty = errors.New("it holds no token; log in with the other program first")
)

// ReadTwitchCLI reads the .twitch-cli.env in which Twitch's own command line keeps its
// last token, and returns the secret of the client that it was made for too: only
// that client can renew it. Where the token was the app's, it has no RefreshToken.
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
// regard to case, which the program that writes the file has changed its mind about.
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
