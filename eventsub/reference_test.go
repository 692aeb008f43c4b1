package eventsub

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A refEnvelope is an envelope as encoding/json reads it: what decodeMessage is
// compared with, in what it finds and in how long it takes.
type refEnvelope struct {
	Metadata struct {
		ID        string    `json:"message_id"`
		Kind      string    `json:"message_type"`
		Timestamp time.Time `json:"message_timestamp"`
	} `json:"metadata"`
	Payload struct {
		Session struct {
			ID           string `json:"id"`
			Keepalive    int    `json:"keepalive_timeout_seconds"`
			ReconnectURL string `json:"reconnect_url"`
		} `json:"session"`
		Subscription Subscription      `json:"subscription"`
		Event        json.RawMessage   `json:"event"`
		Events       []json.RawMessage `json:"events"`
	} `json:"payload"`
}

// compareWithReference fails where encoding/json understands a frame and we do not,
// or differently.
func compareWithReference(t *testing.T, frame []byte, got message, gotErr error) {
	t.Helper()
	var want refEnvelope
	if json.Unmarshal(frame, &want) != nil || oddKeys(frame) {
		return
	}
	if gotErr != nil {
		switch {
		case want.Metadata.Kind == "",
			want.Metadata.Kind == kindWelcome && want.Payload.Session.ID == "",
			(want.Metadata.Kind == kindNotification || want.Metadata.Kind == kindRevocation) && want.Payload.Subscription.Type == "":
			return
		}
		if len(want.Payload.Events) > 0 {
			return // elements that are no objects
		}
		t.Fatalf("%q: got %v, want none", frame, gotErr)
	}
	if got.kind != want.Metadata.Kind || got.id != want.Metadata.ID || !got.timestamp.Equal(want.Metadata.Timestamp) ||
		got.session.id != want.Payload.Session.ID || got.session.reconnectURL != want.Payload.Session.ReconnectURL ||
		string(got.event) != string(want.Payload.Event) || len(got.events) != len(want.Payload.Events) {
		t.Errorf("%q:\ngot  %+v\nwant %+v", frame, got, want)
	}
	if want.Payload.Subscription.Condition == nil {
		got.subscription.Condition = nil // null
	}
	if diff := cmp.Diff(want.Payload.Subscription, got.subscription); diff != "" {
		t.Errorf("%q: subscription (-want +got):\n%s", frame, diff)
	}
}

// oddKeys reports whether a frame has keys that encoding/json takes for another:
// it does not mind their case, and joins what has the same key twice.
func oddKeys(frame []byte) bool {
	odd := false
	var walk func(raw []byte)
	walk = func(raw []byte) {
		seen := map[string]bool{}
		_ = members(raw, func(key, value []byte) error {
			for _, b := range key {
				if b == '\\' || b >= 0x80 || (b >= 'A' && b <= 'Z') {
					odd = true
				}
			}
			odd = odd || seen[string(key)]
			seen[string(key)] = true
			walk(value)
			return nil
		})
	}
	walk(frame)
	return odd
}

func BenchmarkNotification(b *testing.B) {
	frames := corpus(b)
	var size int64
	for _, frame := range frames {
		size += int64(len(frame))
	}
	b.Run("ours", func(b *testing.B) {
		b.SetBytes(size)
		b.ReportAllocs()
		for b.Loop() {
			for _, frame := range frames {
				m, err := decodeMessage(frame)
				if err != nil {
					b.Fatal(err)
				}
				for _, n := range m.notifications(false) {
					if _, err := n.Payload(); err != nil {
						b.Fatal(err)
					}
				}
			}
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.SetBytes(size)
		b.ReportAllocs()
		for b.Loop() {
			for _, frame := range frames {
				var env refEnvelope
				if err := json.Unmarshal(frame, &env); err != nil {
					b.Fatal(err)
				}
				p := payloadOf(Type{Name: env.Payload.Subscription.Type, Version: env.Payload.Subscription.Version})()
				if err := json.Unmarshal(env.Payload.Event, p); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

func TestCorpusReadsLikeEncodingJSON(t *testing.T) {
	for _, frame := range corpus(t) {
		m, err := decodeMessage(frame)
		compareWithReference(t, frame, m, err)
	}
}
