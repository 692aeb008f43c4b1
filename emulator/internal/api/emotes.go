package api

import (
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

const emoteTemplate = "https://static-cdn.jtvnw.net/emoticons/v2/{{id}}/{{format}}/{{theme_mode}}/{{scale}}"

// showEmote is what all lists of emotes have in common.
func showEmote(e world.Emote) obj {
	return obj{
		"id": e.ID, "name": e.Name,
		"format": []string{"static"}, "scale": []string{"1.0", "2.0", "3.0"}, "theme_mode": []string{"light", "dark"},
	}
}

func emoteImages(e world.Emote) obj {
	url := "https://static-cdn.jtvnw.net/emoticons/v2/" + e.ID + "/static/light/"
	return obj{"url_1x": url + "1.0", "url_2x": url + "2.0", "url_4x": url + "3.0"}
}

func emotes[E any](all []E, show func(E) obj) obj {
	answer := data(every(all, show)...)
	answer["template"] = emoteTemplate
	return answer
}

func getGlobalEmotes(*call) (obj, error) {
	return emotes(world.GlobalEmotes(), func(e world.Emote) obj {
		o := showEmote(e)
		o["images"] = emoteImages(e)
		return o
	}), nil
}

func getChannelEmotes(c *call) (obj, error) {
	b, err := c.user("broadcaster_id")
	if err != nil {
		return nil, err
	}
	return emotes(c.world.ChannelEmotes(b.ID), func(e world.ChannelEmote) obj {
		o := showEmote(e.Emote)
		o["images"], o["tier"], o["emote_type"], o["emote_set_id"] = emoteImages(e.Emote), e.Tier, e.Kind, e.SetID
		return o
	}), nil
}

func getEmoteSets(c *call) (obj, error) {
	var found []world.ChannelEmote
	for _, u := range c.world.Users() {
		for _, e := range c.world.ChannelEmotes(u.ID) {
			if slices.Contains(c.query["emote_set_id"], e.SetID) {
				found = append(found, e)
			}
		}
	}
	return emotes(found, func(e world.ChannelEmote) obj {
		o := showEmote(e.Emote)
		o["images"], o["emote_type"], o["emote_set_id"], o["owner_id"] = emoteImages(e.Emote), e.Kind, e.SetID, e.OwnerID
		return o
	}), nil
}

// getUserEmotes lists the global emotes and those of channels.
func getUserEmotes(c *call) (obj, error) {
	var all []world.ChannelEmote
	for _, e := range world.GlobalEmotes() {
		kind := "globals"
		if strings.Trim(e.Name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
			kind = "smilies"
		}
		all = append(all, world.ChannelEmote{Emote: e, Kind: kind, SetID: "0", OwnerID: "0"})
	}
	all = append(all, c.world.UserEmotes(c.get("user_id"), c.broadcaster())...)
	answer, err := pageOf(c, all, 100, func(e world.ChannelEmote) string { return e.ID }, func(e world.ChannelEmote) obj {
		o := showEmote(e.Emote)
		o["emote_type"], o["emote_set_id"], o["owner_id"] = e.Kind, e.SetID, e.OwnerID
		return o
	})
	if err != nil {
		return nil, err
	}
	answer["template"] = emoteTemplate
	return answer, nil
}
