package world

import (
	"net/http"
	"slices"
	"time"
)

// An Amount is money: Value 1250 with two Decimals is 12.50.
type Amount struct {
	Value    int
	Decimals int
	Currency string // ISO 4217
}

// A Campaign is a broadcaster's charity campaign.
type Campaign struct {
	ID          string
	Broadcaster User
	Charity     string
	Description string
	Logo        string
	Website     string
	Current     Amount
	Target      Amount
	StartedAt   time.Time
}

// A Donation is a donation to a [Campaign].
type Donation struct {
	ID         string
	CampaignID string
	User       User
	Amount     Amount
}

// charity is the state of a channel's campaign.
type charity struct {
	campaign  *Campaign // nil: none runs
	donations []Donation
}

// CharityStarted is the fact that a charity campaign began.
type CharityStarted struct {
	About
	Campaign Campaign
}

// CharityDonated is the fact of a donation; Campaign includes it.
type CharityDonated struct {
	About
	Campaign Campaign
	Donation Donation
}

// CharityStopped is the fact that a charity campaign ended.
type CharityStopped struct {
	About
	Campaign Campaign
}

// StartCampaign begins a charity campaign, in US dollars. Only Charity and
// Target's value, in cents, are needed.
func (w *World) StartCampaign(broadcasterID, name string, target int) (Campaign, error) {
	c := w.begin()
	defer c.end()
	b, ch, err := w.supported(broadcasterID)
	if err != nil {
		return Campaign{}, err
	}
	if ch.charity.campaign != nil {
		return Campaign{}, badRequest("The broadcaster has a charity campaign already.")
	}
	if name == "" || target <= 0 {
		return Campaign{}, badRequest("A charity campaign needs a charity and a target.")
	}
	id := w.uuid()
	ch.charity = charity{campaign: &Campaign{
		ID: id, Broadcaster: *b, Charity: name, Description: "For the good cause of " + name + ".",
		Logo: "https://static-cdn.jtvnw.net/ppgf-images/" + id + ".png", Website: "https://example.org/",
		Current: Amount{0, 2, "USD"}, Target: Amount{target, 2, "USD"}, StartedAt: c.now,
	}}
	c.tell(CharityStarted{About: c.about(b), Campaign: *ch.charity.campaign})
	return *ch.charity.campaign, nil
}

func (w *World) campaign(broadcasterID string) (*User, *channel, error) {
	b, ch, err := w.broadcaster(broadcasterID)
	if err == nil && ch.charity.campaign == nil {
		err = refuse(http.StatusNotFound, "The broadcaster has no charity campaign.")
	}
	return b, ch, err
}

// Donate adds a donation to a broadcaster's charity campaign, in cents.
func (w *World) Donate(broadcasterID, userID string, cents int) (Donation, error) {
	c := w.begin()
	defer c.end()
	b, ch, err := w.campaign(broadcasterID)
	if err != nil {
		return Donation{}, err
	}
	u, err := w.user(userID)
	if err != nil {
		return Donation{}, err
	}
	if cents <= 0 {
		return Donation{}, badRequest("The amount of a donation must be positive.")
	}
	d := Donation{ID: w.uuid(), CampaignID: ch.charity.campaign.ID, User: *u, Amount: Amount{cents, 2, "USD"}}
	ch.charity.campaign.Current.Value += cents
	ch.charity.donations = append(ch.charity.donations, d)
	c.tell(CharityDonated{About: c.about(b), Campaign: *ch.charity.campaign, Donation: d})
	return d, nil
}

// StopCampaign ends a charity campaign.
func (w *World) StopCampaign(broadcasterID string) error {
	c := w.begin()
	defer c.end()
	b, ch, err := w.campaign(broadcasterID)
	if err != nil {
		return err
	}
	ended := *ch.charity.campaign
	ch.charity.campaign = nil
	c.tell(CharityStopped{About: c.about(b), Campaign: ended})
	return nil
}

// Campaign returns a broadcaster's charity campaign, if one runs.
func (w *World) Campaign(broadcasterID string) (Campaign, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	ch := w.channels[broadcasterID]
	if ch == nil || ch.charity.campaign == nil {
		return Campaign{}, false
	}
	return *ch.charity.campaign, true
}

// Donations returns what was given to the campaign that runs, newest first.
func (w *World) Donations(broadcasterID string) []Donation {
	w.mu.RLock()
	defer w.mu.RUnlock()
	ch := w.channels[broadcasterID]
	if ch == nil || ch.charity.campaign == nil {
		return nil
	}
	all := slices.Clone(ch.charity.donations)
	slices.Reverse(all)
	return all
}
