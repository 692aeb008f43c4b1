package api

import (
	"fmt"
	"strconv"
)

// A badgeSet is a set of badges that differ in how much of something one is.
type badgeSet struct {
	id       string
	versions []badgeVersion
}

type badgeVersion struct{ id, title, click, url string }

func single(set, title string) badgeSet {
	return badgeSet{set, []badgeVersion{{id: "1", title: title}}}
}

// globalBadges are the badges that mean the same in all channels.
func globalBadges() []badgeSet {
	bits := badgeSet{id: "bits"}
	for _, n := range []int{1, 100, 1000, 5000, 10000} {
		bits.versions = append(bits.versions, badgeVersion{strconv.Itoa(n), fmt.Sprintf("cheer %d", n), "visit_url", "https://bits.twitch.tv"})
	}
	return []badgeSet{
		single("admin", "Admin"),
		bits,
		single("broadcaster", "Broadcaster"),
		single("moderator", "Moderator"),
		single("partner", "Verified"),
		{"premium", []badgeVersion{{"1", "Prime Gaming", "visit_url", "https://www.twitch.tv/prime"}}},
		single("staff", "Staff"),
		{"subscriber", []badgeVersion{{"0", "Subscriber", "subscribe_to_channel", ""}}},
		single("vip", "VIP"),
	}
}

// channelBadges are those that chat shows for subscribers: by months, and by
// tier in the thousands.
func channelBadges() []badgeSet {
	set := badgeSet{id: "subscriber"}
	for tier, name := range []string{"", "Tier 2 ", "Tier 3 "} {
		base := 0
		if tier > 0 {
			base = 1000 * (tier + 1)
		}
		for _, months := range []int{0, 3, 6, 9, 12, 18, 24} {
			title := name + "Subscriber"
			if months > 0 {
				title = fmt.Sprintf("%s%d-Month Subscriber", name, months)
			}
			set.versions = append(set.versions, badgeVersion{strconv.Itoa(base + months), title, "subscribe_to_channel", ""})
		}
	}
	return []badgeSet{set}
}

func showBadges(owner string, sets []badgeSet) obj {
	return data(every(sets, func(s badgeSet) obj {
		return obj{"set_id": s.id, "versions": every(s.versions, func(v badgeVersion) obj {
			url := "https://static-cdn.jtvnw.net/badges/v1/" + owner + "-" + s.id + "-" + v.id + "/"
			return obj{
				"id": v.id, "image_url_1x": url + "1", "image_url_2x": url + "2", "image_url_4x": url + "3",
				"title": v.title, "description": v.title, "click_action": orNull(v.click), "click_url": orNull(v.url),
			}
		})}
	})...)
}

// orNull is JSON's null for an empty text.
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func getGlobalBadges(*call) (obj, error) { return showBadges("global", globalBadges()), nil }

func getChannelBadges(c *call) (obj, error) {
	b, err := c.user("broadcaster_id")
	if err != nil {
		return nil, err
	}
	return showBadges(b.ID, channelBadges()), nil
}
