package world

import (
	"slices"
	"time"
)

// GuestStarSettings are a channel's settings of Guest Star.
type GuestStarSettings struct {
	ModeratorsSendLive bool
	Slots              int // 1 to 6
	SourceAudio        bool
	Layout             string // "TILED_LAYOUT", "SCREENSHARE_LAYOUT", "HORIZONTAL_LAYOUT", "VERTICAL_LAYOUT"
	SourceToken        string // of the browser sources
}

// A GuestStarSession is a call that is running, or was.
type GuestStarSession struct {
	ID        string
	StartedAt time.Time
	Guests    []Guest // the host has slot 0
	Invites   []GuestInvite
}

// A Guest is a user in a slot of a session.
type Guest struct {
	Slot       string
	User       User
	Live       bool
	Audio      bool // the host lets them be heard
	Video      bool // the host lets them be seen
	Volume     int  // 0 to 100
	AssignedAt time.Time
}

// A GuestInvite is an invitation that was not used for a slot yet.
type GuestInvite struct {
	User      User
	Status    string // "INVITED", "ACCEPTED", "READY"
	InvitedAt time.Time
}

// guestStar is the state of a channel's Guest Star.
type guestStar struct {
	settings GuestStarSettings
	session  *GuestStarSession
}

// GuestStarSettingsChanged is the fact of new settings.
type GuestStarSettingsChanged struct {
	About
	Settings GuestStarSettings
}

// GuestStarBegan is the fact that a session started.
type GuestStarBegan struct {
	About
	Session GuestStarSession
}

// GuestStarEnded is the fact that a session ended.
type GuestStarEnded struct {
	About
	Session GuestStarSession
}

// GuestChanged is the fact that a guest, or an empty slot, is in another state.
type GuestChanged struct {
	About
	SessionID string
	Moderator User // zero: the guest did it
	Guest     Guest
	State     string // "invited", "accepted", "ready", "backstage", "live", "removed"
}

func (g *GuestStarSession) snapshot() GuestStarSession {
	s := *g
	s.Guests, s.Invites = slices.Clone(g.Guests), slices.Clone(g.Invites)
	return s
}

// GuestStarSettings returns a channel's settings.
func (w *World) GuestStarSettings(broadcasterID string) (GuestStarSettings, error) {
	c := w.begin()
	defer c.end()
	_, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return GuestStarSettings{}, err
	}
	return w.guestStarSettings(ch), nil
}

func (w *World) guestStarSettings(ch *channel) GuestStarSettings {
	if ch.guestStar.settings.Slots == 0 {
		ch.guestStar.settings = GuestStarSettings{Slots: 4, SourceAudio: true, Layout: "TILED_LAYOUT", SourceToken: w.uuid()}
	}
	return ch.guestStar.settings
}

// ModifyGuestStarSettings changes a channel's settings. SourceToken "" asks for a new one.
func (w *World) ModifyGuestStarSettings(broadcasterID string, edit func(*GuestStarSettings)) error {
	c := w.begin()
	defer c.end()
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return err
	}
	next := w.guestStarSettings(ch)
	edit(&next)
	if next.Slots < 1 || next.Slots > 6 {
		return badRequest("The slot_count must be from 1 to 6.")
	}
	if next.SourceToken == "" {
		next.SourceToken = w.uuid()
	}
	ch.guestStar.settings = next
	c.tell(GuestStarSettingsChanged{About: c.about(b), Settings: next})
	return nil
}

// GuestStar returns the session that is running in a channel.
func (w *World) GuestStar(broadcasterID string) (GuestStarSession, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	ch := w.channels[broadcasterID]
	if ch == nil || ch.guestStar.session == nil {
		return GuestStarSession{}, false
	}
	return ch.guestStar.session.snapshot(), true
}

// BeginGuestStar starts a session.
func (w *World) BeginGuestStar(broadcasterID string) (GuestStarSession, error) {
	c := w.begin()
	defer c.end()
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return GuestStarSession{}, err
	}
	if err := needPhone(b); err != nil {
		return GuestStarSession{}, err
	}
	if ch.guestStar.session != nil {
		return GuestStarSession{}, badRequest("The broadcaster has a Guest Star session already.")
	}
	s := &GuestStarSession{ID: w.uuid(), StartedAt: c.now, Guests: []Guest{{
		Slot: "0", User: *b, Live: true, Audio: true, Video: true, Volume: 100, AssignedAt: c.now,
	}}}
	ch.guestStar.session = s
	c.tell(GuestStarBegan{About: c.about(b), Session: s.snapshot()})
	return s.snapshot(), nil
}

// EndGuestStar ends a session.
func (w *World) EndGuestStar(broadcasterID, sessionID string) (GuestStarSession, error) {
	c := w.begin()
	defer c.end()
	b, s, err := w.guestStarSession(broadcasterID, sessionID)
	if err != nil {
		return GuestStarSession{}, err
	}
	w.channels[b.ID].guestStar.session = nil
	c.tell(GuestStarEnded{About: c.about(b), Session: s.snapshot()})
	return s.snapshot(), nil
}

func (w *World) guestStarSession(broadcasterID, sessionID string) (*User, *GuestStarSession, error) {
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return nil, nil, err
	}
	if s := ch.guestStar.session; s != nil && s.ID == sessionID {
		return b, s, nil
	}
	return nil, nil, badRequest("The session_id does not match the broadcaster's active session.")
}
