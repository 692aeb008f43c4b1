package wire

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const corpusFile = "../../../../shared/corpus/eventsub.ndjson"

// A refEnvelope is an envelope decoded by encoding/json. The results and the speed of
// DecodeFrame are compared with it.
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
		Subscription refSubscription   `json:"subscription"`
		Event        json.RawMessage   `json:"event"`
		Events       []json.RawMessage `json:"events"`
	} `json:"payload"`
}

type refSubscription struct {
	ID        string            `json:"id"`
	Status    string            `json:"status"`
	Type      string            `json:"type"`
	Version   string            `json:"version"`
	Cost      int               `json:"cost"`
	Condition map[string]string `json:"condition"`
	Transport struct {
		Method    string `json:"method"`
		Callback  string `json:"callback"`
		SessionID string `json:"session_id"`
		ConduitID string `json:"conduit_id"`
	} `json:"transport"`
	CreatedAt time.Time `json:"created_at"`
}

// compareWithReference fails if encoding/json decodes a frame that DecodeFrame refuses,
// or decodes it to other values.
func compareWithReference(t *testing.T, frame []byte, got Message, gotErr error) {
	t.Helper()
	var want refEnvelope
	if json.Unmarshal(frame, &want) != nil || oddKeys(frame) {
		return
	}
	if gotErr != nil {
		switch {
		case want.Metadata.Kind == "",
			want.Metadata.Kind == Welcome && want.Payload.Session.ID == "",
			(want.Metadata.Kind == Notification || want.Metadata.Kind == Revocation) && want.Payload.Subscription.Type == "":
			return
		}
		if len(want.Payload.Events) > 0 {
			return // elements that are no objects
		}
		t.Fatalf("%q: got %v, want none", frame, gotErr)
	}
	if got.Kind != want.Metadata.Kind || got.ID != want.Metadata.ID || !got.Timestamp.Equal(want.Metadata.Timestamp) ||
		got.Session.ID != want.Payload.Session.ID || got.Session.ReconnectURL != want.Payload.Session.ReconnectURL ||
		string(got.Event) != string(want.Payload.Event) || len(got.Events) != len(want.Payload.Events) {
		t.Errorf("%q:\ngot  %+v\nwant %+v", frame, got, want)
	}
	if want.Payload.Subscription.Condition == nil {
		got.Subscription.Condition = nil // null
	}
	if diff := cmp.Diff(want.Payload.Subscription, refSubscription(got.Subscription)); diff != "" {
		t.Errorf("%q: subscription (-want +got):\n%s", frame, diff)
	}
}

// oddKeys reports whether a frame has keys that encoding/json treats in another way: it
// ignores their case, and merges the values of duplicate keys.
func oddKeys(frame []byte) bool {
	odd := false
	var walk func(at int) (int, error)
	walk = func(at int) (int, error) {
		if at == len(frame) || frame[at] != '{' {
			return skipValue(frame, at)
		}
		seen := map[string]bool{}
		return members(frame, at, func(key []byte, at int) (int, error) {
			odd = odd || seen[string(key)] || unusual(key)
			seen[string(key)] = true
			return walk(at)
		})
	}
	_, _ = walk(space(frame, 0))
	return odd
}

func TestCorpusIsDecodedLikeEncodingJSON(t *testing.T) {
	for _, frame := range corpus(t) {
		m, err := DecodeFrame(frame)
		compareWithReference(t, frame, m, err)
	}
}

func FuzzDecodeFrame(f *testing.F) {
	f.Add([]byte(`{"metadata":{"message_id":"m","message_type":"session_welcome","message_timestamp":"2026-01-01T00:00:00Z"},"payload":{"session":{"id":"A","keepalive_timeout_seconds":10,"reconnect_url":null}}}`))
	f.Add([]byte(`{"metadata":{"message_type":"notification"},"payload":{"subscription":{"type":"channel.follow","version":"2","condition":{"a":"b"}},"event":{"user_id":"1"}}}`))
	f.Add([]byte(`{"metadata":{"message_type":"revocation"},"payload":{"subscription":{"type":"t","status":"user_removed"}}}`))
	f.Add([]byte(`{"metadata":{"message_type":"notification"},"payload":{"subscription":{"type":"t"},"events":[{"id":"1"},{}]}}`))
	f.Fuzz(func(t *testing.T, frame []byte) {
		m, err := DecodeFrame(frame)
		compareWithReference(t, frame, m, err)
		if err != nil {
			return
		}
		if m.Kind == "" {
			t.Error("understood a message without a type")
		}
	})
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
