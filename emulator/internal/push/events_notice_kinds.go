package push

import (
	"strconv"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// kindNotice is the event of a notice that stands for nothing else. EventSub has only some
// of the kinds.
func kindNotice(w *world.World, b broadcaster, f *world.ChatNotice) []event {
	var kind string
	var fill func(*chatNotice)
	switch f.Kind {
	case "giftpaidupgrade", "anongiftpaidupgrade":
		kind, fill = "gift_paid_upgrade", func(p *chatNotice) { p.GiftPaidUpgrade = gifterOf(f) }
	case "standardpayforward", "communitypayforward":
		kind, fill = "pay_it_forward", func(p *chatNotice) { p.PayItForward = gifterOf(f) }
	case "primepaidupgrade":
		kind, fill = "prime_paid_upgrade", func(p *chatNotice) { p.PrimePaidUpgrade = &noticePrime{f.Param("sub-plan")} }
	case "bitsbadgetier":
		kind, fill = "bits_badge_tier", func(p *chatNotice) { p.BitsBadgeTier = &noticeBadge{count(f, "threshold")} }
	case "viewermilestone":
		kind, fill = "watch_streak", func(p *chatNotice) { p.WatchStreak = &noticeStreak{count(f, "value"), count(f, "copoReward")} }
	case "modiversary":
		kind, fill = "modiversary", func(p *chatNotice) { p.Modiversary = &noticeMonths{count(f, "months")} }
	default:
		return nil
	}
	return []event{notice(w, b, f.User, kind, f.MessageID, f.Text, func(p *chatNotice) {
		p.SystemMessage = f.System
		fill(p)
	})}
}

func gifterOf(f *world.ChatNotice) *noticeUpgrade {
	return &noticeUpgrade{f.From.IsZero(), orNull(f.From.ID), orNull(f.From.DisplayName), orNull(f.From.Login)}
}

func count(f *world.ChatNotice, key string) int {
	n, _ := strconv.Atoi(f.Param(key))
	return n
}

func unraidNotice(w *world.World, b broadcaster, f *world.RaidCancelled) event {
	return notice(w, b, f.Broadcaster, "unraid", f.MessageID, "", func(p *chatNotice) {
		p.SystemMessage = "The raid has been canceled."
		p.Unraid = &struct{}{}
	})
}
