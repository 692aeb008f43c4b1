package world

import (
	"fmt"
	"strconv"
)

// A ChannelEmote is an emote of a channel.
type ChannelEmote struct {
	Emote
	Kind    string // "subscriptions", "follower", "bitstier"
	Tier    string // of the subscription that gives it; "" where none does
	SetID   string
	OwnerID string
}

// channelEmotes are what every channel has, after its login.
var channelEmotes = []struct{ suffix, kind, tier string }{
	{"Hi", "subscriptions", "1000"},
	{"Love", "subscriptions", "1000"},
	{"Dance", "subscriptions", "2000"},
	{"Party", "subscriptions", "3000"},
	{"Wave", "follower", ""},
	{"Bits", "bitstier", ""},
}

// ChannelEmotes returns the emotes of a channel.
func (w *World) ChannelEmotes(broadcasterID string) []ChannelEmote {
	u, ok := w.UserByID(broadcasterID)
	if !ok {
		return nil
	}
	all := make([]ChannelEmote, len(channelEmotes))
	for i, e := range channelEmotes {
		n := w.number("emote", u.ID, e.suffix)
		set := 300_000_000 + w.number("emote set", u.ID, e.kind, e.tier)%700_000_000
		all[i] = ChannelEmote{
			Emote: Emote{ID: fmt.Sprintf("emotesv2_%016x%016x", n, ^n), Name: u.Login + e.suffix},
			Kind:  e.kind, Tier: e.tier, SetID: strconv.FormatUint(set, 10), OwnerID: u.ID,
		}
	}
	return all
}

// UserEmotes returns the emotes of channels that a user can use: those of
// subscriptions up to their tier, those of bits where they cheered, and those
// of the followed channel that is named.
func (w *World) UserEmotes(userID, followedID string) []ChannelEmote {
	var all []ChannelEmote
	for _, b := range w.Users() {
		w.mu.RLock()
		ch := w.channels[b.ID]
		_, follows := ch.followers[userID]
		tier, cheered := "", ch.bits[userID] > 0
		if s := ch.subs[userID]; s != nil {
			tier = s.Tier
		}
		w.mu.RUnlock()
		for _, e := range w.ChannelEmotes(b.ID) {
			own := b.ID == userID
			switch e.Kind {
			case "subscriptions":
				own = own || tier >= e.Tier
			case "follower":
				own = b.ID == followedID && (own || follows)
			case "bitstier":
				own = own || cheered
			}
			if own {
				all = append(all, e)
			}
		}
	}
	return all
}
