package emulator

import (
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// StartPoll has a channel ask its viewers. It returns the poll's id.
func (s *Server) StartPoll(channel, title string, d time.Duration, choices ...string) string {
	id, err := s.startPoll(channel, title, d, choices)
	s.fail("poll", err)
	return id
}

func (s *Server) startPoll(channel, title string, d time.Duration, choices []string) (string, error) {
	b, err := s.person(channel)
	if err != nil {
		return "", err
	}
	p, err := s.world.StartPoll(b.ID, world.NewPoll{Title: title, Choices: choices, Duration: d})
	return p.ID, err
}

// Vote has a user vote in a channel's active poll, for the choice of a title.
func (s *Server) Vote(channel, user, choice string) {
	s.fail("vote", s.vote(channel, user, choice))
}

func (s *Server) vote(channel, user, choice string) error {
	return s.pair(channel, user, func(b, u string) error { return s.world.Vote(b, u, choice) })
}

// StartPrediction has a channel's viewers bet for some time on what will come
// out. It returns the prediction's id.
func (s *Server) StartPrediction(channel, title string, window time.Duration, outcomes ...string) string {
	id, err := s.startPrediction(channel, title, window, outcomes)
	s.fail("prediction", err)
	return id
}

func (s *Server) startPrediction(channel, title string, window time.Duration, outcomes []string) (string, error) {
	b, err := s.person(channel)
	if err != nil {
		return "", err
	}
	p, err := s.world.StartPrediction(b.ID, world.NewPrediction{Title: title, Outcomes: outcomes, Window: window})
	return p.ID, err
}

// PlacePrediction has a user bet channel points on an outcome of a channel's
// active prediction, by its title.
func (s *Server) PlacePrediction(channel, user, outcome string, points int) {
	s.fail("predict", s.predict(channel, user, outcome, points))
}

func (s *Server) predict(channel, user, outcome string, points int) error {
	return s.pair(channel, user, func(b, u string) error { return s.world.Predict(b, u, outcome, points) })
}

// RequestUnban has a user who is banned ask to be let in again. It returns the
// request's id.
func (s *Server) RequestUnban(channel, user, text string) string {
	id, err := s.requestUnban(channel, user, text)
	s.fail("request unban", err)
	return id
}

func (s *Server) requestUnban(channel, user, text string) (id string, err error) {
	err = s.pair(channel, user, func(b, u string) error {
		r, err := s.world.RequestUnban(b, u, text)
		id = r.ID
		return err
	})
	return id, err
}

// AcknowledgeWarning has a user who was warned see the warning, after which
// they can write again.
func (s *Server) AcknowledgeWarning(channel, user string) {
	s.fail("acknowledge", s.pair(channel, user, s.world.AcknowledgeWarning))
}

// BlockTerm has a channel hold back the messages that a term is in. A * at the
// start or end of a word stands for whatever goes on there.
func (s *Server) BlockTerm(channel, term string) { s.fail("block term", s.blockTerm(channel, term)) }

func (s *Server) blockTerm(channel, term string) error {
	return s.pair(channel, channel, func(b, _ string) error {
		_, err := s.world.AddBlockedTerm(b, b, term)
		return err
	})
}

// SetAutoMod sets how strict AutoMod is in a channel: from 0, which is off, to 4.
func (s *Server) SetAutoMod(channel string, level int) {
	s.fail("automod", s.setAutoMod(channel, level))
}

func (s *Server) setAutoMod(channel string, level int) error {
	return s.pair(channel, channel, func(b, _ string) error {
		return s.world.SetAutoMod(b, b, world.OverallAutoMod(min(max(level, 0), 4)))
	})
}

// HeldMessages returns the ids of the messages that wait for a moderator of a
// channel, oldest first.
func (s *Server) HeldMessages(channel string) []string {
	var ids []string
	for _, h := range s.world.HeldMessages(s.UserID(channel)) {
		ids = append(ids, h.Message.ID)
	}
	return ids
}

// ShareChat has a guest's channel share its chat with a host's. Each channel gets copies of
// what is written in the others, and of their notices.
func (s *Server) ShareChat(host, guest string) {
	s.fail("share chat", s.pair(host, guest, s.world.ShareChat))
}

// LeaveSharedChat has a channel leave the chat that it shares.
func (s *Server) LeaveSharedChat(channel string) {
	s.fail("leave shared chat", s.leaveSharedChat(channel))
}

func (s *Server) leaveSharedChat(channel string) error {
	return s.pair(channel, channel, func(b, _ string) error { return s.world.LeaveSharedChat(b) })
}
