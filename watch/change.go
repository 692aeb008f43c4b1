package watch

import (
	"log/slog"
	"slices"

	"github.com/larkspur-dev/larkspur/helix"
)

// A Kind says what happened to a stream.
type Kind string

// The kinds of [Change].
const (
	Online  Kind = "online"  // it went live
	Offline Kind = "offline" // it ended
	Changed Kind = "changed" // it is live, and some of its fields changed: see Fields
)

// Names in [Change.Fields].
const (
	Title    = "title"
	Category = "category"
	Viewers  = "viewers"
	Tags     = "tags"
	Language = "language"
)

// A Change is a difference between two polls.
type Change struct {
	Kind          Kind
	BroadcasterID string
	Initial       bool         // the first report about this broadcaster
	Before        helix.Stream // zero if it was not live
	After         helix.Stream // zero if it is not live
	Fields        []string     // of Changed: the names of the fields that differ, such as Title
}

// LogValue implements [slog.LogValuer].
func (c Change) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("kind", string(c.Kind)),
		slog.String("broadcaster_id", c.BroadcasterID),
		slog.Bool("initial", c.Initial),
		slog.Any("fields", c.Fields),
	)
}

// missesToEnd is how many consecutive polls must lack a stream before it counts as ended.
// Twitch answers from caches that do not always agree, and a late report does less harm
// than a wrong one.
const missesToEnd = 2

// A state is the last known state of one broadcaster.
type state struct {
	known  bool
	stream helix.Stream // zero: not live
	misses int          // consecutive polls that lacked the stream
}

func (s *state) live() bool { return s.stream.ID != "" }

// see updates the state with the result of a poll, which is the zero stream if there is
// none, and returns the changes in order.
func (s *state) see(broadcasterID string, found helix.Stream) []Change {
	before, initial := s.stream, !s.known
	change := Change{BroadcasterID: broadcasterID, Initial: initial, Before: before, After: found}
	if found.ID == "" {
		if s.misses++; !initial && (!s.live() || s.misses < missesToEnd) {
			return nil
		}
		s.known, s.stream = true, found
		change.Kind = Offline
		return []Change{change}
	}
	s.known, s.stream, s.misses = true, found, 0
	switch {
	case before.ID == "":
		change.Kind = Online
		return []Change{change}
	case before.ID != found.ID: // ended and restarted between two polls
		return []Change{
			{Kind: Offline, BroadcasterID: broadcasterID, Before: before},
			{Kind: Online, BroadcasterID: broadcasterID, After: found},
		}
	}
	if change.Fields = differences(before, found); change.Fields == nil {
		return nil
	}
	change.Kind = Changed
	return []Change{change}
}

// differences returns the names of the fields in which two results differ.
func differences(a, b helix.Stream) []string {
	var fields []string
	for _, f := range []struct {
		name string
		same bool
	}{
		{Title, a.Title == b.Title},
		{Category, a.GameID == b.GameID},
		{Viewers, a.ViewerCount == b.ViewerCount},
		{Tags, slices.Equal(a.Tags, b.Tags)},
		{Language, a.Language == b.Language},
	} {
		if !f.same {
			fields = append(fields, f.name)
		}
	}
	return fields
}
