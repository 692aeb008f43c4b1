package chat

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// A userNotice is what the kinds of USERNOTICE have in common, and its msg-param tags.
type userNotice struct {
	id     string // of the message
	kind   string // msg-id
	user   world.User
	badges []world.Badge
	system string
	text   string // "" for none
	at     time.Time
	params tagList
}

func (s *Server) usernotice(b world.User, n userNotice) *message {
	if n.badges == nil {
		n.badges = s.world.Badges(b.ID, n.user.ID)
	}
	emotes, _ := emoteTags(n.text)
	mod := s.world.Has(b.ID, world.Moderator, n.user.ID)
	info, badges := badgeTags(n.badges)
	tags := make(tagList, 0, 32)
	tags.add("badge-info", info)
	tags.add("badges", badges)
	tags.add("color", n.user.Color)
	tags.add("display-name", n.user.DisplayName)
	tags.add("emotes", emotes)
	tags.add("flags", "")
	tags.add("id", n.id)
	tags.add("login", n.user.Login)
	tags.flag("mod", mod)
	tags.add("msg-id", n.kind)
	for _, p := range n.params {
		tags.add("msg-param-"+p.key, p.value)
	}
	tags.add("room-id", b.ID)
	tags.flag("subscriber", hasBadge(n.badges, "subscriber"))
	tags.add("system-msg", n.system)
	tags.number("tmi-sent-ts", n.at.UnixMilli())
	tags.flag("turbo", n.user.Turbo)
	tags.add("user-id", n.user.ID)
	tags.add("user-type", userType(n.user, mod))
	tags.flag("vip", hasBadge(n.badges, "vip"))
	body := ":" + host + " USERNOTICE #" + b.Login
	if n.text != "" {
		body += " :" + n.text
	}
	return newMessage(tags, body)
}

// anonymous is the giver of anonymous gifts.
var anonymous = world.User{ID: "274598607", Login: "ananonymousgifter", DisplayName: "AnAnonymousGifter"}

func (s *Server) subscribed(b world.User, f world.Subscribed) *message {
	if f.IsGift {
		return s.giftOne(b, f)
	}
	n := userNotice{id: f.MessageID, kind: "sub", user: f.User, at: f.Time, system: f.User.DisplayName + " subscribed at " + tierName(f.Tier) + "."}
	n.params = subParams(b, f.Tier, 1, 0, false)
	return s.usernotice(b, n)
}

func (s *Server) resubscribed(b world.User, f world.Resubscribed) *message {
	n := userNotice{id: f.MessageID, kind: "resub", user: f.User, at: f.Time, text: f.Text}
	months := strconv.Itoa(f.CumulativeMonths)
	n.system = f.User.DisplayName + " subscribed at " + tierName(f.Tier) + ". They've subscribed for " + months + " months!"
	if f.StreakMonths > 0 {
		n.system = strings.TrimSuffix(n.system, "!") + ", currently on a " + strconv.Itoa(f.StreakMonths) + " month streak!"
	}
	n.params = subParams(b, f.Tier, f.CumulativeMonths, f.StreakMonths, f.StreakMonths > 0)
	return s.usernotice(b, n)
}

func subParams(b world.User, tier string, months, streak int, shareStreak bool) tagList {
	var p tagList
	p.number("cumulative-months", int64(months))
	p.number("months", 0)
	p.number("multimonth-duration", 1)
	p.number("multimonth-tenure", 0)
	p.flag("should-share-streak", shareStreak)
	if shareStreak {
		p.number("streak-months", int64(streak))
	}
	p.add("sub-plan", tier)
	p.add("sub-plan-name", planName(b))
	p.add("was-gifted", "false")
	return p
}

func (s *Server) giftOne(b world.User, f world.Subscribed) *message {
	gifter := f.Gifter
	if gifter.IsZero() {
		gifter = anonymous
	}
	n := userNotice{id: f.MessageID, kind: "subgift", user: gifter, at: f.Time}
	n.system = gifter.DisplayName + " gifted a " + tierName(f.Tier) + " sub to " + f.User.DisplayName + "!"
	n.params.optional("community-gift-id", f.GiftID)
	n.params.number("gift-months", 1)
	n.params.number("months", 1)
	n.params.add("origin-id", originID(f.GiftID, f.MessageID))
	n.params.add("recipient-display-name", f.User.DisplayName)
	n.params.add("recipient-id", f.User.ID)
	n.params.add("recipient-user-name", f.User.Login)
	n.params.number("sender-count", 0)
	n.params.add("sub-plan", f.Tier)
	n.params.add("sub-plan-name", planName(b))
	return s.usernotice(b, n)
}

func (s *Server) gifted(b world.User, f world.GiftSubs) *message {
	gifter := f.Gifter
	if f.Anonymous {
		gifter = anonymous
	}
	total := strconv.Itoa(f.Total)
	n := userNotice{id: f.MessageID, kind: "submysterygift", user: gifter, at: f.Time}
	n.system = gifter.DisplayName + " is gifting " + total + " " + tierName(f.Tier) + " Subs to " + b.DisplayName + "'s community!"
	if !f.Anonymous {
		n.system += " They've gifted a total of " + strconv.Itoa(f.CumulativeTotal) + " in the channel!"
	}
	n.params.optional("community-gift-id", f.GiftID)
	n.params.number("mass-gift-count", int64(f.Total))
	n.params.add("origin-id", originID(f.GiftID, f.MessageID))
	if !f.Anonymous {
		n.params.number("sender-count", int64(f.CumulativeTotal))
	}
	n.params.add("sub-plan", f.Tier)
	return s.usernotice(b, n)
}

func (s *Server) raided(b world.User, f world.Raided) *message {
	n := userNotice{id: f.MessageID, kind: "raid", user: f.From, at: f.Time}
	n.system = strconv.Itoa(f.Viewers) + " raiders from " + f.From.DisplayName + " have joined!"
	n.params.add("displayName", f.From.DisplayName)
	n.params.add("login", f.From.Login)
	n.params.add("profileImageURL", strings.Replace(f.From.ProfileImageURL, "300x300", "%s", 1))
	n.params.number("viewerCount", int64(f.Viewers))
	return s.usernotice(b, n)
}

func (s *Server) donated(b world.User, f world.CharityDonated) *message {
	d, a := f.Donation, f.Donation.Amount
	n := userNotice{id: d.ID, kind: "charitydonation", user: d.User, at: f.Time}
	n.system = fmt.Sprintf("%s: Donated %s %d.%02d to support %s", d.User.DisplayName, a.Currency, a.Value/100, a.Value%100, f.Campaign.Charity)
	n.params.add("charity-name", f.Campaign.Charity)
	n.params.number("donation-amount", int64(a.Value))
	n.params.add("donation-currency", a.Currency)
	n.params.number("exponent", int64(a.Decimals))
	return s.usernotice(b, n)
}

func (s *Server) announced(b world.User, f world.Announcement) *message {
	return s.usernotice(b, userNotice{
		id: f.MessageID, kind: "announcement", user: f.Moderator, badges: f.Badges, text: f.Text, at: f.Time,
		params: tagList{{"color", strings.ToUpper(f.Color)}},
	})
}

func tierName(tier string) string {
	switch tier {
	case "2000":
		return "Tier 2"
	case "3000":
		return "Tier 3"
	}
	return "Tier 1"
}

func planName(b world.User) string { return "Channel Subscription (" + b.Login + ")" }

func originID(giftID, messageID string) string {
	if giftID != "" {
		return giftID
	}
	return messageID
}
