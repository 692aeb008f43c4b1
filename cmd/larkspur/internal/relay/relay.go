// Package relay sends text to other chat systems.
//
// Start with
//
//	team, err := relay.New("team", "discord://token@id", relay.Options{})
//	err = team.Send(ctx, "We are live!")
//
// An address is one of
//
//   - https://discord.com/api/webhooks/ID/TOKEN, as Discord's client copies it: the
//     text becomes a message; mentions in it do not notify people;
//   - discord://token@id: the same, written as shoutrrr does;
//   - any other http:// or https://: the text is posted as JSON, {"text": "…"}, which
//     is what Slack, Mattermost, Rocket.Chat and many others accept at their webhooks;
//   - rocketchat://name@host/token/token: a webhook of Rocket.Chat; add
//     ?disabletls=yes for plain HTTP;
//   - generic://host/path or generic+https://host/path: the text is posted as it is;
//     ?template=json posts {"message": "…"};
//   - smtp://user:password@host:587/?from=a@example.org&to=b@example.org: mail;
//   - any other service URL of shoutrrr: slack, matrix, telegram, ntfy …,
//     except logger.
//
// Addresses contain secrets, so errors contain no part of an address but its host.
//
// # Mentions
//
// A text may come from a viewer, so mentions of many people in it (@all, @everyone,
// <!channel> …) do not notify them. Discord is told so; everywhere else but in mail, a
// zero-width space is put into the mention. A mention of one person stays as it is.
//
// # Private addresses
//
// Unless [Options.AllowPrivate] is set, a relay does not connect to loopback, private,
// link-local, carrier-grade NAT, multicast and reserved addresses. For http, https,
// generic, rocketchat, Discord's own addresses and smtp, the address is checked when it
// is dialled, also after a redirect. For shoutrrr's services, the host is resolved and
// checked before each message; if the program has installed [GuardTransport], it is
// also checked when it is dialled, and redirects are refused.
package relay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// timeout is how long one message may take.
const timeout = 10 * time.Second

var errNoAnswer = fmt.Errorf("no answer within %s", timeout)

// Options configure a Relay. The zero value is usable.
type Options struct {
	AllowPrivate bool         // also connect to addresses of this machine and its local network
	HTTPClient   *http.Client // for http, https, discord, generic and rocketchat addresses; default: one that refuses private addresses and gives up after 10 s
}

// A Relay sends to one place. It is safe for concurrent use; messages that are
// sent concurrently may arrive in any order.
type Relay struct {
	name string
	to   sender
	host string // resolved before each connection; empty: the service has a fixed, public host
	hide secrets

	guard  guard
	client *http.Client // the relay's own, closed with it; nil: there is none
}

// A sender delivers text in one way.
type sender interface {
	send(ctx context.Context, text string) error
}

// New returns a Relay to address; name identifies it in errors. An error says what
// is wrong with the address and shows a good one. New does not contact the service.
func New(name, address string, o Options) (*Relay, error) {
	r := &Relay{name: name, guard: guard{allowPrivate: o.AllowPrivate}}
	if o.HTTPClient == nil {
		r.client = newClient(r.guard)
		o.HTTPClient = r.client
	}
	u, err := url.Parse(address)
	if err != nil {
		// url.Parse quotes the address in its error.
		return nil, r.bad("it is not a URL", "")
	}
	r.hide = secretsOf(u)
	scheme, _, _ := strings.Cut(strings.ToLower(u.Scheme), "+")
	if scheme != strings.ToLower(u.Scheme) && scheme != "generic" && slices.Contains(own, scheme) {
		return nil, r.bad(scheme+" takes no URL of another kind after a +", scheme)
	}
	if isChannelLink(u) {
		return nil, r.bad(channelLink, "discord webhook")
	}
	switch scheme {
	case "":
		return nil, r.bad("it does not start with the name of a service", "")
	case "http", "https":
		r.host = u.Hostname()
		switch {
		case u.Host == "":
			err = errors.New("it has no host")
		case isDiscord(u):
			scheme = "discord webhook"
			r.to, err = newDiscord(u, o.HTTPClient)
		default:
			r.to = webhook{client: o.HTTPClient, address: u}
		}
	case "discord":
		r.to, err = discordService(u, o.HTTPClient)
	case "generic":
		r.host = u.Hostname()
		r.to, err = newGeneric(u, o.HTTPClient)
	case "smtp":
		r.host = u.Hostname()
		r.to, err = newMail(u, r.guard)
	case "rocketchat":
		r.host = u.Hostname()
		r.to, err = rocketChat(u, o.HTTPClient)
	case "logger":
		err = errors.New("logger is not supported, because the program has its own log")
	default:
		var s *service
		s, err = newService(u, scheme, r.hide, r.guard)
		if err == nil {
			r.to, r.host = s, s.host
		}
	}
	if err != nil {
		return nil, r.bad(err.Error(), scheme)
	}
	if r.host != "" {
		if err := r.guard.literal(r.host); err != nil {
			return nil, fmt.Errorf("relay %s: %w", name, err)
		}
	}
	return r, nil
}

