package oauth

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// ReadOpsdroid reads the twitch.json that opsdroid's Twitch connector keeps: Twitch's
// answer as it came. Whose it is and how old is not in there: hand the token to
// [Manager.Add], which asks Twitch.
func ReadOpsdroid(r io.Reader) (Token, error) {
	const op = "twitch.json"
	data, err := io.ReadAll(io.LimitReader(r, maxBody))
	if err != nil {
		return Token{}, fmt.Errorf("oauth: %s: %w", op, err)
	}
	t, err := parseToken(data, time.Now())
	if errors.Is(err, errNoAccessToken) {
		// opsdroid keeps what came, a refusal too.
		var answer struct {
			Status int `json:"status"`
		}
		if json.Unmarshal(data, &answer) == nil && answer.Status >= 400 {
			return Token{}, parseError(op+" holds no token but Twitch's refusal", answer.Status, data, nil)
		}
	}
	if err != nil {
		return Token{}, fmt.Errorf("oauth: %s: %w", op, err)
	}
	t.ExpiresAt = time.Time{} // counted from a time that the file does not tell
	return t, nil
}
