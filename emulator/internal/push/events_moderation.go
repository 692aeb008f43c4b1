package push

import (
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func banned(b broadcaster, f *world.UserBanned) event {
	return inChannel("channel.ban", "1", b, func() any {
		return struct {
			user
			broadcaster
			moderator
			Reason      string     `json:"reason"`
			BannedAt    time.Time  `json:"banned_at"`
			EndsAt      *time.Time `json:"ends_at"`
			IsPermanent bool       `json:"is_permanent"`
		}{asUser(f.User), b, asModerator(f.Moderator), f.Reason, f.Time, orNull(f.EndsAt), f.EndsAt.IsZero()}
	})
}

func unbanned(b broadcaster, f *world.UserUnbanned) event {
	return inChannel("channel.unban", "1", b, func() any {
		return struct {
			user
			broadcaster
			moderator
		}{asUser(f.User), b, asModerator(f.Moderator)}
	})
}

// moderation is the payload of channel.moderate: one of the actions is set, the
// others are null.
type moderation struct {
	broadcaster
	noSource
	moderator
	Action string `json:"action"`

	Followers    *followersMode `json:"followers"`
	Slow         *slowMode      `json:"slow"`
	VIP          *user          `json:"vip"`
	UnVIP        *user          `json:"unvip"`
	Mod          *user          `json:"mod"`
	Unmod        *user          `json:"unmod"`
	Ban          *banAct        `json:"ban"`
	Unban        *user          `json:"unban"`
	Timeout      *timeoutAct    `json:"timeout"`
	Untimeout    *user          `json:"untimeout"`
	Raid         *raidAct       `json:"raid"`
	Unraid       *user          `json:"unraid"`
	Delete       *deleteAct     `json:"delete"`
	AutoModTerms *termsAct      `json:"automod_terms"`
	UnbanRequest *unbanAct      `json:"unban_request"`
	Warn         *warnAct       `json:"warn"`

	SharedBan       *struct{} `json:"shared_chat_ban"`
	SharedUnban     *struct{} `json:"shared_chat_unban"`
	SharedTimeout   *struct{} `json:"shared_chat_timeout"`
	SharedUntimeout *struct{} `json:"shared_chat_untimeout"`
	SharedDelete    *struct{} `json:"shared_chat_delete"`
}

type (
	followersMode struct {
		Minutes int `json:"follow_duration_minutes"`
	}
	slowMode struct {
		Seconds int `json:"wait_time_seconds"`
	}
	banAct struct {
		user
		Reason *string `json:"reason"`
	}
	timeoutAct struct {
		user
		Reason    *string   `json:"reason"`
		ExpiresAt time.Time `json:"expires_at"`
	}
	deleteAct struct {
		user
		MessageID   string `json:"message_id"`
		MessageBody string `json:"message_body"`
	}
	raidAct struct {
		user
		Viewers int `json:"viewer_count"`
	}
	termsAct struct {
		Action      string   `json:"action"`
		List        string   `json:"list"`
		Terms       []string `json:"terms"`
		FromAutoMod bool     `json:"from_automod"`
	}
	unbanAct struct {
		IsApproved bool `json:"is_approved"`
		user
		Message string `json:"moderator_message"`
	}
	warnAct struct {
		user
		Reason *string  `json:"reason"`
		Rules  []string `json:"chat_rules_cited"`
	}
)

func banAction(f *world.UserBanned) string {
	if f.Duration > 0 {
		return "timeout"
	}
	return "ban"
}

func unbanAction(f *world.UserUnbanned) string {
	if f.Timeout {
		return "untimeout"
	}
	return "unban"
}

// moderate is channel.moderate, which is sent for all actions of moderators. The fact
// holds the details of the action; nil for actions without.
func moderate(b broadcaster, by moderator, action string, fact world.Fact) event {
	return inChannel("channel.moderate", "2", b, func() any { return moderationOf(b, by, action, fact) })
}

// moderationOf stands for itself, not inside moderate, of which the compiler makes
// a copy for each of its many callers.
func moderationOf(b broadcaster, by moderator, action string, fact world.Fact) *moderation {
	p := &moderation{broadcaster: b, moderator: by, Action: action}
	switch f := fact.(type) {
	case world.UserBanned:
		if f.Duration > 0 {
			p.Timeout = &timeoutAct{asUser(f.User), orNull(f.Reason), f.EndsAt}
		} else {
			p.Ban = &banAct{asUser(f.User), orNull(f.Reason)}
		}
	case world.UserUnbanned:
		if f.Timeout {
			p.Untimeout = new(asUser(f.User))
		} else {
			p.Unban = new(asUser(f.User))
		}
	case world.MessageDeleted:
		p.Delete = &deleteAct{asUser(f.Message.Sender), f.Message.ID, f.Message.Text}
	case world.ModeratorAdded:
		p.Mod = new(asUser(f.User))
	case world.ModeratorRemoved:
		p.Unmod = new(asUser(f.User))
	case world.RaidAnnounced:
		p.Raid = &raidAct{asUser(f.To), f.Viewers}
	case world.RaidCancelled:
		p.Unraid = new(asUser(f.To))
	case world.VIPAdded:
		p.VIP = new(asUser(f.User))
	case world.VIPRemoved:
		p.UnVIP = new(asUser(f.User))
	case world.TermsChanged:
		verb, _, _ := strings.Cut(action, "_")
		p.AutoModTerms = &termsAct{verb, "blocked", f.Terms, false}
	case world.UnbanRequestResolved:
		p.UnbanRequest = &unbanAct{f.Request.Status == "approved", asUser(f.Request.User), f.Request.ResolutionText}
	case world.UserWarned:
		p.Warn = &warnAct{user: asUser(f.User), Reason: orNull(f.Reason)}
	case world.ChatSettingsChanged:
		if action == "followers" {
			p.Followers = &followersMode{int(f.After.FollowersDuration / time.Minute)}
		}
		if action == "slow" {
			p.Slow = &slowMode{int(f.After.Slow / time.Second)}
		}
	}
	return p
}

// modesChanged is one moderation for each mode of the chat that changed.
func modesChanged(b broadcaster, f *world.ChatSettingsChanged) []event {
	var all []event
	add := func(changed, on bool, name string) {
		if changed && !on {
			name += "off"
		}
		if changed {
			all = append(all, moderate(b, asModerator(f.Moderator), name, *f))
		}
	}
	before, after := f.Before, f.After
	add(before.EmoteOnly != after.EmoteOnly, after.EmoteOnly, "emoteonly")
	add(before.FollowersOnly != after.FollowersOnly || (after.FollowersOnly && before.FollowersDuration != after.FollowersDuration),
		after.FollowersOnly, "followers")
	add(before.UniqueChat != after.UniqueChat, after.UniqueChat, "uniquechat")
	add(before.Slow != after.Slow, after.Slow > 0, "slow")
	add(before.SubscribersOnly != after.SubscribersOnly, after.SubscribersOnly, "subscribers")
	return all
}
