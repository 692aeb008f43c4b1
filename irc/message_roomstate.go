package irc

import (
	"time"
)

// A RoomState holds the chat modes of a channel: all of them after joining, later only
// those that changed. Use Has to find out which ones are set in the message.
type RoomState struct {
	Channel       string
	BroadcasterID string
	EmoteOnly     bool
	FollowersOnly time.Duration // how long a chatter must have followed; negative: off
	Unique        bool          // repeated messages are refused ("r9k")
	Slow          time.Duration // between two messages of one chatter; 0: off
	SubsOnly      bool

	Raw Line
}

// Command returns "ROOMSTATE".
func (*RoomState) Command() string { return "ROOMSTATE" }

// A RoomMode is a chat mode of a channel, by the name of its tag.
type RoomMode string

// The modes of a [RoomState].
const (
	RoomEmoteOnly     RoomMode = "emote-only"
	RoomFollowersOnly RoomMode = "followers-only"
	RoomUnique        RoomMode = "r9k"
	RoomSlow          RoomMode = "slow"
	RoomSubsOnly      RoomMode = "subs-only"
)

// Has reports whether the message contains a mode. The field of a mode that it does not
// contain says nothing.
func (r *RoomState) Has(mode RoomMode) bool {
	_, ok := r.Raw.Tags().Lookup(string(mode))
	return ok
}

// Apply changes the modes of state to those that the message contains. With it the state
// of a channel is kept up to date: apply each RoomState to the first one.
func (r *RoomState) Apply(state *RoomState) {
	for k := range r.Raw.Tags().All() {
		switch RoomMode(k) {
		case RoomEmoteOnly:
			state.EmoteOnly = r.EmoteOnly
		case RoomFollowersOnly:
			state.FollowersOnly = r.FollowersOnly
		case RoomUnique:
			state.Unique = r.Unique
		case RoomSlow:
			state.Slow = r.Slow
		case RoomSubsOnly:
			state.SubsOnly = r.SubsOnly
		}
	}
}

// Decode reads a ROOMSTATE.
func (r *RoomState) Decode(m *Message) error {
	*r = RoomState{Raw: Line(m.Line), Channel: m.Channel(), FollowersOnly: -1}
	if r.Channel == "" {
		return missing(m.Command, "a channel")
	}
	for k, v := range m.Tags.All() {
		switch k {
		case "room-id":
			r.BroadcasterID = v
		case "emote-only":
			r.EmoteOnly = v == "1"
		case "followers-only":
			if d := span(v, time.Minute); v != "" && d >= 0 {
				r.FollowersOnly = d
			}
		case "r9k":
			r.Unique = v == "1"
		case "slow":
			r.Slow = max(span(v, time.Second), 0)
		case "subs-only":
			r.SubsOnly = v == "1"
		}
	}
	return nil
}
