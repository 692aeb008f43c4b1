package world

import (
	"net/http"
	"slices"
	"time"
)

// An UnbanRequest is the request of a banned user to be unbanned.
type UnbanRequest struct {
	ID             string
	Broadcaster    User
	User           User
	Text           string
	Status         string // "pending", "approved", "denied", "acknowledged", "canceled"
	CreatedAt      time.Time
	Moderator      User      // zero while pending
	ResolvedAt     time.Time // zero while pending
	ResolutionText string
}

// RequestUnban asks for the end of a ban.
func (w *World) RequestUnban(broadcasterID, userID, text string) (UnbanRequest, error) {
	c := w.begin()
	defer c.end()
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return UnbanRequest{}, err
	}
	u, err := w.user(userID)
	if err != nil {
		return UnbanRequest{}, err
	}
	switch {
	case !ch.bans[u.ID].active(c.now) || !ch.bans[u.ID].EndsAt.IsZero():
		return UnbanRequest{}, badRequest("The user is not banned.")
	case ch.pendingUnban(u.ID) != nil:
		return UnbanRequest{}, badRequest("The user has a pending request already.")
	}
	r := &UnbanRequest{ID: w.uuid(), Broadcaster: *b, User: *u, Text: cut(text), Status: "pending", CreatedAt: c.now}
	ch.unbans = append(ch.unbans, r)
	c.tell(UnbanRequested{About: c.about(b), Request: *r})
	return *r, nil
}

func (ch *channel) pendingUnban(userID string) *UnbanRequest {
	for _, r := range ch.unbans {
		if r.User.ID == userID && r.Status == "pending" {
			return r
		}
	}
	return nil
}

// ResolveUnban approves or denies a request; approval lifts the ban.
func (w *World) ResolveUnban(broadcasterID, moderatorID, requestID string, approve bool, text string) (UnbanRequest, error) {
	c := w.begin()
	defer c.end()
	b, ch, mod, err := w.moderator(broadcasterID, moderatorID)
	if err != nil {
		return UnbanRequest{}, err
	}
	at := slices.IndexFunc(ch.unbans, func(r *UnbanRequest) bool { return r.ID == requestID })
	switch {
	case at < 0:
		return UnbanRequest{}, refuse(http.StatusNotFound, "The unban request was not found.")
	case ch.unbans[at].Status != "pending":
		return UnbanRequest{}, badRequest("The unban request has been resolved already.")
	}
	r := ch.unbans[at]
	status := "denied"
	if approve {
		status = "approved"
	}
	w.settleUnban(c, r, mod, status, text)
	if approve && ch.bans[r.User.ID].active(c.now) {
		delete(ch.bans, r.User.ID)
		c.tell(UserUnbanned{About: c.about(b), User: r.User, Moderator: *mod, Requested: true})
	}
	return *r, nil
}

func (w *World) settleUnban(c *change, r *UnbanRequest, mod *User, status, text string) {
	r.Status, r.Moderator, r.ResolvedAt, r.ResolutionText = status, *mod, c.now, text
	c.tell(UnbanRequestResolved{About: c.about(w.users[r.Broadcaster.ID]), Request: *r})
}

// UnbanRequests returns the requests of a channel, newest first.
func (w *World) UnbanRequests(broadcasterID string) []UnbanRequest {
	w.mu.RLock()
	defer w.mu.RUnlock()
	ch := w.channels[broadcasterID]
	if ch == nil {
		return nil
	}
	all := make([]UnbanRequest, 0, len(ch.unbans))
	for _, r := range slices.Backward(ch.unbans) {
		all = append(all, *r)
	}
	return all
}
