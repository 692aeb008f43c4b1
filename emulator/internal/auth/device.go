package auth

import (
	"cmp"
	"crypto/rand"
	"net/http"
	"strings"
	"time"
)

// deviceLife is how long a device's code can be entered.
const deviceLife = 30 * time.Minute

// devicePoll is how long Twitch has a device wait between two polls.
const devicePoll = 5 * time.Second

// device starts the device flow. The scopes are called "scopes"; Twitch ignores
// the "scope" of RFC 8628, so that who sends that gets a token without any.
func (s *Server) device(w http.ResponseWriter, r *http.Request) {
	form(w, r)
	c, ok := s.client(w, r)
	if !ok {
		return
	}
	asked := strings.Fields(r.FormValue("scopes"))
	if unknown := s.unknownScope(asked); unknown != "" {
		refuse(w, http.StatusBadRequest, "invalid scope requested: '"+unknown+"'")
		return
	}
	d := &device{
		code: newToken() + newToken()[:10], userCode: newUserCode(),
		grant:   Grant{ClientID: c.ID, Scopes: asked},
		expires: time.Now().Add(deviceLife),
	}
	s.mu.Lock()
	s.sweep()
	for s.waiting(d.userCode) != nil {
		d.userCode = newUserCode()
	}
	s.devices[d.code] = d
	s.mu.Unlock()
	if s.opts.ApproveAs != "" {
		s.DecideDevice(d.userCode, s.opts.ApproveAs, true)
	}
	write(w, http.StatusOK, map[string]any{
		"device_code":      d.code,
		"expires_in":       int(deviceLife.Seconds()),
		"interval":         int(cmp.Or(s.opts.DevicePoll, devicePoll).Seconds()),
		"user_code":        d.userCode,
		"verification_uri": origin(r) + "/activate?public=true&device-code=" + d.userCode,
	})
}

// newUserCode returns eight letters for a person to type.
func newUserCode() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b)
	for i := range b {
		b[i] = 'A' + b[i]%26
	}
	return string(b)
}

// DecideDevice has a user allow or deny what a device asks for. It is false if
// no device has that user code.
func (s *Server) DecideDevice(userCode, login string, allow bool) bool {
	user, ok := s.world.UserByLogin(login)
	if !ok && allow {
		return false
	}
	s.mu.Lock()
	d := s.waiting(userCode)
	first := false
	if d != nil {
		if d.denied = !allow; allow {
			d.grant.UserID, d.grant.Login = user.ID, user.Login
			first = s.grants(d.grant.ClientID, user.ID, d.grant.Scopes)
		}
	}
	s.mu.Unlock()
	if first {
		s.world.Authorized(d.grant.ClientID, user.ID)
	}
	return d != nil
}

func origin(r *http.Request) string {
	if r.URL.Scheme == "https" { // as the emulator has found out
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
