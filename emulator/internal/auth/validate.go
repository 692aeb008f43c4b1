package auth

import (
	"net/http"
	"strings"
	"time"
)

// bearer returns the token of an Authorization header: "OAuth x" or "Bearer x".
func bearer(r *http.Request) string {
	kind, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(kind, "OAuth") && !strings.EqualFold(kind, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

func (s *Server) validate(w http.ResponseWriter, r *http.Request) {
	token := bearer(r)
	if token == "" {
		refuse(w, http.StatusUnauthorized, "missing authorization token")
		return
	}
	g, ok := s.Lookup(token)
	if !ok {
		refuse(w, http.StatusUnauthorized, "invalid access token")
		return
	}
	body := map[string]any{
		"client_id":  g.ClientID,
		"scopes":     nil,
		"expires_in": int(time.Until(g.ExpiresAt).Seconds()),
	}
	if !g.IsApp() {
		body["login"], body["user_id"] = g.Login, g.UserID
		if len(g.Scopes) > 0 {
			body["scopes"] = g.Scopes
		}
	}
	write(w, http.StatusOK, body)
}

func (s *Server) revoke(w http.ResponseWriter, r *http.Request) {
	form(w, r)
	id, token := r.FormValue("client_id"), r.FormValue("token")
	g, known := s.Lookup(token)
	switch _, ok := s.Client(id); {
	case id == "":
		refuse(w, http.StatusBadRequest, "missing client id")
	case !ok:
		refuse(w, http.StatusNotFound, "client does not exist")
	case token == "":
		refuse(w, http.StatusBadRequest, "missing oauth token")
	case !known || g.ClientID != id:
		refuse(w, http.StatusBadRequest, "Invalid token")
	default:
		s.Revoke(token)
		w.WriteHeader(http.StatusOK)
	}
}
