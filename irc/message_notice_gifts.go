package irc

// anonymous is the ID of the account that Twitch names as the giver of anonymous gifts.
const anonymous = "274598607"

// A Gift is a subscription that the chatter gave to one user: [KindSubGift]. When it is
// one of many, a [MysteryGift] with the same Origin came before it.
type Gift struct {
	To        User
	Plan      Plan
	PlanName  string // as the broadcaster named it
	Months    int    // how many months the recipient has been subscribed in all
	Duration  int    // how many months were given at once
	Total     int    // how many gifts the chatter has given in this channel; 0 if not shared
	Origin    string // the same for all gifts that were bought together
	Community string // the same for all gifts of one MysteryGift; "" for a single gift
	Theme     string
	Note      string // "fun-string", which Twitch does not describe
	Anonymous bool   // the chatter is then Twitch's account for anonymous gifts
}

// Gift returns the gift of a [KindSubGift] or [KindAnonSubGift].
func (u *UserNotice) Gift() (g Gift, ok bool) {
	if u.Kind != KindSubGift && u.Kind != KindAnonSubGift {
		return Gift{}, false
	}
	g.Anonymous = u.Kind == KindAnonSubGift || u.UserID == anonymous
	u.params(func(k, v string) {
		switch k {
		case "recipient-id":
			g.To.ID = v
		case "recipient-user-name", "recipient-name": // the second is in a sample of Twitch's documentation
			g.To.Login = v
		case "recipient-display-name":
			g.To.DisplayName = unescape(v)
		case "sub-plan":
			g.Plan = plan(v)
		case "sub-plan-name":
			g.PlanName = unescape(v)
		case "months":
			g.Months = number(v)
		case "gift-months":
			g.Duration = number(v)
		case "sender-count":
			g.Total = number(v)
		case "origin-id":
			g.Origin = unescape(v)
		case "community-gift-id":
			g.Community = v
		case "gift-theme":
			g.Theme = v
		case "fun-string":
			g.Note = unescape(v)
		}
	})
	return g, true
}

// A MysteryGift announces subscriptions that the chatter gives to users whom Twitch
// chooses: [KindMysteryGift]. A [Gift] follows for each of them.
type MysteryGift struct {
	Count      int // how many gifts follow
	Plan       Plan
	Total      int    // how many gifts the chatter has given in this channel; 0 if not shared
	Origin     string // the same for all gifts that were bought together
	Community  string // the same for all gifts of this one
	Theme      string
	Anonymous  bool   // the chatter is then Twitch's account for anonymous gifts
	Match      string // what gifts of another giver or of Twitch this one brought about; "" if none
	MatchBonus int
	MatchExtra int
	MatchGiver string // display name of the giver whose gifts are matched
}

// MysteryGift returns the gifts of a [KindMysteryGift] or [KindAnonMysteryGift].
func (u *UserNotice) MysteryGift() (g MysteryGift, ok bool) {
	if u.Kind != KindMysteryGift && u.Kind != KindAnonMysteryGift {
		return MysteryGift{}, false
	}
	g.Anonymous = u.Kind == KindAnonMysteryGift || u.UserID == anonymous
	u.params(func(k, v string) {
		switch k {
		case "mass-gift-count":
			g.Count = number(v)
		case "sub-plan":
			g.Plan = plan(v)
		case "sender-count":
			g.Total = number(v)
		case "origin-id":
			g.Origin = unescape(v)
		case "community-gift-id":
			g.Community = v
		case "gift-theme":
			g.Theme = v
		case "gift-match":
			g.Match = unescape(v)
		case "gift-match-bonus-count":
			g.MatchBonus = number(v)
		case "gift-match-extra-count":
			g.MatchExtra = number(v)
		case "gift-match-gifter-display-name":
			g.MatchGiver = unescape(v)
		}
	})
	return g, true
}

