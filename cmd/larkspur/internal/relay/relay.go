// Package relay sends text to other chat systems.
//
// Start with
//
//	team, err := relay.New("team", "discord://token@id", relay.Options{})
//	err = team.Send(ctx, "We are live!")
//
// An address is one of
//
//   - http:// or https://: the text is posted as JSON, {"text": "…"}, which is what
//     Slack, Mattermost, Rocket.Chat and many others take at their webhooks;
//   - rocketchat://name@host/token/token: a webhook of Rocket.Chat;
//     ?disabletls=yes speaks plain HTTP to it;
//   - generic://host/path or generic+https://host/path: the text is posted as it is;
//     ?template=json posts {"message": "…"};
//   - smtp://user:password@host:587/?from=a@example.org&to=b@example.org: mail;
//   - any other service URL of shoutrrr: discord, slack, matrix, telegram, ntfy ….
//     Its logger is not one: a program that wants a log has one.
//
// Addresses hold secrets, so neither an address nor a part of it but the host is
// ever in an error.
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

// Options configure a Relay. The zero value is usable.
type Options struct {
	HTTPClient *http.Client // for http, https, generic and rocketchat addresses; default: one with a timeout of 10 s
}

// A Relay sends to one place. It is safe for concurrent use; messages that are
// sent at the same time may arrive in any order.
type Relay struct {
	name string
	to   sender
	hide secrets
}

// A sender knows one way to get text to somewhere.
type sender interface {
	send(ctx context.Context, text string) error
}

// New returns a Relay to address; name is what people call it, and what errors
// do. An error says what is wrong with the address and shows a good one. New does
// not talk to the service.
func New(name, address string, o Options) (*Relay, error) {
	r := &Relay{name: name}
	if o.HTTPClient == nil {
		o.HTTPClient = &http.Client{Timeout: timeout}
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
	switch scheme {
	case "":
		return nil, r.bad("it does not start with the name of a service", "")
	case "http", "https":
		if u.Host == "" {
			return nil, r.bad("it has no host", scheme)
		}
		r.to = webhook{client: o.HTTPClient, address: u}
	case "generic":
		r.to, err = newGeneric(u, o.HTTPClient)
	case "smtp":
		r.to, err = newMail(u)
	case "rocketchat":
		r.to, err = rocketChat(u, o.HTTPClient)
	case "logger":
		err = errors.New("logger is not supported, as a program has a log of its own")
	default:
		r.to, err = newService(u, scheme, r.hide)
	}
	if err != nil {
		return nil, r.bad(err.Error(), scheme)
	}
	return r, nil
}

// Format writes only what r is: fmt would walk to its address.
func (r *Relay) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "relay "+r.name) // fmt's own buffer, which does not fail
}

// Name returns the name that New was given.
func (r *Relay) Name() string { return r.name }

// Send sends text, and returns when the service has taken it, refused it, or ctx
// ended. When it fails for want of an answer, the text may have arrived.
func (r *Relay) Send(ctx context.Context, text string) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := r.to.send(ctx, text); err != nil {
		if cause := context.Cause(ctx); cause != nil && errors.Is(err, cause) {
			return fmt.Errorf("relay %s: %w", r.name, cause)
		}
		// The text only: what is wrapped inside may hold the address.
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
	"discord":    "discord://token@id",
	"generic":    "generic://host/path",
	"googlechat": "googlechat://chat.googleapis.com/v1/spaces/FOO/messages?key=bar&token=baz",
	"gotify":     "gotify://host/token",
	"http":       "http://host/path",
	"https":      "https://host/path",
	"matrix":     "matrix://user:password@host/?rooms=!roomID1",
	"mattermost": "mattermost://name@host/token/channel",
	"ntfy":       "ntfy://ntfy.sh/topic",
	"pushover":   "pushover://shoutrrr:token@user/",
	"rocketchat": "rocketchat://name@host/token/token",
	"slack":      "slack://hook:TOKEN-A-TOKEN-B-TOKEN-C@webhook",
	"smtp":       "smtp://user:password@host:587/?from=a@example.org&to=b@example.org",
	"teams":      "teams://group@tenant/altId/groupOwner/extraId?host=organization.webhook.office.com",
	"telegram":   "telegram://token@telegram?chats=@channel",
	"zulip":      "zulip://bot-mail:bot-key@host/?stream=name&topic=name",
}
