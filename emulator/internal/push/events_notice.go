package push

import (
	"fmt"

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
	GiftPaidUpgrade  *struct{}           `json:"gift_paid_upgrade"`
	PrimePaidUpgrade *struct{}           `json:"prime_paid_upgrade"`
	PayItForward     *struct{}           `json:"pay_it_forward"`
	Raid             *noticeRaid         `json:"raid"`
	Unraid           *struct{}           `json:"unraid"`
	Announcement     *noticeAnnouncement `json:"announcement"`
	BitsBadgeTier    *struct{}           `json:"bits_badge_tier"`
	CharityDonation  *noticeDonation     `json:"charity_donation"`
	WatchStreak      *struct{}           `json:"watch_streak"`
	Modiversary      *struct{}           `json:"modiversary"`

	SharedSub              *struct{} `json:"shared_chat_sub"`
	SharedResub            *struct{} `json:"shared_chat_resub"`
	SharedSubGift          *struct{} `json:"shared_chat_sub_gift"`
	SharedCommunitySubGift *struct{} `json:"shared_chat_community_sub_gift"`
	SharedGiftPaidUpgrade  *struct{} `json:"shared_chat_gift_paid_upgrade"`
	SharedPrimePaidUpgrade *struct{} `json:"shared_chat_prime_paid_upgrade"`
	SharedPayItForward     *struct{} `json:"shared_chat_pay_it_forward"`
	SharedRaid             *struct{} `json:"shared_chat_raid"`
	SharedAnnouncement     *struct{} `json:"shared_chat_announcement"`
	SharedModiversary      *struct{} `json:"shared_chat_modiversary"`
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
)

// anonymous is the giver of anonymous gifts.
var anonymous = world.User{ID: "274598607", Login: "ananonymousgifter", DisplayName: "AnAnonymousGifter"}

// notice makes the event; fill sets what the kind adds.
func notice(w *world.World, b broadcaster, by world.User, kind, messageID, text string, fill func(*chatNotice)) event {
	return inChannel("channel.chat.notification", "1", b, func() any {
		p := noticeOf(w, b, by, kind, messageID, text)
		fill(p)
		return p
	})
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
		p.SystemMessage = fmt.Sprintf("%s subscribed at %s.", f.User.DisplayName, tierName(f.Tier))
		p.Sub = &noticeSub{Tier: f.Tier, Duration: 1}
	})
}

func resubNotice(w *world.World, b broadcaster, f *world.Resubscribed) event {
	return notice(w, b, f.User, "resub", f.MessageID, f.Text, func(p *chatNotice) {
		p.SystemMessage = fmt.Sprintf("%s subscribed at %s. They've subscribed for %d months!", f.User.DisplayName, tierName(f.Tier), f.CumulativeMonths)
		p.Resub = &noticeResub{Cumulative: f.CumulativeMonths, Duration: f.DurationMonths, Streak: orNull(f.StreakMonths), Tier: f.Tier}
	})
}

func giftNotice(w *world.World, b broadcaster, f *world.Subscribed) event {
	return notice(w, b, f.Gifter, "sub_gift", f.MessageID, "", func(p *chatNotice) {
		p.SystemMessage = fmt.Sprintf("%s gifted a %s sub to %s!", p.chatter.Name, tierName(f.Tier), f.User.DisplayName)
		p.SubGift = &noticeGift{
			Duration: 1, ID: f.User.ID, Name: f.User.DisplayName, Login: f.User.Login, Tier: f.Tier, CommunityID: orNull(f.GiftID),
		}
	})
}

func giftsNotice(w *world.World, b broadcaster, f *world.GiftSubs) event {
	return notice(w, b, f.Gifter, "community_sub_gift", f.MessageID, "", func(p *chatNotice) {
		p.SystemMessage = fmt.Sprintf("%s is gifting %d %s Subs to %s's community!", p.chatter.Name, f.Total, tierName(f.Tier), b.Name)
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
	return notice(w, b, f.Moderator, "announcement", f.MessageID, f.Text, func(p *chatNotice) {
		p.Badges = badgesOf(f.Badges)
		p.Announcement = &noticeAnnouncement{f.Color}
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
