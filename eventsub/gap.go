package eventsub

import "time"

// GapType is the type of [Gap]. It is Larkspur's own: Twitch knows no such event.
var GapType = Type{Name: "larkspur.gap", Version: "1"}

// A Gap tells handlers that events may have been missed: a connection to Twitch
// was lost, and Twitch does not send again what happened meanwhile. It is
// dispatched after the subscriptions exist again:
//
//	eventsub.On(mux, func(ctx context.Context, e *eventsub.Gap) error { … })
type Gap struct {
	Meta Meta `json:"-"`

	From           time.Time `json:"from"`            // when the last frame came before the loss
	To             time.Time `json:"to"`              // when a connection stood again
	Session        string    `json:"session"`         // Twitch's id of the lost session
	UserID         string    `json:"user_id"`         // whose subscriptions were on it
	Reason         string    `json:"reason"`          // why it was lost
	Recovered      []Type    `json:"recovered"`       // types whose events were fetched through Helix
	RecoveredCount int       `json:"recovered_count"` // how many events those were
	Lost           []Type    `json:"lost"`            // types whose events of that time did not arrive
}

// Type returns [GapType].
func (Gap) Type() Type { return GapType }

func (g *Gap) setMeta(meta Meta) { g.Meta = meta }

// SemanticKey is the session and the time of the loss.
func (g Gap) SemanticKey() string { return g.UserID + " " + g.Session + " " + g.From.String() }
