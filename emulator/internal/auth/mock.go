package auth

import (
	"net/http"
	"strings"
)

// mockToken issues a token of the user with an id without a consent page, as Twitch's
// own mock server does for a POST to authorize with the grant type user_token.
// Libraries have calls for that.
func (s *Server) mockToken(w http.ResponseWriter, r *http.Request) {
	form(w, r)
	c, ok := s.client(w, r)
	if !ok || !secret(w, r, c) {
		return
	}
	asked := strings.Fields(r.FormValue("scope"))
	user, known := s.world.UserByID(r.FormValue("user_id"))
	switch {
	case !known:
		refuse(w, http.StatusBadRequest, "User ID invalid")
	case s.unknownScope(asked) != "":
		refuse(w, http.StatusBadRequest, "Invalid scopes requested")
	default:
		s.answer(w, s.IssueUser(c.ID, user, asked))
	}
}
