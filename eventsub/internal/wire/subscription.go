package wire

import "time"

// A Subscription is the subscription inside a message. It has the fields of
// eventsub.Subscription in the same order, so that one converts to the other.
type Subscription struct {
	ID        string
	Status    string
	Type      string
	Version   string
	Cost      int
	Condition map[string]string
	Transport struct {
		Method    string
		Callback  string
		SessionID string
		ConduitID string
	}
	CreatedAt time.Time
}
