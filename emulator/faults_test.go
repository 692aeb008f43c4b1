package emulator_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"github.com/larkspur-dev/larkspur/emulator"
)

// control calls a verb of the control API, which must succeed.
func control(t *testing.T, tw *emulator.Server, verb, body string) map[string]any {
	t.Helper()
	return controlled(t, tw, verb, body, http.StatusOK)
}

func controlled(t *testing.T, tw *emulator.Server, verb, body string, want int) map[string]any {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, tw.URL()+"/larkspur/"+verb, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := tw.HTTPClient().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || resp.StatusCode != want {
		t.Fatalf("%s %s: got %d %v %v, want %d", verb, body, resp.StatusCode, answer, err, want)
	}
	return answer
}

// Every fault of a session can be caused from outside, for one session.
func TestSessionFaultsByControl(t *testing.T) {
	for verb, closed := range map[string]websocket.StatusCode{
		`close-eventsub {"code":4000`: 4000, `close-eventsub {"code":4007`: 4007, `close-eventsub {"code":0`: -1, `cut-eventsub {`: -1,
		`silence-eventsub {"pings":true`: 0, `silence-eventsub {"pings":false`: 0, `half-open-eventsub {`: 0, `reconnect-eventsub {"seconds":5`: 4004,
	} {
		t.Run(verb, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
				conn, session := dial(t, tw)
				other, otherSession := dial(t, tw)
				for owner, id := range map[string]string{"ada": session, "mod": otherSession} {
					if owner == "mod" {
						control(t, tw, "mod", `{"broadcaster":"ada","user":"mod"}`)
					}
					body := fmt.Sprintf(`{"type":"channel.follow","version":"2","condition":{"broadcaster_user_id":"%s","moderator_user_id":"%s"},
						"transport":{"method":"websocket","session_id":"%s"}}`, tw.UserID("ada"), tw.UserID(owner), id)
					if status, answer := helix(t, tw, tw.UserToken(owner, "moderator:read:followers"), http.MethodPost, "/eventsub/subscriptions", body); status != http.StatusAccepted {
						t.Fatalf("got %d %s", status, answer)
					}
				}
				name, body, _ := strings.Cut(verb, " ")
				if got := control(t, tw, name, strings.Replace(body+`,"session":"`+session+`"}`, "{,", "{", 1)); got["sessions"] != 1.0 {
					t.Errorf("got %v, want one session", got)
				}
				tw.Follow("ada", "grace")
				if f := read(t, other); f.Metadata.SubscriptionType != "channel.follow" {
					t.Errorf("the other session: got %+v, want the event", f)
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				var err error
				for err == nil {
					_, _, err = conn.Read(ctx)
				}
				if got := websocket.CloseStatus(err); closed != 0 && got != closed {
					t.Errorf("got %v, want close code %d", err, closed)
				} else if closed == 0 && ctx.Err() == nil {
					t.Errorf("got %v, want an open connection", err)
				}
			})
		})
	}
}

func TestFaultsRefusedByControl(t *testing.T) {
	tw := emulator.Start(t)
	for _, row := range [][3]string{
		{"close-eventsub", `{"code":1000}`, "4000 to 4007"},
		{"cut-eventsub", `{"session":"unknown"}`, "no such session"},
		{"disturb-eventsub", `{"duplicate":2}`, "from 0 to 1"},
		{"disturb-eventsub", `{"refused":0.6,"unanswered":0.6}`, "from 0 to 1"},
		{"disturb-eventsub", `{"jitter":-1}`, "must not be negative"},
		{"disable-shard", `{"conduit":"unknown","shard":"0"}`, "no such shard"},
		{"revoke-eventsub", `{"id":"unknown"}`, "no subscription"},
	} {
		if got := controlled(t, tw, row[0], row[1], http.StatusBadRequest); !strings.Contains(fmt.Sprint(got["error"]), row[2]) {
			t.Errorf("%s: got %v, want %q", row[0], got, row[2])
		}
	}
}

