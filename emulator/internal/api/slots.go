package api

import (
	"slices"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// getInstalledExtensions includes inactive extensions only with the scope
// user:edit:broadcast.
func getInstalledExtensions(c *call) (obj, error) {
	activeOnly := !slices.Contains(c.grant.Scopes, "user:edit:broadcast")
	return data(every(c.world.InstalledExtensions(c.grant.UserID, activeOnly), func(e world.Installed) obj {
		return obj{"id": e.ID, "version": e.Version, "name": e.Name, "can_activate": true, "type": e.Kinds}
	})...), nil
}

// showSlots shows what is in the slots of a channel, by kind and number.
func (c *call) showSlots(userID string) obj {
	kinds := obj{}
	for slot, content := range c.world.Slots(userID) {
		shown := obj{"active": content.Active}
		if content.Active {
			shown["id"], shown["version"], shown["name"] = content.ID, content.Version, content.Name
			if slot.Kind == "component" {
				shown["x"], shown["y"] = content.X, content.Y
			}
		}
		kind, _ := kinds[slot.Kind].(obj)
		if kind == nil {
			kind = obj{}
			kinds[slot.Kind] = kind
		}
		kind[slot.Number] = shown
	}
	return obj{"data": kinds}
}

func getActiveExtensions(c *call) (obj, error) {
	id := c.get("user_id")
	switch {
	case id == "" && c.grant.IsApp():
		return nil, missing("user_id")
	case id == "":
		id = c.grant.UserID
	}
	if _, ok := c.world.UserByID(id); !ok {
		return nil, bad("The ID in user_id was not found.")
	}
	return c.showSlots(id), nil
}

func updateActiveExtensions(c *call) (obj, error) {
	changes := map[world.Slot]world.SlotContent{}
	for _, kind := range []string{"panel", "overlay", "component"} {
		slots, _ := field[obj](c, kind)
		for number, v := range slots {
			given, _ := v.(obj) // checkParams has seen that it is one, and what is in it
			content := world.SlotContent{}
			content.Active, _ = given["active"].(bool)
			content.ID, _ = given["id"].(string)
			content.Version, _ = given["version"].(string)
			x, _ := given["x"].(float64)
			y, _ := given["y"].(float64)
			content.X, content.Y = int(x), int(y)
			changes[world.Slot{Kind: kind, Number: number}] = content
		}
	}
	if err := c.world.FillSlots(c.grant.UserID, changes); err != nil {
		return nil, err
	}
	return c.showSlots(c.grant.UserID), nil
}