// Format writes the relay's name only: by default, fmt would print the address too.
func (r *Relay) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "relay "+r.name) // fmt's own buffer, which does not fail
}

// Name returns the name that New was given.
func (r *Relay) Name() string { return r.name }

// Close closes the relay's idle connections. A message under way is not interrupted.
func (r *Relay) Close() {
	if r.client != nil {
		r.client.CloseIdleConnections()
	}
	if s, ok := r.to.(*service); ok {
		s.close()
	}
}

// Check reports whether the relay's host can be resolved, and refuses it if it is
// private and private addresses are not allowed. It sends nothing. Services with a
// fixed public host always pass.
func (r *Relay) Check(ctx context.Context) error {
	if r.host == "" {
		return nil
	}
	if _, err := r.guard.addresses(ctx, r.host); err != nil && !proxied(r.host) {
		return fmt.Errorf("relay %s: look up %s: %w", r.name, r.host, err)
	}
	if err := r.guard.resolve(ctx, r.host); err != nil {
		return fmt.Errorf("relay %s: %w", r.name, err)
	}
	return nil
}

// Send sends text, and returns when the service accepted it, refused it, or ctx
// ended, at most 10 s later. If no answer came, the text may have arrived.
func (r *Relay) Send(ctx context.Context, text string) error {
	ctx, cancel := context.WithTimeoutCause(ctx, timeout, errNoAnswer)
	defer cancel()
	switch r.to.(type) {
	case discordWebhook, *mailer: // the one says so in its request, the other has no mentions
	default:
		text = quiet(text)
	}
	if err := r.to.send(ctx, text); err != nil {
		if cause := context.Cause(ctx); cause != nil {
			return fmt.Errorf("relay %s: %w", r.name, cause) // err only follows from it
		}
		// Only the text: the wrapped errors may contain the address.
		return fmt.Errorf("relay %s: %s", r.name, r.hide.from(err.Error()))
	}
	return nil
}

// bad is the error of a bad address.
func (r *Relay) bad(what, scheme string) error {
	example, ok := examples[scheme]
	if !ok {
		example = examples["discord"]
	}
	return fmt.Errorf("relay %s: bad address: %s; a good one looks like %s", r.name, what, example)
}

// examples are good addresses.
var examples = map[string]string{
	"discord": "discord://token@id",

	"discord webhook": "https://discord.com/api/webhooks/ID/TOKEN",
	"generic":         "generic://host/path",
	"googlechat":      "googlechat://chat.googleapis.com/v1/spaces/FOO/messages?key=bar&token=baz",
	"gotify":          "gotify://host/token",
	"http":            "http://host/path",
	"https":           "https://host/path",
	"matrix":          "matrix://user:password@host/?rooms=!roomID1",
	"mattermost":      "mattermost://name@host/token/channel",
	"ntfy":            "ntfy://ntfy.sh/topic",
	"pushover":        "pushover://shoutrrr:token@user/",
	"rocketchat":      "rocketchat://name@host/token/token",
	"slack":           "slack://hook:TOKEN-A-TOKEN-B-TOKEN-C@webhook",
	"smtp":            "smtp://user:password@host:587/?from=a@example.org&to=b@example.org",
	"teams":           "teams://group@tenant/altId/groupOwner/extraId?host=organization.webhook.office.com",
	"telegram":        "telegram://token@telegram?chats=@channel",
	"zulip":           "zulip://bot-mail:bot-key@host/?stream=name&topic=name",
}
