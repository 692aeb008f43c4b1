package push

import (
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

type (
	guest struct {
		ID    *string `json:"guest_user_id"`
		Login *string `json:"guest_user_login"`
		Name  *string `json:"guest_user_name"`
	}
	host struct {
		ID    string `json:"host_user_id"`
		Login string `json:"host_user_login"`
		Name  string `json:"host_user_name"`
	}
	maybeModerator struct { // null when the guest did it
		ID    *string `json:"moderator_user_id"`
		Login *string `json:"moderator_user_login"`
		Name  *string `json:"moderator_user_name"`
	}
)

func guestStarBegan(b broadcaster, f *world.GuestStarBegan) event {
	return inChannel("channel.guest_star_session.begin", "beta", b, func() any {
		return struct {
			broadcaster
			SessionID string    `json:"session_id"`
			StartedAt time.Time `json:"started_at"`
		}{b, f.Session.ID, f.Session.StartedAt}
	})
}

func guestStarEnded(b broadcaster, f *world.GuestStarEnded) event {
	return inChannel("channel.guest_star_session.end", "beta", b, func() any {
		return struct {
			broadcaster
			host
			SessionID string    `json:"session_id"`
			StartedAt time.Time `json:"started_at"`
			EndedAt   time.Time `json:"ended_at"`
		}{b, host(b), f.Session.ID, f.Session.StartedAt, f.Time}
	})
}

func guestChanged(b broadcaster, f *world.GuestChanged) event {
	return inChannel("channel.guest_star_guest.update", "beta", b, func() any {
		p := struct {
			broadcaster
			host
			maybeModerator
			guest
			SessionID string  `json:"session_id"`
			Slot      *string `json:"slot_id"`
			State     string  `json:"state"`
			Video     *bool   `json:"host_video_enabled"`
			Audio     *bool   `json:"host_audio_enabled"`
			Volume    *int    `json:"host_volume"`
		}{
			b, host(b), maybeModerator(asMaybeUser(f.Moderator)), guest(asMaybeUser(f.Guest.User)),
			f.SessionID, orNull(f.Guest.Slot), f.State, nil, nil, nil,
		}
		if f.Guest.Slot != "" {
			p.Video, p.Audio, p.Volume = &f.Guest.Video, &f.Guest.Audio, &f.Guest.Volume
		}
		return p
	})
}

// layouts are EventSub's words for Helix's layouts.
var layouts = map[string]string{
	"TILED_LAYOUT": "tiled", "SCREENSHARE_LAYOUT": "screenshare", "HORIZONTAL_LAYOUT": "horizontal_top", "VERTICAL_LAYOUT": "vertical_left",
}

func guestStarSettings(b broadcaster, f *world.GuestStarSettingsChanged) event {
	return inChannel("channel.guest_star_settings.update", "beta", b, func() any {
		return struct {
			broadcaster
			ModeratorsSendLive bool   `json:"is_moderator_send_live_enabled"`
			Slots              int    `json:"slot_count"`
			SourceAudio        bool   `json:"is_browser_source_audio_enabled"`
			Layout             string `json:"group_layout"`
		}{b, f.Settings.ModeratorsSendLive, f.Settings.Slots, f.Settings.SourceAudio, layouts[f.Settings.Layout]}
	})
}
