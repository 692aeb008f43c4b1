package eventsub

import (
	"cmp"
	"context"
	"fmt"
	"reflect"

	"github.com/larkspur-dev/larkspur/eventsub/internal/wire"
)

// On calls handle for every event of type E:
//
//	off := eventsub.On(mux, func(ctx context.Context, e *eventsub.ChannelFollow) error { … })
//
// The event is decoded once and shared by its handlers, which must not change it.
// The returned function removes the handler; it does not wait for a call that is
// under way. On panics if handle is nil.
func On[E Payload](m *Mux, handle func(ctx context.Context, e *E) error, options ...HandlerOption) (off func()) {
	if handle == nil {
		panic("eventsub: On: the handler is nil")
	}
	var zero E
	return m.add(zero.Type(), newRoute(handle, route{
		payload: func() Payload { return any(new(E)).(Payload) },
		call: func(ctx context.Context, n Notification, p Payload) error {
			e, ok := any(p).(*E)
			if !ok { // n was decoded into the Go type of another handler of this event type
				var err error
				if e, err = eventOf[E](n); err != nil {
					return err
				}
			}
			return handle(ctx, e)
		},
	}, options))
}

// Payload decodes the event of n. It returns a pointer to the generated type, with Meta
// filled in. It is meant for handlers of raw notifications that need the event's
// fields; handlers of one type use [On]. It returns [ErrUnknownType] if this package
// has no Go type for the event. Handlers share the returned value and must not change
// it.
func (n Notification) Payload() (Payload, error) {
	if n.emitted != nil {
		return n.emitted, nil
	}
	if n.decoded == nil { // n did not come from a Mux
		p, _, err := decode(n, payloadOf(n.Type))
		return p, err
	}
	return n.decoded.payload(n)
}

// payloadOf returns nil if the type is unknown.
func payloadOf(t Type) func() Payload {
	if t == GapType {
		return func() Payload { return new(Gap) }
	}
	info, _ := Lookup(t)
	return info.New
}

// decodeInto returns the parts of the event that could not be decoded.
func decodeInto(n Notification, target any) ([]wire.Unread, error) {
	if n.emitted != nil {
		return nil, fmt.Errorf("eventsub: %s was emitted as %T, not as %T", n.Type, n.emitted, target)
	}
	r := wire.NewReader(n.Event)
	var unread []wire.Unread
	var err error
	if readEvent(&r, target) {
		unread, err = r.End()
	} else {
		unread, err = wire.DecodeEvent(n.Event, target)
	}
	if err != nil {
		return nil, fmt.Errorf("eventsub: decode %s: %w", n.Type, err)
	}
	setMeta(target, n.Meta)
	return unread, nil
}

// setMeta fills the field Meta of a payload.
func setMeta(target any, meta Meta) {
	switch p := target.(type) {
	case interface{ setMeta(meta Meta) }:
		p.setMeta(meta)
	default:
		setForeignMeta(p, meta)
	}
}

// setForeignMeta fills the field Meta of a payload type that another package
// declares. A payload without such a field gets none.
func setForeignMeta(target any, meta Meta) {
	v := reflect.ValueOf(target).Elem()
	if v.Kind() != reflect.Struct {
		return
	}
	if f := v.FieldByName("Meta"); f.IsValid() && f.Type() == reflect.TypeFor[Meta]() {
		f.Set(reflect.ValueOf(meta))
	}
}

func compareTypes(a, b Type) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Version, b.Version))
}
