package api

import (
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func ban(c *call) (obj, error) {
	seconds, _ := c.number("duration")
	reason, _ := field[string](c, "reason")
	target, _ := field[string](c, "user_id")
	b, err := c.world.Ban(c.broadcaster(), c.acting(), target, time.Duration(seconds)*time.Second, reason)
	if err != nil {
		return nil, err
	}
	o := obj{
		"broadcaster_id": c.broadcaster(), "moderator_id": b.Moderator.ID, "user_id": b.User.ID,
		"created_at": stamp(b.CreatedAt), "end_time": nil,
	}
	if !b.EndsAt.IsZero() {
		o["end_time"] = stamp(b.EndsAt)
	}
	return data(o), nil
}

func unban(c *call) (obj, error) {
	return nil, c.world.Unban(c.broadcaster(), c.acting(), c.get("user_id"))
}

func getBanned(c *call) (obj, error) {
	id := func(b world.Ban) string { return b.User.ID }
	return page(c, only(c, "user_id", c.world.Bans(c.broadcaster()), id), id, func(b world.Ban) obj {
		o := showWho(b.User)
		o["expires_at"] = ""
		if !b.EndsAt.IsZero() {
			o["expires_at"] = stamp(b.EndsAt)
		}
		o["created_at"], o["reason"] = stamp(b.CreatedAt), b.Reason
		o["moderator_id"], o["moderator_login"], o["moderator_name"] = b.Moderator.ID, b.Moderator.Login, b.Moderator.DisplayName
		return o
	})
}

func deleteMessages(c *call) (obj, error) {
	if id := c.get("message_id"); id != "" {
		return nil, c.world.DeleteMessage(c.broadcaster(), c.acting(), id)
	}
	return nil, c.world.ClearChat(c.broadcaster(), c.acting())
}

func getModerated(c *call) (obj, error) {
	return page(c, c.world.Moderated(c.get("user_id")), userID, func(u world.User) obj {
		return obj{"broadcaster_id": u.ID, "broadcaster_login": u.Login, "broadcaster_name": u.DisplayName}
	})
}

func (c *call) holders(role world.Role) (obj, error) {
	id := func(h world.Holder) string { return h.User.ID }
	return page(c, only(c, "user_id", c.world.Holders(c.broadcaster(), role), id), id, func(h world.Holder) obj { return showWho(h.User) })
}

func getModerators(c *call) (obj, error) { return c.holders(world.Moderator) }

func getVIPs(c *call) (obj, error) { return c.holders(world.VIP) }

func addModerator(c *call) (obj, error) {
	return nil, c.world.AddRole(c.broadcaster(), world.Moderator, c.get("user_id"))
}

func removeModerator(c *call) (obj, error) {
	return nil, c.world.RemoveRole(c.broadcaster(), world.Moderator, c.get("user_id"))
}

func addVIP(c *call) (obj, error) {
	return nil, c.world.AddRole(c.broadcaster(), world.VIP, c.get("user_id"))
}

// removeVIP may be called by the broadcaster and by the VIP.
func removeVIP(c *call) (obj, error) {
	if c.grant.UserID != c.broadcaster() && c.grant.UserID != c.get("user_id") {
		return nil, unauthorized("The ID in broadcaster_id must match the user ID found in the request's OAuth token.")
	}
	return nil, c.world.RemoveRole(c.broadcaster(), world.VIP, c.get("user_id"))
}
