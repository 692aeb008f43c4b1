package auth

import (
	"crypto/rand"
	"net/http"
	"strings"
	"time"
)

// device starts the device flow. Scopes in the query are ignored, as Twitch does.
func (s *Server) device(w http.ResponseWriter, r *http.Request) {
	form(r)
	c, ok := s.Client(r.PostFormValue("client_id"))
	switch {
	case r.PostFormValue("client_id") == "":
		refuse(w, http.StatusBadRequest, "missing client id")
		return
	case !ok:
		refuse(w, http.StatusBadRequest, "invalid client")
		return
	case s.unknownScope(strings.Fields(r.PostFormValue("scopes"))) != "":
		refuse(w, http.StatusBadRequest, "invalid scope requested: '"+s.unknownScope(strings.Fields(r.PostFormValue("scopes")))+"'")
		return
	}
	d := &device{
		code: newToken() + newToken()[:10], userCode: rand.Text()[:8],
		grant:   Grant{ClientID: c.ID, Scopes: strings.Fields(r.PostFormValue("scopes"))},
		expires: time.Now().Add(30 * time.Minute),
	}
	s.mu.Lock()
	s.sweep()
	s.devices[d.code] = d
	s.mu.Unlock()
	if s.opts.ApproveAs != "" {
		s.DecideDevice(d.userCode, s.opts.ApproveAs, true)
	}
	write(w, http.StatusOK, map[string]any{
		"device_code":      d.code,
		"expires_in":       1800,
		"interval":         5,
		"user_code":        d.userCode,
		"verification_uri": origin(r) + "/activate?public=true&device-code=" + d.userCode,
	})
}

// DecideDevice has a user allow or deny what a device asks for. It is false if
// nobody waits with that user code.
func (s *Server) DecideDevice(userCode, login string, allow bool) bool {
	user, ok := s.world.UserByLogin(login)
	if !ok && allow {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.devices {
		if d.userCode != strings.ToUpper(userCode) || time.Now().After(d.expires) {
			continue
		}
		if d.denied = !allow; allow {
			d.grant.UserID, d.grant.Login = user.ID, user.Login
		}
		return true
	}
	return false
}

func origin(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
