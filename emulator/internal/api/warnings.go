package api

import "github.com/larkspur-dev/larkspur/emulator/internal/world"

func warn(c *call) (obj, error) {
	target, reason := c.get("user_id"), c.get("reason")
	if err := c.world.Warn(c.broadcaster(), c.acting(), target, reason); err != nil {
		return nil, err
	}
	return data(obj{"broadcaster_id": c.broadcaster(), "user_id": target, "moderator_id": c.acting(), "reason": reason}), nil
}

func (c *call) suspect(status world.Suspicion, types []string) (obj, error) {
	at, err := c.world.SetSuspicion(c.broadcaster(), c.acting(), c.get("user_id"), status)
	if err != nil {
		return nil, err
	}
	return data(obj{
		"user_id": c.get("user_id"), "broadcaster_id": c.broadcaster(), "moderator_id": c.acting(),
		"updated_at": stamp(at), "status": status, "types": types,
	}), nil
}

func addSuspicion(c *call) (obj, error) {
	return c.suspect(world.Suspicion(c.get("status")), []string{"MANUALLY_ADDED"})
}

func removeSuspicion(c *call) (obj, error) { return c.suspect(world.NotSuspicious, []string{}) }

func showShield(s world.ShieldMode) obj {
	var at any // null if it was never active
	if !s.ActivatedAt.IsZero() {
		at = stamp(s.ActivatedAt)
	}
	return data(obj{
		"is_active": s.Active, "moderator_id": s.Moderator.ID, "moderator_login": s.Moderator.Login,
		"moderator_name": s.Moderator.DisplayName, "last_activated_at": at,
	})
}

func getShield(c *call) (obj, error) { return showShield(c.world.ShieldModeOf(c.broadcaster())), nil }

func updateShield(c *call) (obj, error) {
	active, _ := field[bool](c, "is_active")
	s, err := c.world.SetShieldMode(c.broadcaster(), c.acting(), active)
	if err != nil {
		return nil, err
	}
	return showShield(s), nil
}
