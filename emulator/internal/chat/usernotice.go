package chat

import (
	"fmt"
	"slices"
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

	unshared bool          // stays in its channel
	source   *noticeSource // nil: the channel shares no chat
}

// A noticeSource says where a notice of a shared chat comes from.
type noticeSource struct {
	id, kind string
	room     world.User
	badges   []world.Badge
	only     bool
}

func (s *Server) usernotice(b world.User, n userNotice) *message {
	if n.badges == nil {
		n.badges = s.world.Badges(b.ID, n.user.ID)
	}
	emotes, _ := emoteTags(n.text)
	mod := s.world.Has(b.ID, world.Moderator, n.user.ID)
	info, badges := badgeTags(n.badges)
	tags := make(tagList, 0, 48)
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
	if from := n.source; from != nil {
		sourceInfo, sourceBadges := badgeTags(from.badges)
		tags.add("source-badge-info", sourceInfo)
		tags.add("source-badges", sourceBadges)
		tags.add("source-id", from.id)
		tags.add("source-msg-id", from.kind)
		tags.flag("source-only", from.only)
		tags.add("source-room-id", from.room.ID)
	}
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

func subscribed(b world.User, f world.Subscribed) userNotice {
	if f.IsGift {
		return giftOne(f, b)
	}
	n := userNotice{id: f.MessageID, kind: "sub", user: f.User, at: f.Time, system: f.User.DisplayName + " subscribed at " + world.TierName(f.Tier) + "."}
	if f.Prime {
		n.system = f.User.DisplayName + " subscribed with Prime."
	}
	n.params = append(subParams(b, plan(f.Tier, f.Prime), 1, 0, false), tag{"was-gifted", "false"})
	return n
}

func resubscribed(b world.User, f world.Resubscribed) userNotice {
	n := userNotice{id: f.MessageID, kind: "resub", user: f.User, at: f.Time, text: f.Text}
	months := strconv.Itoa(f.CumulativeMonths)
	n.system = f.User.DisplayName + " subscribed at " + world.TierName(f.Tier) + ". They've subscribed for " + months + " months!"
	if f.StreakMonths > 0 {
		n.system = strings.TrimSuffix(n.system, "!") + ", currently on a " + strconv.Itoa(f.StreakMonths) + " month streak!"
	}
	if f.Prime {
		n.system = strings.Replace(n.system, "at "+world.TierName(f.Tier), "with Prime", 1)
	}
	n.params = append(n.params, giftTags(f)...)
	n.params = append(n.params, subParams(b, plan(f.Tier, f.Prime), f.CumulativeMonths, f.StreakMonths, f.StreakMonths > 0)...)
	n.params.add("was-gifted", strconv.FormatBool(f.IsGift))
	slices.SortStableFunc(n.params, func(a, b tag) int { return strings.Compare(a.key, b.key) })
	return n
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
	return p
}

// plan is how IRC writes the tier of a subscription.
func plan(tier string, prime bool) string {
	if prime {
		return "Prime"
	}
	return tier
}

// giftTags are what a resubscription adds that was a gift.
func giftTags(f world.Resubscribed) (p tagList) {
	if !f.IsGift {
		return nil
	}
	p.add("anon-gift", strconv.FormatBool(f.Gifter.IsZero()))
	p.number("gift-month-being-redeemed", int64(f.CumulativeMonths))
	p.number("gift-months", 1)
	if !f.Gifter.IsZero() {
		p.add("gifter-id", f.Gifter.ID)
		p.add("gifter-login", f.Gifter.Login)
		p.add("gifter-name", f.Gifter.DisplayName)
	}
	return p
}

func giftOne(f world.Subscribed, b world.User) userNotice {
	gifter := f.Gifter
	if gifter.IsZero() {
		gifter = anonymous
	}
	n := userNotice{id: f.MessageID, kind: "subgift", user: gifter, at: f.Time}
	n.system = gifter.DisplayName + " gifted a " + world.TierName(f.Tier) + " sub to " + f.User.DisplayName + "!"
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
	return n
}

func gifted(b world.User, f world.GiftSubs) userNotice {
	gifter := f.Gifter
	if f.Anonymous {
		gifter = anonymous
	}
	total := strconv.Itoa(f.Total)
	n := userNotice{id: f.MessageID, kind: "submysterygift", user: gifter, at: f.Time}
	n.system = gifter.DisplayName + " is gifting " + total + " " + world.TierName(f.Tier) + " Subs to " + b.DisplayName + "'s community!"
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
	return n
}

func raided(f world.Raided) userNotice {
	n := userNotice{id: f.MessageID, kind: "raid", user: f.From, at: f.Time}
	n.system = strconv.Itoa(f.Viewers) + " raiders from " + f.From.DisplayName + " have joined!"
	n.params.add("displayName", f.From.DisplayName)
	n.params.add("login", f.From.Login)
	n.params.add("profileImageURL", strings.Replace(f.From.ProfileImageURL, "300x300", "%s", 1))
	n.params.number("viewerCount", int64(f.Viewers))
	return n
}

func donated(f world.CharityDonated) userNotice {
	d, a := f.Donation, f.Donation.Amount
	n := userNotice{id: d.ID, kind: "charitydonation", user: d.User, at: f.Time}
	n.system = fmt.Sprintf("%s: Donated %s %d.%02d to support %s", d.User.DisplayName, a.Currency, a.Value/100, a.Value%100, f.Campaign.Charity)
	n.params.add("charity-name", f.Campaign.Charity)
	n.params.number("donation-amount", int64(a.Value))
	n.params.add("donation-currency", a.Currency)
	n.params.number("exponent", int64(a.Decimals))
	return n
}

func announced(f world.Announcement) userNotice {
	return userNotice{
		id: f.MessageID, kind: "announcement", user: f.Moderator, badges: f.Badges, text: f.Text, at: f.Time,
		params: tagList{{"color", strings.ToUpper(f.Color)}}, unshared: f.SourceOnly,
	}
}

func planName(b world.User) string { return "Channel Subscription (" + b.Login + ")" }

func originID(giftID, messageID string) string {
	if giftID != "" {
		return giftID
	}
	return messageID
}
