package emulator

import (
	"fmt"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// An Attribute is something about an account that Twitch decides, and that other accounts do
// not have.
type Attribute string

// The attributes of accounts.
const (
	// AttributeVerifiedBot gives an account the limits of [VerifiedBot].
	AttributeVerifiedBot = Attribute(world.VerifiedBot)
	// AttributeTurbo shows the badge and the tag turbo in chat.
	AttributeTurbo = Attribute(world.Turbo)
	// AttributeSuspended keeps an account from writing in chat (msg_suspended), and others from
	// joining its channel (msg_channel_suspended).
	AttributeSuspended = Attribute(world.Suspended)
	// AttributeTermsViolated is AttributeSuspended with tos_ban for those who join.
	AttributeTermsViolated = Attribute(world.TermsViolated)
	// AttributeNoPhone is an account without a verified phone number.
	AttributeNoPhone = Attribute(world.NoPhone)
	// AttributeNoEmail is an account without a verified address.
	AttributeNoEmail = Attribute(world.NoEmail)
)

// SetAttribute gives an account an attribute, or takes it away.
func (s *Server) SetAttribute(user string, a Attribute, on bool) {
	s.fail("attribute", s.setAttribute(user, world.Attribute(a), on))
}

func (s *Server) setAttribute(user string, a world.Attribute, on bool) error {
	return s.pair(user, user, func(id, _ string) error { return s.world.SetAttribute(id, a, on) })
}

// SetReturning sets whether chat marks a user as a returning chatter of a channel, as Twitch
// does with new viewers who write again within 30 days.
func (s *Server) SetReturning(channel, user string, on bool) {
	s.fail("returning", s.setReturning(channel, user, on))
}

func (s *Server) setReturning(channel, user string, on bool) error {
	return s.pair(channel, user, func(b, u string) error { return s.world.SetReturning(b, u, on) })
}

// RequireVerified sets whether a channel's chat is for accounts with a verified phone number
// or address only. Moderators may always write.
func (s *Server) RequireVerified(channel string, phone, email bool) {
	s.fail("require verified", s.requireVerified(channel, phone, email))
}

func (s *Server) requireVerified(channel string, phone, email bool) error {
	return s.pair(channel, channel, func(b, _ string) error { return s.world.RequireVerified(b, phone, email) })
}

// BlockUser has a broadcaster block a user, who cannot write in the channel then.
func (s *Server) BlockUser(channel, user string) {
	s.fail("block", s.pair(channel, user, s.world.Block))
}

// UnblockUser takes back [Server.BlockUser].
func (s *Server) UnblockUser(channel, user string) {
	s.fail("unblock", s.pair(channel, user, s.world.Unblock))
}

// accountVerbs are about accounts and what channels ask of them.
var accountVerbs = []verb{
	{"attribute", "user kind deny?", "An account gets an attribute, or loses it if deny is true: verified-bot, turbo, suspended, terms-violated, no-phone or no-email.", "user=mybot kind=verified-bot", func(s *Server, o order) (any, error) {
		return nil, s.setAttribute(o.User, world.Attribute(o.Kind), !o.Deny)
	}},
	{"returning", "broadcaster user deny?", "Chat marks a user as a returning chatter, or not if deny is true.", "broadcaster=ada user=grace", func(s *Server, o order) (any, error) {
		return nil, s.setReturning(o.Broadcaster, o.User, !o.Deny)
	}},
	{"require-verified", "broadcaster kind", "A channel's chat is for accounts with a verified phone, email, both, or none of them.", "broadcaster=ada kind=phone", func(s *Server, o order) (any, error) {
		switch o.Kind {
		case "phone", "email", "both", "none":
			return nil, s.requireVerified(o.Broadcaster, o.Kind == "phone" || o.Kind == "both", o.Kind == "email" || o.Kind == "both")
		}
		return nil, fmt.Errorf("kind must be phone, email, both or none, not %q", o.Kind)
	}},
	{"block", "broadcaster user deny?", "A broadcaster blocks a user, or no longer does if deny is true.", "broadcaster=ada user=spammer", func(s *Server, o order) (any, error) {
		if o.Deny {
			return nil, s.pair(o.Broadcaster, o.User, s.world.Unblock)
		}
		return nil, s.pair(o.Broadcaster, o.User, s.world.Block)
	}},
}
