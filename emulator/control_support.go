package emulator

import (
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// supportVerbs are about rewards, bits, charity, goals and the catalogue.
var supportVerbs = []verb{
	{"reward", "broadcaster title cost text?", "A channel gets a custom reward; text is what it asks for.", "broadcaster=ada title=Hydrate cost=100", func(s *Server, o order) (any, error) {
		return withID(s.addReward(o.Broadcaster, s.ClientID(), world.RewardSettings{Title: o.Title, Cost: o.Cost, Enabled: true, Prompt: o.Text, InputRequired: o.Text != ""}))
	}},
	{"manual-reward", "broadcaster title cost text?", "A broadcaster makes a custom reward by hand: no client may manage it.", "broadcaster=ada title=Hydrate cost=100", func(s *Server, o order) (any, error) {
		return withID(s.addReward(o.Broadcaster, "", world.RewardSettings{Title: o.Title, Cost: o.Cost, Enabled: true, Prompt: o.Text, InputRequired: o.Text != ""}))
	}},
	{"redeem", "broadcaster user title? id? text?", "A user redeems a custom reward, named by title or id.", "broadcaster=ada user=grace title=Hydrate", func(s *Server, o order) (any, error) {
		return withID(s.redeem(o.Broadcaster, o.User, o.named(), o.Text))
	}},
	{"redeem-automatic", "broadcaster user kind text?", "A user redeems an automatic reward; text is the message, or the emote that is chosen.", "broadcaster=ada user=grace kind=send_highlighted_message text=hello", func(s *Server, o order) (any, error) {
		return withID(s.redeemAutomatic(o.Broadcaster, o.User, o.Kind, o.Text))
	}},
	{"power-up", "broadcaster title bits", "A channel gets a custom Power-up.", "broadcaster=ada title=Confetti bits=50", func(s *Server, o order) (any, error) {
		return withID(s.addPowerUp(o.Broadcaster, o.Title, o.Bits))
	}},
	{"redeem-power-up", "broadcaster user title? id? text?", "A user redeems a custom Power-up, named by title or id.", "broadcaster=ada user=grace title=Confetti", func(s *Server, o order) (any, error) {
		return nil, s.redeemPowerUp(o.Broadcaster, o.User, o.named(), o.Text)
	}},
	{"start-charity", "broadcaster title target", "A charity campaign starts; target is in cents.", "broadcaster=ada title='Example Relief' target=100000", func(s *Server, o order) (any, error) {
		return nil, s.startCharity(o.Broadcaster, o.Title, o.Target)
	}},
	{"donate", "broadcaster user cents", "A user donates to the charity campaign.", "broadcaster=ada user=grace cents=500", func(s *Server, o order) (any, error) { return nil, s.donate(o.Broadcaster, o.User, o.Cents) }},
	{"stop-charity", "broadcaster", "A charity campaign ends.", "broadcaster=ada", func(s *Server, o order) (any, error) { return nil, s.stopCharity(o.Broadcaster) }},
	{"start-goal", "broadcaster kind target text?", "A creator goal begins.", "broadcaster=ada kind=follow target=100 text='Reach 100'", func(s *Server, o order) (any, error) {
		return nil, s.startGoal(o.Broadcaster, o.Kind, o.Target, o.Text)
	}},
	{"end-goal", "broadcaster kind", "A creator goal ends.", "broadcaster=ada kind=follow", func(s *Server, o order) (any, error) { return nil, s.endGoal(o.Broadcaster, o.Kind) }},
	{"start-hype-train", "broadcaster", "A Hype Train begins.", "broadcaster=ada", func(s *Server, o order) (any, error) { return nil, s.startHypeTrain(o.Broadcaster) }},
	{"end-hype-train", "broadcaster", "A Hype Train ends.", "broadcaster=ada", func(s *Server, o order) (any, error) { return nil, s.endHypeTrain(o.Broadcaster) }},
	{"schedule-ad", "broadcaster seconds length?", "An ad break is scheduled in some seconds; length is in seconds.", "broadcaster=ada seconds=30 length=60", func(s *Server, o order) (any, error) {
		if o.Length == 0 {
			o.Length = 60
		}
		return nil, s.scheduleAd(o.Broadcaster, time.Duration(o.Seconds)*time.Second, time.Duration(o.Length)*time.Second)
	}},
	{"guest-ready", "broadcaster user", "A guest of Guest Star is ready.", "broadcaster=ada user=grace", func(s *Server, o order) (any, error) { return nil, s.guestReady(o.Broadcaster, o.User) }},
	{"team", "title recipients", "Makes a team; recipients are its members.", "title=Larks recipients=ada recipients=grace", func(s *Server, o order) (any, error) { return nil, s.addTeam(o.Title, o.Recipients) }},
	{"video", "broadcaster kind title length", "A channel gets a video; kind is highlight or upload, length in seconds.", "broadcaster=ada kind=upload title='Best of' length=600", func(s *Server, o order) (any, error) {
		return withID(s.addVideo(o.Broadcaster, o.Kind, o.Title, time.Duration(o.Length)*time.Second))
	}},
	{"drop", "user title id", "A user gets a drop; title is the category, id the benefit.", "user=grace title=Chess id=hat", func(s *Server, o order) (any, error) {
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
