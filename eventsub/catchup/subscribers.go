package catchup

import (
	"context"
	"slices"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// subscribers are the tiers of subscriptions by user id, with a "g" after the tier of a
// gift.
type subscribers map[string]string

func planOf(tier string, gift bool) string {
	if gift {
		return tier + "g"
	}
	return tier
}

// parsePlan is the reverse of planOf.
func parsePlan(plan string) (tier eventsub.Tier, gift bool) {
	if n := len(plan) - 1; n >= 0 && plan[n] == 'g' {
		return eventsub.Tier(plan[:n]), true
	}
	return eventsub.Tier(plan), false
}

func updateSubscribers(s *subscribers, p eventsub.Payload) {
	switch e := p.(type) {
	case *eventsub.ChannelSubscribe:
		(*s)[e.UserID] = planOf(string(e.Tier), e.IsGift)
	case *eventsub.ChannelSubscriptionMessage:
		(*s)[e.UserID] = planOf(string(e.Tier), false)
	case *eventsub.ChannelSubscriptionEnd:
		delete(*s, e.UserID)
	}
}

// subscriptions returns the subscriptions before the loss and now, and sets the state.
// The broadcaster is subscribed to their own channel: Twitch sends no event for that.
func (j *job) subscriptions(ctx context.Context) (before subscribers, now []helix.Subscription, known bool, err error) {
	now, err = shared(ctx, j, "subscriptions", func() ([]helix.Subscription, error) {
		return all(j, func(after string) (*helix.Page[helix.Subscription], error) {
			page, err := j.tw.Subscriptions.Get(ctx, helix.GetBroadcasterSubscriptionsParams{BroadcasterID: j.broadcasterID, First: 100, After: after})
			if err != nil {
				return nil, err
			}
			return &page.Page, nil
		})
	})
	if err != nil {
		return nil, nil, false, err
	}
	now = slices.DeleteFunc(slices.Clone(now), func(s helix.Subscription) bool { return s.UserID == j.broadcasterID })
	before, known = load[subscribers](j)
	after := make(subscribers, len(now))
	for _, s := range now {
		after[s.UserID] = planOf(string(s.Tier), s.IsGift)
	}
	save(j, after)
	return before, now, known && !j.first(), nil
}

func subscribed(ctx context.Context, j *job) error {
	before, now, known, err := j.subscriptions(ctx)
	if err != nil || !known {
		return err
	}
	for _, s := range now {
		if _, ok := before[s.UserID]; ok {
			continue
		}
		if err := j.add("Get Broadcaster Subscriptions", unknownTime, &eventsub.ChannelSubscribe{
			UserID: s.UserID, UserLogin: s.UserLogin, UserName: s.UserName,
			BroadcasterUserID: s.BroadcasterID, BroadcasterUserLogin: s.BroadcasterLogin, BroadcasterUserName: s.BroadcasterName,
			Tier: eventsub.Tier(s.Tier), IsGift: s.IsGift,
		}); err != nil {
			return err
		}
	}
	return nil
}

func unsubscribed(ctx context.Context, j *job) error {
	before, now, known, err := j.subscriptions(ctx)
	if err != nil || !known {
		return err
	}
	for _, s := range now {
		delete(before, s.UserID)
	}
	return gone(ctx, j, "Get Broadcaster Subscriptions", before, func(u, b helix.User, plan string) eventsub.Payload {
		tier, gift := parsePlan(plan)
		return &eventsub.ChannelSubscriptionEnd{
			UserID: u.ID, UserLogin: u.Login, UserName: u.DisplayName,
			BroadcasterUserID: b.ID, BroadcasterUserLogin: b.Login, BroadcasterUserName: b.DisplayName,
			Tier: tier, IsGift: gift,
		}
	})
}

// anonymousGifter is the account in whose name Twitch gives anonymous gifts.
const anonymousGifter = "274598607"

// gifted counts the new gifts by giver and tier.
func gifted(ctx context.Context, j *job) error {
	before, now, known, err := j.subscriptions(ctx)
	if err != nil || !known {
		return err
	}
	type gifts struct{ giver, tier string }
	count, first := map[gifts]int{}, map[gifts]helix.Subscription{}
	var order []gifts
	for _, s := range now {
		if _, ok := before[s.UserID]; ok || !s.IsGift {
			continue
		}
		g := gifts{s.GifterID, string(s.Tier)}
		if count[g]++; count[g] == 1 {
			first[g] = s
			order = append(order, g)
		}
	}
	for _, g := range order {
		s := first[g]
		e := &eventsub.ChannelSubscriptionGift{
			UserID: s.GifterID, UserLogin: s.GifterLogin, UserName: s.GifterName,
			BroadcasterUserID: s.BroadcasterID, BroadcasterUserLogin: s.BroadcasterLogin, BroadcasterUserName: s.BroadcasterName,
			Total: count[g], Tier: eventsub.Tier(g.tier),
		}
		if g.giver == "" || g.giver == anonymousGifter {
			e.UserID, e.UserLogin, e.UserName, e.IsAnonymous = "", "", "", true
		}
		if err := j.add("Get Broadcaster Subscriptions", unknownTime, e); err != nil {
			return err
		}
	}
	return nil
}
