package auth

import (
	"net/http"
	"slices"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// consent shows who asks for what, and has the person at the browser choose an
// account and say yes or no. The form is sent to action.
func (s *Server) consent(w http.ResponseWriter, c Client, action string, scopes []string, chosen string) {
	name := c.Name
	if name == "" {
		name = "An application"
	}
	p := &page{title: name + " wants to access an account"}
	p.html(`<form method="post" action="`).text(action).html(`">` + "\n")
	if len(scopes) == 0 {
		p.html("<p>It asks for no scopes: it learns who you are, nothing more.</p>\n")
	} else {
		p.html("<p>It will be able to:</p>\n<ul>\n")
		for _, scope := range scopes {
			p.html("<li>").text(s.sentences[scope]).html(" <code>").text(scope).html("</code></li>\n")
		}
		p.html("</ul>\n")
	}
	accounts(p, s.world.Users(), chosen)
	p.html(`<button class="yes" name="decision" value="allow">Authorize</button>` +
		`<button name="decision" value="deny">Cancel</button>` + "\n</form>\n").note().write(w)
}

// accounts writes the choice of accounts.
func accounts(p *page, users []world.User, chosen string) {
	p.html(`<label>Account <select name="user">` + "\n")
	for _, u := range users {
		p.html(`<option value="`).text(u.Login).html(`"`)
		if u.Login == chosen {
			p.html(" selected")
		}
		p.html(">").text(u.DisplayName).html("</option>\n")
	}
	p.html(`</select></label>
<label>or a new user <input name="new_user" maxlength="25" autocomplete="off" autocapitalize="none" spellcheck="false"></label>
`)
}

// ownPage refuses forms of pages of other origins: they must not give consent with the
// browser of the person who runs the emulator. Programs that are no browser are allowed.
func (s *Server) ownPage(w http.ResponseWriter, r *http.Request) bool {
	if err := http.NewCrossOriginProtection().Check(r); err != nil {
		refuse(w, http.StatusForbidden, err.Error())
		return false
	}
	return true
}

// chosen returns the chosen account, and answers with an error if there is none.
func (s *Server) chosen(w http.ResponseWriter, r *http.Request) (world.User, bool) {
	if login := r.PostFormValue("new_user"); login != "" {
		user, err := s.world.AddUser(world.User{Login: login})
		if err != nil {
			p := &page{status: http.StatusBadRequest, title: "This is no login"}
			p.html("<p>").text(login).html(" cannot be the login of an account: use 1 to 25 letters, digits and underscores.</p>\n").note().write(w)
			return world.User{}, false
		}
		return user, true
	}
	user, ok := s.world.UserByLogin(r.PostFormValue("user"))
	if !ok {
		p := &page{status: http.StatusBadRequest, title: "Nobody was chosen"}
		p.html("<p>There is no account ").text(r.PostFormValue("user")).html(". Go back and choose one.</p>\n").note().write(w)
	}
	return user, ok
}

// loginCookie remembers who agreed last in a browser, as Twitch knows who is
// logged in. It ends with the browser's session.
const loginCookie = "larkspur_emulator_login"

func remember(w http.ResponseWriter, user world.User) {
	http.SetCookie(w, &http.Cookie{Name: loginCookie, Value: user.Login, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// visitor returns who agreed last in the browser.
func (s *Server) visitor(r *http.Request) (world.User, bool) {
	cookie, err := r.Cookie(loginCookie)
	if err != nil {
		return world.User{}, false
	}
	return s.world.UserByLogin(cookie.Value)
}

// logout has the browser forget who agreed last.
func (s *Server) logout(w http.ResponseWriter, _ *http.Request) {
	http.SetCookie(w, &http.Cookie{Name: loginCookie, Path: "/", MaxAge: -1})
	p := &page{title: "Logged out"}
	p.html("<p>You are logged out. What was granted stays granted.</p>\n").note().write(w)
}

// agree notes what a user grants to a client, and tells the world of the first time.
func (s *Server) agree(clientID, userID string, scopes []string) {
	s.mu.Lock()
	first := s.grants(clientID, userID, scopes)
	s.mu.Unlock()
	if first {
		s.world.Authorized(clientID, userID)
	}
}

// grants notes what a user grants to a client. First is true if they had not
// granted it anything before. The caller holds mu.
func (s *Server) grants(clientID, userID string, scopes []string) (first bool) {
	key := consentKey{clientID, userID}
	granted, known := s.granted[key]
	granted = slices.Clone(granted)
	for _, scope := range scopes {
		if !slices.Contains(granted, scope) {
			granted = append(granted, scope)
		}
	}
	s.granted[key] = granted
	return !known
}

// agreed reports whether a user has granted a client all of these scopes.
func (s *Server) agreed(clientID, userID string, scopes []string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	granted, known := s.granted[consentKey{clientID, userID}]
	return known && !slices.ContainsFunc(scopes, func(scope string) bool { return !slices.Contains(granted, scope) })
}
