package push

import (
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func warned(b broadcaster, f *world.UserWarned) event {
	return inChannel("channel.warning.send", "1", b, func() any {
		return struct {
			broadcaster
			moderator
			user
			Reason *string  `json:"reason"`
			Rules  []string `json:"chat_rules_cited"`
		}{b, asModerator(f.Moderator), asUser(f.User), orNull(f.Reason), nil}
	})
}

func warningAcknowledged(b broadcaster, f *world.WarningAcknowledged) event {
	return role("channel.warning.acknowledge", b, f.User)
}

// lowTrust is how EventSub calls the treatment of a suspicious user.
func lowTrust(s world.Suspicion) string {
	switch s {
	case world.Monitored:
		return "active_monitoring"
	case world.Restricted:
		return "restricted"
	default:
		return "none"
	}
}

func suspicionChanged(b broadcaster, f *world.SuspicionChanged) event {
	return inChannel("channel.suspicious_user.update", "1", b, func() any {
		return struct {
			broadcaster
			moderator
			user
			Status string `json:"low_trust_status"`
		}{b, asModerator(f.Moderator), asUser(f.User), lowTrust(f.Status)}
	})
}

func suspiciousMessage(w *world.World, b broadcaster, f *world.SuspiciousMessage) event {
	type message struct {
		ID string `json:"message_id"`
		heldText
	}
	return inChannel("channel.suspicious_user.message", "1", b, func() any {
		return struct {
			broadcaster
			user
			Status     string   `json:"low_trust_status"`
			SharedBans []string `json:"shared_ban_channel_ids"`
			Types      []string `json:"types"`
			Evasion    string   `json:"ban_evasion_evaluation"`
			Message    message  `json:"message"`
		}{
			b, asUser(f.Message.Sender), lowTrust(f.Status),
			[]string{},
			[]string{"manually_added"},
			"unknown",
			message{f.Message.ID, heldTextOf(w, f.Message)},
		}
	})
}

func shieldChanged(b broadcaster, f *world.ShieldModeChanged) event {
	if f.Active {
		return inChannel("channel.shield_mode.begin", "1", b, func() any {
			return struct {
				broadcaster
				moderator
				StartedAt time.Time `json:"started_at"`
			}{b, asModerator(f.Moderator), f.Time}
		})
	}
	return inChannel("channel.shield_mode.end", "1", b, func() any {
		return struct {
			broadcaster
			moderator
			EndedAt time.Time `json:"ended_at"`
		}{b, asModerator(f.Moderator), f.Time}
	})
}

func unbanRequested(b broadcaster, f *world.UnbanRequested) event {
	return inChannel("channel.unban_request.create", "1", b, func() any {
		return struct {
			ID string `json:"id"`
			broadcaster
			user
			Text      string    `json:"text"`
			CreatedAt time.Time `json:"created_at"`
		}{f.Request.ID, b, asUser(f.Request.User), f.Request.Text, f.Request.CreatedAt}
	})
}

func unbanRequestResolved(b broadcaster, f *world.UnbanRequestResolved) []event {
	r := f.Request
	all := []event{inChannel("channel.unban_request.resolve", "1", b, func() any {
		return struct {
			ID string `json:"id"`
			broadcaster
			moderator
			user
			Text   *string `json:"resolution_text"`
			Status string  `json:"status"`
		}{r.ID, b, asModerator(r.Moderator), asUser(r.User), orNull(r.ResolutionText), r.Status}
	})}
	switch r.Status {
	case "approved":
		return append(all, moderate(b, asModerator(r.Moderator), "approve_unban_request", *f))
	case "denied":
		return append(all, moderate(b, asModerator(r.Moderator), "deny_unban_request", *f))
	}
	return all
}
