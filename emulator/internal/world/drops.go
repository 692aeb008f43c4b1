package world

import "time"

// Claimed is the state of an [Entitlement] that is not [Fulfilled] yet.
const Claimed = "CLAIMED"

// An Entitlement is a drop that a viewer earned.
type Entitlement struct {
	ID             string
	BenefitID      string
	CampaignID     string
	OrganizationID string
	User           User
	Game           Game
	Status         string // Claimed or Fulfilled
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// DropGranted is the fact that a viewer earned a drop.
type DropGranted struct {
	About
	Entitlement Entitlement
}

// GrantDrop gives a viewer a drop of a game. The same benefit belongs to the
// same campaign and organisation always.
func (w *World) GrantDrop(userID, gameID, benefit string) (Entitlement, error) {
	c := w.begin()
	defer c.end()
	u, err := w.user(userID)
	if err != nil {
		return Entitlement{}, err
	}
	game, ok := w.game(gameID)
	if !ok {
		return Entitlement{}, badRequest("The ID in game_id was not found.")
	}
	e := &Entitlement{
		ID: w.uuid(), BenefitID: benefit, CampaignID: w.stableUUID("campaign", gameID), OrganizationID: w.stableUUID("organization", gameID),
		User: *u, Game: game, Status: Claimed, CreatedAt: c.now, UpdatedAt: c.now,
	}
	w.drops = append(w.drops, e)
	c.tell(DropGranted{About: About{Time: c.now}, Entitlement: *e})
	return *e, nil
}

// Drops returns all drops that were earned, oldest first.
func (w *World) Drops() []Entitlement {
	w.mu.RLock()
	defer w.mu.RUnlock()
	all := make([]Entitlement, len(w.drops))
	for i, e := range w.drops {
		all[i] = *e
	}
	return all
}

// SetDrop sets the state of a drop. It reports whether there is such a drop.
func (w *World) SetDrop(id, status string) bool {
	c := w.begin()
	defer c.end()
	for _, e := range w.drops {
		if e.ID == id {
			e.Status, e.UpdatedAt = status, c.now
			return true
		}
	}
	return false
}
