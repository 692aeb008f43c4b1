package catchup

import (
	"context"
	"errors"
	"slices"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// campaign is the charity campaign that runs, as far as it is known; it has no ID if
// there is none.
type campaign = eventsub.ChannelCharityCampaignProgress

func updateCampaign(s *campaign, p eventsub.Payload) {
	switch e := p.(type) {
	case *eventsub.ChannelCharityCampaignStart:
		*s = campaign{
			ID: e.ID, BroadcasterID: e.BroadcasterID, BroadcasterLogin: e.BroadcasterLogin, BroadcasterName: e.BroadcasterName,
			CharityName: e.CharityName, CharityDescription: e.CharityDescription, CharityLogo: e.CharityLogo, CharityWebsite: e.CharityWebsite,
			CurrentAmount: e.CurrentAmount, TargetAmount: e.TargetAmount,
		}
	case *eventsub.ChannelCharityCampaignProgress:
		*s = *e
	case *eventsub.ChannelCharityCampaignStop:
		if s.ID == e.ID {
			*s = campaign{}
		}
	}
}

func campaignNow(ctx context.Context, j *job) (campaign, error) {
	return shared(ctx, j, "charity", func() (campaign, error) {
		if err := j.call(); err != nil {
			return campaign{}, err
		}
		c, err := j.tw.Charity.GetCampaign(ctx, helix.GetCharityCampaignParams{BroadcasterID: j.broadcasterID})
		if errors.Is(err, helix.ErrNotFound) {
			return campaign{}, nil
		}
		if err != nil {
			return campaign{}, err
		}
		now := campaign{
			ID: c.ID, BroadcasterID: c.BroadcasterID, BroadcasterLogin: c.BroadcasterLogin, BroadcasterName: c.BroadcasterName,
			CharityName: c.CharityName, CharityDescription: c.CharityDescription, CharityLogo: c.CharityLogo, CharityWebsite: c.CharityWebsite,
			CurrentAmount: eventsub.CharityAmount(c.CurrentAmount),
		}
		if c.TargetAmount != nil {
			now.TargetAmount = eventsub.CharityAmount(*c.TargetAmount)
		}
		return now, nil
	})
}

// campaigns returns a fetch function for events that follow from the campaign before and
// now.
func campaigns(event func(j *job, before, now campaign) eventsub.Payload) func(context.Context, *job) error {
	return func(ctx context.Context, j *job) error {
		now, err := campaignNow(ctx, j)
		if err != nil {
			return err
		}
		before, known := load[campaign](j)
		save(j, now)
		if !known || j.first() {
			return nil
		}
		if p := event(j, before, now); p != nil {
			return j.add("Get Charity Campaign", unknownTime, p)
		}
		return nil
	}
}

// campaignStarted returns the start without its time, which Twitch does not tell.
func campaignStarted(j *job, before, now campaign) eventsub.Payload {
	if now.ID == "" || now.ID == before.ID {
		return nil
	}
	return &eventsub.ChannelCharityCampaignStart{
		ID: now.ID, BroadcasterID: now.BroadcasterID, BroadcasterLogin: now.BroadcasterLogin, BroadcasterName: now.BroadcasterName,
		CharityName: now.CharityName, CharityDescription: now.CharityDescription, CharityLogo: now.CharityLogo, CharityWebsite: now.CharityWebsite,
		CurrentAmount: now.CurrentAmount, TargetAmount: now.TargetAmount, StartedAt: j.m.To,
	}
}

func campaignProgressed(_ *job, before, now campaign) eventsub.Payload {
	if now.ID == "" || now.SemanticKey() == before.SemanticKey() || before.ID == "" && now.CurrentAmount.Value == 0 {
		return nil
	}
	return &now
}

func campaignStopped(j *job, before, now campaign) eventsub.Payload {
	if before.ID == "" || now.ID == before.ID {
		return nil
	}
	return &eventsub.ChannelCharityCampaignStop{
		ID: before.ID, BroadcasterID: before.BroadcasterID, BroadcasterLogin: before.BroadcasterLogin, BroadcasterName: before.BroadcasterName,
		CharityName: before.CharityName, CharityDescription: before.CharityDescription, CharityLogo: before.CharityLogo, CharityWebsite: before.CharityWebsite,
		CurrentAmount: before.CurrentAmount, TargetAmount: before.TargetAmount, StoppedAt: j.m.To,
	}
}

// mostDonations bounds the donations that are remembered.
const mostDonations = 5000

// donations are the ids of the donations to a campaign.
type donations struct {
	Campaign string   `json:"campaign"`
	IDs      []string `json:"ids"`
}

func (s *donations) add(campaignID, id string) {
	if s.Campaign != campaignID {
		*s = donations{Campaign: campaignID}
	}
	if !slices.Contains(s.IDs, id) {
		s.IDs = append(s.IDs, id)
	}
}

func updateDonations(s *donations, p eventsub.Payload) {
	if e, ok := p.(*eventsub.ChannelCharityCampaignDonate); ok {
		s.add(e.CampaignID, e.ID)
	}
}

// donated finds the donations that were not there before. Twitch documents neither
// their times nor their order, so all are read.
func donated(ctx context.Context, j *job) error {
	now, err := campaignNow(ctx, j)
	if err != nil {
		return err
	}
	before, known := load[donations](j)
	after := donations{Campaign: now.ID}
	if now.ID != before.Campaign {
		if before.Campaign != "" && !j.first() {
			j.incomplete("donations to a campaign that has ended cannot be fetched")
		}
		before = donations{Campaign: now.ID}
	}
	if now.ID != "" {
		list, err := all(j, func(cursor string) (*helix.Page[helix.CharityDonation], error) {
			return j.tw.Charity.GetDonations(ctx, helix.GetCharityCampaignDonationsParams{BroadcasterID: j.broadcasterID, First: 100, After: cursor})
		})
		if err != nil {
			return err
		}
		seen := make(map[string]bool, len(before.IDs))
		for _, id := range before.IDs {
			seen[id] = true
		}
		for _, d := range list {
			after.IDs = append(after.IDs, d.ID)
			if seen[d.ID] || !known || j.first() {
				continue
			}
			if err := j.add("Get Charity Campaign Donations", unknownTime, donationOf(d, now)); err != nil {
				return err
			}
		}
	}
	if len(after.IDs) > mostDonations {
		j.incomplete("too many donations to remember")
		return nil // without a state
	}
	save(j, after)
	return nil
}

func donationOf(d helix.CharityDonation, c campaign) *eventsub.ChannelCharityCampaignDonate {
	return &eventsub.ChannelCharityCampaignDonate{
		ID: d.ID, CampaignID: d.CampaignID,
		BroadcasterUserID: c.BroadcasterID, BroadcasterUserLogin: c.BroadcasterLogin, BroadcasterUserName: c.BroadcasterName,
		UserID: d.UserID, UserLogin: d.UserLogin, UserName: d.UserName,
		CharityName: c.CharityName, CharityDescription: c.CharityDescription, CharityLogo: c.CharityLogo, CharityWebsite: c.CharityWebsite,
		Amount: eventsub.CharityAmount(d.Amount),
	}
}
