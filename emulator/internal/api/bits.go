package api

import (
	"slices"
	"strconv"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// period returns the bounds of the time that a leaderboard is about; both are
// zero for all time.
func (c *call) period() (from, to time.Time, err error) {
	name := c.query.Get("period")
	if name == "" || name == "all" {
		return time.Time{}, time.Time{}, nil
	}
	at, err := c.moment("started_at")
	if err != nil {
		return time.Time{}, time.Time{}, err
	}
	if at.IsZero() {
		return time.Time{}, time.Time{}, missing("started_at")
	}
	year, month, day := at.UTC().Date()
	switch name {
	case "week": // begins on Monday
		from = time.Date(year, month, day-(int(at.UTC().Weekday())+6)%7, 0, 0, 0, 0, time.UTC)
		return from, from.AddDate(0, 0, 7), nil
	case "month":
		from = time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
		return from, from.AddDate(0, 1, 0), nil
	case "year":
		from = time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
		return from, from.AddDate(1, 0, 0), nil
	}
	from = time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	return from, from.AddDate(0, 0, 1), nil
}

// getBitsLeaderboard counts days in UTC; Twitch counts them in Los Angeles.
func getBitsLeaderboard(c *call) (obj, error) {
	from, to, err := c.period()
	if err != nil {
		return nil, err
	}
	scores := c.world.Leaderboard(c.grant.UserID, from, to)
	items := []obj{}
	for i, s := range scores {
		if id := c.query.Get("user_id"); id != "" && s.User.ID != id {
			continue
		}
		o := showWho(s.User)
		o["rank"], o["score"] = i+1, s.Bits
		items = append(items, o)
	}
	answer := data(items[:min(len(items), c.count("count", 10))]...)
	answer["date_range"] = obj{"started_at": stampOrEmpty(from), "ended_at": stampOrEmpty(to)}
	answer["total"] = len(items)
	return answer, nil
}

// cheerTiers are how many bits lift a cheermote to another picture, and its colour.
var cheerTiers = []struct {
	bits  int
	color string
}{{1, "#979797"}, {100, "#9c3ee8"}, {1000, "#1db2a5"}, {5000, "#0099fe"}, {10000, "#f43021"}}

// getCheermotes knows the one cheermote that the world does.
func getCheermotes(c *call) (obj, error) {
	if c.has("broadcaster_id") {
		if _, err := c.user("broadcaster_id"); err != nil {
			return nil, err
		}
	}
	tiers := []obj{}
	for _, tier := range cheerTiers {
		images := obj{}
		for _, theme := range []string{"dark", "light"} {
			images[theme] = obj{"animated": cheerImages(theme, "animated", tier.bits, "gif"), "static": cheerImages(theme, "static", tier.bits, "png")}
		}
		tiers = append(tiers, obj{
			"min_bits": tier.bits, "id": strconv.Itoa(tier.bits), "color": tier.color, "images": images, "can_cheer": true, "show_in_bits_card": true,
		})
	}
	return data(obj{
		"prefix": "Cheer", "tiers": tiers, "type": "global_first_party", "order": 1, "last_updated": "2018-05-22T00:06:04Z", "is_charitable": false,
	}), nil
}

func cheerImages(theme, kind string, bits int, ending string) obj {
	images := obj{}
	for _, scale := range []string{"1", "1.5", "2", "3", "4"} {
		images[scale] = "https://d3aqoihi2n8ty8.cloudfront.net/actions/cheer/" + theme + "/" + kind + "/" + strconv.Itoa(bits) + "/" + scale + "." + ending
	}
	return images
}

func getPowerUps(c *call) (obj, error) {
	b, err := c.user("broadcaster_id")
	if err != nil {
		return nil, err
	}
	if b.BroadcasterType == "" {
		return nil, forbidden("The broadcaster must be a partner or affiliate.")
	}
	all := only(c, "id", c.world.PowerUps(b.ID), func(p world.PowerUp) string { return p.ID })
	if len(all) == 0 && c.has("id") {
		return nil, notFound("None of the custom Power-ups specified in the id query parameter were found.")
	}
	return data(every(all, func(p world.PowerUp) obj {
		o := c.showReward(world.Reward{
			ID: p.ID, Broadcaster: p.Broadcaster, InStock: true, RewardSettings: world.RewardSettings{
				Title: p.Title, Prompt: p.Prompt, Color: "#9147FF", Enabled: true, InputRequired: p.InputRequired,
			},
		})
		delete(o, "cost")
		delete(o, "should_redemptions_skip_request_queue")
		o["bits"] = p.Bits
		return o
	})...), nil
}

// getTransactions tells an extension what it sold.
func getTransactions(c *call) (obj, error) {
	id := c.get("extension_id")
	if id != c.grant.ClientID {
		return nil, unauthorized("The ID in extension_id must match the client ID in the app access token.")
	}
	if _, ok := c.world.ExtensionByID(id); !ok {
		return nil, notFound("The extension was not found.")
	}
	all := c.world.Transactions(id)
	key := func(t world.Transaction) string { return t.ID }
	if wanted := c.query["id"]; len(wanted) > 0 {
		all = slices.DeleteFunc(all, func(t world.Transaction) bool { return !slices.Contains(wanted, t.ID) })
		if len(all) == 0 {
			return nil, notFound("One or more of the transactions specified in the id query parameter was not found.")
		}
	}
	return page(c, all, key, func(t world.Transaction) obj {
		return obj{
			"id": t.ID, "timestamp": stamp(t.At), "broadcaster_id": t.Broadcaster.ID, "broadcaster_login": t.Broadcaster.Login,
			"broadcaster_name": t.Broadcaster.DisplayName, "user_id": t.User.ID, "user_login": t.User.Login, "user_name": t.User.DisplayName,
			"product_type": "BITS_IN_EXTENSION", "product_data": obj{
				"sku": t.Product.SKU, "domain": "twitch.ext." + t.ExtensionID, "cost": obj{"amount": t.Product.Bits, "type": "bits"},
				"inDevelopment": t.Product.InDevelopment, "displayName": t.Product.Name, "expiration": "", "broadcast": t.Product.Broadcast,
			},
		}
	})
}
