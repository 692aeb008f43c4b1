package world

import (
	"net/http"
	"time"
)

// A Raid is announced, and not there yet.
type Raid struct {
	From, To  User
	CreatedAt time.Time
}

// RaidAnnounced is the fact that a broadcaster is going to raid another.
type RaidAnnounced struct {
	About
	To      User
	Viewers int
}

// RaidCancelled is the fact that an announced raid was taken back.
type RaidCancelled struct {
	About
	To        User
	MessageID string // of the notice in chat
}

// Raid has a raid arrive at a channel.
func (w *World) Raid(fromID, toID string, viewers int) error {
	c := w.begin()
	defer c.end()
	from, to, err := w.raiders(fromID, toID)
	if err != nil {
		return err
	}
	w.arrive(c, from, to, viewers)
	return nil
}

func (w *World) arrive(c *change, from, to *User, viewers int) {
	delete(w.raids, from.ID)
	c.tell(Raided{About: c.about(to), From: *from, Viewers: viewers, MessageID: w.uuid()})
}

// viewers returns how many people watch a channel, 0 if it is not live.
func (w *World) viewers(broadcasterID string) int {
	if s := w.streams[broadcasterID]; s != nil {
		return s.Viewers
	}
	return 0
}

func (w *World) raiders(fromID, toID string) (from, to *User, err error) {
	from, to = w.users[fromID], w.users[toID]
	switch {
	case from == nil:
		return nil, nil, badRequest("The ID in from_broadcaster_id was not found.")
	case to == nil:
		return nil, nil, badRequest("The ID in to_broadcaster_id was not found.")
	case from == to:
		return nil, nil, badRequest("The IDs in from_broadcaster_id and to_broadcaster_id cannot be the same.")
	}
	return from, to, nil
}

// raidCountdown is how long an announced raid takes to arrive.
const raidCountdown = 90 * time.Second

// StartRaid announces a raid, which arrives by itself unless [World.Raid] has
// it arrive before or it is cancelled.
func (w *World) StartRaid(fromID, toID string) (Raid, error) {
	c := w.begin()
	defer c.end()
	from, to, err := w.raiders(fromID, toID)
	if err != nil {
		return Raid{}, err
	}
	if _, ok := w.raids[from.ID]; ok {
		return Raid{}, refuse(http.StatusConflict, "The broadcaster is already in the process of raiding another channel.")
	}
	r := Raid{From: *from, To: *to, CreatedAt: c.now}
	w.raids[from.ID] = r
	c.tell(RaidAnnounced{About: c.about(from), To: *to, Viewers: w.viewers(from.ID)})
	w.later(raidCountdown, func(c *change) {
		if w.raids[from.ID] == r {
			w.arrive(c, from, to, w.viewers(from.ID))
		}
	})
	return r, nil
}

// CancelRaid takes back an announced raid.
func (w *World) CancelRaid(fromID string) error {
	c := w.begin()
	defer c.end()
	r, ok := w.raids[fromID]
	if !ok {
		return refuse(http.StatusNotFound, "The broadcaster doesn't have a pending raid to cancel.")
	}
	delete(w.raids, fromID)
	c.tell(RaidCancelled{About: c.about(w.users[fromID]), To: r.To, MessageID: w.uuid()})
	return nil
}

// The pauses between shoutouts.
const (
	shoutoutPause  = 2 * time.Minute
	shoutoutTarget = time.Hour
)

// Shoutout recommends another channel.
func (w *World) Shoutout(fromID, moderatorID, toID string) error {
	c := w.begin()
	defer c.end()
	b, ch, mod, err := w.moderator(fromID, moderatorID)
	if err != nil {
		return err
	}
	_, to, err := w.raiders(fromID, toID)
	if err != nil {
		return err
	}
	s := w.streams[b.ID]
	if s == nil {
		return badRequest("The broadcaster is not streaming live or does not have one or more viewers.")
	}
	last, before := ch.shoutouts[to.ID]
	if (!ch.shoutout.IsZero() && c.now.Sub(ch.shoutout) < shoutoutPause) || (before && c.now.Sub(last) < shoutoutTarget) {
		return refuse(http.StatusTooManyRequests, "The broadcaster may not give another Shoutout until the cooldown period expires.")
	}
	ch.shoutout, ch.shoutouts[to.ID] = c.now, c.now
	c.tell(Shoutout{
		About: c.about(b), To: *to, Moderator: *mod, Viewers: s.Viewers,
		CooldownEndsAt: c.now.Add(shoutoutPause), TargetEndsAt: c.now.Add(shoutoutTarget),
	})
	return nil
}

// Authorized is the fact that a user let a client act for them.
func (w *World) Authorized(clientID, userID string) {
	c := w.begin()
	defer c.end()
	if u := w.users[userID]; u != nil {
		c.tell(UserAuthorizationGranted{About: c.about(u), ClientID: clientID, User: *u})
	}
}

// Deauthorized is the fact that a client may not act for a user any more.
func (w *World) Deauthorized(clientID, userID string) {
	c := w.begin()
	defer c.end()
	if u := w.users[userID]; u != nil {
		c.tell(UserAuthorizationRevoked{About: c.about(u), ClientID: clientID, User: *u})
	}
}
