package push

import (
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

type amount struct {
	Value    int    `json:"value"`
	Decimals int    `json:"decimal_places"`
	Currency string `json:"currency"`
}

// charity is what all events about a charity say of it.
type charity struct {
	Name        string `json:"charity_name"`
	Description string `json:"charity_description"`
	Logo        string `json:"charity_logo"`
	Website     string `json:"charity_website"`
}

// campaign is how all events but the one of a donation begin. Twitch names the
// broadcaster otherwise here than anywhere else.
type campaign struct {
	ID               string `json:"id"`
	BroadcasterID    string `json:"broadcaster_id"`
	BroadcasterLogin string `json:"broadcaster_login"`
	BroadcasterName  string `json:"broadcaster_name"`
	charity
	Current amount `json:"current_amount"`
	Target  amount `json:"target_amount"`
}

func charityOf(c world.Campaign) charity { return charity{c.Charity, c.Description, c.Logo, c.Website} }

func campaignOf(b broadcaster, c world.Campaign) campaign {
	return campaign{c.ID, b.ID, b.Login, b.Name, charityOf(c), amount(c.Current), amount(c.Target)}
}

func charityStarted(b broadcaster, f *world.CharityStarted) event {
	return inChannel("channel.charity_campaign.start", "1", b, func() any {
		return struct {
			campaign
			StartedAt time.Time `json:"started_at"`
		}{campaignOf(b, f.Campaign), f.Campaign.StartedAt}
	})
}

func charityProgressed(b broadcaster, f *world.CharityDonated) event {
	return inChannel("channel.charity_campaign.progress", "1", b, func() any { return campaignOf(b, f.Campaign) })
}

func charityStopped(b broadcaster, f *world.CharityStopped) event {
	return inChannel("channel.charity_campaign.stop", "1", b, func() any {
		return struct {
			campaign
			StoppedAt time.Time `json:"stopped_at"`
		}{campaignOf(b, f.Campaign), f.Time}
	})
}

func donated(b broadcaster, f *world.CharityDonated) event {
	return inChannel("channel.charity_campaign.donate", "1", b, func() any {
		return struct {
			ID         string `json:"id"`
			CampaignID string `json:"campaign_id"`
			broadcaster
			user
			charity
			Amount amount `json:"amount"`
		}{f.Donation.ID, f.Campaign.ID, b, asUser(f.Donation.User), charityOf(f.Campaign), amount(f.Donation.Amount)}
	})
}

func donationNotice(w *world.World, b broadcaster, f *world.CharityDonated) event {
	a := f.Donation.Amount
	return notice(w, b, f.Donation.User, "charity_donation", f.Donation.ID, "", func(p *chatNotice) {
		p.SystemMessage = fmt.Sprintf("%s: Donated %s %d.%02d to support %s", f.Donation.User.DisplayName, a.Currency, a.Value/100, a.Value%100, f.Campaign.Charity)
		p.CharityDonation = &noticeDonation{Charity: f.Campaign.Charity}
		p.CharityDonation.Amount.Value, p.CharityDonation.Amount.Decimals, p.CharityDonation.Amount.Currency = a.Value, a.Decimals, a.Currency
	})
}

// goalHead is what all events about a goal have.
type goalHead struct {
	ID string `json:"id"`
	broadcaster
	Kind        string    `json:"type"`
	Description string    `json:"description"`
	Current     int       `json:"current_amount"`
	Target      int       `json:"target_amount"`
	StartedAt   time.Time `json:"started_at"`
}

func goalOf(b broadcaster, g world.Goal) goalHead {
	return goalHead{g.ID, b, g.Kind, g.Description, g.Current, g.Target, g.StartedAt}
}

func goal(what string, b broadcaster, g world.Goal) event {
	return inChannel("channel.goal."+what, "1", b, func() any { return goalOf(b, g) })
}

func goalEnded(b broadcaster, f *world.GoalEnded) event {
	return inChannel("channel.goal.end", "1", b, func() any {
		return struct {
			goalHead
			Achieved bool      `json:"is_achieved"`
			EndedAt  time.Time `json:"ended_at"`
		}{goalOf(b, f.Goal), f.Achieved, f.Time}
	})
}
