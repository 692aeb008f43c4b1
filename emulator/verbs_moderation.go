package emulator

import (
	"errors"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// Ban has the broadcaster ban a user for good.
func (s *Server) Ban(channel, user, reason string) { s.fail("ban", s.ban(channel, user, 0, reason)) }

// Timeout has the broadcaster silence a user for some time.
func (s *Server) Timeout(channel, user string, d time.Duration, reason string) {
	s.fail("timeout", s.ban(channel, user, d, reason))
}

func (s *Server) ban(channel, user string, d time.Duration, reason string) error {
	return s.pair(channel, user, func(b, u string) error {
		_, err := s.world.Ban(b, b, u, d, reason)
		return err
	})
}

// Unban has the broadcaster lift a ban or timeout.
func (s *Server) Unban(channel, user string) { s.fail("unban", s.unban(channel, user)) }

func (s *Server) unban(channel, user string) error {
	return s.pair(channel, user, func(b, u string) error { return s.world.Unban(b, b, u) })
}

// Mod makes a user moderator.
func (s *Server) Mod(channel, user string) {
	s.fail("mod", s.setRole(channel, world.Moderator, user, true))
}

// Unmod takes the role of moderator away.
func (s *Server) Unmod(channel, user string) {
	s.fail("unmod", s.setRole(channel, world.Moderator, user, false))
}

// AddVIP makes a user VIP.
func (s *Server) AddVIP(channel, user string) {
	s.fail("vip", s.setRole(channel, world.VIP, user, true))
}

// RemoveVIP takes the role of VIP away.
func (s *Server) RemoveVIP(channel, user string) {
	s.fail("unvip", s.setRole(channel, world.VIP, user, false))
}

func (s *Server) setRole(channel string, role world.Role, user string, on bool) error {
	return s.pair(channel, user, func(b, u string) error {
		if on {
			return s.world.AddRole(b, role, u)
		}
		return s.world.RemoveRole(b, role, u)
	})
}

// SetTitle has the broadcaster change the title of their channel.
func (s *Server) SetTitle(channel, title string) { s.fail("title", s.setTitle(channel, title)) }

func (s *Server) setTitle(channel, title string) error {
	b, err := s.person(channel)
	if err != nil {
		return err
	}
	return s.world.ModifyChannel(b.ID, world.ChannelChange{Title: &title})
}

// DeleteMessage has the broadcaster delete a message.
func (s *Server) DeleteMessage(channel, messageID string) {
	s.fail("delete", s.pair(channel, channel, func(b, _ string) error { return s.world.DeleteMessage(b, b, messageID) }))
}

// ClearChat has the broadcaster delete all messages.
func (s *Server) ClearChat(channel string) {
	s.fail("clear", s.pair(channel, channel, s.world.ClearChat))
}

// RunAd has advertisements run in a channel.
func (s *Server) RunAd(channel string, d time.Duration) {
	b, err := s.person(channel)
	s.fail("ad", errors.Join(err, s.world.RunAd(b.ID, d, false)))
}
