package api

import (
	"slices"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func (c *call) showUser(u world.User) obj {
	o := obj{
		"id": u.ID, "login": u.Login, "display_name": u.DisplayName, "type": u.Type, "broadcaster_type": u.BroadcasterType,
		"description": u.Description, "profile_image_url": u.ProfileImageURL, "offline_image_url": u.OfflineImageURL,
		"view_count": 0, "created_at": stamp(u.CreatedAt),
	}
	if u.ID == c.grant.UserID && slices.Contains(c.grant.Scopes, "user:read:email") {
		o["email"] = u.Email
	}
	return o
}

func getUsers(c *call) (obj, error) {
	ids, names := c.query["id"], c.query["login"]
	if len(ids)+len(names) == 0 {
		ids = []string{c.grant.UserID}
	}
	var found []world.User
	add := func(u world.User, ok bool) {
		if ok && !slices.ContainsFunc(found, func(other world.User) bool { return other.ID == u.ID }) {
			found = append(found, u)
		}
	}
	for _, id := range ids {
		add(c.world.UserByID(id))
	}
	for _, login := range names {
		add(c.world.UserByLogin(login))
	}
	return data(every(found, c.showUser)...), nil
}

func updateUser(c *call) (obj, error) {
	u, err := c.world.UpdateUser(c.grant.UserID, c.query.Get("description"))
	if err != nil {
		return nil, err
	}
	return data(c.showUser(u)), nil
}

func getAuthorizations(c *call) (obj, error) {
	items := []obj{}
	for _, id := range c.query["user_id"] {
		u, ok := c.world.UserByID(id)
		if !ok {
			continue
		}
		scopes := c.auth.Consent(c.grant.ClientID, id)
		items = append(items, obj{
			"user_id": u.ID, "user_login": u.Login, "user_name": u.DisplayName, "scopes": list(scopes), "has_authorized": scopes != nil,
		})
	}
	return data(items...), nil
}

func whisper(c *call) (obj, error) {
	return nil, c.world.Whisper(c.grant.UserID, c.get("to_user_id"), c.get("message"))
}

// showWho returns the fields of a user in lists.
func showWho(u world.User) obj {
	return obj{"user_id": u.ID, "user_login": u.Login, "user_name": u.DisplayName}
}

func userID(u world.User) string { return u.ID }
