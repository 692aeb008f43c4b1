package push

import (
	"unicode/utf8"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func subscribed(b broadcaster, f *world.Subscribed) event {
	return subscription1("channel.subscribe", b, f.User, f.Tier, f.IsGift)
}

func subscriptionEnded(b broadcaster, f *world.SubscriptionEnded) event {
	return subscription1("channel.subscription.end", b, f.User, f.Tier, f.IsGift)
}

func subscription1(name string, b broadcaster, u world.User, tier string, isGift bool) event {
	return inChannel(name, "1", b, func() any {
		return struct {
			user
			broadcaster
			Tier   string `json:"tier"`
			IsGift bool   `json:"is_gift"`
		}{asUser(u), b, tier, isGift}
	})
}

func gifted(b broadcaster, f *world.GiftSubs) event {
	return inChannel("channel.subscription.gift", "1", b, func() any {
		p := struct {
			maybeUser
			broadcaster
			Total      int    `json:"total"`
			Tier       string `json:"tier"`
			Cumulative *int   `json:"cumulative_total"` // null when anonymous
			Anonymous  bool   `json:"is_anonymous"`
		}{asMaybeUser(f.Gifter), b, f.Total, f.Tier, nil, f.Anonymous}
		if !f.Anonymous {
			p.Cumulative = &f.CumulativeTotal
		}
		return p
	})
}

func resubscribed(w *world.World, b broadcaster, f *world.Resubscribed) event {
	type emote struct {
		Begin int    `json:"begin"`
		End   int    `json:"end"`
		ID    string `json:"id"`
	}
	type message struct {
		Text   string  `json:"text"`
		Emotes []emote `json:"emotes"`
	}
	return inChannel("channel.subscription.message", "1", b, func() any {
		m := message{Text: f.Text, Emotes: []emote{}}
		at := 0 // in code points
		for _, part := range w.Fragments(world.ChatMessage{Text: f.Text}) {
			length := utf8.RuneCountInString(part.Text)
			if part.Type == "emote" {
				m.Emotes = append(m.Emotes, emote{at, at + length - 1, part.EmoteID})
			}
			at += length
		}
		return struct {
			user
			broadcaster
			Tier       string  `json:"tier"`
			Message    message `json:"message"`
			Cumulative int     `json:"cumulative_months"`
			Streak     *int    `json:"streak_months"` // null when not shared
			Duration   int     `json:"duration_months"`
		}{asUser(f.User), b, f.Tier, m, f.CumulativeMonths, orNull(f.StreakMonths), f.DurationMonths}
	})
}

func cheered(b broadcaster, f *world.Cheered) event {
	return inChannel("channel.cheer", "1", b, func() any {
		return struct {
			Anonymous bool `json:"is_anonymous"`
			maybeUser
			broadcaster
			Message string `json:"message"`
			Bits    int    `json:"bits"`
		}{f.Anonymous, asMaybeUser(f.User), b, f.Message.Text, f.Bits}
	})
}

func bitsUsed(w *world.World, b broadcaster, f *world.Cheered) event {
	return inChannel("channel.bits.use", "1", b, func() any {
		return struct {
			broadcaster
			user
			Bits          int      `json:"bits"`
			Type          string   `json:"type"`
			Message       bitsText `json:"message"`
			PowerUp       *string  `json:"power_up"`
			CustomPowerUp *string  `json:"custom_power_up"`
		}{b, asUser(f.User), f.Bits, "cheer", bitsTextOf(w, f.Message), nil, nil}
	})
}