// A GiftUpgrade tells that the chatter goes on paying for a subscription that was a gift:
// [KindGiftUpgrade], [KindAnonGiftUpgrade].
type GiftUpgrade struct {
	From       User // without an ID; empty if the giver is anonymous
	Anonymous  bool
	Promo      string // name of the promotion, if there is one: "Subtember"
	PromoTotal int    // how many gifts the giver has given during it
}

// GiftUpgrade returns the gift of a [KindGiftUpgrade] or [KindAnonGiftUpgrade].
func (u *UserNotice) GiftUpgrade() (g GiftUpgrade, ok bool) {
	if u.Kind != KindGiftUpgrade && u.Kind != KindAnonGiftUpgrade {
		return GiftUpgrade{}, false
	}
	g.Anonymous = u.Kind == KindAnonGiftUpgrade
	u.params(func(k, v string) {
		switch k {
		case "sender-login":
			g.From.Login = v
		case "sender-name":
			g.From.DisplayName = unescape(v)
		case "promo-name":
			g.Promo = unescape(v)
		case "promo-gift-total":
			g.PromoTotal = number(v)
		}
	})
	return g, true
}

// A PayForward tells that the chatter, who was given a subscription, now gives one:
// [KindPayForward], [KindCommunityPayForward].
type PayForward struct {
	From      User // who gave to the chatter; empty if anonymous
	Anonymous bool
	To        User // empty for a KindCommunityPayForward
}

// PayForward returns the givers of a [KindPayForward] or [KindCommunityPayForward].
func (u *UserNotice) PayForward() (p PayForward, ok bool) {
	if u.Kind != KindPayForward && u.Kind != KindCommunityPayForward {
		return PayForward{}, false
	}
	u.params(func(k, v string) {
		switch k {
		case "prior-gifter-anonymous":
			p.Anonymous = isTrue(v)
		case "prior-gifter-id":
			p.From.ID = v
		case "prior-gifter-user-name":
			p.From.Login = v
		case "prior-gifter-display-name":
			p.From.DisplayName = unescape(v)
		case "recipient-id":
			p.To.ID = v
		case "recipient-user-name":
			p.To.Login = v
		case "recipient-display-name":
			p.To.DisplayName = unescape(v)
		}
	})
	return p, true
}

// A RewardGift tells that a purchase of the chatter gave rewards, such as emotes, to
// other viewers: [KindRewardGift].
type RewardGift struct {
	Domain   string
	Selected int    // how many viewers were chosen
	Total    int    // how many rewards were given
	Trigger  string // what was bought: "SUBGIFT", "CHEER"
	Amount   int    // how much of it
}

// RewardGift returns the gift of a [KindRewardGift].
func (u *UserNotice) RewardGift() (r RewardGift, ok bool) {
	if u.Kind != KindRewardGift {
		return RewardGift{}, false
	}
	u.params(func(k, v string) {
		switch k {
		case "domain":
			r.Domain = unescape(v)
		case "selected-count":
			r.Selected = number(v)
		case "total-reward-count":
			r.Total = number(v)
		case "trigger-type":
			r.Trigger = v
		case "trigger-amount":
			r.Amount = number(v)
		}
	})
	return r, true
}

// A PrimeGift tells that a viewer received a gift of the Prime community:
// [KindPrimeGift].
type PrimeGift struct {
	Name string // of the gift
	To   string // display name
	Via  string // "middle-man", which Twitch does not describe
	From string // display name
}

// PrimeGift returns the gift of a [KindPrimeGift].
func (u *UserNotice) PrimeGift() (g PrimeGift, ok bool) {
	if u.Kind != KindPrimeGift {
		return PrimeGift{}, false
	}
	u.params(func(k, v string) {
		switch k {
		case "gift-name":
			g.Name = unescape(v)
		case "recipient":
			g.To = unescape(v)
		case "middle-man":
			g.Via = unescape(v)
		case "sender":
			g.From = unescape(v)
		}
	})
	return g, true
}
