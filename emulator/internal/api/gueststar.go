package api

import (
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func getGuestStarSettings(c *call) (obj, error) {
	s, err := c.world.GuestStarSettings(c.broadcaster())
	if err != nil {
		return nil, err
	}
	return data(obj{
		"is_moderator_send_live_enabled": s.ModeratorsSendLive, "slot_count": s.Slots, "is_browser_source_audio_enabled": s.SourceAudio,
		"group_layout": s.Layout, "browser_source_token": s.SourceToken,
	}), nil
}

func updateGuestStarSettings(c *call) (obj, error) {
	return nil, c.world.ModifyGuestStarSettings(c.broadcaster(), func(s *world.GuestStarSettings) {
		set(c, "is_moderator_send_live_enabled", &s.ModeratorsSendLive)
		setNumber(c, "slot_count", &s.Slots)
		set(c, "is_browser_source_audio_enabled", &s.SourceAudio)
		set(c, "group_layout", &s.Layout)
		if anew, _ := field[bool](c, "regenerate_browser_sources"); anew {
			s.SourceToken = ""
		}
	})
}

func showGuestStar(s world.GuestStarSession) obj {
	return obj{"id": s.ID, "guests": every(s.Guests, func(g world.Guest) obj {
		return obj{
			"slot_id": g.Slot, "is_live": g.Live, "user_id": g.User.ID, "user_display_name": g.User.DisplayName, "user_login": g.User.Login,
			"volume": g.Volume, "assigned_at": g.AssignedAt.UTC().Format(time.RFC3339Nano),
			"audio_settings": obj{"is_host_enabled": g.Audio, "is_guest_enabled": true, "is_available": true},
			"video_settings": obj{"is_host_enabled": g.Video, "is_guest_enabled": true, "is_available": true},
		}
	})}
}

func getGuestStar(c *call) (obj, error) {
	s, ok := c.world.GuestStar(c.broadcaster())
	if !ok {
		return data(), nil
	}
	return data(showGuestStar(s)), nil
}

func beginGuestStar(c *call) (obj, error) {
	s, err := c.world.BeginGuestStar(c.broadcaster())
	if err != nil {
		return nil, err
	}
	return data(showGuestStar(s)), nil
}

func endGuestStar(c *call) (obj, error) {
	s, err := c.world.EndGuestStar(c.broadcaster(), c.get("session_id"))
	if err != nil {
		return nil, err
	}
	return data(showGuestStar(s)), nil
}

func getInvites(c *call) (obj, error) {
	s, ok := c.world.GuestStar(c.broadcaster())
	if !ok || s.ID != c.get("session_id") {
		return nil, bad("The session_id does not match the broadcaster's active session.")
	}
	return data(every(s.Invites, func(i world.GuestInvite) obj {
		ready := i.Status == "READY"
		return obj{
			"user_id": i.User.ID, "invited_at": i.InvitedAt.UTC().Format(time.RFC3339Nano), "status": i.Status,
			"is_video_enabled": ready, "is_audio_enabled": ready, "is_video_available": ready, "is_audio_available": ready,
		}
	})...), nil
}

// guestMove reads who is to go where.
func (c *call) guestMove() world.GuestMove {
	m := world.GuestMove{
		BroadcasterID: c.broadcaster(), ModeratorID: c.get("moderator_id"), SessionID: c.get("session_id"), GuestID: c.get("guest_id"),
		Slot: c.get("slot_id"), To: c.get("destination_slot_id"),
	}
	if from := c.get("source_slot_id"); from != "" {
		m.Slot = from
	}
	return m
}

func inviteGuest(c *call) (obj, error) { return nil, c.world.InviteGuest(c.guestMove()) }

func uninviteGuest(c *call) (obj, error) { return nil, c.world.UninviteGuest(c.guestMove()) }

func assignSlot(c *call) (obj, error) { return nil, c.world.AssignGuest(c.guestMove()) }

func moveSlot(c *call) (obj, error) { return nil, c.world.MoveGuest(c.guestMove()) }

func removeSlot(c *call) (obj, error) {
	return nil, c.world.RemoveGuest(c.guestMove(), c.get("should_reinvite_guest") == "true")
}

func updateSlot(c *call) (obj, error) {
	return nil, c.world.ModifyGuest(c.guestMove(), func(g *world.Guest) {
		for name, on := range map[string]*bool{"is_audio_enabled": &g.Audio, "is_video_enabled": &g.Video, "is_live": &g.Live} {
			if c.has(name) {
				*on = c.get(name) == "true"
			}
		}
		g.Volume = c.count("volume", g.Volume)
	})
}
