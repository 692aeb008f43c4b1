package emulator

import (
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// An Option sets up a [Server].
type Option func(*settings)

// settings are the values of the options; setUp is applied to the world in order.
type settings struct {
	world    world.Options
	auth     auth.Options
	client   auth.Client
	rate     int // Helix points per minute
	strict   bool
	inMemory bool
	hosts    []string
	certFile string // "": a certificate is made and lives in memory
	keyFile  string
	log      *slog.Logger
	webhooks *http.Client
	remote   bool // webhooks may be anywhere
	setUp    []func(*Server) error
}

// The client that is registered unless [ClientCredentials] says otherwise.
const (
	defaultClientID     = "larkspuremulatorclient00000000"
	defaultClientSecret = "larkspuremulatorsecret00000000"
)

func defaults() settings {
	return settings{
		client: auth.Client{ID: defaultClientID, Secret: defaultClientSecret, Name: "Your application"},
		rate:   800,
	}
}

func then(f func(*Server) error) Option {
	return func(s *settings) { s.setUp = append(s.setUp, f) }
}

// User creates users. A login in mixed case is also the display name.
func User(logins ...string) Option {
	return then(func(s *Server) error {
		var errs []error
		for _, login := range logins {
			_, err := s.person(login)
			errs = append(errs, err)
		}
		return errors.Join(errs...)
	})
}

// Channel creates a broadcaster, an affiliate, with a title and a category. The channel
// is offline.
func Channel(login string) Option {
	return then(func(s *Server) error {
		u, err := s.world.AddUser(world.User{Login: login, BroadcasterType: "affiliate"})
		if err != nil {
			return err
		}
		game, _ := s.world.GameByName("Just Chatting")
		return errors.Join(
			s.world.ModifyChannel(u.ID, world.ChannelChange{Title: new("Welcome to " + u.DisplayName + "'s stream"), GameID: &game.ID}),
			s.world.SetStreamed(u.ID, time.Now()), // a channel that Search Channels finds
		)
	})
}

// Partner makes users partners of Twitch, who may set a delay.
func Partner(logins ...string) Option {
	return then(func(s *Server) error {
		var errs []error
		for _, login := range logins {
			_, err := s.world.AddUser(world.User{Login: login, BroadcasterType: "partner"})
			errs = append(errs, err)
		}
		return errors.Join(errs...)
	})
}

// Live makes a channel live. Give it after [Channel].
func Live(channel string) Option { return then(func(s *Server) error { return s.goLive(channel) }) }

// Moderator makes a user moderator of a channel.
func Moderator(channel, user string) Option { return role(channel, world.Moderator, user) }

// VIP makes a user VIP of a channel.
func VIP(channel, user string) Option { return role(channel, world.VIP, user) }

// Editor makes a user editor of a channel.
func Editor(channel, user string) Option { return role(channel, world.Editor, user) }

func role(channel string, role world.Role, user string) Option {
	return then(func(s *Server) error {
		return s.pair(channel, user, func(b, u string) error { return s.world.AddRole(b, role, u) })
	})
}

// Follower makes users follow a channel.
func Follower(channel string, users ...string) Option {
	return then(func(s *Server) error {
		var errs []error
		for _, user := range users {
			errs = append(errs, s.pair(channel, user, s.world.Follow))
		}
		return errors.Join(errs...)
	})
}

// Subscriber makes users subscribe to a channel.
func Subscriber(channel string, users ...string) Option {
	return then(func(s *Server) error {
		var errs []error
		for _, user := range users {
			errs = append(errs, s.pair(channel, user, func(b, u string) error { return s.world.StartSubscription(b, u, "") }))
		}
		return errors.Join(errs...)
	})
}

// VerifiedBot makes users verified bots, whose limits in chat are higher: 7500 messages in 30
// seconds over all channels, 2000 joins and 200 logins in 10 seconds.
func VerifiedBot(logins ...string) Option {
	return then(func(s *Server) error {
		var errs []error
		for _, login := range logins {
			errs = append(errs, s.setAttribute(login, world.VerifiedBot, true))
		}
		return errors.Join(errs...)
	})
}

// Seed sets the seed of ids, colours and other generated values. Servers with the
// same seed give the same login the same id. The default is 0.
func Seed(seed uint64) Option { return func(s *settings) { s.world.Seed = seed } }

// ClientCredentials registers a client instead of the default one. An empty
// secret makes it a public client.
func ClientCredentials(id, secret string) Option {
	return func(s *settings) { s.client.ID, s.client.Secret = id, secret }
}

// RedirectURIs registers where a browser may be sent after a consent. Without
// this option any address is accepted.
func RedirectURIs(uris ...string) Option { return func(s *settings) { s.client.RedirectURIs = uris } }

// TokenLife sets how long user tokens are valid. The default is 4 hours, as at Twitch.
func TokenLife(life time.Duration) Option { return func(s *settings) { s.auth.UserTokenLife = life } }

// DevicePoll sets how long a device login waits between two polls: whole seconds, at
// least one. Twitch asks for 5 seconds.
func DevicePoll(interval time.Duration) Option {
	return func(s *settings) { s.auth.DevicePoll = max(interval.Truncate(time.Second), time.Second) }
}

// ApproveAs approves every authorization request as a user, without showing the
// consent page.
func ApproveAs(login string) Option {
	return func(s *settings) {
		s.auth.ApproveAs = login
		User(login)(s)
	}
}

// RateLimit sets the number of Helix calls per token and minute. The default is 800, as
// at Twitch.
func RateLimit(perMinute int) Option { return func(s *settings) { s.rate = perMinute } }

// NoLimits removes the limits on calls, logins, joins and messages.
func NoLimits() Option {
	return func(s *settings) { s.world.NoChatLimits, s.rate = true, 0 }
}

// Strict makes the server refuse what Twitch's documentation does not have: form bodies,
// fields of the body in the query and the reverse, numbers for text, Python's True and False,
// a NICK in chat that is not the login of the token.
// Without it they are accepted, because programs that work with Twitch send them.
func Strict() Option { return func(s *settings) { s.strict = true } }

// ChatPace sets how long a user must wait between two messages in a channel in which they are
// neither moderator nor broadcaster; earlier ones are dropped with msg_ratelimit. Users of
// Twitch report about one second; Twitch does not document it. The default is 0.
func ChatPace(d time.Duration) Option { return func(s *settings) { s.world.ChatPace = d } }

// InMemory makes the server reachable through [Server.DialContext] and
// [Server.HTTPClient] only; no port is opened. testing/synctest bubbles need it.
func InMemory() Option { return func(s *settings) { s.inMemory = true } }

// WebhookClient sets the client that calls webhooks of EventSub, for example one
// whose transport is a function, in a testing/synctest bubble. The default
// client calls this machine only, see [RemoteWebhooks], with http as well as https.
func WebhookClient(c *http.Client) Option { return func(s *settings) { s.webhooks = c } }

// RemoteWebhooks allows webhooks on other machines. Without it only loopback addresses are
// called.
func RemoteWebhooks() Option { return func(s *settings) { s.remote = true } }

// Logger sets the logger of the server. The default discards everything.
func Logger(log *slog.Logger) Option { return func(s *settings) { s.log = log } }
