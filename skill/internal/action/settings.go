package action

import (
	"context"
	"time"

	"github.com/larkspur-dev/larkspur/helix"
)

var chatSettings = Action{
	Name: "chat-settings", Class: ClassModeration,
	About:     "Changes who may write to the chat; fields that are left out stay as they are.",
	Example:   "{slow: 30s, followers: 10m, emotes: false}",
	Endpoints: []string{"update-chat-settings"},
	Fields: []Field{
		{Name: "slow", Kind: KindDuration, Longest: 2 * time.Minute, About: "how long each user waits between two messages, from 3s to 2m; 0 for no wait"},
		{Name: "followers", Kind: KindDuration, Longest: 90 * 24 * time.Hour, About: "how long a user must have followed; 0 for all followers"},
		{Name: "everyone", Kind: KindBool, About: "true: not only followers may write"},
		{Name: "subscribers", Kind: KindBool, About: "whether only subscribers may write"},
		{Name: "emotes", Kind: KindBool, About: "whether only emotes may be written"},
		{Name: "unique", Kind: KindBool, About: "whether no message may be written twice"},
	},
	Do: func(ctx context.Context, t *Twitch, e Effect) (map[string]any, error) {
		r := t.room()
		steps := []struct {
			field string
			do    func() error
		}{
			{"slow", func() error { return r.Slow(ctx, e.Duration("slow")) }},
			{"followers", func() error { return r.FollowersOnly(ctx, e.Duration("followers")) }},
			{"subscribers", func() error { return r.SubscribersOnly(ctx, e.Bool("subscribers")) }},
			{"emotes", func() error { return r.EmoteOnly(ctx, e.Bool("emotes")) }},
			{"unique", func() error { return r.UniqueChat(ctx, e.Bool("unique")) }},
		}
		if e.Bool("everyone") {
			if err := r.FollowersOnlyOff(ctx); err != nil {
				return nil, err
			}
		}
		for _, s := range steps {
			if e.Has(s.field) {
				if err := s.do(); err != nil {
					return nil, err
				}
			}
		}
		return nil, nil
	},
}

var shield = Action{
	Name: "shield", Class: ClassModeration, Short: "on",
	About:     "Turns Shield Mode on or off.",
	Example:   "true",
	Endpoints: []string{"update-shield-mode-status"},
	Fields:    []Field{{Name: "on", Kind: KindBool, Default: "true", About: "true or false"}},
	Do: func(ctx context.Context, t *Twitch, e Effect) (map[string]any, error) {
		_, err := t.Client.Moderation.UpdateShieldMode(ctx, helix.UpdateShieldModeStatusParams{BroadcasterID: t.Broadcaster.ID, ModeratorID: t.Bot.ID, IsActive: e.Bool("on")})
		return nil, err
	},
}
