package api

import (
	"slices"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
	"github.com/larkspur-dev/larkspur/helix"
)

func list(all []string) []string {
	if all == nil {
		return []string{}
	}
	return all
}

func getChannels(c *call) (obj, error) {
	items := []obj{}
	for _, id := range c.query["broadcaster_id"] {
		ch, ok := c.world.Channel(id)
		if !ok {
			continue
		}
		b := ch.Broadcaster
		items = append(items, obj{
			"broadcaster_id": b.ID, "broadcaster_login": b.Login, "broadcaster_name": b.DisplayName, "broadcaster_language": ch.Language,
			"game_id": ch.Game.ID, "game_name": ch.Game.Name, "title": ch.Title, "delay": ch.Delay, "tags": list(ch.Tags),
			"content_classification_labels": list(ch.ContentClassificationLabels), "is_branded_content": ch.IsBrandedContent,
		})
	}
	return data(items...), nil
}

func modifyChannel(c *call) (obj, error) {
	change := world.ChannelChange{
		Title: optional[string](c, "title"), GameID: optional[string](c, "game_id"), Language: optional[string](c, "broadcaster_language"),
		IsBrandedContent: optional[bool](c, "is_branded_content"),
	}
	if delay, ok := c.number("delay"); ok {
		change.Delay = &delay
	}
	if given, ok := field[[]any](c, "tags"); ok {
		tags := []string{}
		for _, tag := range given {
			text, _ := tag.(string) // checkParams has seen that they are texts
			tags = append(tags, text)
		}
		change.Tags = &tags
	}
	if given, ok := field[[]any](c, "content_classification_labels"); ok {
		change.Labels = map[string]bool{}
		for _, label := range given {
			one, _ := label.(obj)
			id, _ := one["id"].(string)
			change.Labels[id], _ = one["is_enabled"].(bool)
		}
	}
	if len(c.body) == 0 {
		return nil, bad("The request must set at least one field.")
	}
	return nil, c.world.ModifyChannel(c.broadcaster(), change)
}

func getEditors(c *call) (obj, error) {
	return data(every(c.world.Holders(c.broadcaster(), world.Editor), func(h world.Holder) obj {
		return obj{"user_id": h.User.ID, "user_name": h.User.DisplayName, "created_at": stamp(h.Since)}
	})...), nil
}

func followerID(f world.Follower) string { return f.User.ID }

func getFollowed(c *call) (obj, error) {
	all := c.world.Following(c.get("user_id"))
	total := len(all)
	all = only(c, "broadcaster_id", all, followerID)
	answer, err := page(c, all, followerID, func(f world.Follower) obj {
		return obj{
			"broadcaster_id": f.User.ID, "broadcaster_login": f.User.Login, "broadcaster_name": f.User.DisplayName,
			"followed_at": stamp(f.FollowedAt),
		}
	})
	if err != nil {
		return nil, err
	}
	answer["total"] = total
	return answer, nil
}

// getFollowers returns the number of followers, and to moderators the list.
func getFollowers(c *call) (obj, error) {
	if _, err := c.user("broadcaster_id"); err != nil {
		return nil, err
	}
	all := c.world.Followers(c.broadcaster())
	total := len(all)
	if !slices.Contains(c.grant.Scopes, "moderator:read:followers") || !c.hasRole(c.broadcaster(), []helix.Role{helix.Broadcaster, helix.Moderator}) {
		if c.has("user_id") {
			return nil, unauthorized("Missing scope: moderator:read:followers")
		}
		return obj{"data": []obj{}, "pagination": obj{}, "total": total}, nil
	}
	all = only(c, "user_id", all, followerID)
	answer, err := page(c, all, followerID, func(f world.Follower) obj {
		o := showWho(f.User)
		o["followed_at"] = stamp(f.FollowedAt)
		return o
	})
	if err != nil {
		return nil, err
	}
	answer["total"] = total
	return answer, nil
}

func startRaid(c *call) (obj, error) {
	r, err := c.world.StartRaid(c.get("from_broadcaster_id"), c.get("to_broadcaster_id"))
	if err != nil {
		return nil, err
	}
	return data(obj{"created_at": stamp(r.CreatedAt), "is_mature": false}), nil
}

func cancelRaid(c *call) (obj, error) { return nil, c.world.CancelRaid(c.broadcaster()) }
