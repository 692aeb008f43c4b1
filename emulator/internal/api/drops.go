package api

import (
	"regexp"
	"slices"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func getDrops(c *call) (obj, error) {
	user := c.get("user_id")
	if !c.grant.IsApp() {
		if user != "" {
			return nil, bad("The user_id parameter may not be used with a user access token.")
		}
		user = c.grant.UserID
	}
	key := func(e world.Entitlement) string { return e.ID }
	all := slices.DeleteFunc(only(c, "id", c.world.Drops(), key), func(e world.Entitlement) bool {
		return (user != "" && e.User.ID != user) || (c.get("game_id") != "" && e.Game.ID != c.get("game_id")) ||
			(c.get("fulfillment_status") != "" && e.Status != c.get("fulfillment_status"))
	})
	return page(c, all, key, func(e world.Entitlement) obj {
		return obj{
			"id": e.ID, "benefit_id": e.BenefitID, "timestamp": e.CreatedAt.UTC().Format(time.RFC3339Nano), "user_id": e.User.ID, "game_id": e.Game.ID,
			"fulfillment_status": e.Status, "last_updated": e.UpdatedAt.UTC().Format(time.RFC3339Nano),
		}
	})
}

var entitlementID = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// updateDrops answers with the ids by what became of them.
func updateDrops(c *call) (obj, error) {
	given, _ := field[[]any](c, "entitlement_ids")
	status, _ := field[string](c, "fulfillment_status")
	owners := map[string]string{}
	for _, e := range c.world.Drops() {
		owners[e.ID] = e.User.ID
	}
	became := map[string][]string{}
	for _, one := range given {
		id, _ := one.(string)
		owner, known := owners[id]
		switch {
		case !entitlementID.MatchString(id):
			became["INVALID_ID"] = append(became["INVALID_ID"], id)
		case !known:
			became["NOT_FOUND"] = append(became["NOT_FOUND"], id)
		case !c.grant.IsApp() && owner != c.grant.UserID:
			became["UNAUTHORIZED"] = append(became["UNAUTHORIZED"], id)
		default:
			if status != "" {
				c.world.SetDrop(id, status)
			}
			became["SUCCESS"] = append(became["SUCCESS"], id)
		}
	}
	items := []obj{}
	for _, how := range []string{"SUCCESS", "INVALID_ID", "NOT_FOUND", "UNAUTHORIZED"} {
		if became[how] != nil {
			items = append(items, obj{"status": how, "ids": became[how]})
		}
	}
	return data(items...), nil
}
