package eventsub

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/eventsub/internal/wire"
	"github.com/larkspur-dev/larkspur/helix"
)

// decodeGenerated decodes an event with the generated decoder of its type.
func decodeGenerated(info Info, raw []byte) (Payload, []wire.Unread, error) {
	p := info.New()
	r := wire.NewReader(raw)
	if !readEvent(&r, p) {
		panic("no generated decoder for " + info.Type.String())
	}
	unread, err := r.End()
	return p, unread, err
}

// The decoders that are generated and the one that uses reflection give the same values
// and report the same fields, also for values of types that Twitch does not document.
func TestGeneratedDecodersAgreeWithReflection(t *testing.T) {
	for _, info := range Types() {
		whole, err := json.Marshal(filled(reflect.TypeOf(info.New()).Elem()).Interface())
		if err != nil {
			t.Fatal(err)
		}
		var fields any
		if err := json.Unmarshal(whole, &fields); err != nil {
			t.Fatal(err)
		}
		documents := []any{fields}
		for _, path := range pathsOf(fields) {
			for _, odd := range []any{float64(3), 1.5, "odd", "", "a\"\\ä", true, nil, map[string]any{"a": "b"}, map[string]any{}, []any{"a", nil, float64(1)}, []any{}} {
				documents = append(documents, replaced(fields, path, odd))
			}
		}
		for _, document := range documents {
			raw, err := json.Marshal(document)
			if err != nil {
				t.Fatal(err)
			}
			compareWithReflection(t, info, raw)
		}
		compareWithReflection(t, info, bytes.ReplaceAll(whole, []byte(`,`), []byte(" ,\n\t")))
	}
}

func TestGeneratedDecoderRefusesTextThatEndsEarly(t *testing.T) {
	info, _ := Lookup(Type{Name: "channel.chat.message", Version: "1"})
	whole, err := json.Marshal(filled(reflect.TypeFor[ChannelChatMessage]()).Interface())
	if err != nil {
		t.Fatal(err)
	}
	for n := range whole {
		if _, _, err := decodeGenerated(info, whole[:n]); err == nil {
			t.Errorf("%s: got no error", whole[:n])
		}
		without := slices.Delete(slices.Clone(whole), n, n+1)
		if _, _, err := decodeGenerated(info, without); err == nil && !json.Valid(without) && bytes.IndexByte([]byte("{}[]:"), whole[n]) >= 0 {
			t.Errorf("%s: got no error", without)
		}
	}
	for _, raw := range []string{``, `[]`, `"x"`, `5`, `{"a":1}}`, `{"a":1}{}`, `null null`} {
		if _, _, err := decodeGenerated(info, []byte(raw)); err == nil {
			t.Errorf("%s: got no error", raw)
		}
	}
}

func compareWithReflection(t *testing.T, info Info, raw []byte) {
	t.Helper()
	want := info.New()
	wantUnread, wantErr := wire.DecodeEvent(raw, want)
	got, unread, err := decodeGenerated(info, raw)
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("%s: %s: got error %v, want %v", info.Type, raw, err, wantErr)
	}
	if err != nil {
		return
	}
	for i, u := range wantUnread { // types with their own UnmarshalJSON are named by reflection
		wantUnread[i].Want = strings.NewReplacer("helix.Time", "time", "helix.Int", "number").Replace(u.Want)
	}
	if !slices.Equal(wantUnread, unread) {
		t.Errorf("%s: %s: unread (-want +got):\n%s", info.Type, raw, cmp.Diff(wantUnread, unread))
	}
	if reflect.DeepEqual(want, got) {
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: %s (-want +got):\n%s", info.Type, raw, diff)
	}
}

// For a document that encoding/json decodes, a generated decoder gives the same result.
func FuzzGeneratedDecoder(f *testing.F) {
	all := Types()
	for i, info := range all {
		raw, err := json.Marshal(filled(reflect.TypeOf(info.New()).Elem()).Interface())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(uint8(i), raw)
	}
	for _, raw := range documentedEvents(f) {
		f.Add(uint8(0), raw)
	}
	f.Add(uint8(0), []byte(`{"message":"plain","level":"3","HELD_AT":"2026-01-02T03:04:05Z","user_\u0069d":"\u00e4\ud83d\ude00\"","held_at":0}`))
	f.Fuzz(func(t *testing.T, which uint8, raw []byte) {
		info := all[int(which)%len(all)]
		want := info.New()
		got, unread, err := decodeGenerated(info, raw)
		if json.Unmarshal(raw, want) != nil || duplicateKeys(raw) {
			return
		}
		if err != nil {
			t.Fatalf("%s: %q: got %v, want none", info.Type, raw, err)
		}
		odd := false // helix.Time takes any number, decoders only those that are a sensible time
		diff := cmp.Diff(want, got, cmp.Comparer(func(a, b helix.Time) bool {
			outside := !a.IsZero() && (a.Unix() <= 0 || a.Year() > 4000)
			odd = odd || outside
			return outside || a.Equal(b.Time)
		}))
		if len(unread) > 0 && !odd {
			t.Errorf("%s: %q: %+v was not read", info.Type, raw, unread)
		}
		if diff != "" {
			t.Errorf("%s: %q (-want +got):\n%s", info.Type, raw, diff)
		}
	})
}

