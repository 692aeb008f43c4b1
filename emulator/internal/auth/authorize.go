package auth

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

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
	ForceVerify bool   // ask even those who have agreed before
	Query       string // as it came, for the form to send it again
}

var responseTypes = []string{"code", "token", "id_token", "token id_token", "id_token token"}

// request reads and checks the query, and answers if it is no good. Nothing is
// redirected to an address that is not known to be the client's.
func (s *Server) request(w http.ResponseWriter, r *http.Request) (request, bool) {
	q := r.URL.Query()
	c, ok := s.Client(q.Get("client_id"))
	redirect, state, kind := q.Get("redirect_uri"), q.Get("state"), q.Get("response_type")
	asked := strings.Fields(q.Get("scope"))
	switch {
	case q.Get("client_id") == "":
		refuse(w, http.StatusBadRequest, "missing client id")
	case !ok:
		refuse(w, http.StatusBadRequest, "invalid client")
	case !isRegistered(c, redirect):
		if len(c.RedirectURIs) == 0 || !isRegistered(c, c.RedirectURIs[0]) {
			refuse(w, http.StatusBadRequest, redirectMismatch)
			break
		}
		// Twitch tells the first address that it knows to be the client's.
		sendBack(w, c.RedirectURIs[0], failure("redirect_mismatch", redirectMismatch, state))
	case !slices.Contains(responseTypes, kind), strings.Contains(kind, "id_token") && !slices.Contains(asked, "openid"):
		sendBack(w, redirect, failure("unsupported_response_type", "Response type is not supported", state))
	case s.unknownScope(asked) != "":
		refuse(w, http.StatusBadRequest, "invalid scope requested: '"+s.unknownScope(asked)+"'")
	default:
		force, _ := strconv.ParseBool(q.Get("force_verify"))
		return request{
			Client: c, RedirectURI: redirect, Type: kind, OpenID: parseOpenID(q.Get("nonce"), q.Get("claims")),
			Scopes: asked, State: state, ForceVerify: force, Query: r.URL.RawQuery,
		}, true
	}
	return request{}, false
}

const redirectMismatch = "Parameter redirect_uri does not match registered URI"

// isRegistered reports whether a browser may be sent to an address with what
// is meant for the client.
func isRegistered(c Client, redirect string) bool {
	target, err := url.Parse(redirect)
	if err != nil || (target.Scheme != "http" && target.Scheme != "https") || target.Host == "" {
		return false
	}
	return len(c.RedirectURIs) == 0 || slices.Contains(c.RedirectURIs, redirect)
}

func failure(kind, description, state string) url.Values {
	answer := url.Values{"error": {kind}, "error_description": {description}}
	if state != "" {
		answer.Set("state", state)
	}
	return answer
}

// sendBack sends the browser to the application, which isRegistered allows,
// with an answer in the query.
func sendBack(w http.ResponseWriter, redirect string, answer url.Values) {
	target, _ := url.Parse(redirect)
	query := target.Query()
	maps.Copy(query, answer)
	target.RawQuery = query.Encode()
	goTo(w, target.String())
}

// goTo redirects. Unlike http.Redirect it writes no page, which would hold what
// is in the address: a code, or a token.
func goTo(w http.ResponseWriter, address string) {
	w.Header().Set("Location", address)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusFound)
}

// authorize asks for a consent. It does not ask who has given it before and is
// still known in this browser, unless force_verify wants it; nor when the query
// parameter larkspur_user says who agrees, for programs that have no browser. Who
// comes from another site is always asked.
func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
	req, ok := s.request(w, r)
	if !ok {
		return
	}
	user, known := s.visitor(r)
	if crossSite(r, req) {
		s.consent(w, req.Client, "/oauth2/authorize?"+req.Query, req.Scopes, user.Login)
		return
	}
	login := r.URL.Query().Get("larkspur_user")
	if login == "" {
		login = s.opts.ApproveAs
	}
	if login != "" {
		user, err := s.world.AddUser(world.User{Login: login})
		if err != nil {
			refuse(w, http.StatusBadRequest, err.Error())
			return
		}
		s.finish(w, r, req, user)
		return
	}
	if known && !req.ForceVerify && s.agreed(req.Client.ID, user.ID, req.Scopes) {
		s.finish(w, r, req, user)
		return
	}
	s.consent(w, req.Client, "/oauth2/authorize?"+req.Query, req.Scopes, user.Login)
}

// decide takes what was chosen on the consent page.
func (s *Server) decide(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("grant_type") == "user_token" {
		s.mockToken(w, r)
		return
	}
	req, ok := s.request(w, r)
	if !ok || !s.ownPage(w, r) {
		return
	}
	if r.PostFormValue("decision") != "allow" {
		sendBack(w, req.RedirectURI, failure("access_denied", "The user denied you access", req.State))
		return
	}
	if user, ok := s.chosen(w, r); ok {
		remember(w, user)
		s.finish(w, r, req, user)
	}
}

// finish sends the browser back to the application with what a user granted.
func (s *Server) finish(w http.ResponseWriter, r *http.Request, req request, user world.User) {
	s.agree(req.Client.ID, user.ID, req.Scopes)
	answer := url.Values{"scope": {strings.Join(req.Scopes, " ")}}
	if req.State != "" {
		answer.Set("state", req.State)
	}
	if req.Type == "code" {
		answer.Set("code", s.issueCode(req.Client.ID, user, req.RedirectURI, req.Scopes, req.OpenID))
		sendBack(w, req.RedirectURI, answer)
		return
	}
	if err := s.implicit(r, req, user, answer); err != nil {
		refuse(w, http.StatusInternalServerError, "no ID token")
		return
	}
	target, _ := url.Parse(req.RedirectURI) // isRegistered has parsed it before
	target.Fragment = ""
	goTo(w, target.String()+"#"+answer.Encode())
}

// implicit adds the tokens that come without a code.
func (s *Server) implicit(r *http.Request, req request, user world.User, answer url.Values) error {
	t := Tokens{Grant: Grant{ClientID: req.Client.ID, UserID: user.ID, Login: user.Login, Scopes: req.Scopes, openID: req.OpenID}}
	if req.Type != "id_token" {
		t = s.issueImplicit(t.Grant)
		answer.Set("access_token", t.Access)
		answer.Set("token_type", "bearer")
	}
	if req.Type == "token" {
		return nil
	}
	id, err := s.idToken(r, t)
	if id != "" {
		answer.Set("id_token", id)
	}
	return err
}

// issueImplicit gives an access token that lives long, because nothing renews it.
func (s *Server) issueImplicit(g Grant) Tokens {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	g.ExpiresAt = time.Now().Add(s.opts.AppTokenLife)
	t := Tokens{Access: newToken(), Grant: g}
	s.access[t.Access] = &access{grant: g}
	return t
}
