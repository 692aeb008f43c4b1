package emulator

import (
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// supportVerbs are about rewards, bits, charity, goals and the catalogue.
var supportVerbs = []verb{
	{"reward", "broadcaster, title, cost[, text that it asks for]", func(s *Server, o order) (any, error) {
		return withID(s.addReward(o.Broadcaster, world.RewardSettings{Title: o.Title, Cost: o.Cost, Enabled: true, Prompt: o.Text, InputRequired: o.Text != ""}))
	}},
	{"redeem", "broadcaster, user, title or id of the reward[, text]", func(s *Server, o order) (any, error) {
		return withID(s.redeem(o.Broadcaster, o.User, o.named(), o.Text))
	}},
	{"redeem-automatic", "broadcaster, user, kind of the automatic reward[, text: the message, or the emote that is chosen]", func(s *Server, o order) (any, error) {
		return withID(s.redeemAutomatic(o.Broadcaster, o.User, o.Kind, o.Text))
	}},
	{"power-up", "broadcaster, title, bits", func(s *Server, o order) (any, error) {
		return withID(s.addPowerUp(o.Broadcaster, o.Title, o.Bits))
	}},
	{"redeem-power-up", "broadcaster, user, title or id of the Power-up[, text]", func(s *Server, o order) (any, error) {
		return nil, s.redeemPowerUp(o.Broadcaster, o.User, o.named(), o.Text)
	}},
	{"start-charity", "broadcaster, title of the charity, target in cents", func(s *Server, o order) (any, error) {
		return nil, s.startCharity(o.Broadcaster, o.Title, o.Target)
	}},
	{"donate", "broadcaster, user, cents", func(s *Server, o order) (any, error) { return nil, s.donate(o.Broadcaster, o.User, o.Cents) }},
	{"stop-charity", "broadcaster", func(s *Server, o order) (any, error) { return nil, s.stopCharity(o.Broadcaster) }},
	{"start-goal", "broadcaster, kind, target[, text]", func(s *Server, o order) (any, error) {
		return nil, s.startGoal(o.Broadcaster, o.Kind, o.Target, o.Text)
	}},
	{"end-goal", "broadcaster, kind", func(s *Server, o order) (any, error) { return nil, s.endGoal(o.Broadcaster, o.Kind) }},
	{"start-hype-train", "broadcaster", func(s *Server, o order) (any, error) { return nil, s.startHypeTrain(o.Broadcaster) }},
	{"end-hype-train", "broadcaster", func(s *Server, o order) (any, error) { return nil, s.endHypeTrain(o.Broadcaster) }},
	{"schedule-ad", "broadcaster, seconds until then[, length in seconds]", func(s *Server, o order) (any, error) {
		if o.Length == 0 {
			o.Length = 60
		}
		return nil, s.scheduleAd(o.Broadcaster, time.Duration(o.Seconds)*time.Second, time.Duration(o.Length)*time.Second)
	}},
	{"guest-ready", "broadcaster, user", func(s *Server, o order) (any, error) { return nil, s.guestReady(o.Broadcaster, o.User) }},
	{"team", "title, recipients who are its members", func(s *Server, o order) (any, error) { return nil, s.addTeam(o.Title, o.Recipients) }},
	{"video", "broadcaster, kind: highlight or upload, title, length in seconds", func(s *Server, o order) (any, error) {
		return withID(s.addVideo(o.Broadcaster, o.Kind, o.Title, time.Duration(o.Length)*time.Second))
	}},
	{"drop", "user, title of the category, id of the benefit", func(s *Server, o order) (any, error) {
		return withID(s.grantDrop(o.User, o.Title, o.ID))
	}},
}

// named returns the id of an order, or its title if it has none.
func (o order) named() string {
	if o.ID != "" {
		return o.ID
	}
	return o.Title
}
