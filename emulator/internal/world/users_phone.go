package world

import "net/http"

// SetPhoneVerified sets whether a user has a verified phone number, as users have until
// it is changed. Twitch answers 401 to whispers and Guest Star sessions of those without,
// although their token is good: https://dev.twitch.tv/docs/api/reference/#send-whisper.
func (w *World) SetPhoneVerified(userID string, verified bool) error {
	c := w.begin()
	defer c.end()
	u := w.users[userID]
	if u == nil {
		return badRequest("There is no user %s.", userID)
	}
	u.NoPhone = !verified
	return nil
}

// needPhone refuses a user without a verified phone number.
func needPhone(u *User) error {
	if u.NoPhone {
		return refuse(http.StatusUnauthorized, "The user must have a verified phone number.")
	}
	return nil
}
