package oauth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/internal/quiet"
)

// HandlerOptions configure a [Handler]. The zero value is usable.
type HandlerOptions struct {
	Scopes  ScopeSet // asked for where the request names none
	Allowed ScopeSet // the only ones that a request may name; default: all of Twitch's scopes
	Hosts   []string // names the server has beside that in the redirect URI, with the port where there is one

	// Accept may refuse a user who has logged in, before the token is stored, by
	// returning an error: it is logged, and the token is revoked. Default: all users are
	// accepted.
	Accept func(ctx context.Context, id Identity) error
	// OnAuthorized is called after a login was stored, for a program that starts to work
	// for the user: u has the granted scopes. It does not write the response. If it
	// returns an error, that is logged, and the response is a page which says that the
	// login is stored but the program could not start to use it; OnLogin is not called.
	// The user's browser waits for it; ctx ends a minute after the login came back from
	// Twitch.
	OnAuthorized func(ctx context.Context, u User) error
	// OnLogin is called after a login was stored and writes the response. Default: a
	// page that confirms the login.
	OnLogin func(w http.ResponseWriter, r *http.Request, u User)
	// OnFail is called when a login has failed, after the error page was sent, for a
	// program that waits for the login. l is the request of the login: any visitor can
	// begin logins, so compare it with the one that you wait for. The address of the
	// login still works.
	//
	// The error is an [*Error] with the Code "access_denied" if the user refused;
	// [ErrOtherUser], [ErrNotGranted] or [ErrNotWelcome]; [ErrState] if the login took
	// more than ten minutes; otherwise the error of the request to Twitch.
	//
	// A forged callback does not call it: the login must have come back to the browser
	// in which it began. It must not block.
	OnFail func(ctx context.Context, l Login, err error)

	Logger *slog.Logger // default: discard
}

// A Handler lets users log in with their browser and stores the tokens in a [Manager]:
//
//	h, err := oauth.NewHandler(tokens, "https://bot.example/oauth/callback", oauth.HandlerOptions{Scopes: scopes})
//	…
//	mux.Handle("/oauth", h)
//	mux.Handle("/oauth/callback", h)
//
// A request of /oauth?scopes=chat:read+chat:edit&force_verify=true sends the browser to
// Twitch; force_verify asks even those who agreed before, so that they can change the
// account, and user_id=123 accepts that user only. /oauth/callback, the redirect URI,
// finishes the login. A path that ends as the redirect URI's does is that; every other
// begins a login, so that the Handler also works where a proxy removes a prefix.
//
// A login is finished at most once, by the browser that began it, within ten minutes, and
// with all requested scopes. A link on any page can start a login without force_verify
// unnoticed; such a login does not replace a valid token that has the same scopes and
// more. Requests for other host names than the server's are refused (DNS rebinding). No
// page contains a token, a code or text from the address; browsers do not cache them and
// do not send them to other sites.
//
// It needs no TLS of its own behind a proxy; whether cookies are for TLS only depends
// on the redirect URI.
type Handler struct {
	manager  *Manager
	redirect *url.URL
	o        HandlerOptions
	hosts    []string
	log      *slog.Logger
	logins   Logins
}

var (
	errNoManager   = errors.New("a Handler needs a Manager to give the tokens to")
	errRedirectURI = errors.New("the redirect URI must be a whole http or https address with a path, such as http://localhost:4343/oauth/callback")
)

// NewHandler returns a Handler that stores tokens in m. redirectURI is the public
// address of the callback, as registered with Twitch.
func NewHandler(m *Manager, redirectURI string, o HandlerOptions) (*Handler, error) {
	if m == nil {
		return nil, fmt.Errorf("oauth: %w", errNoManager)
	}
	u, err := url.Parse(redirectURI)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return nil, fmt.Errorf("oauth: %w", errRedirectURI)
	}
	h := &Handler{manager: m, redirect: u, o: o, log: quiet.Or(o.Logger)}
	if h.o.Allowed == nil {
		h.o.Allowed = NewScopeSet(AllScopes()...)
	}
	for _, host := range append([]string{u.Host}, o.Hosts...) {
		h.hosts = append(h.hosts, plainHost(host, u.Scheme))
	}
	return h, nil
}

// LoginURL returns the address that a user has to open to grant scopes. userID is the
// user who must log in, or "" for any user. It can be used as [Options.LoginURL].
func (h *Handler) LoginURL(userID string, scopes ScopeSet) string {
	u := *h.redirect
	u.Path = h.redirect.Path[:strings.LastIndexByte(strings.TrimSuffix(h.redirect.Path, "/"), '/')]
	if u.Path == "" {
		u.Path = "/"
	}
	query := url.Values{}
	if len(scopes) > 0 {
		query.Set("scopes", scopes.String())
	}
	if userID != "" {
		query.Set("user_id", userID)
		query.Set("force_verify", "true") // the browser may be logged in to Twitch as another user
	}
	u.RawQuery = query.Encode()
	return u.String()
}

// ServeHTTP begins a login, or finishes it at the redirect URI's path.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.guard(w)
	switch {
	case !slices.Contains(h.hosts, plainHost(r.Host, h.redirect.Scheme)):
		h.log.WarnContext(r.Context(), "login at another name refused", "host", tidy(r.Host), "hosts", h.hosts)
		page{status: http.StatusMisdirectedRequest, title: "Wrong address", text: "This server does not go by that name. Open the address that you were given."}.write(w)
	case r.Method != http.MethodGet:
		w.Header().Set("Allow", http.MethodGet)
		page{status: http.StatusMethodNotAllowed, title: "Wrong method", text: "Open this address in a browser."}.write(w)
	case len(r.URL.RawQuery) > maxRedirect:
		page{status: http.StatusRequestURITooLong, title: "Address too long", text: "Nothing was changed. Please begin again."}.write(w)
	case strings.HasSuffix(r.URL.Path, lastPart(h.redirect.Path)):
		h.finish(w, r)
	default:
		h.begin(w, r)
	}
}

// guard sets the headers that keep secrets in the address from going anywhere.
func (h *Handler) guard(w http.ResponseWriter) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", pagePolicy())
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
}

// plainHost writes a host as it is compared: in lower case, without the usual port.
func plainHost(host, scheme string) string {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	name, port, err := net.SplitHostPort(host)
	if err != nil {
		return host
	}
	if scheme == "https" && port == "443" || scheme == "http" && port == "80" {
		if strings.Contains(name, ":") {
			return "[" + name + "]"
		}
		return name
	}
	return host
}

// lastPart returns the last part of a path, with the slash before it.
func lastPart(path string) string {
	return path[strings.LastIndexByte(strings.TrimSuffix(path, "/"), '/'):]
}

// Format writes only what h is: fmt would walk to the tokens.
func (h *Handler) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "oauth.Handler at "+h.redirect.Redacted()) // fmt's buffer does not fail
}
