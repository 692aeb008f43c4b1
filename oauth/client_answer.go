package oauth

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// longestLife bounds expires_in: Twitch's longest tokens live for months.
const longestLife = 10 * 365 * 24 * time.Hour

// seconds parses a number of seconds, written as a JSON number or a numeric string. It is
// 0, which means unknown, if the text is neither.
type seconds time.Duration

func (s *seconds) UnmarshalJSON(data []byte) error {
	*s = 0
	n, err := strconv.ParseFloat(strings.Trim(string(data), `"`), 64)
	if err != nil || math.IsNaN(n) || n <= 0 {
		return nil //nolint:nilerr // an unreadable life time is an unknown one
	}
	*s = seconds(min(n, longestLife.Seconds()) * float64(time.Second))
	return nil
}

// at returns the time s after now, or the zero time if s is unknown. The result has no
// monotonic clock reading, because that clock stops while the machine sleeps.
func (s seconds) at(now time.Time) time.Time {
	if s == 0 {
		return time.Time{}
	}
	return now.Round(0).Add(time.Duration(s))
}

var errNoAccessToken = errors.New("the answer holds no access token")

// parseToken reads the answer to a token request that was received at now.
func parseToken(body []byte, now time.Time) (Token, error) {
	return parseTokenIn("the answer", body, now)
}

// parseTokenIn is parseToken for an answer that is in what.
func parseTokenIn(what string, body []byte, now time.Time) (Token, error) {
	var answer struct {
		AccessToken  string          `json:"access_token"`
		RefreshToken string          `json:"refresh_token"`
		IDToken      string          `json:"id_token"`
		ExpiresIn    seconds         `json:"expires_in"`
		Scope        json.RawMessage `json:"scope"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return Token{}, jsonErrorIn(what, err)
	}
	if !tokenLike(answer.AccessToken) {
		return Token{}, errNoAccessToken
	}
	var scopes ScopeSet
	_ = json.Unmarshal(answer.Scope, &scopes) // Validate returns the scopes too; unreadable ones must not cost the token
	return Token{
		AccessToken:  Secret(answer.AccessToken),
		RefreshToken: Secret(answer.RefreshToken),
		IDToken:      Secret(answer.IDToken),
		Scopes:       scopes,
		ExpiresAt:    answer.ExpiresIn.at(now),
	}, nil
}

// tokenLike reports whether s can be a token. Tokens are sent in HTTP headers and IRC
// lines, where a space or a control character would end the field.
func tokenLike(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}

// jsonError drops what a JSON error quotes from an answer.
func jsonError(err error) error { return jsonErrorIn("the answer", err) }

// jsonErrorIn drops what a JSON error quotes from what.
func jsonErrorIn(what string, err error) error {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("%s is not JSON (at byte %d)", what, syntax.Offset)
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("%s has a %s as %q", what, firstWord(wrong.Value), wrong.Field)
	}
	return fmt.Errorf("%s is not understood", what)
}

func firstWord(s string) string {
	word, _, _ := strings.Cut(s, " ")
	return word
}

// parseError parses a refusal, in Twitch's form {"status","message"} or in that of RFC 6749
// {"error","error_description"}. A body of another form gives an Error with the status only.
func parseError(op string, status int, body []byte, secrets []Secret) *Error {
	var answer struct {
		Message     any `json:"message"`
		Error       any `json:"error"`
		Description any `json:"error_description"`
	}
	_ = json.Unmarshal(body, &answer) // the body may be an HTML page: then only the status is used
	text := func(v any) string {
		s, _ := v.(string)
		return tidy(scrub(s, secrets...))
	}
	e := &Error{Op: op, Status: status, Code: text(answer.Error), Description: text(answer.Message)}
	if e.Description == "" {
		e.Description = text(answer.Description)
	}
	if strings.EqualFold(e.Code, http.StatusText(status)) {
		e.Code = "" // Twitch's "Bad Request" with status 400 adds no information
	}
	return e
}

// tidy makes foreign text fit for a log line.
func tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, s)
	if r := []rune(s); len(r) > 200 {
		s = string(r[:200]) + ellipsis
	}
	return strings.TrimSpace(s)
}
