package irc

import (
	"iter"
	"slices"
	"strings"
)

// Badges are the badges of a chatter as Twitch sends them: "moderator/1,subscriber/12".
// The badge-info tag has the same form and holds the exact number of months.
type Badges string

// A Badge is one badge: {"subscriber", "12"}.
type Badge struct {
	Set     string
	Version string
}

// All yields the badges in the order in which Twitch shows them.
func (b Badges) All() iter.Seq[Badge] {
	return func(yield func(Badge) bool) {
		for rest := string(b); rest != ""; {
			var one string
			one, rest, _ = strings.Cut(rest, ",")
			set, version, _ := strings.Cut(one, "/")
			if set != "" && !yield(Badge{Set: set, Version: unescape(version)}) {
				return
			}
		}
	}
}

// Version returns the version of a badge, or "" if the chatter does not have it.
func (b Badges) Version(set string) string {
	for badge := range b.All() {
		if badge.Set == set {
			return badge.Version
		}
	}
	return ""
}

// Has reports whether the chatter has a badge of one of the sets.
func (b Badges) Has(sets ...string) bool {
	for badge := range b.All() {
		if slices.Contains(sets, badge.Set) {
			return true
		}
	}
	return false
}
