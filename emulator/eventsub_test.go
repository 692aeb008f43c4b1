package emulator_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
)

type frame struct {
	Metadata struct {
		MessageType      string `json:"message_type"`
		SubscriptionType string `json:"subscription_type"`
	}
	Payload struct {
		Session      struct{ ID string }
		Subscription struct{ Status string }
		Event        map[string]any
	}
}

func read(t *testing.T, conn *websocket.Conn) frame {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	_, raw, err := conn.Read(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var f frame
	if err := json.Unmarshal(raw, &f); err != nil {
		t.Fatal(err)
	}
	return f
}

// dial connects to EventSub and returns the session's id.
func dial(t *testing.T, tw *emulator.Server) (*websocket.Conn, string) {
	t.Helper()
	conn, _, err := websocket.Dial(t.Context(), tw.EventSubURL(), &websocket.DialOptions{HTTPClient: tw.HTTPClient()}) //nolint:bodyclose // the connection owns it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.CloseNow() })
	return conn, read(t, conn).Payload.Session.ID
}

// helix calls the API and returns status and body.
func helix(t *testing.T, tw *emulator.Server, token, method, path, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, tw.HelixURL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Client-Id", tw.ClientID())
	resp, err := tw.HTTPClient().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(raw)
}

func subscribe(tw *emulator.Server, session string) string {
	return fmt.Sprintf(`{"type":"channel.follow","version":"2","condition":{"broadcaster_user_id":"%s","moderator_user_id":"%s"},
		"transport":{"method":"websocket","session_id":"%s"}}`, tw.UserID("ada"), tw.UserID("ada"), session)
}

func TestEventSubThroughHelix(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
		conn, session := dial(t, tw)
		token := tw.UserToken("ada", "moderator:read:followers")

		status, body := helix(t, tw, token, http.MethodPost, "/eventsub/subscriptions", subscribe(tw, session))
		if status != http.StatusAccepted || !strings.Contains(body, `"status":"enabled"`) || !strings.Contains(body, `"total":1`) {
			t.Fatalf("create: got %d %s", status, body)
		}
		var made struct{ Data []struct{ ID string } }
		if err := json.Unmarshal([]byte(body), &made); err != nil {
			t.Fatal(err)
		}
		tw.Follow("ada", "grace")
		if f := read(t, conn); f.Metadata.SubscriptionType != "channel.follow" || f.Payload.Event["user_login"] != "grace" {
			t.Errorf("got %+v, want grace's follow", f)
		}
		n, err := tw.SendEvent(eventsub.Type{Name: "channel.follow", Version: "2"}, "ada", map[string]any{"user_login": "made up"})
		if n != 1 || err != nil {
			t.Errorf("SendEvent: got %d %v, want one subscription", n, err)
		}
		if f := read(t, conn); f.Payload.Event["user_login"] != "made up" {
			t.Errorf("got %+v, want the event as it was sent", f)
		}
		if status, body := helix(t, tw, token, http.MethodPost, "/eventsub/subscriptions", subscribe(tw, session)); status != http.StatusConflict {
			t.Errorf("create again: got %d %s, want 409", status, body)
		}
		if status, body := helix(t, tw, token, http.MethodGet, "/eventsub/subscriptions", ""); status != http.StatusOK || !strings.Contains(body, made.Data[0].ID) {
			t.Errorf("list: got %d %s", status, body)
		}
		if status, _ := helix(t, tw, token, http.MethodDelete, "/eventsub/subscriptions?id="+made.Data[0].ID, ""); status != http.StatusNoContent {
			t.Errorf("delete: got %d, want 204", status)
		}
	})
}

func TestDisconnectRevokesSubscriptions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
		conn, session := dial(t, tw)
		token := tw.UserToken("ada", "moderator:read:followers")
		if status, body := helix(t, tw, token, http.MethodPost, "/eventsub/subscriptions", subscribe(tw, session)); status != http.StatusAccepted {
			t.Fatalf("create: got %d %s", status, body)
		}
		tw.Disconnect("ada")
		if f := read(t, conn); f.Metadata.MessageType != "revocation" || f.Payload.Subscription.Status != "authorization_revoked" {
			t.Errorf("got %+v, want a revocation", f)
		}
		if status, _ := helix(t, tw, token, http.MethodGet, "/users", ""); status != http.StatusUnauthorized {
			t.Errorf("the token: got %d, want 401", status)
		}
	})
}

func TestSubscribeWithoutScope(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"))
	_, session := dial(t, tw)
	status, body := helix(t, tw, tw.UserToken("ada"), http.MethodPost, "/eventsub/subscriptions", subscribe(tw, session))
	if status != http.StatusForbidden || !strings.Contains(body, "subscription missing proper authorization") {
		t.Errorf("got %d %s, want 403", status, body)
	}
}

func TestFaults(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"))
	conn, session := dial(t, tw)
	token := tw.UserToken("ada", "moderator:read:followers")
	helix(t, tw, token, http.MethodPost, "/eventsub/subscriptions", subscribe(tw, session))
	if status, _ := post(t, tw.HTTPClient(), tw.URL()+"/larkspur/reconnect-eventsub", `{}`); status != http.StatusOK {
		t.Errorf("got %d, want 200", status)
	}
	if f := read(t, conn); f.Metadata.MessageType != "session_reconnect" {
		t.Errorf("got %+v, want session_reconnect", f)
	}
	if status, _ := post(t, tw.HTTPClient(), tw.URL()+"/larkspur/close-eventsub", `{"code":4000}`); status != http.StatusOK {
		t.Errorf("got %d, want 200", status)
	}
	if _, _, err := conn.Read(t.Context()); websocket.CloseStatus(err) != 4000 {
		t.Errorf("got %v, want close code 4000", err)
	}
	ircConn, err := tw.DialContext(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	c := newIRC(t, ircConn)
	c.enter(tw.UserToken("grace", "chat:read"), "grace", "ada")
	tw.ReconnectChat(time.Minute)
	c.want("RECONNECT")
	tw.DropChat()
	if _, err := io.ReadAll(c.r); err != nil {
		t.Errorf("got %v, want the end", err)
	}
}
