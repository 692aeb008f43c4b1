package auth

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

// userCode returns a code as the server has it, of what a person typed: in
// whatever case, with spaces or dashes.
func userCode(typed string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '\t' {
			return -1
		}
		return r
	}, strings.ToUpper(typed))
}

// waiting returns the device that shows a user code and has not been
// approved or denied yet. The caller holds mu.
func (s *Server) waiting(typed string) *device {
	code := userCode(typed)
	for _, d := range s.devices {
		if d.userCode == code && !d.denied && d.grant.UserID == "" && time.Now().Before(d.expires) {
			return d
		}
	}
	return nil
}

// activate shows what a device asks for, or asks which device it is about.
func (s *Server) activate(w http.ResponseWriter, r *http.Request) {
	typed := r.URL.Query().Get("device-code")
	if userCode(typed) == "" {
		askCode(w, http.StatusOK, "")
		return
	}
	s.mu.Lock()
	var asked Grant
	d := s.waiting(typed)
	if d != nil {
		asked = d.grant
	}
	s.mu.Unlock()
	if d == nil {
		askCode(w, http.StatusNotFound, typed)
		return
	}
	c, _ := s.Client(asked.ClientID)
	user, _ := s.visitor(r)
	s.consent(w, c, "/activate?device-code="+url.QueryEscape(userCode(typed)), asked.Scopes, user.Login)
}

// askCode asks for the code that a device shows. Wrong is one that was no good.
func askCode(w http.ResponseWriter, status int, wrong string) {
	p := &page{status: status, title: "Activate your device"}
	if wrong != "" {
		p.html(`<p role="alert">No device waits with the code <strong>`).text(wrong).
			html("</strong>. It may have expired, or it was used already.</p>\n")
	}
	p.html(`<form action="/activate">
<label>The code that your device shows <input class="code" name="device-code" required maxlength="32" autocomplete="off" spellcheck="false" autofocus></label>
<button class="yes">Continue</button>
</form>
`).note().write(w)
}

// activated takes what was chosen on the device's consent page.
func (s *Server) activated(w http.ResponseWriter, r *http.Request) {
	if !s.ownPage(w, r) {
		return
	}
	typed, allow := r.URL.Query().Get("device-code"), r.PostFormValue("decision") == "allow"
	login := ""
	if allow {
		user, ok := s.chosen(w, r)
		if !ok {
			return
		}
		login = user.Login
		remember(w, user)
	}
	if !s.DecideDevice(typed, login, allow) {
		askCode(w, http.StatusNotFound, typed)
		return
	}
	p := &page{title: "Your device is connected"}
	if allow {
		p.html("<p>It acts as <strong>").text(login).html("</strong> now. You can close this page.</p>\n")
	} else {
		p.title = "Your device was refused"
		p.html("<p>It was granted nothing. You can close this page.</p>\n")
	}
	p.note().write(w)
}
