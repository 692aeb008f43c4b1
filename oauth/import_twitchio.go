package oauth

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
)

// ReadTwitchIO reads the .tio.tokens.json that TwitchIO writes when it is closed: the
// tokens of any number of users. It does not contain their scopes and expiry: pass each
// token to [Manager.Add], which validates it.
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
		return nil, fmt.Errorf("oauth: %s: %w", op, jsonErrorIn("the file", err))
	}
	tokens := make([]Token, 0, len(users))
	for _, key := range slices.Sorted(maps.Keys(users)) {
		u := users[key]
		if !tokenLike(u.Token) || u.Refresh != "" && !tokenLike(u.Refresh) {
			return nil, fmt.Errorf("oauth: %s: user %s: %w", op, tidy(key), errImportEmpty)
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

var errImportSize = errors.New("the file is too long for tokens")
