package world

import (
	"net/http"
	"time"
)

// A Pin is a message that is shown above a channel's chat.
type Pin struct {
	Message   ChatMessage
	By        User
	StartsAt  time.Time
	EndsAt    time.Time // zero: with the stream
	UpdatedAt time.Time

	streamID string
}

// pinned returns the current pin, or nil.
func (w *World) pinned(ch *channel, now time.Time) *Pin {
	p := ch.pin
	if p == nil || (!p.EndsAt.IsZero() && !now.Before(p.EndsAt)) {
		return nil
	}
	if p.EndsAt.IsZero() && p.streamID != w.streamID(ch.owner.ID) {
		return nil
	}
	if _, ok := ch.chat.get(p.Message.ID); !ok {
		return nil
	}
	return p
}

func (w *World) streamID(broadcasterID string) string {
	if s := w.streams[broadcasterID]; s != nil {
		return s.ID
	}
	return ""
}

// Pinned returns the message that is pinned in a channel.
func (w *World) Pinned(broadcasterID string) (Pin, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	ch := w.channels[broadcasterID]
	if ch == nil {
		return Pin{}, false
	}
	if p := w.pinned(ch, time.Now()); p != nil {
		return *p, true
	}
	return Pin{}, false
}

// Pin pins a message. Duration 0 means until the stream ends.
func (w *World) Pin(broadcasterID, moderatorID, messageID string, duration time.Duration) error {
	c := w.begin()
	defer c.end()
	_, ch, mod, err := w.moderator(broadcasterID, moderatorID)
	if err != nil {
		return err
	}
	m, ok := ch.chat.get(messageID)
	if !ok {
		return refuse(http.StatusNotFound, "The message in message_id was not found.")
	}
	if p := w.pinned(ch, c.now); p != nil && p.Message.ID == messageID {
		return refuse(http.StatusConflict, "The message is pinned already.")
	}
	ch.pin = &Pin{Message: m, By: *mod, StartsAt: c.now, UpdatedAt: c.now, streamID: w.streamID(broadcasterID)}
	ch.pin.last(c.now, duration)
	return nil
}

func (p *Pin) last(now time.Time, duration time.Duration) {
	p.EndsAt = time.Time{}
	if duration > 0 {
		p.EndsAt = now.Add(duration)
	}
}

// ChangePin says anew how long a message stays pinned, from now on.
func (w *World) ChangePin(broadcasterID, moderatorID, messageID string, duration time.Duration) error {
	c := w.begin()
	defer c.end()
	p, err := w.pinOf(c, broadcasterID, moderatorID, messageID)
	if err != nil {
		return err
	}
	p.UpdatedAt, p.streamID = c.now, w.streamID(broadcasterID)
	p.last(c.now, duration)
	return nil
}

// Unpin takes a pinned message down.
func (w *World) Unpin(broadcasterID, moderatorID, messageID string) error {
	c := w.begin()
	defer c.end()
	if _, err := w.pinOf(c, broadcasterID, moderatorID, messageID); err != nil {
		return err
	}
	w.channels[broadcasterID].pin = nil
	return nil
}

func (w *World) pinOf(c *change, broadcasterID, moderatorID, messageID string) (*Pin, error) {
	_, ch, _, err := w.moderator(broadcasterID, moderatorID)
	if err != nil {
		return nil, err
	}
	p := w.pinned(ch, c.now)
	if p == nil || p.Message.ID != messageID {
		return nil, refuse(http.StatusNotFound, "The message in message_id is not pinned.")
	}
	return p, nil
}
