package chat

import (
	"slices"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// unsharedKinds are the notices that other channels of a shared chat do not get.
var unsharedKinds = []string{
	"unraid", "bitsbadgetier", "charitydonation", "viewermilestone", "ritual", "rewardgift",
	"onetapstreakstarted", "onetapstreakexpired", "onetapbreakpointachieved", "onetapgiftredeemed",
}

// tellAll sends a notice to a channel and, as a sharedchatnotice, to those that share its chat.
func (s *Server) tellAll(b world.User, n userNotice) {
	others := s.world.SharedWith(b.ID)
	if len(others) > 0 {
		n.badges = s.badgesOf(b.ID, n)
		n.unshared = n.unshared || slices.Contains(unsharedKinds, n.kind)
		n.source = &noticeSource{n.id, n.kind, b, n.badges, n.unshared}
	}
	s.commands(b.ID, func() *message { return s.usernotice(b, n) })
	if n.unshared {
		return
	}
	for _, to := range others {
		s.commands(to.ID, func() *message {
			shared := n
			shared.id, shared.kind, shared.badges = world.CopyID(n.id, to.ID), "sharedchatnotice", nil
			return s.usernotice(to, shared)
		})
	}
}

func (s *Server) badgesOf(broadcasterID string, n userNotice) []world.Badge {
	if n.badges != nil {
		return n.badges
	}
	return s.world.Badges(broadcasterID, n.user.ID)
}

// noticed is a notice that stands for nothing else.
func noticed(f world.ChatNotice) userNotice {
	n := userNotice{id: f.MessageID, kind: f.Kind, user: f.User, text: f.Text, system: f.System, at: f.Time}
	for _, p := range f.Params {
		n.params.add(p.Key, p.Value)
	}
	return n
}

// unraided is the notice in the channel whose raid was taken back.
func unraided(f world.RaidCancelled) userNotice {
	return userNotice{id: f.MessageID, kind: "unraid", user: f.Broadcaster, system: "The raid has been canceled.", at: f.Time}
}
