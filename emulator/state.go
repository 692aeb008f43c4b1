package emulator

import (
	"strings"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// UserID returns the id of a login, which comes into being if need be.
func (s *Server) UserID(login string) string {
	u, err := s.person(login)
	s.fail("user", err)
	return u.ID
}

// Title returns a channel's title.
func (s *Server) Title(channel string) string {
	c, _ := s.world.Channel(s.UserID(channel))
	return c.Title
}

// Category returns the name of a channel's category.
func (s *Server) Category(channel string) string {
	c, _ := s.world.Channel(s.UserID(channel))
	return c.Game.Name
}

// IsLive reports whether a channel is live.
func (s *Server) IsLive(channel string) bool {
	_, live := s.world.Stream(s.UserID(channel))
	return live
}

// IsBanned reports whether a user is banned or timed out in a channel.
func (s *Server) IsBanned(channel, user string) bool {
	_, banned := s.world.BanOf(s.UserID(channel), s.UserID(user))
	return banned
}

// HasMessage reports whether a message is in a channel's chat: written, not
// deleted, not too old to be remembered.
func (s *Server) HasMessage(channel, messageID string) bool {
	_, ok := s.world.Message(s.UserID(channel), messageID)
	return ok
}

// IsInChat reports whether a user has a connection in a channel's chat.
func (s *Server) IsInChat(channel, user string) bool {
	for _, u := range s.world.Chatters(s.UserID(channel)) {
		if u.Login == strings.ToLower(user) {
			return true
		}
	}
	return false
}

// Clips returns the ids of a channel's clips, newest first.
func (s *Server) Clips(channel string) []string {
	var ids []string
	id := s.UserID(channel)
	for _, c := range s.world.Clips() {
		if c.Broadcaster.ID == id {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// channelState is a channel as /larkspur/state shows it.
type channelState struct {
	ID            string   `json:"id"`
	Login         string   `json:"login"`
	DisplayName   string   `json:"display_name"`
	Title         string   `json:"title,omitempty"`
	Category      string   `json:"category,omitempty"`
	Live          bool     `json:"live"`
	Viewers       int      `json:"viewers,omitempty"`
	Followers     []string `json:"followers,omitempty"`
	Subscribers   []string `json:"subscribers,omitempty"`
	Moderators    []string `json:"moderators,omitempty"`
	VIPs          []string `json:"vips,omitempty"`
	Banned        []string `json:"banned,omitempty"`
	Chatters      []string `json:"chatters,omitempty"`
	ChatCount     int      `json:"chat_count,omitempty"`
	FollowerCount int      `json:"follower_count,omitempty"`
}

func (s *Server) state() []channelState {
	var all []channelState
	for _, u := range s.world.Users() {
		ch, _ := s.world.Channel(u.ID)
		stream, live := s.world.Stream(u.ID)
		followers := s.world.Followers(u.ID)
		all = append(all, channelState{
			ID: u.ID, Login: u.Login, DisplayName: u.DisplayName, Title: ch.Title, Category: ch.Game.Name,
			Live: live, Viewers: stream.Viewers,
			Followers:     logins(followers, func(f world.Follower) world.User { return f.User }),
			Subscribers:   logins(s.world.Subscribers(u.ID), func(f world.Subscription) world.User { return f.User }),
			Moderators:    logins(s.world.Holders(u.ID, world.Moderator), func(h world.Holder) world.User { return h.User }),
			VIPs:          logins(s.world.Holders(u.ID, world.VIP), func(h world.Holder) world.User { return h.User }),
			Banned:        logins(s.world.Bans(u.ID), func(b world.Ban) world.User { return b.User }),
			Chatters:      logins(s.world.Chatters(u.ID), func(u world.User) world.User { return u }),
			ChatCount:     len(s.world.Messages(u.ID)),
			FollowerCount: len(followers),
		})
	}
	return all
}

func logins[T any](all []T, user func(T) world.User) []string {
	var names []string
	for _, one := range all {
		names = append(names, user(one).Login)
	}
	return names
}
