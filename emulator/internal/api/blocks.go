package api

import "github.com/larkspur-dev/larkspur/emulator/internal/world"

func getBlocked(c *call) (obj, error) {
	return page(c, c.world.Blocked(c.broadcaster()), userID, func(u world.User) obj {
		return obj{"user_id": u.ID, "user_login": u.Login, "display_name": u.DisplayName}
	})
}

func blockUser(c *call) (obj, error) {
	return nil, c.world.Block(c.grant.UserID, c.get("target_user_id"))
}

func unblockUser(c *call) (obj, error) {
	return nil, c.world.Unblock(c.grant.UserID, c.get("target_user_id"))
}
