package world

import (
	"slices"
	"strconv"
	"time"
)

// A Subscription is a paid or given subscription to a channel.
type Subscription struct {
	User   User
	Tier   string // "1000", "2000", "3000"
	Prime  bool   // paid with Prime; Tier is "1000" then
	IsGift bool
	Gifter User // zero: anonymous, or no gift
	Since  time.Time
	Months int // altogether, the current one included
}

func tier(t string) (string, error) {
	switch t {
	case "":
		return "1000", nil
	case "1000", "2000", "3000":
		return t, nil
	}
	return "", badRequest("The tier %q is not 1000, 2000 or 3000.", t)
}

// Subscribers returns a channel's subscribers, newest first.
func (w *World) Subscribers(broadcasterID string) []Subscription {
	w.mu.RLock()
	defer w.mu.RUnlock()
	ch := w.channels[broadcasterID]
	if ch == nil {
		return nil
	}
	all := make([]Subscription, 0, len(ch.subbed))
	for _, id := range slices.Backward(ch.subbed) {
		all = append(all, *ch.subs[id])
	}
	return all
}

// SubscriptionOf returns a user's subscription to a channel.
func (w *World) SubscriptionOf(broadcasterID, userID string) (Subscription, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	ch := w.channels[broadcasterID]
	if ch == nil || ch.subs[userID] == nil {
		return Subscription{}, false
	}
	return *ch.subs[userID], true
}

// StartSubscription makes a user subscribe to a channel; tier "" is "1000", and "Prime" is
// a subscription that is paid with Prime.
func (w *World) StartSubscription(broadcasterID, userID, tierID string) error {
	c := w.begin()
	defer c.end()
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return err
	}
	u, err := w.user(userID)
	if err != nil {
		return err
	}
	prime := tierID == "Prime"
	if prime {
		tierID = ""
	}
	if tierID, err = tier(tierID); err != nil {
		return err
	}
	if ch.subs[u.ID] != nil {
		return badRequest("The user is subscribed already.")
	}
	ch.subscribe(&Subscription{User: *u, Tier: tierID, Prime: prime, Since: c.now, Months: 1})
	c.tell(Subscribed{About: c.about(b), User: *u, Tier: tierID, Prime: prime, MessageID: w.uuid()})
	return nil
}

func (ch *channel) subscribe(s *Subscription) {
	ch.subs[s.User.ID] = s
	ch.subbed = append(ch.subbed, s.User.ID)
}

// EndSubscription ends a user's subscription.
func (w *World) EndSubscription(broadcasterID, userID string) error {
	c := w.begin()
	defer c.end()
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return err
	}
	s := ch.subs[userID]
	if s == nil {
		return badRequest("The user is not subscribed.")
	}
	delete(ch.subs, userID)
	ch.subbed = slices.DeleteFunc(ch.subbed, func(id string) bool { return id == userID })
	c.tell(SubscriptionEnded{About: c.about(b), User: s.User, Tier: s.Tier, IsGift: s.IsGift})
	return nil
}

// Resubscribe has a subscriber share another month. Months 0 is one more than
// before; who was no subscriber becomes one.
func (w *World) Resubscribe(broadcasterID, userID, text string, months int) error {
	c := w.begin()
	defer c.end()
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return err
	}
	u, err := w.user(userID)
	if err != nil {
		return err
	}
	s := ch.subs[u.ID]
	if s == nil {
		s = &Subscription{User: *u, Tier: "1000", Since: c.now, Months: 1}
		ch.subscribe(s)
	}
	if months == 0 {
		months = s.Months + 1
	}
	s.Months = months
	c.tell(Resubscribed{
		About: c.about(b), User: *u, Tier: s.Tier, Prime: s.Prime, IsGift: s.IsGift, Gifter: s.Gifter, CumulativeMonths: months, StreakMonths: months, DurationMonths: 1, Text: cut(text), MessageID: w.uuid(),
	})
	return nil
}

// GiftSubscriptions gives subscriptions to recipients who have none. GifterID
// "" is an anonymous gifter.
func (w *World) GiftSubscriptions(broadcasterID, gifterID, tierID string, recipientIDs []string) error {
	c := w.begin()
	defer c.end()
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return err
	}
	if tierID, err = tier(tierID); err != nil {
		return err
	}
	var gifter User
	if gifterID != "" {
		u, err := w.user(gifterID)
		if err != nil {
			return err
		}
		gifter = *u
	}
	var recipients []User
	for _, id := range recipientIDs {
		u, err := w.user(id)
		if err != nil {
			return err
		}
		if ch.subs[u.ID] == nil {
			recipients = append(recipients, *u)
		}
	}
	if len(recipients) == 0 {
		return badRequest("All recipients are subscribed already.")
	}
	giftID := strconv.FormatUint(w.rng.Uint64()>>1, 10)
	ch.gifts[gifterID] += len(recipients)
	c.tell(GiftSubs{
		About: c.about(b), Gifter: gifter, Anonymous: gifterID == "", Tier: tierID, Total: len(recipients),
		CumulativeTotal: ch.gifts[gifterID], Recipients: recipients, GiftID: giftID, MessageID: w.uuid(),
	})
	for _, u := range recipients {
		ch.subscribe(&Subscription{User: u, Tier: tierID, IsGift: true, Gifter: gifter, Since: c.now, Months: 1})
		c.tell(Subscribed{About: c.about(b), User: u, Tier: tierID, IsGift: true, Gifter: gifter, GiftID: giftID, MessageID: w.uuid()})
	}
	return nil
}
