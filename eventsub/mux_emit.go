package eventsub

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Emit dispatches an event of the program's own, whose type has a Type method like the
// generated ones:
//
//	type GoalReached struct {
//		Meta    eventsub.Meta `json:"-"` // optional
//		Channel string
//	}
//
//	var goalType = eventsub.Type{Name: "mybot.goal_reached", Version: "1"}
//
//	func (GoalReached) Type() eventsub.Type     { return goalType }
//	func (GoalReached) SemanticKey() string     { return "" }
//	func (e GoalReached) BroadcasterID() string { return e.Channel } // optional
//
//	err := mux.Emit(ctx, &GoalReached{Channel: channel})
//
// Handlers of [On], [WaitFor] and [Chan] get the pointer that was passed, or one to a
// copy if payload is no pointer, so the value must not be changed or emitted again
// afterwards. Before Emit returns, it sets a field Meta of type [Meta], with a new
// message id. Handlers of [Mux.OnAny] and middleware get the pointer from
// [Notification.Payload]; Notification.Event is nil.
//
// The event is handled in its turn among those of the broadcaster that a method
// BroadcasterID() string returns; without it, among those of no broadcaster. [Dedup]
// treats two emitted events with the same SemanticKey as duplicates, unless it is "".
//
// Emit never waits, so a handler may call it: it returns [ErrQueueFull] if there is no
// room and [ErrClosed] like [Mux.Dispatch]. It returns an error if payload is nil, or
// if its type has a name that Twitch uses in any version or that begins with
// "larkspur.". Use a first word of your own, not one of Twitch's such as "channel": see
// [Mux.Conditions].
func (m *Mux) Emit(ctx context.Context, payload Payload) error {
	m.mustBeNew()
	p, err := ownPayload(payload)
	if err != nil {
		return fmt.Errorf("eventsub: emit: %w", err)
	}
	t := p.Type()
	n := Notification{Type: t, emitted: p, Meta: Meta{
		MessageID: "emit " + rand.Text(), Timestamp: time.Now(), Subscription: Subscription{Type: t.Name, Version: t.Version},
	}}
	if e, ok := p.(interface{ BroadcasterID() string }); ok {
		n.Meta.Subscription.Condition = fieldsOf("broadcaster_user_id", e.BroadcasterID())
	}
	setMeta(p, n.Meta)
	return m.enqueue(newJob(ctx, n))
}

// ownPayload returns payload as a pointer, or an error if it cannot be emitted.
func ownPayload(payload Payload) (Payload, error) {
	v := reflect.ValueOf(payload)
	if !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		return nil, errors.New("the event is nil")
	}
	if v.Kind() != reflect.Pointer {
		pointer := reflect.New(v.Type())
		pointer.Elem().Set(v)
		payload = pointer.Interface().(Payload) // has the methods of the value
	}
	name := payload.Type().Name
	switch {
	case name == "":
		return nil, errors.New("the event type has no name")
	case strings.HasPrefix(name, "larkspur."):
		return nil, fmt.Errorf("%s: names that begin with larkspur. are reserved; use a first word of your own", name)
	case slices.ContainsFunc(types, func(i Info) bool { return i.Type.Name == name }):
		return nil, fmt.Errorf("%s: Twitch has events of this name; use a first word of your own", name)
	}
	return payload, nil
}
