package helix

import (
	"context"
	"fmt"
	"strings"
)

// unauthorized decides what to do about a 401. Twitch answers 401 to a token that it
// no longer accepts, but also where the token is good and the user lacks a right: a
// scope, a role, a verified phone number. Only the former is a reason for a renewal,
// so the token is validated first.
func (t *try) unauthorized(ctx context.Context, refused *Error) (again bool, _ error) {
	call := t.call
	switch {
	case call.Token != UserToken && call.Token != AppToken, wrongClient(refused.Message):
		return false, refused
	case aboutRights(refused.Message):
		refused.TokenValid = true
		return false, refused
	}
	if t.validator != nil {
		valid, err := t.validator.ValidToken(ctx, call.UserID, call.token)
		if err != nil {
			return false, fmt.Errorf("%w; asking whether the token is valid: %w", refused, err)
		}
		if valid {
			refused.TokenValid = true
			return false, refused
		}
	}
	if t.renewer == nil || t.renewals > 0 {
		return false, refused
	}
	t.renewals++
	fresh, err := t.renewer.Renew(ctx, call.UserID, call.token)
	if err != nil {
		return false, fmt.Errorf("%w; renewing the token: %w", refused, err)
	}
	call.token, t.pause = fresh, 0
	return true, refused
}

// aboutRights reports whether the text of a 401 itself says that the token is good but
// not enough: a scope is missing, or the token belongs to another user than a parameter
// names. The texts of https://dev.twitch.tv/docs/api/reference are not promised, so
// this only saves a request: what it does not recognise is validated.
func aboutRights(message string) bool {
	m := strings.ToLower(message)
	return strings.Contains(m, "scope") || strings.Contains(m, "must match")
}

// wrongClient reports whether the text of a 401 says that the token was made for
// another application. A renewal cannot change that.
func wrongClient(message string) bool {
	return strings.Contains(strings.ToLower(message), "do not match")
}
