package emulator

import "time"

// communityVerbs are actions of viewers and moderators other than chatting.
var communityVerbs = []verb{
	{"poll", "broadcaster, text, seconds, choices", func(s *Server, o order) (any, error) {
		return withID(s.startPoll(o.Broadcaster, o.Text, time.Duration(o.Seconds)*time.Second, o.Choices))
	}},
	{"vote", "broadcaster, user, text of the choice", func(s *Server, o order) (any, error) { return nil, s.vote(o.Broadcaster, o.User, o.Text) }},
	{"prediction", "broadcaster, text, seconds, choices", func(s *Server, o order) (any, error) {
		return withID(s.startPrediction(o.Broadcaster, o.Text, time.Duration(o.Seconds)*time.Second, o.Choices))
	}},
	{"predict", "broadcaster, user, text of the outcome, points", func(s *Server, o order) (any, error) {
		return nil, s.predict(o.Broadcaster, o.User, o.Text, o.Points)
	}},
	{"request-unban", "broadcaster, user[, text]", func(s *Server, o order) (any, error) {
		return withID(s.requestUnban(o.Broadcaster, o.User, o.Text))
	}},
	{"acknowledge-warning", "broadcaster, user", func(s *Server, o order) (any, error) {
		return nil, s.pair(o.Broadcaster, o.User, s.world.AcknowledgeWarning)
	}},
	{"block-term", "broadcaster, text", func(s *Server, o order) (any, error) { return nil, s.blockTerm(o.Broadcaster, o.Text) }},
	{"automod", "broadcaster, level from 0 to 4", func(s *Server, o order) (any, error) { return nil, s.setAutoMod(o.Broadcaster, o.Level) }},
	{"share-chat", "broadcaster who is host, user who is guest", func(s *Server, o order) (any, error) {
		return nil, s.pair(o.Broadcaster, o.User, s.world.ShareChat)
	}},
	{"leave-shared-chat", "broadcaster", func(s *Server, o order) (any, error) { return nil, s.leaveSharedChat(o.Broadcaster) }},
	phoneVerb,
}

func withID(id string, err error) (any, error) { return map[string]string{"id": id}, err }
