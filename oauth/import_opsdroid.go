package oauth

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// ReadOpsdroid reads the twitch.json of opsdroid's Twitch connector, which holds Twitch's
// response unchanged. It does not contain the user or the age of the token: pass the token
// to [Manager.Add], which validates it.
func ReadOpsdroid(r io.Reader) (Token, error) {
	const op = "twitch.json"
	data, err := io.ReadAll(io.LimitReader(r, maxBody))
	if err != nil {
		return Token{}, fmt.Errorf("oauth: %s: %w", op, err)
	}
	t, err := parseTokenIn("the file", data, time.Now())
	if errors.Is(err, errNoAccessToken) {
		// opsdroid stores every response, also a refusal.
		var answer struct {
			Status int `json:"status"`
		}
		if json.Unmarshal(data, &answer) == nil && answer.Status >= 400 {
			return Token{}, parseError(op+" holds no token but Twitch's refusal", answer.Status, data, nil)
		}
		err = errImportEmpty
	}
	if err != nil {
		return Token{}, fmt.Errorf("oauth: %s: %w", op, err)
	}
	t.ExpiresAt = time.Time{} // relative to a time that is not in the file
	return t, nil
}
