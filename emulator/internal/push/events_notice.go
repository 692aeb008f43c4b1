package push

import (
	"fmt"
	"slices"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// chatNotice is the payload of channel.chat.notification: one of the kinds is
// set, the others are null.
type chatNotice struct {
	broadcaster
	noSource
	chatter
	Anonymous       bool     `json:"chatter_is_anonymous"`
	Color           string   `json:"color"`
	Badges          []badge  `json:"badges"`
	SourceBadges    []badge  `json:"source_badges"`
	SourceMessageID *string  `json:"source_message_id"`
	IsSourceOnly    *bool    `json:"is_source_only"`
	SystemMessage   string   `json:"system_message"`
	MessageID       string   `json:"message_id"`
	Message         chatText `json:"message"`
	NoticeType      string   `json:"notice_type"`

	Sub              *noticeSub          `json:"sub"`
	Resub            *noticeResub        `json:"resub"`
	SubGift          *noticeGift         `json:"sub_gift"`
	CommunitySubGift *noticeGifts        `json:"community_sub_gift"`
	GiftPaidUpgrade  *noticeUpgrade      `json:"gift_paid_upgrade"`
	PrimePaidUpgrade *noticePrime        `json:"prime_paid_upgrade"`
	PayItForward     *noticeUpgrade      `json:"pay_it_forward"`
	Raid             *noticeRaid         `json:"raid"`
	Unraid           *struct{}           `json:"unraid"`
	Announcement     *noticeAnnouncement `json:"announcement"`
	BitsBadgeTier    *noticeBadge        `json:"bits_badge_tier"`
	CharityDonation  *noticeDonation     `json:"charity_donation"`
	WatchStreak      *noticeStreak       `json:"watch_streak"`
	Modiversary      *noticeMonths       `json:"modiversary"`

	SharedSub              *noticeSub          `json:"shared_chat_sub"`
	SharedResub            *noticeResub        `json:"shared_chat_resub"`
	SharedSubGift          *noticeGift         `json:"shared_chat_sub_gift"`
	SharedCommunitySubGift *noticeGifts        `json:"shared_chat_community_sub_gift"`
	SharedGiftPaidUpgrade  *noticeUpgrade      `json:"shared_chat_gift_paid_upgrade"`
	SharedPrimePaidUpgrade *noticePrime        `json:"shared_chat_prime_paid_upgrade"`
	SharedPayItForward     *noticeUpgrade      `json:"shared_chat_pay_it_forward"`
	SharedRaid             *noticeRaid         `json:"shared_chat_raid"`
	SharedAnnouncement     *noticeAnnouncement `json:"shared_chat_announcement"`
	SharedModiversary      *noticeMonths       `json:"shared_chat_modiversary"`
}

type (
	noticeSub struct {
		Tier     string `json:"sub_tier"`
		IsPrime  bool   `json:"is_prime"`
		Duration int    `json:"duration_months"`
	}
	noticeResub struct {
		Cumulative      int     `json:"cumulative_months"`
		Duration        int     `json:"duration_months"`
		Streak          *int    `json:"streak_months"`
		Tier            string  `json:"sub_tier"`
		IsPrime         bool    `json:"is_prime"`
		IsGift          bool    `json:"is_gift"`
		GifterAnonymous *bool   `json:"gifter_is_anonymous"`
		GifterID        *string `json:"gifter_user_id"`
		GifterName      *string `json:"gifter_user_name"`
		GifterLogin     *string `json:"gifter_user_login"`
	}
	noticeGift struct {
		Duration    int     `json:"duration_months"`
		Cumulative  *int    `json:"cumulative_total"`
		ID          string  `json:"recipient_user_id"`
		Name        string  `json:"recipient_user_name"`
		Login       string  `json:"recipient_user_login"`
		Tier        string  `json:"sub_tier"`
		CommunityID *string `json:"community_gift_id"`
	}
	noticeGifts struct {
		ID         string `json:"id"`
		Total      int    `json:"total"`
		Tier       string `json:"sub_tier"`
		Cumulative *int   `json:"cumulative_total"`
	}
	noticeRaid struct {
		user
		Viewers int    `json:"viewer_count"`
		Image   string `json:"profile_image_url"`
	}
	noticeDonation struct {
		Charity string `json:"charity_name"`
		Amount  struct {
			Value    int    `json:"value"`
			Decimals int    `json:"decimal_place"`
			Currency string `json:"currency"`
		} `json:"amount"`
	}
	noticeAnnouncement struct {
		Color string `json:"color"`
	}
	noticeUpgrade struct { // also of what is paid forward
		Anonymous bool    `json:"gifter_is_anonymous"`
		ID        *string `json:"gifter_user_id"`
		Name      *string `json:"gifter_user_name"`
		Login     *string `json:"gifter_user_login"`
	}
	noticePrime struct {
		Tier string `json:"sub_tier"`
	}
	noticeBadge struct {
		Tier int `json:"tier"`
	}
	noticeStreak struct {
		Count  int `json:"streak_count"`
		Points int `json:"channel_points_awarded"`
	}
	noticeMonths struct {
		Months int `json:"months"`
	}
)

// anonymous is the giver of anonymous gifts.
var anonymous = world.User{ID: "274598607", Login: "ananonymousgifter", DisplayName: "AnAnonymousGifter"}

// sharedNotices are the kinds that the other channels of a shared chat get as well.
var sharedNotices = []string{
	"sub", "resub", "sub_gift", "community_sub_gift", "gift_paid_upgrade", "prime_paid_upgrade", "pay_it_forward", "raid", "announcement", "modiversary",
}

// notice makes the event; fill sets what the kind adds.
func notice(w *world.World, b broadcaster, by world.User, kind, messageID, text string, fill func(*chatNotice)) event {
	e := inChannel("channel.chat.notification", "1", b, func() any {
		p := noticeOf(w, b, by, kind, messageID, text)
		fill(p)
		return p
	})
	if !slices.Contains(sharedNotices, kind) {
		return e
	}
	e.copied = func(to broadcaster) event {
		return inChannel("channel.chat.notification", "1", to, func() any {
			p := noticeOf(w, to, by, kind, messageID, text)
			fill(p)
			p.share(w, b, by)
			return p
		})
	}
	return e
}

// share makes a notice of b that of the channel that shares the chat.
func (p *chatNotice) share(w *world.World, b broadcaster, by world.User) {
	p.noSource = sourceOf(b)
	p.SourceMessageID, p.MessageID = new(p.MessageID), world.CopyID(p.MessageID, p.broadcaster.ID)
	p.Badges, p.SourceBadges = badgesOf(w.Badges(p.broadcaster.ID, by.ID)), badgesOf(w.Badges(b.ID, by.ID))
	p.IsSourceOnly = new(false)
	p.NoticeType = "shared_chat_" + p.NoticeType
	p.SharedSub, p.Sub = p.Sub, nil
	p.SharedResub, p.Resub = p.Resub, nil
	p.SharedSubGift, p.SubGift = p.SubGift, nil
	p.SharedCommunitySubGift, p.CommunitySubGift = p.CommunitySubGift, nil
	p.SharedGiftPaidUpgrade, p.GiftPaidUpgrade = p.GiftPaidUpgrade, nil
	p.SharedPrimePaidUpgrade, p.PrimePaidUpgrade = p.PrimePaidUpgrade, nil
	p.SharedPayItForward, p.PayItForward = p.PayItForward, nil
	p.SharedRaid, p.Raid = p.Raid, nil
	p.SharedAnnouncement, p.Announcement = p.Announcement, nil
	p.SharedModiversary, p.Modiversary = p.Modiversary, nil
}

// noticeOf is what notices of all kinds have. It stands for itself, not inside
// notice, of which the compiler makes a copy for each caller.
func noticeOf(w *world.World, b broadcaster, by world.User, kind, messageID, text string) *chatNotice {
	p := &chatNotice{
		broadcaster: b, chatter: asChatter(by), Color: by.Color, Badges: badgesOf(w.Badges(b.ID, by.ID)),
		MessageID: messageID, Message: chatTextOf(w, world.ChatMessage{Text: text}), NoticeType: kind,
	}
	if by.IsZero() {
		p.chatter, p.Anonymous = asChatter(anonymous), true
	}
	return p
}

func subNotice(w *world.World, b broadcaster, f *world.Subscribed) event {
	return notice(w, b, f.User, "sub", f.MessageID, "", func(p *chatNotice) {
		p.SystemMessage = fmt.Sprintf("%s subscribed at %s.", f.User.DisplayName, world.TierName(f.Tier))
		p.Sub = &noticeSub{Tier: f.Tier, IsPrime: f.Prime, Duration: 1}
	})
}

func resubNotice(w *world.World, b broadcaster, f *world.Resubscribed) event {
	return notice(w, b, f.User, "resub", f.MessageID, f.Text, func(p *chatNotice) {
		p.SystemMessage = fmt.Sprintf("%s subscribed at %s. They've subscribed for %d months!", f.User.DisplayName, world.TierName(f.Tier), f.CumulativeMonths)
		p.Resub = &noticeResub{Cumulative: f.CumulativeMonths, Duration: f.DurationMonths, Streak: orNull(f.StreakMonths), Tier: f.Tier, IsPrime: f.Prime, IsGift: f.IsGift}
		if f.IsGift {
			p.Resub.GifterAnonymous = new(f.Gifter.IsZero())
			p.Resub.GifterID, p.Resub.GifterName, p.Resub.GifterLogin = orNull(f.Gifter.ID), orNull(f.Gifter.DisplayName), orNull(f.Gifter.Login)
		}
	})
}

func giftNotice(w *world.World, b broadcaster, f *world.Subscribed) event {
	return notice(w, b, f.Gifter, "sub_gift", f.MessageID, "", func(p *chatNotice) {
		p.SystemMessage = fmt.Sprintf("%s gifted a %s sub to %s!", p.chatter.Name, world.TierName(f.Tier), f.User.DisplayName)
		p.SubGift = &noticeGift{
			Duration: 1, ID: f.User.ID, Name: f.User.DisplayName, Login: f.User.Login, Tier: f.Tier, CommunityID: orNull(f.GiftID),
		}
	})
}

func giftsNotice(w *world.World, b broadcaster, f *world.GiftSubs) event {
	return notice(w, b, f.Gifter, "community_sub_gift", f.MessageID, "", func(p *chatNotice) {
		p.SystemMessage = fmt.Sprintf("%s is gifting %d %s Subs to %s's community!", p.chatter.Name, f.Total, world.TierName(f.Tier), b.Name)
		p.CommunitySubGift = &noticeGifts{ID: f.GiftID, Total: f.Total, Tier: f.Tier}
		if !f.Anonymous {
			p.CommunitySubGift.Cumulative = &f.CumulativeTotal
		}
	})
}

func raidNotice(w *world.World, b broadcaster, f *world.Raided) event {
	return notice(w, b, f.From, "raid", f.MessageID, "", func(p *chatNotice) {
		p.SystemMessage = fmt.Sprintf("%d raiders from %s have joined!", f.Viewers, f.From.DisplayName)
		p.Raid = &noticeRaid{asUser(f.From), f.Viewers, f.From.ProfileImageURL}
	})
}

func announcementNotice(w *world.World, b broadcaster, f *world.Announcement) event {
	e := notice(w, b, f.Moderator, "announcement", f.MessageID, f.Text, func(p *chatNotice) {
		p.Badges = badgesOf(f.Badges)
		p.Announcement = &noticeAnnouncement{f.Color}
		if w.SharedWith(b.ID) != nil {
			p.IsSourceOnly = new(f.SourceOnly)
		}
	})
	if f.SourceOnly {
		e.copied = nil
	}
	return e
}
