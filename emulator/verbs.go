package emulator

import (
	"errors"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// person returns the user of a login, who comes into being if need be.
func (s *Server) person(login string) (world.User, error) {
	if u, ok := s.world.UserByLogin(login); ok {
		return u, nil
	}
	return s.world.AddUser(world.User{Login: login})
}

// pair does something between a channel and a user.
func (s *Server) pair(channel, user string, do func(broadcasterID, userID string) error) error {
	b, err := s.person(channel)
	if err != nil {
		return err
	}
	u, err := s.person(user)
	if err != nil {
		return err
	}
	return do(b.ID, u.ID)
}

// fail is where the mistakes of control calls go: to the test that started the
// server, or to the log.
func (s *Server) fail(what string, err error) {
	if err == nil {
		return
	}
	if s.watch != nil && s.watch.tb != nil {
		s.watch.tb.Helper()
		s.watch.tb.Errorf("emulator: %s: %v", what, err)
		return
	}
	s.log.WarnContext(s.ctx, "control", "verb", what, "error", err)
}

// Follow has a user follow a channel. Nothing happens if they do already.
func (s *Server) Follow(channel, user string) {
	s.fail("follow", s.pair(channel, user, s.world.Follow))
}

// Unfollow ends that a user follows a channel.
func (s *Server) Unfollow(channel, user string) {
	s.fail("unfollow", s.pair(channel, user, s.world.Unfollow))
}

// Say has a user write in a channel's chat, at any pace. It returns the
// message's id, or "" if the channel's rules do not let the message pass.
func (s *Server) Say(channel, user, text string) string {
	id, err := s.say(channel, user, text, "")
	if _, dropped := world.Dropped(err); !dropped {
		s.fail("say", err)
	}
	return id
}

// Reply has a user answer a message in a channel's chat. It returns the answer's id.
func (s *Server) Reply(channel, user, text, parentID string) string {
	id, err := s.say(channel, user, text, parentID)
	if _, dropped := world.Dropped(err); !dropped {
		s.fail("reply", err)
	}
	return id
}

func (s *Server) say(channel, user, text, parentID string) (id string, err error) {
	err = s.pair(channel, user, func(b, u string) error {
		m, err := s.world.PostChat(world.Post{BroadcasterID: b, SenderID: u, Text: text, ReplyTo: parentID, Unlimited: true})
		id = m.ID
		return err
	})
	return id, err
}

// Advertise has a user write the advertisement that every channel knows.
func (s *Server) Advertise(channel, user string) string { return s.Say(channel, user, Advertisement) }

// Advertisement is what [Server.Advertise] writes.
const Advertisement = "Wanna become famous? Buy followers, primes and viewers on example dot com"

// GoLive starts a channel's stream.
func (s *Server) GoLive(channel string) { s.fail("go live", s.goLive(channel)) }

func (s *Server) goLive(channel string) error {
	b, err := s.person(channel)
	if err != nil {
		return err
	}
	_, err = s.world.GoLive(b.ID)
	return err
}

// GoOffline ends a channel's stream.
func (s *Server) GoOffline(channel string) { s.fail("go offline", s.goOffline(channel)) }

func (s *Server) goOffline(channel string) error {
	b, err := s.person(channel)
	if err != nil {
		return err
	}
	return s.world.GoOffline(b.ID)
}

// Viewers sets how many people watch a stream.
func (s *Server) Viewers(channel string, viewers int) {
	b, err := s.person(channel)
	s.fail("viewers", errors.Join(err, s.world.SetViewers(b.ID, viewers)))
}

// Raid has the viewers of one channel arrive at another.
func (s *Server) Raid(from, to string, viewers int) { s.fail("raid", s.raid(from, to, viewers)) }

func (s *Server) raid(from, to string, viewers int) error {
	return s.pair(from, to, func(f, t string) error { return s.world.Raid(f, t, viewers) })
}

// Subscribe has a user subscribe to a channel. Tier is "1000", "2000", "3000" or
// "Prime".
func (s *Server) Subscribe(channel, user, tier string) {
	s.fail("subscribe", s.subscribe(channel, user, tier))
}

func (s *Server) subscribe(channel, user, tier string) error {
	return s.pair(channel, user, func(b, u string) error { return s.world.StartSubscription(b, u, tier) })
}

// Resubscribe has a user tell in chat for how many months they have
// subscribed; 0 is one more than before.
func (s *Server) Resubscribe(channel, user, text string, months int) {
	s.fail("resubscribe", s.resubscribe(channel, user, text, months))
}

func (s *Server) resubscribe(channel, user, text string, months int) error {
	return s.pair(channel, user, func(b, u string) error { return s.world.Resubscribe(b, u, text, months) })
}

// Unsubscribe ends a user's subscription.
func (s *Server) Unsubscribe(channel, user string) {
	s.fail("unsubscribe", s.pair(channel, user, s.world.EndSubscription))
}

// Gift has a user give subscriptions of tier 1 to others.
func (s *Server) Gift(channel, user string, recipients ...string) {
	s.fail("gift", s.gift(channel, user, "", recipients))
}

func (s *Server) gift(channel, user, tier string, recipients []string) error {
	return s.pair(channel, user, func(b, u string) error {
		var ids []string
		for _, login := range recipients {
			r, err := s.person(login)
			if err != nil {
				return err
			}
			ids = append(ids, r.ID)
		}
		return s.world.GiftSubscriptions(b, u, tier, ids)
	})
}

// Cheer has a user cheer with bits. It returns the message's id.
func (s *Server) Cheer(channel, user string, bits int, text string) string {
	id, err := s.cheer(channel, user, bits, text)
	s.fail("cheer", err)
	return id
}

func (s *Server) cheer(channel, user string, bits int, text string) (id string, err error) {
	err = s.pair(channel, user, func(b, u string) error {
		m, err := s.world.Cheer(b, u, bits, text)
		id = m.ID
		return err
	})
	return id, err
}
