package world

import "time"

// Warn warns a user, who cannot write until they acknowledge it.
func (w *World) Warn(broadcasterID, moderatorID, userID, reason string) error {
	c := w.begin()
	defer c.end()
	b, ch, mod, err := w.moderator(broadcasterID, moderatorID)
	if err != nil {
		return err
	}
	u, err := w.user(userID)
	if err != nil {
		return err
	}
	if u.ID == b.ID || u.ID == mod.ID || ch.moderators.has(u.ID) || u.Type != "" {
		return badRequest("The user specified in the user_id field may not be warned.")
	}
	if ch.warned == nil {
		ch.warned = map[string]bool{}
	}
	ch.warned[u.ID] = true
	c.tell(UserWarned{About: c.about(b), User: *u, Moderator: *mod, Reason: reason})
	return nil
}

// AcknowledgeWarning has a user see a warning and write again.
func (w *World) AcknowledgeWarning(broadcasterID, userID string) error {
	c := w.begin()
	defer c.end()
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return err
	}
	u, err := w.user(userID)
	if err != nil {
		return err
	}
	if !ch.warned[u.ID] {
		return badRequest("The user has no warning to acknowledge.")
	}
	delete(ch.warned, u.ID)
	c.tell(WarningAcknowledged{About: c.about(b), User: *u})
	return nil
}

// A Suspicion says how a suspicious user is treated.
type Suspicion string

// How suspicious users are treated.
const (
	NotSuspicious Suspicion = "NO_TREATMENT"
	Monitored     Suspicion = "ACTIVE_MONITORING" // moderators see their messages marked
	Restricted    Suspicion = "RESTRICTED"        // only moderators see their messages
)

// SetSuspicion changes how a user is treated, and returns when.
func (w *World) SetSuspicion(broadcasterID, moderatorID, userID string, status Suspicion) (time.Time, error) {
	c := w.begin()
	defer c.end()
	b, ch, mod, err := w.moderator(broadcasterID, moderatorID)
	if err != nil {
		return time.Time{}, err
	}
	u, err := w.user(userID)
	if err != nil {
		return time.Time{}, err
	}
	if u.ID == b.ID || ch.moderators.has(u.ID) {
		return time.Time{}, badRequest("The user specified in user_id may not be treated as suspicious.")
	}
	if ch.suspects == nil {
		ch.suspects = map[string]Suspicion{}
	}
	if status == NotSuspicious {
		delete(ch.suspects, u.ID)
	} else {
		ch.suspects[u.ID] = status
	}
	c.tell(SuspicionChanged{About: c.about(b), User: *u, Moderator: *mod, Status: status})
	return c.now, nil
}

// ShieldModeOf returns whether a channel is shielded.
func (w *World) ShieldModeOf(broadcasterID string) ShieldMode {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if ch := w.channels[broadcasterID]; ch != nil {
		return ch.shield
	}
	return ShieldMode{}
}

// SetShieldMode turns shield mode on or off. Only a change adds a fact.
func (w *World) SetShieldMode(broadcasterID, moderatorID string, active bool) (ShieldMode, error) {
	c := w.begin()
	defer c.end()
	b, ch, mod, err := w.moderator(broadcasterID, moderatorID)
	if err != nil {
		return ShieldMode{}, err
	}
	if ch.shield.Active == active {
		return ch.shield, nil
	}
	ch.shield.Active, ch.shield.Moderator = active, *mod
	if active {
		ch.shield.ActivatedAt = c.now
	}
	c.tell(ShieldModeChanged{About: c.about(b), Moderator: *mod, Active: active})
	return ch.shield, nil
}
