package emulator_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/emulator/internal/payload"
	"github.com/larkspur-dev/larkspur/eventsub"
	twitch "github.com/larkspur-dev/larkspur/helix"
)

// Every event type goes the whole way, over a webhook and over a conduit's WebSocket: the
// emulator makes an event from Twitch's documentation, and the client decodes it into the Go type
// without a field that it could not read. What it encodes again has every value that was
// sent. After the first round, values are random by seed.
func TestEveryTypeFromEmulatorToClient(t *testing.T) {
	rounds := 4
	if os.Getenv("LARKSPUR_LONG") != "" {
		rounds = 400
	}
	for _, transport := range []string{"webhook", "conduit"} {
		t.Run(transport, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := &receiver{mux: eventsub.NewMux()}
				r.mux.OnAny(r.handle)
				tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.WebhookClient(&http.Client{Transport: r}))
				subscribeToAll(t, tw, r.carrier(t, tw, transport))
				for seed := range rounds {
					for _, info := range eventsub.Types() {
						sent := sendOne(t, tw, info.Type, uint64(seed)) //nolint:gosec // not negative
						if got := r.take(); len(got) != 1 || got[0].Type() != info.Type {
							t.Errorf("%v: got %v, want one event", info.Type, got)
						} else if again, err := json.Marshal(got[0]); err != nil || !covers(anyOf(t, again), anyOf(t, sent)) {
							t.Errorf("%v: got %s %v, want %s", info.Type, again, err, sent)
						}
					}
				}
				if got := r.mux.Stats(); got.Unread != 0 || got.Errors != 0 || int(got.Dispatched) != rounds*len(eventsub.Types()) { //nolint:gosec // small
					t.Errorf("got %+v, want every event without an unread field", got)
				}
				if err := r.mux.Drain(t.Context()); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// sendOne sends an event of a type to its only subscription and returns its JSON.
func sendOne(t *testing.T, tw *emulator.Server, of eventsub.Type, seed uint64) []byte {
	t.Helper()
	if seed == 0 {
		done, err := tw.Trigger(of, emulator.TriggerOptions{User: "grace", Seed: 1})
		if err != nil || done.Subscriptions != 1 {
			t.Fatalf("%v: got %+v %v, want one subscription", of, done, err)
		}
		return done.Event
	}
	schema, _ := payload.Lookup(of)
	event := schema.Random(seed)
	if n, err := tw.SendEvent(of, "", event); n != 1 || err != nil {
		t.Fatalf("%v: got %d %v, want one subscription", of, n, err)
	}
	raw, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// subscribeToAll makes a subscription to each type.
func subscribeToAll(t *testing.T, tw *emulator.Server, carrier twitch.EventSubTransport) {
	t.Helper()
	client := twitch.New(tw.ClientID(), twitch.StaticToken("", tw.AppToken()), twitch.Options{HTTPClient: tw.HTTPClient(), BaseURL: tw.HelixURL()})
	var scopes []string
	for _, info := range eventsub.Types() {
		scopes = append(scopes, info.Scopes.Minimal()...)
	}
	tw.UserToken("ada", append(scopes, "channel:bot", "user:bot")...)
	tw.UserToken("grace", append(scopes, "channel:bot", "user:bot")...)
	for _, info := range eventsub.Types() {
		condition := map[string]string{}
		for _, f := range info.Condition {
			switch {
			case f.Name == "client_id" || f.Name == "extension_client_id":
				condition[f.Name] = tw.ClientID()
			case f.Name == "user_id" && info.Type.Name == "user.update", strings.HasPrefix(info.Type.Name, "channel.chat.user_message") && f.Name == "user_id":
				condition[f.Name] = tw.UserID("grace")
			case strings.HasSuffix(f.Name, "_user_id") || f.Name == "user_id":
				condition[f.Name] = tw.UserID("ada")
			case f.Required:
				condition[f.Name] = "organization"
			}
		}
		if len(info.ExactlyOne) > 0 {
			delete(condition, info.ExactlyOne[0])
		}
		_, err := client.EventSub.CreateSubscription(t.Context(), twitch.CreateEventSubSubscriptionParams{
			Type: info.Type.Name, Version: info.Type.Version, Condition: condition, Transport: carrier, IsBatchingEnabled: info.Batched,
		})
		if err != nil {
			t.Fatalf("%v %v: %v", info.Type, condition, err)
		}
	}
	synctest.Wait()
}

// A receiver is a program that takes webhooks.
type receiver struct {
	mux *eventsub.Mux

	mu  sync.Mutex
	got []eventsub.Payload // guarded by mu
}

// RoundTrip is the whole network.
func (r *receiver) RoundTrip(request *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	envelope, err := eventsub.ParseWebhook(request.Header, body)
	if err != nil {
		return nil, err
	}
	for _, n := range envelope.Notifications() {
		if err := r.mux.Dispatch(request.Context(), n); err != nil {
			return nil, err
		}
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(envelope.Challenge)), Request: request}, nil
}

// carrier returns a transport that ends at r.
func (r *receiver) carrier(t *testing.T, tw *emulator.Server, method string) twitch.EventSubTransport {
	t.Helper()
	if method == "webhook" {
		return twitch.EventSubTransport{Method: twitch.TransportMethodWebhook, Callback: "https://example.com/hook", Secret: "a secret of ours"}
	}
	client := twitch.New(tw.ClientID(), twitch.StaticToken("", tw.AppToken()), twitch.Options{HTTPClient: tw.HTTPClient(), BaseURL: tw.HelixURL()})
	conduit, err := client.Conduits.Create(t.Context(), twitch.CreateConduitsParams{ShardCount: 1})
	if err != nil {
		t.Fatal(err)
	}
	conn, session := dial(t, tw)
	updated, err := client.Conduits.UpdateShards(t.Context(), twitch.UpdateConduitShardsParams{ConduitID: conduit.ID, Shards: []twitch.ShardUpdate{
		{ID: "0", Transport: twitch.ShardUpdateTransport{Method: twitch.TransportMethodWebsocket, SessionID: session}},
	}})
	if err != nil || len(updated.Failures) > 0 {
		t.Fatalf("got %+v %v", updated, err)
	}
	var reading sync.WaitGroup
	reading.Go(func() { r.read(t, conn) })
	t.Cleanup(reading.Wait)
	t.Cleanup(func() { _ = conn.CloseNow() })
	return twitch.EventSubTransport{Method: twitch.TransportMethodConduit, ConduitID: conduit.ID}
}

func (r *receiver) read(t *testing.T, conn *websocket.Conn) {
	for {
		_, frame, err := conn.Read(context.WithoutCancel(t.Context()))
		if err != nil {
			return
		}
		envelope, err := eventsub.ParseFrame(frame)
		if err != nil {
			t.Errorf("got %v for %s", err, frame)
			return
		}
		for _, n := range envelope.Notifications() {
			if err := r.mux.Dispatch(context.WithoutCancel(t.Context()), n); err != nil {
				t.Error(err)
			}
		}
	}
}

func (r *receiver) handle(_ context.Context, n eventsub.Notification) error {
	p, err := n.Payload()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got = append(r.got, p)
	return err
}

func (r *receiver) take() []eventsub.Payload {
	synctest.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	got := r.got
	r.got = nil
	return got
}

func anyOf(t *testing.T, raw []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// covers reports whether all of want is in got. Null and absent are as good as the zero value,
// and times are compared as times.
func covers(got, want any) bool {
	switch w := want.(type) {
	case map[string]any:
		g, _ := got.(map[string]any)
		for name, value := range w {
			if !covers(g[name], value) {
				return false
			}
		}
		return g != nil || isZero(want)
	case []any:
		g, _ := got.([]any)
		for i := range w {
			if len(g) != len(w) || !covers(g[i], w[i]) {
				return false
			}
		}
		return len(g) == len(w)
	}
	if got == want || isZero(got) && isZero(want) {
		return true
	}
	x, errX := time.Parse(time.RFC3339, fmt.Sprint(got))
	y, errY := time.Parse(time.RFC3339, fmt.Sprint(want))
	return errX == nil && errY == nil && x.Equal(y)
}

func isZero(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		for _, member := range v {
			if !isZero(member) {
				return false
			}
		}
		return true
	case []any:
		return len(v) == 0
	case string:
		return v == "" || v == "0001-01-01T00:00:00Z"
	}
	return v == nil || v == false || v == 0.0
}
