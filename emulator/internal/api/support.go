package api

import "github.com/larkspur-dev/larkspur/emulator/internal/world"

func showAmount(a world.Amount) obj {
	return obj{"value": a.Value, "decimal_places": a.Decimals, "currency": a.Currency}
}

// supported refuses the charity of broadcasters who are neither partner nor affiliate.
func (c *call) supported() error {
	b, err := c.user("broadcaster_id")
	if err == nil && b.BroadcasterType == "" {
		err = forbidden("The broadcaster must be a partner or affiliate.")
	}
	return err
}

func getCampaign(c *call) (obj, error) {
	if err := c.supported(); err != nil {
		return nil, err
	}
	p, ok := c.world.Campaign(c.broadcaster())
	if !ok {
		return data(), nil
	}
	return data(obj{
		"id": p.ID, "broadcaster_id": p.Broadcaster.ID, "broadcaster_login": p.Broadcaster.Login, "broadcaster_name": p.Broadcaster.DisplayName,
		"charity_name": p.Charity, "charity_description": p.Description, "charity_logo": p.Logo, "charity_website": p.Website,
		"current_amount": showAmount(p.Current), "target_amount": showAmount(p.Target),
	}), nil
}

func getDonations(c *call) (obj, error) {
	if err := c.supported(); err != nil {
		return nil, err
	}
	return page(c, c.world.Donations(c.broadcaster()), func(d world.Donation) string { return d.ID }, func(d world.Donation) obj {
		o := showWho(d.User)
		o["id"], o["campaign_id"], o["amount"] = d.ID, d.CampaignID, showAmount(d.Amount)
		return o
	})
}

func getGoals(c *call) (obj, error) {
	return data(every(c.world.Goals(c.broadcaster()), func(g world.Goal) obj {
		kind := g.Kind
		if kind == "follow" { // EventSub's word
			kind = "follower"
		}
		return obj{
			"id": g.ID, "broadcaster_id": g.Broadcaster.ID, "broadcaster_name": g.Broadcaster.DisplayName, "broadcaster_login": g.Broadcaster.Login,
			"type": kind, "description": g.Description, "current_amount": g.Current, "target_amount": g.Target, "created_at": stamp(g.StartedAt),
		}
	})...), nil
}

func getHypeTrain(c *call) (obj, error) {
	t, best, running := c.world.HypeTrain(c.broadcaster())
	o := obj{"current": nil, "all_time_high": nil, "shared_all_time_high": nil}
	if !best.At.IsZero() {
		o["all_time_high"] = obj{"level": best.Level, "total": best.Total, "achieved_at": stamp(best.At)}
	}
	if running {
		o["current"] = obj{
			"id": t.ID, "broadcaster_user_id": t.Broadcaster.ID, "broadcaster_user_login": t.Broadcaster.Login,
			"broadcaster_user_name": t.Broadcaster.DisplayName, "level": t.Level, "total": t.Total, "progress": t.Progress, "goal": t.Goal,
			"top_contributions": every(t.Top, func(one world.Contribution) obj {
				top := showWho(one.User)
				top["type"], top["total"] = one.Kind, one.Total
				return top
			}),
			"shared_train_participants": nil, "started_at": stamp(t.StartedAt), "expires_at": stamp(t.ExpiresAt),
			"type": "regular", "is_shared_train": false,
		}
	}
	return data(o), nil
}
