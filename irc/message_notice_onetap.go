package irc

import (
	"strings"
	"time"
)

// A StreakStarted tells that viewers began to send the same small gift one after another:
// [KindStreakStarted].
type StreakStarted struct {
	GiftID    string
	Remaining time.Duration // until the streak ends if no gift follows
}

// StreakStarted returns the streak of a [KindStreakStarted].
func (u *UserNotice) StreakStarted() (s StreakStarted, ok bool) {
	if u.Kind != KindStreakStarted {
		return StreakStarted{}, false
	}
	return StreakStarted{GiftID: u.Param("gift-id"), Remaining: span(u.Param("ms-remaining"), time.Millisecond)}, true
}

// A StreakExpired tells how a streak of gifts ended: [KindStreakExpired].
type StreakExpired struct {
	GiftID      string
	ChannelName string         // display name of the channel
	Bits        int            // sum of the streak
	Taps        int            // how many gifts it had
	Largest     int            // how many gifts the largest contributor sent
	By          [3]Contributor // the largest contributors first; empty ones have no Name
}

// A Contributor took part in a streak of gifts.
type Contributor struct {
	Name string // display name
	Taps int    // how many gifts they sent
}

// StreakExpired returns the end of a [KindStreakExpired].
func (u *UserNotice) StreakExpired() (s StreakExpired, ok bool) {
	if u.Kind != KindStreakExpired {
		return StreakExpired{}, false
	}
	u.params(func(k, v string) {
		switch k {
		case "gift-id":
			s.GiftID = v
		case "channel-display-name":
			s.ChannelName = unescape(v)
		case "streak-size-bits":
			s.Bits = number(v)
		case "streak-size-taps":
			s.Taps = number(v)
		case "largest-contributor-count":
			s.Largest = number(v)
		default:
			s.contributor(k, v)
		}
	})
	return s, true
}

// contributor reads "contributor-1" and "contributor-1-taps". It is not known whether
// Twitch writes the dash in front of the digit.
func (s *StreakExpired) contributor(k, v string) {
	k, ok := strings.CutPrefix(k, "contributor")
	if !ok {
		return
	}
	k = strings.TrimPrefix(k, "-")
	if k == "" || k[0] < '1' || k[0] > '3' {
		return
	}
	by := &s.By[k[0]-'1']
	switch strings.TrimPrefix(k[1:], "-") {
	case "":
		by.Name = unescape(v)
	case "taps":
		by.Taps = number(v)
	}
}

// A Breakpoint is a size that a streak of gifts has reached: [KindBreakpoint].
type Breakpoint struct {
	GiftID    string
	Number    int // which breakpoint, from 1
	Threshold int // how many Bits it takes
}

// Breakpoint returns the size that was reached, for a [KindBreakpoint].
func (u *UserNotice) Breakpoint() (b Breakpoint, ok bool) {
	if u.Kind != KindBreakpoint {
		return Breakpoint{}, false
	}
	return Breakpoint{GiftID: u.Param("gift-id"), Number: u.Number("breakpoint-number"), Threshold: u.Number("breakpoint-threshold-bits")}, true
}

// A OneTapGift is one small gift of Bits: [KindOneTapGift].
type OneTapGift struct {
	GiftID string
	Bits   int
	From   string // display name of the giver
}

// OneTapGift returns the gift of a [KindOneTapGift].
func (u *UserNotice) OneTapGift() (g OneTapGift, ok bool) {
	if u.Kind != KindOneTapGift {
		return OneTapGift{}, false
	}
	return OneTapGift{GiftID: u.Param("gift-id"), Bits: u.Number("bits-spent"), From: u.Param("user-display-name")}, true
}
