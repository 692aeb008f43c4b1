package auth

import (
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

// maxAccess is how many valid access tokens one refresh token may have.
const maxAccess = 50

// publicRefreshLife is how long a public client's refresh token is good for.
const publicRefreshLife = 30 * 24 * time.Hour

func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /oauth2/authorize", s.authorize)
	mux.HandleFunc("POST /oauth2/authorize", s.decide)
	mux.HandleFunc("POST /oauth2/token", s.token)
	mux.HandleFunc("POST /oauth2/device", s.device)
	mux.HandleFunc("GET /oauth2/validate", s.validate)
	mux.HandleFunc("POST /oauth2/revoke", s.revoke)
	mux.HandleFunc("GET /oauth2/userinfo", s.userinfo)
	mux.HandleFunc("GET /oauth2/keys", s.keys)
	mux.HandleFunc("GET /oauth2/.well-known/openid-configuration", s.discovery)
	mux.HandleFunc("GET /activate", s.activate)
	mux.HandleFunc("POST /activate", s.activated)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusNotFound, "not found")
	})
	return mux
}

// refuse answers in the shape of id.twitch.tv, which is not that of RFC 6749.
func refuse(w http.ResponseWriter, status int, message string) {
	write(w, status, map[string]any{"status": status, "message": message})
}

func write(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// form reads the request's parameters. The body may be urlencoded or multipart.
func form(r *http.Request) {
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		_ = r.ParseMultipartForm(1 << 20)
		return
	}
	_ = r.ParseForm()
}

// client checks client_id and client_secret and answers if they are wrong.
func (s *Server) client(w http.ResponseWriter, r *http.Request, secretNeeded bool) (Client, bool) {
	id, secret := r.FormValue("client_id"), r.FormValue("client_secret")
	if id == "" {
		refuse(w, http.StatusBadRequest, "missing client id")
		return Client{}, false
	}
	c, ok := s.Client(id)
	switch {
	case !ok:
		refuse(w, http.StatusBadRequest, "invalid client")
		return Client{}, false
	case secret == "" && c.Secret != "" && secretNeeded:
		refuse(w, http.StatusBadRequest, "missing client secret")
		return Client{}, false
	case secret != "" && subtle.ConstantTimeCompare([]byte(secret), []byte(c.Secret)) != 1:
		refuse(w, http.StatusForbidden, "invalid client secret")
		return Client{}, false
	}
	return c, true
}

func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	form(r)
	grantType := r.FormValue("grant_type")
	if grantType == "" {
		refuse(w, http.StatusBadRequest, "missing grant type")
		return
	}
	c, ok := s.client(w, r, grantType != deviceGrant)
	if !ok {
		return
	}
	switch grantType {
	case "authorization_code":
		s.tokenByCode(w, r, c)
	case "client_credentials":
		if c.Secret == "" {
			refuse(w, http.StatusBadRequest, "invalid client")
			return
		}
		s.answer(w, s.IssueApp(c.ID))
	case "refresh_token":
		s.tokenByRefresh(w, r, c)
	case deviceGrant:
		s.tokenByDevice(w, r, c)
	default:
		refuse(w, http.StatusBadRequest, "invalid grant type")
	}
}

func (s *Server) answer(w http.ResponseWriter, t Tokens) { write(w, http.StatusOK, tokenBody(t)) }

func tokenBody(t Tokens) map[string]any {
	body := map[string]any{
		"access_token": t.Access,
		"expires_in":   int(time.Until(t.Grant.ExpiresAt).Seconds()),
		"token_type":   "bearer",
	}
	if t.Refresh != "" {
		body["refresh_token"] = t.Refresh
		body["scope"] = append([]string{}, t.Grant.Scopes...)
	}
	return body
}

func (s *Server) tokenByCode(w http.ResponseWriter, r *http.Request, c Client) {
	s.mu.Lock()
	value := r.FormValue("code")
	given, ok := s.codes[value]
	delete(s.codes, value) // even a wrong use burns it
	switch {
	case !ok, given.grant.ClientID != c.ID, time.Now().After(given.expires):
		s.mu.Unlock()
		refuse(w, http.StatusBadRequest, "Invalid authorization code")
		return
	case given.redirect != r.FormValue("redirect_uri"):
		s.mu.Unlock()
		refuse(w, http.StatusBadRequest, "Parameter redirect_uri does not match registered URI")
		return
	}
	t, first := s.issueUser(given.grant, nil)
	s.mu.Unlock()
	if first {
		s.world.Authorized(c.ID, t.Grant.UserID)
	}
	body := tokenBody(t)
	id, err := s.idToken(r, t.Grant, given.openID)
	if err != nil {
		refuse(w, http.StatusInternalServerError, "no ID token")
		return
	}
	if id != "" {
		body["id_token"] = id
		if given.openID.nonce != "" {
			body["nonce"] = given.openID.nonce
		}
	}
	write(w, http.StatusOK, body)
}

func (s *Server) tokenByRefresh(w http.ResponseWriter, r *http.Request, c Client) {
	t, refusal := s.renew(c, r.FormValue("refresh_token"))
	if refusal != "" {
		write(w, http.StatusBadRequest, map[string]any{"error": "Bad Request", "status": http.StatusBadRequest, "message": refusal})
		return
	}
	s.answer(w, t)
}

// renew gives new tokens for a refresh token, or says why not.
func (s *Server) renew(c Client, token string) (t Tokens, refusal string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	old := s.refresh[token]
	if old == nil || old.grant.ClientID != c.ID {
		return Tokens{}, "Invalid refresh token"
	}
	if c.Secret == "" { // a public client's refresh token works once, and not for ever
		delete(s.refresh, old.token)
		if now.Sub(old.made) >= publicRefreshLife {
			return Tokens{}, "Invalid refresh token"
		}
		t, _ = s.issueUser(old.grant, nil)
		return t, ""
	}
	old.issued = slices.DeleteFunc(old.issued, func(token string) bool {
		a := s.access[token]
		return a == nil || !now.Before(a.grant.ExpiresAt)
	})
	if len(old.issued) >= maxAccess {
		return Tokens{}, "Too many access tokens for this refresh token"
	}
	t, _ = s.issueUser(old.grant, old)
	return t, ""
}

func (s *Server) tokenByDevice(w http.ResponseWriter, r *http.Request, c Client) {
	s.mu.Lock()
	d := s.devices[r.FormValue("device_code")]
	switch {
	case d == nil, d.grant.ClientID != c.ID, d.denied, time.Now().After(d.expires):
		s.mu.Unlock()
		refuse(w, http.StatusBadRequest, "invalid device code")
		return
	case d.grant.UserID == "":
		s.mu.Unlock()
		refuse(w, http.StatusBadRequest, "authorization_pending")
		return
	}
	delete(s.devices, d.code)
	t, first := s.issueUser(d.grant, nil)
	s.mu.Unlock()
	if first {
		s.world.Authorized(c.ID, t.Grant.UserID)
	}
	s.answer(w, t)
}
