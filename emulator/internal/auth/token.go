package auth

import (
	"crypto/subtle"
	"net/http"
	"slices"
	"time"
)

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

// maxAccess is how many valid access tokens one refresh token may have.
const maxAccess = 50

// publicRefreshLife is how long a public client's refresh token is good for.
const publicRefreshLife = 30 * 24 * time.Hour

// client reads client_id, and answers if there is no such client.
func (s *Server) client(w http.ResponseWriter, r *http.Request) (Client, bool) {
	id := r.FormValue("client_id")
	if id == "" {
		refuse(w, http.StatusBadRequest, "missing client id")
		return Client{}, false
	}
	c, ok := s.Client(id)
	if !ok {
		refuse(w, http.StatusBadRequest, "invalid client")
	}
	return c, ok
}

// secret checks client_secret, and answers if it is wrong. A device cannot keep
// one, so a confidential client may leave it out there.
func secret(w http.ResponseWriter, r *http.Request, c Client) bool {
	switch sent := r.FormValue("client_secret"); {
	case sent == "" && c.Secret != "" && r.FormValue("grant_type") != deviceGrant:
		refuse(w, http.StatusBadRequest, "missing client secret")
		return false
	case sent != "" && subtle.ConstantTimeCompare([]byte(sent), []byte(c.Secret)) != 1:
		refuse(w, http.StatusForbidden, "invalid client secret")
		return false
	}
	return true
}

var grantTypes = []string{"authorization_code", "client_credentials", "refresh_token", deviceGrant}

func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	form(w, r)
	grantType := r.FormValue("grant_type")
	c, ok := s.client(w, r)
	switch {
	case !ok:
		return
	case grantType == "":
		refuse(w, http.StatusBadRequest, "missing grant type")
		return
	case !slices.Contains(grantTypes, grantType):
		refuse(w, http.StatusBadRequest, "invalid grant type")
		return
	case !secret(w, r, c):
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
	}
	if len(t.Grant.Scopes) > 0 { // Twitch leaves it out if none was asked for
		body["scope"] = t.Grant.Scopes
	}
	return body
}

func (s *Server) tokenByCode(w http.ResponseWriter, r *http.Request, c Client) {
	if c.Secret == "" { // public clients have the device flow only
		refuse(w, http.StatusBadRequest, "missing client secret")
		return
	}
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
	id, err := s.idToken(r, t)
	if err != nil {
		refuse(w, http.StatusInternalServerError, "no ID token")
		return
	}
	if id != "" {
		body["id_token"] = id
		if nonce := t.Grant.openID.nonce; nonce != "" {
			body["nonce"] = nonce
		}
	}
	write(w, http.StatusOK, body)
}

// tokenByRefresh renews. There is no new ID token: those cannot be refreshed.
func (s *Server) tokenByRefresh(w http.ResponseWriter, r *http.Request, c Client) {
	t, refusal := s.renew(c, r.FormValue("refresh_token"))
	if refusal != "" {
		refuse(w, http.StatusBadRequest, refusal)
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
		if s.stale(old, now) {
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
