package emulator

import "time"

// communityVerbs are actions of viewers and moderators other than chatting.
var communityVerbs = []verb{
	{"poll", "broadcaster text seconds choices", "A poll begins; text is its question.", "broadcaster=ada text='Which opening?' seconds=60 choices=Sicilian choices=Italian", func(s *Server, o order) (any, error) {
		return withID(s.startPoll(o.Broadcaster, o.Text, time.Duration(o.Seconds)*time.Second, o.Choices))
	}},
	{"vote", "broadcaster user text", "A user votes for the choice with this text.", "broadcaster=ada user=grace text=Italian", func(s *Server, o order) (any, error) { return nil, s.vote(o.Broadcaster, o.User, o.Text) }},
	{"prediction", "broadcaster text seconds choices", "A prediction begins.", "broadcaster=ada text='Who wins?' seconds=60 choices=White choices=Black", func(s *Server, o order) (any, error) {
		return withID(s.startPrediction(o.Broadcaster, o.Text, time.Duration(o.Seconds)*time.Second, o.Choices))
	}},
	{"predict", "broadcaster user text points", "A user predicts the outcome with this text.", "broadcaster=ada user=grace text=White points=100", func(s *Server, o order) (any, error) {
		return nil, s.predict(o.Broadcaster, o.User, o.Text, o.Points)
	}},
	{"request-unban", "broadcaster user text?", "A banned user asks to be unbanned.", "broadcaster=ada user=spammer text=sorry", func(s *Server, o order) (any, error) {
		return withID(s.requestUnban(o.Broadcaster, o.User, o.Text))
	}},
	{"acknowledge-warning", "broadcaster user", "A user acknowledges a warning.", "broadcaster=ada user=grace", func(s *Server, o order) (any, error) {
		return nil, s.pair(o.Broadcaster, o.User, s.world.AcknowledgeWarning)
	}},
	{"block-term", "broadcaster text", "The broadcaster blocks a term in chat.", "broadcaster=ada text=spoiler", func(s *Server, o order) (any, error) { return nil, s.blockTerm(o.Broadcaster, o.Text) }},
	{"automod", "broadcaster level", "The broadcaster sets AutoMod to a level from 0 to 4.", "broadcaster=ada level=2", func(s *Server, o order) (any, error) { return nil, s.setAutoMod(o.Broadcaster, o.Level) }},
	{"share-chat", "broadcaster user", "The channel of user joins the shared chat of broadcaster.", "broadcaster=ada user=grace", func(s *Server, o order) (any, error) {
		return nil, s.pair(o.Broadcaster, o.User, s.world.ShareChat)
	}},
	{"leave-shared-chat", "broadcaster", "A channel leaves a shared chat.", "broadcaster=ada", func(s *Server, o order) (any, error) { return nil, s.leaveSharedChat(o.Broadcaster) }},
	phoneVerb,
}

func withID(id string, err error) (any, error) { return map[string]string{"id": id}, err }
