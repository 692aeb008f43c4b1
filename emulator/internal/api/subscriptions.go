package api

import (
	"net/http"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

var planNames = map[string]string{"1000": "Channel Subscription", "2000": "Channel Subscription: Tier 2", "3000": "Channel Subscription: Tier 3"}

// points are what a subscription counts towards emote slots.
var points = map[string]int{"1000": 1, "2000": 2, "3000": 6}

func showSubscription(b world.User, s world.Subscription) obj {
	return obj{
		"broadcaster_id": b.ID, "broadcaster_login": b.Login, "broadcaster_name": b.DisplayName,
		"gifter_id": s.Gifter.ID, "gifter_login": s.Gifter.Login, "gifter_name": s.Gifter.DisplayName, "is_gift": s.IsGift,
		"plan_name": planNames[s.Tier], "tier": s.Tier, "user_id": s.User.ID, "user_login": s.User.Login, "user_name": s.User.DisplayName,
	}
}

func getSubscribers(c *call) (obj, error) {
	b, err := c.user("broadcaster_id")
	if err != nil {
		return nil, err
	}
	all := c.world.Subscribers(b.ID)
	total, sum := len(all), 0
	for _, s := range all {
		sum += points[s.Tier]
	}
	id := func(s world.Subscription) string { return s.User.ID }
	answer, err := page(c, only(c, "user_id", all, id), id, func(s world.Subscription) obj { return showSubscription(b, s) })
	if err != nil {
		return nil, err
	}
	answer["total"], answer["points"] = total, sum
	return answer, nil
}

func checkSubscription(c *call) (obj, error) {
	b, err := c.user("broadcaster_id")
	if err != nil {
		return nil, err
	}
	u, err := c.user("user_id")
	if err != nil {
		return nil, err
	}
	s, ok := c.world.SubscriptionOf(b.ID, u.ID)
	if !ok {
		return nil, &world.Error{Status: http.StatusNotFound, Message: u.Login + " has no subscription to " + b.Login}
	}
	o := obj{
		"broadcaster_id": b.ID, "broadcaster_login": b.Login, "broadcaster_name": b.DisplayName, "is_gift": s.IsGift, "tier": s.Tier,
	}
	if s.IsGift {
		o["gifter_id"], o["gifter_login"], o["gifter_name"] = s.Gifter.ID, s.Gifter.Login, s.Gifter.DisplayName
	}
	return data(o), nil
}
