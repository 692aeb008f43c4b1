package emulator_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
)

// A user is in at most 100 rooms, over IRC and EventSub together. Rooms where they moderate
// do not count, and rooms of an app token neither.
func TestRoomsOfIRCAndEventSubCountTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.RateLimit(0), emulator.Moderator("own", "bot"))
		conn, lines := joinIRC(t, tw, "bot") // ada's room is the first
		join := func(channel string) (joined bool) {
			_, _ = io.WriteString(conn, "JOIN #"+channel+"\r\n")
			for {
				synctest.Wait()
				select {
				case line := <-lines:
					joined = joined || strings.HasSuffix(line, " JOIN #"+channel)
				default:
					time.Sleep(time.Second)
					return joined
				}
			}
		}
		for i := 1; i < 60; i++ {
			name := fmt.Sprintf("channel_%02d", i)
			tw.UserID(name)
			if !join(name) {
				t.Fatalf("%s: not joined", name)
			}
		}
		_, session := dial(t, tw)
		token := tw.UserToken("bot", "user:read:chat", "user:bot", "chat:read")
		subscribe := func(kind, channel string) string {
			status, answer := helix(t, tw, token, http.MethodPost, "/eventsub/subscriptions", fmt.Sprintf(
				`{"type":"%s","version":"1","condition":{"broadcaster_user_id":"%s","user_id":"%s"},"transport":{"method":"websocket","session_id":"%s"}}`,
				kind, tw.UserID(channel), tw.UserID("bot"), session))
			if status == http.StatusForbidden {
				return answer
			}
			return fmt.Sprint(status)
		}
		for i := 50; i < 100; i++ { // ten of them are joined over IRC
			if got := subscribe("channel.chat.message", fmt.Sprintf("channel_%02d", i)); got != "202" {
				t.Fatalf("channel %d: got %s", i, got)
			}
		}
		if got := subscribe("channel.chat.message", "one_more"); !strings.Contains(got, "subscription missing proper authorization") {
			t.Errorf("the 101st room over EventSub: got %s", got)
		}
		if join("one_more") {
			t.Error("the 101st room over IRC: got in, want silence")
		}
		for _, channel := range []string{"channel_99", "own", "bot", "ada"} { // there already, or does not count
			if got := subscribe("channel.chat.notification", channel); got != "202" {
				t.Errorf("%s: got %s", channel, got)
			}
		}
		if !join("channel_80") || !join("own") {
			t.Error("a room of EventSub, and one that does not count: got silence")
		}
		_, _ = io.WriteString(conn, "PART #channel_01\r\n")
		synctest.Wait()
		if got := subscribe("channel.chat.message", "one_more"); got != "202" {
			t.Errorf("after leaving one: got %s", got)
		}
		if join("channel_01") {
			t.Error("got into the room that was left: its place is taken")
		}
	})
}
