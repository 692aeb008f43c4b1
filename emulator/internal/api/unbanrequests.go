package api

import (
	"slices"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func showUnbanRequest(r world.UnbanRequest) obj {
	b, m := r.Broadcaster, r.Moderator
	o := showWho(r.User)
	o["id"], o["text"], o["status"], o["created_at"] = r.ID, r.Text, r.Status, stamp(r.CreatedAt)
	o["broadcaster_id"], o["broadcaster_login"], o["broadcaster_name"] = b.ID, b.Login, b.DisplayName
	o["moderator_id"], o["moderator_login"], o["moderator_name"] = orNull(m.ID), orNull(m.Login), orNull(m.DisplayName)
	o["resolved_at"], o["resolution_text"] = stampOrNull(r.ResolvedAt), orNull(r.ResolutionText)
	return o
}

func getUnbanRequests(c *call) (obj, error) {
	all := slices.DeleteFunc(c.world.UnbanRequests(c.broadcaster()), func(r world.UnbanRequest) bool {
		return r.Status != c.get("status") || (c.has("user_id") && r.User.ID != c.get("user_id"))
	})
	return page(c, all, func(r world.UnbanRequest) string { return r.ID }, showUnbanRequest)
}

func resolveUnbanRequest(c *call) (obj, error) {
	r, err := c.world.ResolveUnban(
		c.broadcaster(), c.acting(), c.get("unban_request_id"), c.get("status") == "approved", c.get("resolution_text"),
	)
	if err != nil {
		return nil, err
	}
	return data(showUnbanRequest(r)), nil
}
