package eventsub

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/wire"
	"github.com/larkspur-dev/larkspur/helix"
)

// A Type names a kind of event: {"channel.follow", "2"}.
type Type struct {
	Name    string
	Version string
}

// String returns the type as Twitch's documentation writes it: "channel.follow v2".
func (t Type) String() string { return t.Name + " v" + t.Version }

// MarshalText returns the type as String does.
func (t Type) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (t *Type) UnmarshalText(text []byte) error {
	name, version, ok := strings.Cut(string(text), " v")
	if !ok || name == "" || version == "" {
		return fmt.Errorf("eventsub: type %q: want a name and a version, such as \"channel.follow v2\"", text)
	}
	*t = Type{Name: name, Version: version}
	return nil
}

// A Payload is an event as Twitch sends it: [ChannelFollow], [StreamOnline] …
// All are generated.
type Payload interface {
	// Type is the event type this payload belongs to.
	Type() Type
	// SemanticKey is equal for two notifications about the same fact, even if their
	// message ids differ: overlapping subscriptions, and a fetch through Helix after a
	// gap, can deliver a fact twice.
	SemanticKey() string
}

// A Condition selects the events of a type to receive: [ChannelFollowCondition] … Its
// JSON, and its Fields, are the condition parameter of Create EventSub Subscription.
type Condition interface {
	// Type is the event type that the condition is for.
	Type() Type
	// Fields returns the fields that are set, by the names that Twitch uses:
	// {"broadcaster_user_id": "1001"}. The map belongs to the caller.
	Fields() map[string]string
}

// fieldsOf returns a map of alternating names and values, without empty values.
func fieldsOf(pairs ...string) map[string]string {
	fields := make(map[string]string, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			fields[pairs[i]] = pairs[i+1]
		}
	}
	return fields
}

// Info describes an event type. [Types] lists all. An Info must not be changed.
type Info struct {
	Type       Type
	Name       string // title in Twitch's documentation: "Channel Follow"
	Group      string // first word of the type: "channel"
	Status     helix.Status
	Scopes     helix.Scopes     // granted by the user in the field TokenUser
	TokenUser  string           // condition field with the user whose token a WebSocket subscription needs; "" for any user
	Roles      []helix.Role     // what that user must be in the channel
	Transports []string         // "webhook", "websocket", "conduit"
	Condition  []ConditionField // in Twitch's order
	ExactlyOne []string         // condition fields of which exactly one must be set
	Batched    bool             // notifications carry "events", a list
	Recurs     bool             // the semantic key is the same when the same thing happens again
	New        func() Payload   // a pointer to a zero payload
}

// A ConditionField is one field of a condition.
type ConditionField struct {
	Name     string
	Required bool
}

// Meta describes the delivery of an event. Every payload has it in its field Meta,
// filled in before a handler is called. The fields of the payload itself are the
// event's: e.Meta.MessageID identifies the delivery, e.MessageID of a chat event
// the chat message.
type Meta struct {
	MessageID    string       // unchanged when Twitch delivers the event again
	Timestamp    time.Time    // when Twitch sent it
	Retry        int          // how often this was delivered before
	Late         bool         // older than ten minutes when it arrived
	Recovered    bool         // fetched through Helix after a gap, not delivered
	Source       string       // what a recovered event was fetched with: "Get Channel Followers"
	Redelivered  bool         // from the [Inbox] of an earlier run, which may have handled it
	Subscription Subscription // the subscription that delivered it
}

// Subscription is the subscription inside a notification, as Twitch sends it. The events
// of a subscription share it: its map must not be changed.
type Subscription struct {
	ID        string            `json:"id"`
	Status    string            `json:"status"`
	Type      string            `json:"type"`
	Version   string            `json:"version"`
	Cost      int               `json:"cost"`
	Condition map[string]string `json:"condition"`
	Transport struct {
		Method    string `json:"method"`
		Callback  string `json:"callback,omitzero"`
		SessionID string `json:"session_id,omitzero"`
		ConduitID string `json:"conduit_id,omitzero"`
	} `json:"transport"`
	CreatedAt time.Time `json:"created_at"`
}

// optional formats a number of a semantic key that may be missing.
func optional(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

// A Notification is an event as a transport passes it to a [Mux]: the body is still
// JSON.
type Notification struct {
	Meta  Meta
	Type  Type
	Event json.RawMessage // nil if [Mux.Emit] dispatched it

	unread  []wire.Unread // parts of the envelope that could not be read
	decoded *decoded      // set while a Mux handles the notification
	handled func()        // called when the handlers have returned, or the Mux dropped it; may be nil
	missed  *missedTime   // of a recovered event
	emitted Payload       // the value that was passed to Emit
}

// A missedTime says which deliveries of a fact a recovered event repeats.
type missedTime struct {
	since, until time.Time // after since, and not after until, by Twitch's clock
}
