package api

import "github.com/larkspur-dev/larkspur/emulator/internal/push"

func createSubscription(c *call) (obj, error) {
	if c.eventsub == nil {
		return nil, notEmulated(c.endpoint)
	}
	var request push.Request
	if err := c.decode(&request); err != nil {
		return nil, bad("Error parsing the body: all values of the condition must be texts.")
	}
	sub, err := c.eventsub.Create(c.grant, request)
	if err != nil {
		return nil, err
	}
	all := c.eventsub.List(c.grant, push.Filter{ID: sub.ID}) // the totals are those of all
	return obj{
		"data": []push.Subscription{sub}, "total": all.Total, "total_cost": all.TotalCost, "max_total_cost": all.MaxTotalCost,
	}, nil
}

func getSubscriptions(c *call) (obj, error) {
	if c.eventsub == nil {
		return nil, notEmulated(c.endpoint)
	}
	all := c.eventsub.List(c.grant, push.Filter{
		ID: c.get("subscription_id"), Status: c.get("status"), Type: c.get("type"), UserID: c.get("user_id"),
		ConduitID: c.get("conduit_id"),
	})
	answer, err := pageOf(c, all.Subscriptions, 100, func(s push.Subscription) string { return s.ID }, func(s push.Subscription) any { return s })
	if err != nil {
		return nil, err
	}
	answer["total"], answer["total_cost"], answer["max_total_cost"] = all.Total, all.TotalCost, all.MaxTotalCost
	return answer, nil
}

func deleteSubscription(c *call) (obj, error) {
	if c.eventsub == nil {
		return nil, notEmulated(c.endpoint)
	}
	return nil, c.eventsub.Delete(c.grant, c.get("id"))
}
