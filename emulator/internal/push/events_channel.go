package push

import (
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
	"github.com/larkspur-dev/larkspur/eventsub"
)

func followed(b broadcaster, f *world.Followed) event {
	return inChannel("channel.follow", "2", b, func() any {
		return struct {
			user
			broadcaster
			FollowedAt time.Time `json:"followed_at"`
		}{asUser(f.User), b, f.Time}
	})
}

func updated(b broadcaster, f *world.ChannelUpdated) event {
	return inChannel("channel.update", "2", b, func() any {
		labels := f.Channel.ContentClassificationLabels
		if labels == nil {
			labels = []string{}
		}
		return struct {
			broadcaster
			Title        string   `json:"title"`
			Language     string   `json:"language"`
			CategoryID   string   `json:"category_id"`
			CategoryName string   `json:"category_name"`
			Labels       []string `json:"content_classification_labels"`
		}{b, f.Channel.Title, f.Channel.Language, f.Channel.Game.ID, f.Channel.Game.Name, labels}
	})
}

func online(b broadcaster, f *world.StreamWentOnline) event {
	return inChannel("stream.online", "1", b, func() any {
		return struct {
			ID string `json:"id"`
			broadcaster
			Type      string    `json:"type"`
			StartedAt time.Time `json:"started_at"`
		}{f.Stream.ID, b, "live", f.Stream.StartedAt}
	})
}

func offline(b broadcaster, f *world.StreamWentOffline) event {
	return inChannel("stream.offline", "1", b, func() any {
		return struct {
			ID string `json:"id"` // of the stream; Twitch sends it since June 2026
			broadcaster
		}{f.Stream.ID, b}
	})
}

// raided is for both sides: a condition names one of them.
func raided(b broadcaster, f *world.Raided) event {
	return event{
		kind: eventsub.Type{Name: "channel.raid", Version: "1"},
		keys: keys{"from_broadcaster_user_id": f.From.ID, "to_broadcaster_user_id": b.ID},
		payload: func() any {
			return struct {
				fromBroadcaster
				toBroadcaster
				Viewers int `json:"viewers"`
			}{fromBroadcaster(asBroadcaster(f.From)), toBroadcaster(b), f.Viewers}
		},
	}
}

func shoutoutCreated(b broadcaster, f *world.Shoutout) event {
	return inChannel("channel.shoutout.create", "1", b, func() any {
		return struct {
			broadcaster
			toBroadcaster
			moderator
			Viewers        int       `json:"viewer_count"`
			StartedAt      time.Time `json:"started_at"`
			CooldownEndsAt time.Time `json:"cooldown_ends_at"`
			TargetEndsAt   time.Time `json:"target_cooldown_ends_at"`
		}{
			b, toBroadcaster(asBroadcaster(f.To)), asModerator(f.Moderator),
			f.Viewers, f.Time, f.CooldownEndsAt, f.TargetEndsAt,
		}
	})
}

func shoutoutReceived(b broadcaster, f *world.Shoutout) event {
	return inChannel("channel.shoutout.receive", "1", asBroadcaster(f.To), func() any {
		return struct {
			broadcaster
			fromBroadcaster
			Viewers   int       `json:"viewer_count"`
			StartedAt time.Time `json:"started_at"`
		}{asBroadcaster(f.To), fromBroadcaster(b), f.Viewers, f.Time}
	})
}

func adBreak(b broadcaster, f *world.AdBreakBegan) event {
	return inChannel("channel.ad_break.begin", "1", b, func() any {
		return struct {
			Duration  int       `json:"duration_seconds"`
			StartedAt time.Time `json:"started_at"`
			Automatic bool      `json:"is_automatic"`
			broadcaster
			ID    string `json:"requester_user_id"`
			Login string `json:"requester_user_login"`
			Name  string `json:"requester_user_name"`
		}{
			int(f.Duration / time.Second), f.Time, f.Automatic, b,
			f.Requester.ID, f.Requester.Login, f.Requester.DisplayName,
		}
	})
}

// role is a moderator or VIP who comes or goes.
func role(name string, b broadcaster, u world.User) event {
	return inChannel(name, "1", b, func() any {
		return struct {
			user
			broadcaster
		}{asUser(u), b}
	})
}

func userUpdated(f *world.UserUpdated) event {
	return event{
		kind: eventsub.Type{Name: "user.update", Version: "1"},
		keys: keys{"user_id": f.User.ID},
		payload: func() any {
			return struct {
				user
				// Twitch shows the address where the scope user:read:email was
				// granted; the emulator never does.
				Email         string `json:"email"`
				EmailVerified bool   `json:"email_verified"`
				Description   string `json:"description"`
			}{user: asUser(f.User), Description: f.User.Description}
		},
	}
}

func whispered(f *world.Whispered) event {
	return event{
		kind: eventsub.Type{Name: "user.whisper.message", Version: "1"},
		keys: keys{"user_id": f.To.ID},
		payload: func() any {
			type text struct {
				Text string `json:"text"`
			}
			return struct {
				FromID    string `json:"from_user_id"`
				FromLogin string `json:"from_user_login"`
				FromName  string `json:"from_user_name"`
				ToID      string `json:"to_user_id"`
				ToLogin   string `json:"to_user_login"`
				ToName    string `json:"to_user_name"`
				ID        string `json:"whisper_id"`
				Whisper   text   `json:"whisper"`
			}{f.From.ID, f.From.Login, f.From.DisplayName, f.To.ID, f.To.Login, f.To.DisplayName, f.ID, text{f.Text}}
		},
	}
}
