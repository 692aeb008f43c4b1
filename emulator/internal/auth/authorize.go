package auth

import (
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// request is what an application asks a user for.
type request struct {
	Client      Client
	RedirectURI string
	Type        string // response_type: code, token, id_token or the last two
	OpenID      openID
	Scopes      []string
	State       string
	Query       string // as it came, for the form to send it again
}

var responseTypes = []string{"code", "token", "id_token", "token id_token", "id_token token"}

// request reads and checks the query, and answers if it is no good. Nothing is
// redirected to an address that is not known to be the client's.
func (s *Server) request(w http.ResponseWriter, r *http.Request) (request, bool) {
	q := r.URL.Query()
	c, ok := s.Client(q.Get("client_id"))
	redirect := q.Get("redirect_uri")
	target, err := url.Parse(redirect)
	switch {
	case q.Get("client_id") == "":
		refuse(w, http.StatusBadRequest, "missing client id")
	case !ok:
		refuse(w, http.StatusBadRequest, "invalid client")
	case redirect == "" || err != nil || (target.Scheme != "http" && target.Scheme != "https") || target.Host == "":
		refuse(w, http.StatusBadRequest, "Parameter redirect_uri does not match registered URI")
	case len(c.RedirectURIs) > 0 && !slices.Contains(c.RedirectURIs, redirect):
		refuse(w, http.StatusBadRequest, "Parameter redirect_uri does not match registered URI")
	case !slices.Contains(responseTypes, q.Get("response_type")):
		refuse(w, http.StatusBadRequest, "invalid response type")
	case s.unknownScope(strings.Fields(q.Get("scope"))) != "":
		refuse(w, http.StatusBadRequest, "invalid scope requested: '"+s.unknownScope(strings.Fields(q.Get("scope")))+"'")
	default:
		return request{
			Client: c, RedirectURI: redirect, Type: q.Get("response_type"), OpenID: parseOpenID(q.Get("nonce"), q.Get("claims")),
			Scopes: strings.Fields(q.Get("scope")), State: q.Get("state"), Query: r.URL.RawQuery,
		}, true
	}
	return request{}, false
}

var consentPage = template.Must(template.New("consent").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Emulated Twitch: authorize</title>
<style>body{font:16px/1.5 system-ui;max-width:36em;margin:3em auto;padding:0 1em}button{font:inherit;padding:.4em 1em}</style>
<h1>{{.Name}} wants to access an account</h1>
<p>This is the emulator, not Twitch. Nothing you do here reaches Twitch.</p>
<form method="post" action="{{.Action}}">
<p><label>Account <select name="user">{{range .Users}}<option value="{{.Login}}">{{.DisplayName}}</option>{{end}}</select></label>
{{with .Scopes}}<p>It asks for:<ul>{{range .}}<li><code>{{.}}</code></li>{{end}}</ul>{{else}}<p>It asks for no scopes.{{end}}
<p><button name="decision" value="allow">Authorize</button> <button name="decision" value="deny">Cancel</button>
</form></html>
`))

type consentData struct {
	Name   string
	Action string
	Scopes []string
	Users  []world.User
}

func (s *Server) page(w http.ResponseWriter, c Client, action string, scopes []string) {
	name := c.Name
	if name == "" {
		name = "An application"
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	_ = consentPage.Execute(w, consentData{Name: name, Action: action, Scopes: scopes, Users: s.world.Users()})
}

// authorize shows the consent page. The query parameter larkspur_user approves
// at once as that login, for programs that have no browser.
func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
	req, ok := s.request(w, r)
	if !ok {
		return
	}
	login := r.URL.Query().Get("larkspur_user")
	if login == "" {
		login = s.opts.ApproveAs
	}
	if login != "" {
		s.finish(w, r, req, login, true)
		return
	}
	s.page(w, req.Client, "/oauth2/authorize?"+req.Query, req.Scopes)
}

func (s *Server) decide(w http.ResponseWriter, r *http.Request) {
	req, ok := s.request(w, r)
	if !ok {
		return
	}
	s.finish(w, r, req, r.PostFormValue("user"), r.PostFormValue("decision") == "allow")
}

// finish sends the browser back to the application.
func (s *Server) finish(w http.ResponseWriter, r *http.Request, req request, login string, allowed bool) {
	target, _ := url.Parse(req.RedirectURI) // request has parsed it before
	answer := url.Values{}
	if req.State != "" {
		answer.Set("state", req.State)
	}
	user, known := s.world.UserByLogin(login)
	switch {
	case !allowed:
		answer.Set("error", "access_denied")
		answer.Set("error_description", "The user denied you access")
	case !known:
		refuse(w, http.StatusBadRequest, "no such user: "+login)
		return
	case req.Type != "code":
		if err := s.implicit(r, req, user, answer); err != nil {
			refuse(w, http.StatusInternalServerError, "no ID token")
			return
		}
		target.Fragment = ""
		http.Redirect(w, r, target.String()+"#"+answer.Encode(), http.StatusFound)
		return
	default:
		answer.Set("code", s.issueCode(req.Client.ID, user, req.RedirectURI, req.Scopes, req.OpenID))
		answer.Set("scope", strings.Join(req.Scopes, " "))
	}
	query := target.Query()
	maps.Copy(query, answer)
	target.RawQuery = query.Encode()
	http.Redirect(w, r, target.String(), http.StatusFound)
}

// implicit adds the tokens that come without a code.
func (s *Server) implicit(r *http.Request, req request, user world.User, answer url.Values) error {
	t := s.IssueUser(req.Client.ID, user, req.Scopes)
	if req.Type != "id_token" {
		answer.Set("access_token", t.Access)
		answer.Set("token_type", "bearer")
	}
	answer.Set("scope", strings.Join(req.Scopes, " "))
	if req.Type == "token" {
		return nil
	}
	id, err := s.idToken(r, t.Grant, req.OpenID)
	if id != "" {
		answer.Set("id_token", id)
	}
	return err
}

// activate shows what a device asks for.
func (s *Server) activate(w http.ResponseWriter, r *http.Request) {
	userCode := r.URL.Query().Get("device-code")
	s.mu.Lock()
	var asked Grant
	for _, d := range s.devices {
		if d.userCode == strings.ToUpper(userCode) {
			asked = d.grant
		}
	}
	s.mu.Unlock()
	c, ok := s.Client(asked.ClientID)
	if !ok {
		refuse(w, http.StatusNotFound, "no device waits with this code")
		return
	}
	s.page(w, c, "/activate?device-code="+url.QueryEscape(userCode), asked.Scopes)
}

func (s *Server) activated(w http.ResponseWriter, r *http.Request) {
	if !s.DecideDevice(r.URL.Query().Get("device-code"), r.PostFormValue("user"), r.PostFormValue("decision") == "allow") {
		refuse(w, http.StatusNotFound, "no device waits with this code")
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("Done. You can close this page.\n"))
}
