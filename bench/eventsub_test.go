package bench_test

import (
	"bytes"
	"context"
	"crypto/sha1" // RFC 6455 requires it
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	twitch "github.com/joeyak/go-twitch-eventsub/v3"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// An eventPourer emulates Twitch's EventSub for a client with one subscription: it sends
// the welcome, accepts the subscription, and then sends the given events as fast as the
// client reads.
type eventPourer struct {
	*httptest.Server
	pour chan []byte
}

func newEventPourer(b *testing.B) *eventPourer {
	b.Helper()
	p := &eventPourer{pour: make(chan []byte)}
	routes := http.NewServeMux()
	routes.HandleFunc("GET /eventsub/subscriptions", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"data":[],"total":0,"total_cost":0,"max_total_cost":10,"pagination":{}}`)
	})
	routes.HandleFunc("POST /eventsub/subscriptions", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusAccepted)
		_, _ = fmt.Fprintf(w, `{"data":[{"id":"sub-1","status":"enabled","cost":0,"created_at":"2026-01-01T00:00:00Z",%s],"total":1,"total_cost":0,"max_total_cost":10}`,
			bytes.TrimPrefix(bytes.TrimSpace(body), []byte("{")))
	})
	routes.HandleFunc("GET /ws", func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			b.Error(err)
			return
		}
		defer conn.Close()
		key := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
		_, _ = fmt.Fprintf(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
			base64.StdEncoding.EncodeToString(key[:]))
		_, _ = conn.Write(frame(nil, fmt.Sprintf(`{"metadata":{"message_id":"m0","message_type":"session_welcome","message_timestamp":"%s"},`+
			`"payload":{"session":{"id":"s1","status":"connected","connected_at":"2026-01-01T00:00:00Z","keepalive_timeout_seconds":600,"reconnect_url":null}}}`,
			time.Now().UTC().Format(time.RFC3339Nano))))
		go func() { _, _ = io.Copy(io.Discard, conn) }()
		for frames := range p.pour {
			if _, err := conn.Write(frames); err != nil {
				return
			}
		}
	})
	p.Server = httptest.NewServer(routes)
	b.Cleanup(func() { close(p.pour); p.Close() })
	return p
}

// frame appends a message of a WebSocket server.
func frame(b []byte, text string) []byte {
	b = append(b, 0x81)
	if len(text) < 126 {
		b = append(b, byte(len(text)))
	} else {
		b = append(b, 126)
		b = binary.BigEndian.AppendUint16(b, uint16(len(text)))
	}
	return append(b, text...)
}

// events returns n notifications of chat messages in frames.
func events(n int) []byte {
	var b []byte
	at := time.Now().UTC().Format(time.RFC3339Nano)
	for i := range n {
		b = frame(b, fmt.Sprintf(`{"metadata":{"message_id":"6f1c2a3b-0000-4000-8000-%012d","message_type":"notification","message_timestamp":"%s",`+
			`"subscription_type":"channel.chat.message","subscription_version":"1"},"payload":{"subscription":{"id":"sub-1","status":"enabled",`+
			`"type":"channel.chat.message","version":"1","condition":{"broadcaster_user_id":"1001","user_id":"2002"},`+
			`"transport":{"method":"websocket","session_id":"s1"},"created_at":"2026-01-01T00:00:00Z","cost":0},`+
			`"event":{"broadcaster_user_id":"1001","broadcaster_user_login":"ada","broadcaster_user_name":"Ada",`+
			`"source_broadcaster_user_id":null,"source_broadcaster_user_login":null,"source_broadcaster_user_name":null,`+
			`"chatter_user_id":"2002","chatter_user_login":"grace","chatter_user_name":"Grace","message_id":"0d4e5f60-0000-4000-8000-%012d",`+
			`"source_message_id":null,"is_source_only":null,"message":{"text":"what a run, Kappa and that is number %d","fragments":[`+
			`{"type":"text","text":"what a run, ","cheermote":null,"emote":null,"mention":null},`+
			`{"type":"emote","text":"Kappa","cheermote":null,"emote":{"id":"25","emote_set_id":"0","owner_id":"0","format":["static"]},"mention":null},`+
			`{"type":"text","text":" and that is number %d","cheermote":null,"emote":null,"mention":null}]},"color":"#1E90FF",`+
			`"badges":[{"set_id":"subscriber","id":"12","info":"16"}],"source_badges":null,"message_type":"text","cheer":null,"reply":null,`+
			`"channel_points_custom_reward_id":null,"channel_points_animation_id":null}}}`, i, at, i, i, i))
	}
	return b
}

// BenchmarkEventSub sends chat messages to both clients in turn, each over one
// WebSocket, and compares how many events a second reach a handler.
func BenchmarkEventSub(b *testing.B) {
	const want = 2_000
	flood := events(want)
	ourServer, theirServer := newEventPourer(b), newEventPourer(b)
	ours := &counter{want: want, done: make(chan struct{}, 1)}
	theirs := &counter{want: want, done: make(chan struct{}, 1)}
	ready := make(chan struct{}, 2)
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()

	tw := helix.New("client", helix.StaticToken("2002", "token"), helix.Options{BaseURL: ourServer.URL})
	mux := eventsub.NewMux()
	eventsub.On(mux, func(_ context.Context, e *eventsub.ChannelChatMessage) error {
		ours.message(e.MessageID, e.ChatterUserName, e.Message.Text, e.Meta.Timestamp, e.Badges[0].SetID == "subscriber")
		return nil
	})
	session := eventsub.NewSession(tw, mux, eventsub.SessionOptions{
		URL: "ws" + strings.TrimPrefix(ourServer.URL, "http") + "/ws",
		OnState: func(st eventsub.State) {
			if st.Phase == eventsub.Subscribed {
				ready <- struct{}{}
			}
		},
	})
	session.Want(eventsub.ChannelChatMessageCondition{BroadcasterUserID: "1001", UserID: "2002"})
	go func() { _ = session.Run(ctx) }()

	them := twitch.NewClientWithUrl("ws" + strings.TrimPrefix(theirServer.URL, "http") + "/ws")
	them.OnError(func(err error) { b.Error(err) })
	them.OnWelcome(func(twitch.WelcomeMessage) { ready <- struct{}{} })
	them.OnEventChannelChatMessage(func(e twitch.EventChannelChatMessage) {
		theirs.message(e.MessageId, e.ChatterUserName, e.Message.Text, time.Time{}, e.Badges[0].SetId == "subscriber")
	})
	go func() { _ = them.ConnectWithContext(ctx) }()
	<-ready
	<-ready

	for b.Loop() {
		ours.round(b, ourServer.pour, flood)
		theirs.round(b, theirServer.pour, flood)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(want/best(ours.times), "events/s")
	b.ReportMetric(want/best(theirs.times), "go-twitch-eventsub-events/s")
	b.ReportMetric(best(ours.cpu)/want*1e9, "cpu-ns/event")
	b.ReportMetric(best(theirs.cpu)/want*1e9, "go-twitch-eventsub-cpu-ns/event")
	b.ReportMetric(best(theirs.times)/best(ours.times), "times-peer")
	record(b, "eventsub", best(theirs.times)/best(ours.times))
}

// BenchmarkEnvelope runs package eventsub's own comparison with encoding/json, because
// the measured functions are not exported.
func BenchmarkEnvelope(b *testing.B) {
	var ratio float64
	for b.Loop() {
		out, err := exec.CommandContext(b.Context(), "go", "test", "-C", "..", "-run", "^$", "-bench", "BenchmarkNotification",
			"-benchtime", "0.2s", "-count", "5", "./eventsub").CombinedOutput()
		if err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
		times := map[string][]float64{} // ns
		for _, m := range regexp.MustCompile(`BenchmarkNotification/(\S+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op`).FindAllStringSubmatch(string(out), -1) {
			ns, err := strconv.ParseFloat(m[2], 64)
			if err != nil {
				b.Fatal(err)
			}
			times[m[1]] = append(times[m[1]], ns)
		}
		if len(times["ours"]) == 0 || len(times["encoding-json"]) == 0 {
			b.Skip("the corpus of events is not here")
		}
		ratio = slices.Min(times["ours"]) / slices.Min(times["encoding-json"])
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(ratio, "ratio")
	record(b, "envelope", ratio)
}
