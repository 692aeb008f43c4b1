package helix

import (
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/internal/quiet"
)

// DefaultBaseURL is where Twitch's API lives.
const DefaultBaseURL = "https://api.twitch.tv/helix"

// Options configure a [Client]. The zero value is usable.
type Options struct {
	HTTPClient  *http.Client // default: a client with a timeout of 15 s
	BaseURL     string       // default: [DefaultBaseURL]
	Logger      *slog.Logger // default: discard; one debug line per request
	Middleware  []Middleware // around every call, the first outermost
	MaxAttempts int          // requests per call at most, the first included; default 3
	MaxInFlight int          // requests at the same time at most; default 50
	BodyLimit   int64        // bytes of an answer at most; default 16 MiB

	// RememberUsers is how long what Users.ByLogin and Users.ByID found is
	// remembered. Default: 1 minute; negative: not at all.
	RememberUsers time.Duration

	// JWT signs the token for the few endpoints that an extension's back end
	// calls. Default: such calls fail with a [TokenError].
	JWT JWTSource
}

// defaults returns o with every unset option set.
func (o Options) defaults() Options {
	if o.HTTPClient == nil {
		o.HTTPClient = newHTTPClient()
	}
	if o.BaseURL == "" {
		o.BaseURL = DefaultBaseURL
	}
	o.BaseURL = strings.TrimRight(o.BaseURL, "/")
	o.Logger = quiet.Or(o.Logger)
	if o.MaxAttempts <= 0 {
		o.MaxAttempts = 3
	}
	if o.MaxInFlight <= 0 {
		// Beyond a hundred at once Twitch has been seen to answer 400 although
		// points were left.
		o.MaxInFlight = 50
	}
	if o.BodyLimit <= 0 {
		o.BodyLimit = 16 << 20
	}
	if o.RememberUsers == 0 {
		o.RememberUsers = time.Minute
	}
	return o
}

func newHTTPClient() *http.Client {
	c := &http.Client{Timeout: 15 * time.Second}
	// An *http.Transport, or one that wraps it.
	if plain, ok := http.DefaultTransport.(interface{ Clone() *http.Transport }); ok {
		t := plain.Clone()
		t.MaxIdleConnsPerHost = t.MaxIdleConns // one host is all there is
		c.Transport = t
	}
	return c
}

// A Client calls Twitch's API. Its fields are the groups of Twitch's reference:
// tw.Users.Get, tw.Chat.SendMessage. It is safe for concurrent use and needs no
// closing.
type Client struct {
	services

	core   *core
	userID string // set by As
}

// New returns a client of the application clientID that takes its tokens from
// tokens. If tokens also is a [Renewer], tokens that Twitch no longer accepts are
// renewed; if it is a [TokenValidator], they are validated before that; if it is a
// [ScopeSource], missing scopes are found before a call is sent. *oauth.Manager is all
// three. New panics if tokens is nil, because no call could succeed.
func New(clientID string, tokens TokenSource, o Options) *Client {
	if tokens == nil {
		panic("helix: New: the token source is nil; helix.StaticToken is one, *oauth.Manager another")
	}
	c := &Client{core: newCore(clientID, tokens, o.defaults())}
	if s, ok := tokens.(*staticToken); ok {
		c.userID = s.userID
	}
	c.bind(c)
	return c
}

// As returns a client that uses the token of the given user for every call that
// accepts a user token. It shares everything else with c and costs one small
// allocation.
//
// It is needed where a call's parameters do not say who acts, and wins where
// they do. As("") returns a client that lets the parameters decide.
func (c *Client) As(userID string) *Client {
	as := &Client{core: c.core, userID: userID}
	as.bind(as)
	return as
}

// ClientID returns the id of the application.
func (c *Client) ClientID() string { return c.core.clientID }
