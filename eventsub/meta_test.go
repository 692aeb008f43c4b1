package eventsub_test

import (
	"context"
	"testing"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// When Meta was embedded, e.MessageID was the id of the delivery for most events and
// that of the chat message for some, and code for either compiled.
func TestDeliveryIDIsNotMistakenForTheChatMessageID(t *testing.T) {
	mux := eventsub.NewMux()
	var delivery, message string
	eventsub.On(mux, func(_ context.Context, e *eventsub.ChannelChatMessage) error {
		delivery, message = e.Meta.MessageID, e.MessageID
		return nil
	})
	dispatchOne(t, mux, eventsub.Notification{
		Meta:  eventsub.Meta{MessageID: "delivery"},
		Type:  eventsub.ChannelChatMessage{}.Type(),
		Event: []byte(`{"message_id":"chat"}`),
	})
	if delivery != "delivery" || message != "chat" {
		t.Errorf("got delivery %q and chat message %q", delivery, message)
	}
}

// A payload type of another package gets its Meta as well.
func TestForeignPayloadTypesGetMeta(t *testing.T) {
	mux := eventsub.NewMux()
	var withField, withoutField string
	eventsub.On(mux, func(_ context.Context, e *ownFollow) error { withField = e.Meta.MessageID + " " + e.User; return nil })
	eventsub.On(mux, func(_ context.Context, e *bareFollow) error { withoutField = e.User; return nil })
	dispatchOne(t, mux, eventsub.Notification{
		Meta:  eventsub.Meta{MessageID: "m1"},
		Type:  eventsub.ChannelFollow{}.Type(),
		Event: []byte(`{"user_name":"Grace"}`),
	})
	if withField != "m1 Grace" || withoutField != "Grace" {
		t.Errorf("got %q and %q", withField, withoutField)
	}
}

type ownFollow struct {
	Meta eventsub.Meta `json:"-"`
	User string        `json:"user_name"`
}

func (ownFollow) Type() eventsub.Type { return eventsub.ChannelFollow{}.Type() }
func (ownFollow) SemanticKey() string { return "" }

type bareFollow struct {
	User string `json:"user_name"`
}

func (bareFollow) Type() eventsub.Type { return eventsub.ChannelFollow{}.Type() }
func (bareFollow) SemanticKey() string { return "" }

func dispatchOne(t *testing.T, mux *eventsub.Mux, n eventsub.Notification) {
	t.Helper()
	if err := mux.Dispatch(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	if err := mux.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
}
