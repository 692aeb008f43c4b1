package eventsub

import (
	"context"
	"time"
)

// A SeenStore remembers which events were handled, so that a duplicate is recognized
// after a restart of the program too; see [DedupStore]. Its methods may be called from
// any goroutine. A store has to keep the last million keys, and each for at least 24
// hours within that number.
type SeenStore interface {
	// Seen returns what was stored with each of the keys; an unknown key is absent.
	Seen(ctx context.Context, keys ...string) (map[string]string, error)
	// Add stores keys with their values. It returns when they are durable.
	Add(ctx context.Context, keys map[string]string) error
}

// An Inbox keeps notifications from their arrival until their handlers have returned,
// so that a killed program handles them after its next start; see [MuxOptions]. Its
// methods may be called from any goroutine. An inbox belongs to one [Mux] at a time.
//
// A notification is identified by its message id. An inbox has to remember ids after
// Done as long as a [SeenStore] does.
type Inbox interface {
	// Put stores notifications and returns when they are durable. It returns the
	// number of each, or 0 for one that is stored already, was handled, or occurs
	// twice in ns. Numbers start at 1 and increase in the order of ns and from call
	// to call; none is used twice. Either all notifications are stored or none: one
	// that is full returns an error that wraps [ErrInboxFull].
	Put(ctx context.Context, ns ...Notification) (numbers []int64, err error)
	// Done removes notifications whose handlers have returned, by number. Unknown
	// numbers are ignored.
	Done(ctx context.Context, numbers ...int64) error
	// Waiting returns at most limit notifications that are not done and have a number
	// greater than after, in the order of their numbers.
	Waiting(ctx context.Context, after int64, limit int) ([]InboxEntry, error)
}

// An InboxEntry is a stored notification.
type InboxEntry struct {
	Number       int64
	Notification Notification
}

// A Recoverer fetches what Twitch still knows about a time in which events were not
// delivered. Package catchup implements it with Helix. Its methods may be called from
// any goroutine.
type Recoverer interface {
	// Types returns the types of which Recover can return events, or whose events
	// change a State.
	Types() []Type
	// Recover returns the missed events of one condition in the order in which they
	// happened, with [Meta].Source set. [Meta].Timestamp is the time of the fact, or
	// zero if that is not known. Events that were delivered as well may be among them.
	//
	// An error means that a later call may succeed, such as that of a broken
	// connection. What no later call can fetch is not an error: the result has a
	// Reason.
	Recover(ctx context.Context, m Missed) (Recovered, error)
	// Update returns the state of a condition after further events, which were
	// handled: of the condition itself and of others of the same broadcaster. It does
	// not change state.
	Update(c Condition, state []byte, events []Notification) []byte
}

// Missed is a time in which the events of one condition may have been missed.
type Missed struct {
	Condition Condition
	UserID    string // the user whose token the subscription uses; "" for the app token
	// From and To are the limits by Twitch's clock. From is zero for a condition that
	// is new: then only the State is wanted.
	From, To time.Time
	State    []byte // the state at From; nil if it is not known
}

// Recovered is the result of [Recoverer].Recover.
type Recovered struct {
	Notifications []Notification
	// Complete is set if all events of the time were found, as far as Twitch's rules
	// let a client tell. Without it the type is also listed in [Gap].Lost.
	Complete bool
	Reason   string // why it is not complete: "Twitch does not keep these events"
	State    []byte // the state at the time of the call; nil if the type has none, or it is not known
}

// A Watermark says up to when the events of a condition are complete.
type Watermark struct {
	At    time.Time // by Twitch's clock
	State []byte    // what has to be known of that time, such as the list of moderators
}

// A WatermarkStore keeps the watermarks of conditions across restarts of the program.
// Its methods may be called from any goroutine.
type WatermarkStore interface {
	// Watermarks returns all watermarks, by the key of their condition.
	Watermarks(ctx context.Context) (map[string]Watermark, error)
	// SetWatermarks stores some of the watermarks. A zero Watermark removes one.
	SetWatermarks(ctx context.Context, marks map[string]Watermark) error
}