// duplicateKeys reports whether an object has the same key twice. Of two values
// encoding/json merges lists, decoders take the last.
func duplicateKeys(raw []byte) bool {
	d := json.NewDecoder(bytes.NewReader(raw))
	var seen []map[string]bool
	key := []bool{} // whether the next token of each object is a key
	for {
		token, err := d.Token()
		if err != nil {
			return false
		}
		last := len(seen) - 1
		if name, ok := token.(string); ok && last >= 0 && seen[last] != nil && key[last] {
			if name = strings.ToLower(strings.NewReplacer("\u017F", "s", "\u212A", "k").Replace(name)); seen[last][name] {
				return true
			}
			seen[last][name], key[last] = true, false
			continue
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			inner := map[string]bool{}
			if token == json.Delim('[') {
				inner = nil
			}
			seen, key = append(seen, inner), append(key, true)
			continue
		case json.Delim('}'), json.Delim(']'):
			seen, key = seen[:last], key[:last]
		}
		if last = len(seen) - 1; last >= 0 {
			key[last] = true
		}
	}
}

// documentedEvents returns the events of Twitch's documentation, which are not part of
// this repository.
func documentedEvents(t testing.TB) [][]byte {
	t.Helper()
	names, err := filepath.Glob(filepath.FromSlash("../../shared/twitch/examples/eventsub/*.json"))
	if err != nil {
		t.Fatal(err)
	}
	var events [][]byte
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var body struct{ Event json.RawMessage }
		if json.Unmarshal(raw, &body) == nil && body.Event != nil {
			events = append(events, body.Event)
		}
	}
	return events
}

// A program's own type that embeds a generated one is not decoded as the embedded type.
func TestTypeThatEmbedsAPayloadIsDecodedWhole(t *testing.T) {
	var got struct {
		ChannelFollow

		Extra string `json:"extra"`
	}
	n := Notification{Type: got.Type(), Meta: Meta{MessageID: "m1"}, Event: []byte(`{"user_id":"1","extra":"more"}`)}
	if _, err := decodeInto(n, &got); err != nil || got.UserID != "1" || got.Extra != "more" || got.Meta.MessageID != "m1" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestDecodingAllocatesLittle(t *testing.T) {
	const frame = `{"metadata":{"message_id":"befa7b53-d79d-478f-86b9-120f112b0440","message_type":"notification",` +
		`"message_timestamp":"2026-02-03T04:05:06.789012345Z","subscription_type":"channel.follow","subscription_version":"2"},` +
		`"payload":{"subscription":{"id":"s1","status":"enabled","type":"channel.follow","version":"2",` +
		`"condition":{"broadcaster_user_id":"1001","moderator_user_id":"1001"},"transport":{"method":"websocket","session_id":"AgoQ"},` +
		`"created_at":"2026-02-03T04:05:06.789Z","cost":0},"event":{"user_id":"2002","user_login":"grace","user_name":"Grace",` +
		`"broadcaster_user_id":"1001","broadcaster_user_login":"ada","broadcaster_user_name":"Ada","followed_at":"2026-02-03T04:05:06.7Z"}}}`
	raw := []byte(frame)
	event := func(m *wire.Message) {
		n := notification(m, 0, false)
		e := new(ChannelFollow)
		if unread, err := decodeInto(n, e); err != nil || unread != nil || e.UserName != "Grace" || e.FollowedAt.IsZero() {
			t.Fatalf("got %+v, %v, %v", e, unread, err)
		}
	}
	var d wire.Decoder
	known := testing.AllocsPerRun(100, func() {
		var m wire.Message
		if err := d.Frame(raw, &m); err != nil {
			t.Fatal(err)
		}
		event(&m)
	})
	fresh := testing.AllocsPerRun(100, func() {
		m, err := wire.DecodeFrame(raw)
		if err != nil {
			t.Fatal(err)
		}
		event(&m)
	})
	// The message id, the event's text and the payload. Of a subscription that was not
	// seen before, also its text and the two parts of a map.
	if known > 3 || fresh > 6 {
		t.Errorf("got %v allocations for an event of a known subscription, want 3; %v of another, want 6", known, fresh)
	}
}

// BenchmarkKeptField reports the memory of a program that keeps one short field of each
// event: the strings of an event share one text. kept is what it is with a copy.
func BenchmarkKeptField(b *testing.B) {
	frame := corpus(b)[0]
	m, err := wire.DecodeFrame(frame)
	if err != nil {
		b.Fatal(err)
	}
	const events = 10_000
	for name, keep := range map[string]func(string) string{"shared": func(s string) string { return s }, "cloned": strings.Clone} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				kept := make([]string, events)
				var before, after runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&before)
				for i := range kept {
					p, err := notification(&m, 0, false).Payload()
					if err != nil {
						b.Fatal(err)
					}
					kept[i] = keep(p.(*ChannelChatMessage).ChatterUserID)
				}
				runtime.GC()
				runtime.ReadMemStats(&after)
				runtime.KeepAlive(kept)
				b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/events, "kept-B/event")
			}
			b.ReportMetric(float64(len(m.Event)), "event-B")
		})
	}
}
