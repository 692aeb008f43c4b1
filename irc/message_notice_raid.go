package irc

import "math"

// A Raid tells that the viewers of another channel come to this one: [KindRaid].
type Raid struct {
	From     User // the broadcaster of that channel
	Viewers  int
	ImageURL string // profile image of From, "" if Twitch sends none
}

// Raid returns the raid of a [KindRaid].
func (u *UserNotice) Raid() (r Raid, ok bool) {
	if u.Kind != KindRaid {
		return Raid{}, false
	}
	r.From.ID = u.UserID // the chatter of the notice is the broadcaster
	u.params(func(k, v string) {
		switch k {
		case "login":
			r.From.Login = v
		case "displayName":
			r.From.DisplayName = unescape(v)
		case "viewerCount":
			r.Viewers = number(v)
		case "profileImageURL":
			r.ImageURL = unescape(v)
		}
	})
	return r, true
}

// Announcement returns the colour of a [KindAnnouncement]: "PRIMARY", "BLUE", "GREEN",
// "ORANGE" or "PURPLE". The announcement itself is the Text of the notice.
func (u *UserNotice) Announcement() (color string, ok bool) {
	if u.Kind != KindAnnouncement {
		return "", false
	}
	return u.Param("color"), true
}

// BitsBadge returns the Bits badge that the chatter has reached, such as 10000, for a
// [KindBitsBadge].
func (u *UserNotice) BitsBadge() (threshold int, ok bool) {
	if u.Kind != KindBitsBadge {
		return 0, false
	}
	return u.Number("threshold"), true
}

// Modiversary returns how many months the chatter has been a moderator of the channel,
// for a [KindModiversary]. The number in System may differ; this one is right.
func (u *UserNotice) Modiversary() (months int, ok bool) {
	if u.Kind != KindModiversary {
		return 0, false
	}
	return u.Number("months"), true
}

// A Milestone is something that a viewer has reached: [KindMilestone].
type Milestone struct {
	ID       string
	Category string // "watch-streak"
	Value    int    // how many streams in a row were watched
	Reward   int    // channel points that the viewer receives; 0 if Twitch does not say
}

// Milestone returns what was reached, for a [KindMilestone].
func (u *UserNotice) Milestone() (m Milestone, ok bool) {
	if u.Kind != KindMilestone {
		return Milestone{}, false
	}
	u.params(func(k, v string) {
		switch k {
		case "id":
			m.ID = v
		case "category":
			m.Category = v
		case "value":
			m.Value = number(v)
		case "copoReward":
			m.Reward = number(v)
		}
	})
	return m, true
}

// A Donation to a charity: [KindDonation].
type Donation struct {
	Charity  string
	Amount   int    // in the smallest unit of the currency: 500 for 5.00
	Exponent int    // how many digits of Amount are behind the point
	Currency string // "USD"
}

// Value returns the amount in units of the currency: 5.0 for 500 cents.
func (d Donation) Value() float64 { return float64(d.Amount) / math.Pow10(d.Exponent) }

// Donation returns the donation of a [KindDonation].
func (u *UserNotice) Donation() (d Donation, ok bool) {
	if u.Kind != KindDonation {
		return Donation{}, false
	}
	u.params(func(k, v string) {
		switch k {
		case "charity-name":
			d.Charity = unescape(v)
		case "donation-amount":
			d.Amount = number(v)
		case "exponent":
			d.Exponent = number(v)
		case "donation-currency":
			d.Currency = v
		}
	})
	return d, true
}

// Ritual returns the name of a [KindRitual]: "new_chatter" when a viewer greets the
// channel for the first time.
func (u *UserNotice) Ritual() (name string, ok bool) {
	if u.Kind != KindRitual {
		return "", false
	}
	return u.Param("ritual-name"), true
}
