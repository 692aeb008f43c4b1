package watch

import (
	"log/slog"
	"slices"

	"github.com/larkspur-dev/larkspur/helix"
)

// A Kind is what happened to a stream.
type Kind string

// What can happen to a stream.
const (
	Online  Kind = "online"  // it is live, and was not
	Offline Kind = "offline" // it is not live, and was
	Changed Kind = "changed" // it is live and is described otherwise: see Fields
)

// Names in [Change.Fields].
const (
	Title    = "title"
	Category = "category"
	Viewers  = "viewers"
	Tags     = "tags"
	Language = "language"
)

// A Change is one difference between two polls.
type Change struct {
	Kind          Kind
	BroadcasterID string
	Initial       bool         // the first that is known of this broadcaster
	Before        helix.Stream // zero where it was not live
	After         helix.Stream // zero where it is not live
	Fields        []string     // of Changed: what differs, such as Title
}

// LogValue returns what may be logged of c.
func (c Change) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("kind", string(c.Kind)),
		slog.String("broadcaster_id", c.BroadcasterID),
		slog.Bool("initial", c.Initial),
		slog.Any("fields", c.Fields),
	)
}

// missesToEnd is how many polls in a row must lack a stream until it counts as ended.
// The answers come from caches that do not always agree, and a late end does less
// harm than a wrong one.
const missesToEnd = 2

// A state is what is known of one broadcaster.
type state struct {
	known  bool
	stream helix.Stream // zero: not live
	misses int          // polls in a row that lacked the stream
}

func (s *state) live() bool { return s.stream.ID != "" }

// see takes what a poll found, the zero stream where nothing, and returns what
// that changes, in order.
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
	case before.ID != found.ID: // ended and begun again between two polls
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

// differences names the fields in which two polls of one stream differ.
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
