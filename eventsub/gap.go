package eventsub

import "time"

// GapType is the type of [Gap]. It is Larkspur's own: Twitch knows no such event.
var GapType = Type{Name: "larkspur.gap", Version: "1"}

// A Gap tells handlers that events were missed, or may have been: a connection to
// Twitch was lost, and Twitch does not send again what happened meanwhile; or handlers
// did not keep up, and [Mux.Offer] dropped events of a broadcaster.
//
// The former is dispatched when the subscriptions exist again. A subscription that is
// refused at first has a Gap of its own later. Nothing is dispatched for what was not
// subscribed before. The latter is dispatched before the broadcaster's next event.
//
//	eventsub.On(mux, func(ctx context.Context, e *eventsub.Gap) error { … })
type Gap struct {
	Meta Meta `json:"-"`

	From           time.Time `json:"from"`            // when the last message came before the loss, or the first dropped event
	To             time.Time `json:"to"`              // when events arrived again, or the last dropped event came
	Session        string    `json:"session"`         // Twitch's id of the lost session; "" if events were dropped
	UserID         string    `json:"user_id"`         // whose token the subscriptions use; "" if events were dropped
	Reason         string    `json:"reason"`          // why it was lost, or events were dropped
	Recovered      []Type    `json:"recovered"`       // types whose events were fetched through Helix
	RecoveredCount int       `json:"recovered_count"` // how many events those were
	Lost           []Type    `json:"lost"`            // types whose events of that time did not arrive

	BroadcasterUserID string `json:"broadcaster_user_id"` // whose events were dropped; "" after a lost session
	Dropped           int    `json:"dropped"`             // how many those were
}

// Type returns [GapType].
func (Gap) Type() Type { return GapType }

func (g *Gap) setMeta(meta Meta) { g.Meta = meta }

// SemanticKey is the user and session, or the broadcaster, and the time: one loss can
// have several gaps.
func (g Gap) SemanticKey() string {
	return g.UserID + " " + g.Session + " " + g.BroadcasterUserID + " " + g.From.String() + " " + g.To.String()
}
