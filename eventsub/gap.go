package eventsub

import (
	"fmt"
	"time"
)

// GapType is the type of [Gap]. It is defined by Larkspur; Twitch has no such event.
var GapType = Type{Name: "larkspur.gap", Version: "1"}

// A Gap is dispatched when events were missed, or may have been: because a connection
// to Twitch was lost, and Twitch does not resend the events of that time, or because
// handlers were too slow and [Mux.Offer] dropped events of a broadcaster.
//
// After a lost connection, the Gap is dispatched when the subscriptions exist again. A
// subscription that is refused at first gets a later Gap of its own, and one that did
// not exist before the loss gets none. After a drop, the Gap is dispatched before the
// broadcaster's next event.
//
//	eventsub.On(mux, func(ctx context.Context, e *eventsub.Gap) error { … })
type Gap struct {
	Meta Meta `json:"-"`

	From           time.Time   `json:"from"`            // time of the last message before the loss, or of the first dropped event
	To             time.Time   `json:"to"`              // time at which events arrived again, or of the last dropped event
	Session        string      `json:"session"`         // Twitch's id of the lost session; "" if events were dropped
	UserID         string      `json:"user_id"`         // the user whose token the subscriptions use; "" if events were dropped
	Reason         string      `json:"reason"`          // why the session was lost or events were dropped
	Recovered      []Type      `json:"recovered"`       // types whose events were fetched through Helix, as far as there were any
	RecoveredCount int         `json:"recovered_count"` // number of those events
	Lost           []Type      `json:"lost"`            // types whose events of that time did not all arrive
	Details        []GapDetail `json:"details"`         // one for each of these types; nil if nothing was fetched

	BroadcasterUserID string `json:"broadcaster_user_id"` // whose events were dropped; "" after a lost session, or if they are several
	Dropped           int    `json:"dropped"`             // number of dropped events
}

// A GapDetail says what happened to the events of one type.
type GapDetail struct {
	Type      Type   `json:"type"`
	Recovered int    `json:"recovered"`       // number of events that were fetched
	Lost      bool   `json:"lost"`            // some of the events may be missing
	Reason    string `json:"reason,omitzero"` // why: "missing scope moderator:read:followers"
}

// Type returns [GapType].
func (Gap) Type() Type { return GapType }

func (g *Gap) setMeta(meta Meta) { g.Meta = meta }

// SemanticKey returns the user, the session, the time and the types: one loss can have
// several gaps, also at the same time. It returns "" if events were dropped: each of these
// gaps reports other events.
func (g Gap) SemanticKey() string {
	if g.Dropped > 0 {
		return ""
	}
	from, to := g.From.UTC().Format(time.RFC3339Nano), g.To.UTC().Format(time.RFC3339Nano)
	return fmt.Sprintf("%s %s %s %s %v %v", g.UserID, g.Session, from, to, g.Recovered, g.Lost)
}
