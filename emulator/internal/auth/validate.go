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
		body["scopes"] = append([]string{}, g.Scopes...)
	}
	write(w, http.StatusOK, body)
}

func (s *Server) revoke(w http.ResponseWriter, r *http.Request) {
	form(r)
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

func (s *Server) userinfo(w http.ResponseWriter, r *http.Request) {
	g, ok := s.Lookup(bearer(r))
	if !ok || g.IsApp() {
		refuse(w, http.StatusUnauthorized, "invalid access token")
		return
	}
	body := s.claimsOf(g)
	body["aud"], body["azp"], body["iss"], body["sub"] = g.ClientID, g.ClientID, origin(r)+"/oauth2", g.UserID
	body["iat"], body["exp"] = time.Now().Unix(), g.ExpiresAt.Unix()
	write(w, http.StatusOK, body)
}
