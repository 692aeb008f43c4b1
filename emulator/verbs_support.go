package emulator

import (
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// AddReward makes a custom reward for channel points, as if the registered
// client had made it: the client may manage it. It returns the reward's id.
func (s *Server) AddReward(channel, title string, cost int) string {
	id, err := s.addReward(channel, s.ClientID(), world.RewardSettings{Title: title, Cost: cost, Enabled: true})
	s.fail("reward", err)
	return id
}

// AddManualReward makes a custom reward as the broadcaster does on Twitch's site: no
// client may manage it, or read its redemptions. It returns the reward's id.
func (s *Server) AddManualReward(channel, title string, cost int) string {
	id, err := s.addReward(channel, "", world.RewardSettings{Title: title, Cost: cost, Enabled: true})
	s.fail("manual reward", err)
	return id
}

func (s *Server) addReward(channel, clientID string, r world.RewardSettings) (id string, err error) {
	err = s.pair(channel, channel, func(b, _ string) error {
		made, err := s.world.AddReward(b, clientID, r)
		id = made.ID
		return err
	})
	return id, err
}

// Redeem has a user redeem a custom reward, which is named by its title or id.
// The text counts where the reward asks for one. It returns the id of the
// redemption.
func (s *Server) Redeem(channel, user, reward, text string) string {
	id, err := s.redeem(channel, user, reward, text)
	s.fail("redeem", err)
	return id
}

func (s *Server) redeem(channel, user, reward, text string) (id string, err error) {
	err = s.pair(channel, user, func(b, u string) error {
		for _, r := range s.world.Rewards(b) {
			if r.ID == reward || r.Title == reward {
				done, err := s.world.Redeem(b, u, r.ID, text)
				id = done.ID
				return err
			}
		}
		return fmt.Errorf("%s has no reward %q", channel, reward)
	})
	return id, err
}

// RedeemAutomatic makes a user redeem an automatic reward: EventSub's name for it, such
// as "send_highlighted_message". Text is the message, or the emote that is chosen. It
// returns the id of the redemption.
func (s *Server) RedeemAutomatic(channel, user, reward, text string) string {
	id, err := s.redeemAutomatic(channel, user, reward, text)
	s.fail("redeem automatic", err)
	return id
}

func (s *Server) redeemAutomatic(channel, user, reward, text string) (id string, err error) {
	err = s.pair(channel, user, func(b, u string) error {
		id, err = s.world.RedeemAutomatic(b, u, world.AutomaticReward(reward), text)
		return err
	})
	return id, err
}

// AddPowerUp makes a custom Power-up, which viewers redeem with bits. It
// returns its id.
func (s *Server) AddPowerUp(channel, title string, bits int) string {
	id, err := s.addPowerUp(channel, title, bits)
	s.fail("power-up", err)
	return id
}

func (s *Server) addPowerUp(channel, title string, bits int) (id string, err error) {
	err = s.pair(channel, channel, func(b, _ string) error {
		made, err := s.world.AddPowerUp(b, world.PowerUp{Title: title, Bits: bits, InputRequired: true})
		id = made.ID
		return err
	})
	return id, err
}

// RedeemPowerUp has a user redeem a custom Power-up, which is named by its title or id.
func (s *Server) RedeemPowerUp(channel, user, powerUp, text string) {
	s.fail("redeem power-up", s.redeemPowerUp(channel, user, powerUp, text))
}

func (s *Server) redeemPowerUp(channel, user, powerUp, text string) error {
	return s.pair(channel, user, func(b, u string) error {
		for _, p := range s.world.PowerUps(b) {
			if p.ID == powerUp || p.Title == powerUp {
				return s.world.RedeemPowerUp(b, u, p.ID, text)
			}
		}
		return fmt.Errorf("%s has no Power-up %q", channel, powerUp)
	})
}

// StartCharity begins a charity campaign with a target in US cents.
func (s *Server) StartCharity(channel, charity string, target int) {
	s.fail("charity", s.startCharity(channel, charity, target))
}

func (s *Server) startCharity(channel, charity string, target int) error {
	return s.pair(channel, channel, func(b, _ string) error {
		_, err := s.world.StartCampaign(b, charity, target)
		return err
	})
}

// Donate has a user give to a channel's charity campaign, in US cents.
func (s *Server) Donate(channel, user string, cents int) {
	s.fail("donate", s.donate(channel, user, cents))
}

func (s *Server) donate(channel, user string, cents int) error {
	return s.pair(channel, user, func(b, u string) error {
		_, err := s.world.Donate(b, u, cents)
		return err
	})
}

// StopCharity ends a charity campaign.
func (s *Server) StopCharity(channel string) { s.fail("stop charity", s.stopCharity(channel)) }

func (s *Server) stopCharity(channel string) error {
	return s.pair(channel, channel, func(b, _ string) error { return s.world.StopCampaign(b) })
}

// StartGoal begins a goal. Kind is EventSub's word: "follow", "subscription"
// (points), "subscription_count", "new_subscription", "new_subscription_count",
// "new_bit", "new_cheerer". What viewers do moves it, and it ends once reached.
func (s *Server) StartGoal(channel, kind string, target int, description string) {
	s.fail("goal", s.startGoal(channel, kind, target, description))
}

func (s *Server) startGoal(channel, kind string, target int, description string) error {
	return s.pair(channel, channel, func(b, _ string) error {
		_, err := s.world.StartGoal(b, kind, target, description)
		return err
	})
}

// EndGoal gives a goal up.
func (s *Server) EndGoal(channel, kind string) { s.fail("end goal", s.endGoal(channel, kind)) }

func (s *Server) endGoal(channel, kind string) error {
	return s.pair(channel, channel, func(b, _ string) error { return s.world.EndGoal(b, kind) })
}

// StartHypeTrain starts a hype train. Bits and subscriptions drive it on; it
// ends by itself after five minutes without a new level.
func (s *Server) StartHypeTrain(channel string) { s.fail("hype train", s.startHypeTrain(channel)) }

func (s *Server) startHypeTrain(channel string) error {
	return s.pair(channel, channel, func(b, _ string) error {
		_, err := s.world.StartHypeTrain(b)
		return err
	})
}

// EndHypeTrain ends a hype train before its time.
func (s *Server) EndHypeTrain(channel string) { s.fail("end hype train", s.endHypeTrain(channel)) }

func (s *Server) endHypeTrain(channel string) error {
	return s.pair(channel, channel, func(b, _ string) error { return s.world.EndHypeTrain(b) })
}

// ScheduleAd has advertisements run by themselves after some time.
func (s *Server) ScheduleAd(channel string, in, length time.Duration) {
	s.fail("schedule ad", s.scheduleAd(channel, in, length))
}

func (s *Server) scheduleAd(channel string, in, length time.Duration) error {
	return s.pair(channel, channel, func(b, _ string) error { return s.world.ScheduleAd(b, in, length) })
}

// GuestReady makes a user who was invited to Guest Star accept, and be ready.
func (s *Server) GuestReady(channel, user string) { s.fail("guest", s.guestReady(channel, user)) }

func (s *Server) guestReady(channel, user string) error {
	return s.pair(channel, user, func(b, u string) error {
		session, _ := s.world.GuestStar(b)
		return s.world.GuestReady(world.GuestMove{BroadcasterID: b, SessionID: session.ID, GuestID: u})
	})
}
