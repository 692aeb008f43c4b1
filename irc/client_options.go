package irc

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/internal/quiet"
)

// DefaultAddr is Twitch's chat server.
const DefaultAddr = "ircs://irc.chat.twitch.tv:6697"

// Options configure a [Client]. The zero value reads chat without an account.
type Options struct {
	// Login is the login of the account that the token belongs to. Without it the client
	// asks Twitch at ValidateURL, once for each token. It is not needed without Token.
	Login string
	// Token returns the token to log in with. It is called for each login, by several
	// goroutines at once, and by one every five seconds while Twitch accepts none of the
	// tokens that it returned; an empty one is none. It must return when ctx ends. Without it
	// the client reads anonymously.
	Token func(ctx context.Context) (string, error)
	// RenewToken returns a new token in place of one that Twitch refused. After an
	// error it is called again: within seconds, or after minutes if the error has a
	// method LoginRequired() bool that returns true and WaitForLogin is set. One call runs
	// at a time, for all connections. Without RenewToken the client asks Token for
	// another one.
	RenewToken func(ctx context.Context, stale string) (string, error)
	// WaitForLogin keeps [Client.Run] running when Twitch accepts no token any more until
	// a person has logged in again; the client is back within ten seconds of Token
	// returning another one. By default Run ends with a [*LoginError].
	WaitForLogin bool
	// ValidateURL tells which account a token belongs to; default [DefaultValidateURL].
	ValidateURL string

	// Channels are the logins of the channels to join at the start.
	Channels []string
	// ChannelsPerConnection is how many channels share a connection; default 50, at most
	// 100. The client opens as many connections as it needs.
	ChannelsPerConnection int
	// Membership requests [Join] and [Part] messages of other chatters.
	Membership bool

	// Addr is ircs:// or irc:// (TCP with and without TLS), wss:// or ws://
	// (WebSocket); default [DefaultAddr].
	Addr string
	// Dial makes the connections, for both transports; default a [net.Dialer].
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// HTTPClient makes the requests to ValidateURL and of WebSockets; default one that
	// uses Dial and TLSConfig.
	HTTPClient *http.Client
	TLSConfig  *tls.Config // default: the system's

	Limits  Limits        // what Twitch allows the account
	Queue   int           // messages that may wait to be sent; default 100
	TTL     time.Duration // how long a message may wait to be sent; default 30 s
	Backlog int           // messages of a channel that may wait for its handlers; default 4096

	// Overflow says which messages are dropped when Backlog messages of a channel
	// wait; default the oldest.
	Overflow Overflow

	// OnState is called for every change of state. It may be called from several
	// goroutines at once, must return quickly and must not wait for the client.
	OnState func(State)
	Logger  *slog.Logger // default: discard
}

// Overflow says which messages of a channel are dropped when too many wait.
type Overflow int

// The ways to make room.
const (
	DropOldest Overflow = iota // the message that has waited longest
	DropNewest                 // the message that has just arrived
)

// Limits are Twitch's rate limits of an account. A zero field means the limit of an
// ordinary account, which the comments give.
//
// https://dev.twitch.tv/docs/chat/#rate-limits
type Limits struct {
	Messages    int // per 30 s, in channels where it is neither moderator nor broadcaster: 20
	ModMessages int // per 30 s, in channels where it is moderator or broadcaster: 100
	Account     int // per 30 s, to all channels, for verified bots: see [chat.Limits]
	Joins       int // per 10 s: 20
	Logins      int // per 10 s: 20

	// Channels is how many channels the account may be in at once, over IRC and EventSub
	// together, besides those where it is moderator or broadcaster: 100.
	Channels int
}

// VerifiedBot are the limits of an account that Twitch verified as a bot.
func VerifiedBot() Limits {
	return Limits{Account: chat.VerifiedBot().Account, Joins: 2000, Logins: 200}
}

// maxChannels is Twitch's limit of channels at once. Nothing is known of more on one
// connection.
const maxChannels = 100

func (o Options) withDefaults() Options {
	if login, ok := cleanLogin(o.Login); ok {
		o.Login = login // Run returns an error for any other
	}
	if o.Addr == "" {
		o.Addr = DefaultAddr
	}
	if o.Dial == nil {
		o.Dial = (&net.Dialer{Timeout: dialTimeout}).DialContext
	}
	o.Logger = quiet.Or(o.Logger)
	if o.Queue <= 0 {
		o.Queue = 100
	}
	if o.ValidateURL == "" {
		o.ValidateURL = DefaultValidateURL
	}
	if o.ChannelsPerConnection <= 0 {
		o.ChannelsPerConnection = 50
	}
	o.ChannelsPerConnection = min(o.ChannelsPerConnection, maxChannels)
	if o.TTL <= 0 {
		o.TTL = 30 * time.Second
	}
	if o.Backlog <= 0 {
		o.Backlog = 4096
	}
	l := &o.Limits
	for _, d := range []struct {
		n     *int
		usual int
	}{{&l.Messages, 20}, {&l.ModMessages, 100}, {&l.Joins, 20}, {&l.Logins, 20}, {&l.Channels, maxChannels}} {
		if *d.n <= 0 {
			*d.n = d.usual
		}
	}
	l.ModMessages = max(l.ModMessages, l.Messages)
	return o
}
