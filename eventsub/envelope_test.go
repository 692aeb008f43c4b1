package eventsub

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const corpusFile = "../../shared/corpus/eventsub.ndjson"

func TestDecodeMessage(t *testing.T) {
	const frame = `{"metadata":{"message_id":"m1","message_type":"notification","message_timestamp":"2026-02-03T04:05:06.789012345Z"},
		"payload":{"subscription":{"id":"s1","type":"channel.follow","version":"2","condition":{"broadcaster_user_id":"1"}},"event":{"a":1}}}`
	m, err := decodeMessage([]byte(frame))
	if err != nil {
		t.Fatal(err)
	}
	n := m.notifications(true)
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

func TestDecodeBatch(t *testing.T) {
	const frame = `{"metadata":{"message_id":"m1","message_type":"notification","message_timestamp":"never"},
		"payload":{"subscription":{"type":"drop.entitlement.grant","version":"1"},"events":[{"id":"e1","data":{}},{"data":{}}]}}`
	m, err := decodeMessage([]byte(frame))
	if err != nil {
		t.Fatal(err)
	}
	var ids, events []string
	for _, n := range m.notifications(false) {
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

func TestDecodeMessageRefuses(t *testing.T) {
	for _, frame := range []string{
		``, `null`, `[]`, `{}`, `"x"`, `{"metadata":{}}`, `{"metadata":{"message_type":5}}`,
		`{"metadata":{"message_type":"session_welcome"},"payload":{"session":{}}}`,
		`{"metadata":{"message_type":"notification"},"payload":{}}`,
		`{"metadata":{"message_type":"revocation"}}`,
	} {
		if m, err := decodeMessage([]byte(frame)); err == nil {
			t.Errorf("%s: got %+v, want an error", frame, m)
		}
	}
	for _, frame := range []string{
		`{"metadata":{"message_type":"session_keepalive"},"payload":{}}`,
		`{"metadata":{"message_type":"session_keepalive"}}`,
		`{"metadata":{"message_type":"brand_new","more":[]},"payload":{"session":null}}`,
		`{"metadata":{"message_type":"session_reconnect"},"payload":{"session":{"keepalive_timeout_seconds":null,"reconnect_url":"wss://x"}}}`,
	} {
		if _, err := decodeMessage([]byte(frame)); err != nil {
			t.Errorf("%s: got %v, want none", frame, err)
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

func TestCorpusIsUnderstood(t *testing.T) {
	for _, frame := range corpus(t) {
		m, err := decodeMessage(frame)
		if err != nil {
			t.Errorf("%.80s: got %v, want none", frame, err)
			continue
		}
		for _, n := range m.notifications(false) {
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

func FuzzDecodeMessage(f *testing.F) {
	f.Add([]byte(`{"metadata":{"message_id":"m","message_type":"session_welcome","message_timestamp":"2026-01-01T00:00:00Z"},"payload":{"session":{"id":"A","keepalive_timeout_seconds":10,"reconnect_url":null}}}`))
	f.Add([]byte(`{"metadata":{"message_type":"notification"},"payload":{"subscription":{"type":"channel.follow","version":"2","condition":{"a":"b"}},"event":{"user_id":"1"}}}`))
	f.Add([]byte(`{"metadata":{"message_type":"revocation"},"payload":{"subscription":{"type":"t","status":"user_removed"}}}`))
	f.Add([]byte(`{"metadata":{"message_type":"notification"},"payload":{"subscription":{"type":"t"},"events":[{"id":"1"},{}]}}`))
	f.Fuzz(func(t *testing.T, frame []byte) {
		m, err := decodeMessage(frame)
		compareWithReference(t, frame, m, err)
		if err != nil {
			return
		}
		if m.kind == "" {
			t.Error("understood a message without a type")
		}
		for _, n := range m.notifications(false) {
			_, _ = n.Payload()
			_ = n.lane()
		}
	})
}
