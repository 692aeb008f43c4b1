package bot

import (
	"context"
	"slices"
)

// Has tells whether the chatter has a badge of one of the kinds.
func (c *Chatter) Has(kinds ...string) bool {
	return slices.ContainsFunc(c.Badges, func(b string) bool { return slices.Contains(kinds, b) })
}

// IsBroadcaster tells whether the channel is the chatter's.
func (c *Chatter) IsBroadcaster() bool { return c.Has("broadcaster") }

// CanModerate tells whether the chatter is a moderator or the broadcaster.
func (c *Chatter) CanModerate() bool { return c.Has("broadcaster", "moderator", "lead_moderator") }

// IsVIP tells whether the chatter is a VIP.
func (c *Chatter) IsVIP() bool { return c.Has("vip") }

// IsSubscriber tells whether the chatter subscribes to the channel.
func (c *Chatter) IsSubscriber() bool { return c.Has("subscriber", "founder") }

// ModsOnly makes a command deaf to everybody but moderators and the broadcaster.
func ModsOnly(s *Spec) { s.Use(only((*Chatter).CanModerate)) }

// BroadcasterOnly makes a command deaf to everybody but the broadcaster.
func BroadcasterOnly(s *Spec) { s.Use(only((*Chatter).IsBroadcaster)) }

// SubsOnly makes a command deaf to everybody but subscribers, moderators and the
// broadcaster.
func SubsOnly(s *Spec) {
	s.Use(only(func(c *Chatter) bool { return c.IsSubscriber() || c.CanModerate() }))
}

// only stays silent to others: an answer would let anybody make the bot talk.
func only(allowed func(*Chatter) bool) Middleware {
	return func(next Handler) Handler {
		return func(ctx context.Context, c *Call) error {
			if !allowed(&c.Chatter) {
				c.bot.o.Logger.DebugContext(ctx, "command not allowed", "command", c.Command, "user_id", c.Chatter.ID)
				return nil
			}
			return next(ctx, c)
		}
	}
}
