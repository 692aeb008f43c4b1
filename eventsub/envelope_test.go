package eventsub

import (
	"bufio"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/eventsub/internal/wire"
)

const corpusFile = "../../shared/corpus/eventsub.ndjson"

func TestParseFrame(t *testing.T) {
	const frame = `{"metadata":{"message_id":"m1","message_type":"notification","message_timestamp":"2026-02-03T04:05:06.789012345Z"},
		"payload":{"subscription":{"id":"s1","type":"channel.follow","version":"2","condition":{"broadcaster_user_id":"1"}},"event":{"a":1}}}`
	m, err := ParseFrame([]byte(frame))
	if err != nil {
		t.Fatal(err)
	}
	n := m.Notifications()
	want := []Notification{{
		Meta: Meta{
			MessageID: "m1", Timestamp: time.Date(2026, 2, 3, 4, 5, 6, 789012345, time.UTC), Late: true,
			Subscription: Subscription{ID: "s1", Type: "channel.follow", Version: "2", Condition: map[string]string{"broadcaster_user_id": "1"}},
		},
		Type: Type{Name: "channel.follow", Version: "2"}, Event: json.RawMessage(`{"a":1}`),
	}}
	if diff := cmp.Diff(want, n, cmp.AllowUnexported(Notification{})); diff != "" {
		t.Errorf("notification (-want +got):\n%s", diff)
	}
}

func TestParseFrameOfBatch(t *testing.T) {
	const frame = `{"metadata":{"message_id":"m1","message_type":"notification","message_timestamp":"never"},
		"payload":{"subscription":{"type":"drop.entitlement.grant","version":"1"},"events":[{"id":"e1","data":{}},{"data":{}}]}}`
	m, err := ParseFrame([]byte(frame))
	if err != nil {
		t.Fatal(err)
	}
	var ids, events []string
	for _, n := range m.Notifications() {
		ids = append(ids, n.Meta.MessageID)
		events = append(events, string(n.Event))
	}
	if diff := cmp.Diff([]string{"e1", "m1#1"}, ids); diff != "" {
		t.Errorf("message ids (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{`{"id":"e1","data":{}}`, `{"data":{}}`}, events); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestParseWebhook(t *testing.T) {
	header := http.Header{
		"Twitch-Eventsub-Message-Id":        {"m1"},
		"Twitch-Eventsub-Message-Type":      {"notification"},
		"Twitch-Eventsub-Message-Retry":     {"2"},
		"Twitch-Eventsub-Message-Timestamp": {time.Now().UTC().Format(time.RFC3339Nano)},
	}
	e, err := ParseWebhook(header, []byte(`{"subscription":{"type":"drop.entitlement.grant","version":"1"},"events":[{"id":"e1"},{"id":"e2"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	n := e.Notifications()
	if len(n) != 2 || n[1].Meta.MessageID != "e2" || n[1].Meta.Retry != 2 || n[1].Meta.Late || n[1].Meta.Timestamp.IsZero() {
		t.Errorf("got %+v", n)
	}

	header.Set("Twitch-Eventsub-Message-Type", "webhook_callback_verification")
	e, err = ParseWebhook(header, []byte(`{"challenge":"c","subscription":{"id":"s1","type":"stream.online","transport":{"method":"webhook","callback":"https://x"}}}`))
	if err != nil || e.Challenge != "c" || e.Subscription.Transport.Callback != "https://x" || len(e.Notifications()) != 0 {
		t.Errorf("verification: got %+v, %v", e, err)
	}

	for _, body := range []string{``, `[]`, `{"subscription":{}}`, `{"subscription":{"type":"t"}`} {
		header.Set("Twitch-Eventsub-Message-Type", "notification")
		if _, err := ParseWebhook(header, []byte(body)); !errors.Is(err, ErrMessage) {
			t.Errorf("%s: got %v, want ErrMessage", body, err)
		}
	}
	if _, err := ParseWebhook(http.Header{}, []byte(`{}`)); !errors.Is(err, ErrMessage) {
		t.Errorf("without headers: got %v, want ErrMessage", err)
	}
}

func TestCorpusIsDecoded(t *testing.T) {
	for _, frame := range corpus(t) {
		m, err := wire.DecodeFrame(frame)
		if err != nil {
			t.Errorf("%.80s: got %v, want none", frame, err)
			continue
		}
		for _, n := range notifications(&m, false) {
			p, err := n.Payload()
			if err != nil {
				t.Errorf("%s: got %v, want none", n.Type, err)
				continue
			}
			if p.Type() != n.Type {
				t.Errorf("payload: got %s, want %s", p.Type(), n.Type)
			}
			if p.SemanticKey() == "" {
				t.Errorf("%s: no semantic key", n.Type)
			}
		}
	}
}

// corpus returns recorded frames, one a line, which are not part of this repository.
func corpus(t testing.TB) [][]byte {
	t.Helper()
	f, err := os.Open(filepath.FromSlash(corpusFile))
	if err != nil {
		t.Skip("no corpus beside the repository: ", err)
	}
	defer f.Close()
	var frames [][]byte
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		frames = append(frames, append([]byte(nil), lines.Bytes()...))
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return frames
}

// refEnvelope is an envelope for encoding/json.
type refEnvelope struct {
	Metadata struct {
		ID        string    `json:"message_id"`
		Kind      string    `json:"message_type"`
		Timestamp time.Time `json:"message_timestamp"`
	} `json:"metadata"`
	Payload struct {
		Subscription Subscription      `json:"subscription"`
		Event        json.RawMessage   `json:"event"`
		Events       []json.RawMessage `json:"events"`
	} `json:"payload"`
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
				m, err := wire.DecodeFrame(frame)
				if err != nil {
					b.Fatal(err)
				}
				for _, n := range notifications(&m, false) {
					if _, err := n.Payload(); err != nil {
						b.Fatal(err)
					}
				}
			}
		}
	})
	b.Run("ours-in-a-session", func(b *testing.B) { // where the subscriptions are known
		b.SetBytes(size)
		b.ReportAllocs()
		var d wire.Decoder
		for b.Loop() {
			for _, frame := range frames {
				var m wire.Message
				if err := d.Frame(frame, &m); err != nil {
					b.Fatal(err)
				}
				for _, n := range notifications(&m, false) {
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
