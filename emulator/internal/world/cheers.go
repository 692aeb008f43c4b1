package world

import (
	"cmp"
	"slices"
	"time"
)

// A cheer is kept for leaderboards of a period.
type cheer struct {
	userID string
	bits   int
	at     time.Time
}

// noteCheer records a cheer, and whether it is the first of its user.
func (w *World) noteCheer(c *change, f Cheered) {
	ch := w.channels[f.Broadcaster.ID]
	if !slices.ContainsFunc(ch.cheers, func(other cheer) bool { return other.userID == f.User.ID }) {
		c.advanceGoals(f.Broadcaster.ID, "new_cheerer", 1)
	}
	ch.cheers = append(ch.cheers, cheer{f.User.ID, f.Bits, f.Time})
}

// A Score is the number of bits that a user cheered with.
type Score struct {
	User User
	Bits int
}

// Leaderboard returns who cheered in a channel from one moment until before
// another, most bits first. Zero times mean no limit.
func (w *World) Leaderboard(broadcasterID string, from, to time.Time) []Score {
	w.mu.RLock()
	defer w.mu.RUnlock()
	ch := w.channels[broadcasterID]
	if ch == nil {
		return nil
	}
	sums := map[string]int{}
	for _, one := range ch.cheers {
		if (from.IsZero() || !one.at.Before(from)) && (to.IsZero() || one.at.Before(to)) {
			sums[one.userID] += one.bits
		}
	}
	all := make([]Score, 0, len(sums))
	for id, bits := range sums {
		all = append(all, Score{*w.users[id], bits})
	}
	Order(all, func(a, b *Score) int { return cmp.Or(cmp.Compare(b.Bits, a.Bits), compareIDs(a.User.ID, b.User.ID)) })
	return all
}