// A conduit seen from outside: its shards, what happens to one of them, and the event of it.
func TestShardFaultsByControl(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
		app := tw.AppToken()
		conn, session := dial(t, tw)
		watcher, watching := dial(t, tw)
		var made struct{ Data []struct{ ID string } }
		_, body := helix(t, tw, app, http.MethodPost, "/eventsub/conduits", `{"shard_count":2}`)
		if err := json.Unmarshal([]byte(body), &made); err != nil {
			t.Fatal(err)
		}
		id := made.Data[0].ID
		control(t, tw, "refuse-shards", `{"times":1,"text":"not now"}`)
		shards := fmt.Sprintf(`{"conduit_id":"%s","shards":[{"id":"0","transport":{"method":"websocket","session_id":"%s"}},
			{"id":"1","transport":{"method":"websocket","session_id":"%s"}}]}`, id, session, watching)
		status, answer := helix(t, tw, app, http.MethodPatch, "/eventsub/conduits/shards", shards)
		if status != http.StatusAccepted || !strings.Contains(answer, `"errors":[{"id":"0","message":"not now"`) {
			t.Errorf("got %d %s, want an error in the response", status, answer)
		}
		if _, answer = helix(t, tw, app, http.MethodPatch, "/eventsub/conduits/shards", shards); !strings.Contains(answer, `"errors":[]`) {
			t.Errorf("got %s, want none", answer)
		}
		if status, answer := helix(t, tw, app, http.MethodPost, "/eventsub/subscriptions", `{"type":"conduit.shard.disabled","version":"1",
			"condition":{"client_id":"`+tw.ClientID()+`"},"transport":{"method":"conduit","conduit_id":"`+id+`"}}`); status != http.StatusAccepted {
			t.Fatalf("got %d %s", status, answer)
		}
		control(t, tw, "disable-shard", `{"conduit":"`+id+`","shard":"0","status":"websocket_network_timeout"}`)
		if _, _, err := conn.Read(t.Context()); websocket.CloseStatus(err) != 4005 {
			t.Errorf("got %v, want 4005", err)
		}
		if f := read(t, watcher); f.Payload.Event["status"] != "websocket_network_timeout" || f.Payload.Event["shard_id"] != "0" {
			t.Errorf("got %+v, want conduit.shard.disabled", f)
		}
		_, state := get(t, tw.HTTPClient(), tw.URL()+"/larkspur/conduits")
		if got := tw.EventSubConduits(); len(got) != 1 || len(got[0].Shards) != 2 || !strings.Contains(state, `"status":"websocket_network_timeout"`) {
			t.Errorf("got %+v and %s", got, state)
		}
		_, list := get(t, tw.HTTPClient(), tw.URL()+"/larkspur/sessions")
		if !strings.Contains(list, watching) || strings.Contains(list, session) {
			t.Errorf("got sessions %s, want the watcher's", list)
		}
		if _, counts := get(t, tw.HTTPClient(), tw.URL()+"/larkspur/counts"); !strings.Contains(counts, `"dropped":0`) {
			t.Errorf("got %s", counts)
		}
	})
}

// Over a real network, encrypted as well, a half-open connection does not end by itself, and
// the emulator does not wait for its client.
func TestHalfOpenOverTCP(t *testing.T) {
	tw := emulator.Start(t)
	for _, url := range []string{tw.EventSubURL(), strings.Replace(tw.EventSubURL(), "ws://", "wss://", 1)} {
		conn, _, err := websocket.Dial(t.Context(), url, &websocket.DialOptions{HTTPClient: tw.HTTPClient()}) //nolint:bodyclose // the connection owns it
		if err != nil {
			t.Fatal(err)
		}
		session := read(t, conn).Payload.Session.ID
		if got := tw.HalfOpenEventSub(session); got != 1 {
			t.Errorf("got %d sessions, want 1", got)
		}
		tw.CloseEventSub(4000, session)
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		if _, _, err := conn.Read(ctx); ctx.Err() == nil {
			t.Errorf("%s: got %v, want nothing", url, err)
		}
		cancel()
	}
}
