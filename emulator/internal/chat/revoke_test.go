package chat_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/chat"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func TestRevokedTokenEndsItsConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		grace, muted, bob := s.login("grace", "ada"), s.dial(), s.login("bob", "ada")
		muted.send("PASS oauth:grace-mute", "NICK grace", "JOIN #ada")
		muted.take()
		s.server.Revoke("grace", "nobody")
		grace.want(":tmi.twitch.tv NOTICE * :Login authentication failed")
		if !grace.isGone() {
			t.Error("got a connection that goes on, want it closed")
		}
		muted.want()
		if muted.isGone() || bob.isGone() {
			t.Error("got other connections closed")
		}
	})
}

func TestHundredChannelsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		for i := range 105 {
			u, err := s.world.AddUser(world.User{Login: fmt.Sprintf("channel%d", i)})
			if err != nil {
				t.Fatal(err)
			}
			if i < 3 {
				if err := s.world.AddRole(u.ID, world.Moderator, "3"); err != nil {
					t.Fatal(err)
				}
			}
		}
		peers := []*peer{s.login("grace"), s.login("grace")}
		joined := 0
		for i := range 105 {
			p := peers[i%2] // together they count
			p.send(fmt.Sprintf("JOIN #channel%d", i))
			for _, line := range p.take() {
				if strings.Contains(line, " JOIN #") {
					joined++
				}
			}
			time.Sleep(time.Second)
		}
		if want := 100 + 3; joined != want { // and those where she moderates
			t.Errorf("got %d channels joined, want %d", joined, want)
		}
		peers[1].send("PART #channel3", "PART #channel5", "JOIN #channel104")
		if got := strings.Join(peers[1].take(), "\n"); !strings.Contains(got, " JOIN #channel104") {
			t.Errorf("got %q after a PART, want a JOIN", got)
		}
	})
}
