package daemon

import (
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/oauth"
)

// Twitch is the configuration of the Twitch connector: opsdroid's keys, and
// bot-code, which is ours.
type Twitch struct {
	ClientID     string
	ClientSecret oauth.Secret
	Code         oauth.Secret // of the channel's account; needed until its token is stored
	BotCode      oauth.Secret // of the bot's own account, if it has one
	Channel      string       // login of the broadcaster
	Redirect     string       // the redirect URL that the codes were made with
	AlwaysListen bool         // stay in chat while the stream is offline
	Name         string       // of the connector, in logs
	BotName      string       // login of the bot's account; empty: the one whose token is stored

	// ForwardURL is the address at which Twitch reaches the bot's web server. If it is
	// set, events come by webhook, else over WebSockets.
	ForwardURL string

	ReplyExpiry time.Duration // replies that could not be sent within this time are dropped
}

// defaultRedirect is what opsdroid's documentation tells people to register.
const defaultRedirect = "http://localhost"

// login is what Twitch accepts as a login.
var login = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9_]{0,24}$`)

func (c *Config) twitch(n *config.Node, ps *config.Problems) Twitch {
	if n.Kind == config.Null {
		ps.Add(n, "is empty; it needs client-id, client-secret and channel")
		return Twitch{}
	}
	s := n.Section(ps,
		"code", "bot-code", "client-id", "client-secret", "channel", "redirect", "forward-url",
		"webhook-lease-seconds", "always-listening", "name", "bot-name", "reply-expiry")
	t := Twitch{
		ClientID:     s.NeedString("client-id"),
		ClientSecret: oauth.Secret(s.NeedString("client-secret")),
		Code:         oauth.Secret(s.String("code", "")),
		BotCode:      oauth.Secret(s.String("bot-code", "")),
		Channel:      strings.ToLower(strings.TrimPrefix(s.NeedString("channel"), "#")),
		Redirect:     s.String("redirect", defaultRedirect),
		AlwaysListen: s.Bool("always-listening", false),
		Name:         s.String("name", "twitch"),
		BotName:      strings.ToLower(s.String("bot-name", "")),
		ReplyExpiry:  s.Duration("reply-expiry", 30*time.Second),
	}
	if t.Channel != "" && !login.MatchString(t.Channel) {
		ps.Add(s.Get("channel"), "want the login of one channel, as in twitch.tv/theflyingdev")
	}
	if t.BotName != "" && !login.MatchString(t.BotName) {
		ps.Add(s.Get("bot-name"), "want the login of the bot's account")
	}
	if !webAddress(t.Redirect) {
		ps.Add(s.Get("redirect"), "want the redirect URL that is registered with Twitch, such as %s", defaultRedirect)
	}
	if t.ReplyExpiry < time.Second || t.ReplyExpiry > 10*time.Minute {
		ps.Add(s.Get("reply-expiry"), "want a time from 1s to 10m")
	}
	if s.Has("forward-url") {
		t.ForwardURL = c.publicAddress(s, "forward-url", ps)
	}
	if c.Web.BaseURL != "" && !isLocal(hostOf(c.Web.BaseURL)) {
		t.ForwardURL = c.Web.BaseURL // as in opsdroid
	}
	if s.Has("webhook-lease-seconds") {
		s.Int("webhook-lease-seconds", 0)
		c.note(s, "webhook-lease-seconds", "EventSub subscriptions have no lease, they stay until they are deleted")
	}
	return t
}

// note records that a key is accepted and without effect.
func (c *Config) note(s *config.Section, key, why string) {
	c.Notes = append(c.Notes, s.Get(key).Problem("has no effect: %s", why).Error())
}

func webAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}
