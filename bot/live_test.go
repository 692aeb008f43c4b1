package bot_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// counting counts requests by path.
type counting struct {
	http.RoundTripper

	paths map[string]int
}

func (c counting) RoundTrip(r *http.Request) (*http.Response, error) {
	c.paths[r.URL.Path]++
	return c.RoundTripper.RoundTrip(r)
}

func TestChecksThatAskTwitch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.User("larkspur", "grace", "bob"), emulator.Moderator("ada", "larkspur"))
		asked := map[string]int{}
		id := server.UserID("larkspur")
		tw := helix.New(server.ClientID(), helix.StaticToken(id, server.UserToken("larkspur", "moderator:read:followers", "user:write:chat")),
			helix.Options{HTTPClient: &http.Client{Transport: counting{server.HTTPClient().Transport, asked}}, BaseURL: server.HelixURL()})
		b := bot.New(tw, eventsub.NewMux(), bot.Options{UserID: id})
		m := &chat.Message{
			Broadcaster: chat.User{ID: server.UserID("ada"), Login: "ada"},
			Chatter:     chat.Chatter{User: chat.User{ID: server.UserID("grace"), Login: "grace"}},
		}
		allowed := func(check bot.Check, want bool) {
			t.Helper()
			err := check(t.Context(), m)
			if err != nil && !errors.Is(err, bot.ErrNotAllowed) || (err == nil) != want {
				t.Errorf("got %v, want allowed: %t", err, want)
			}
		}
		for range 5 {
			allowed(b.IsLive, false)
			allowed(b.IsOffline, true)
		}
		server.GoLive("ada")
		time.Sleep(2 * time.Minute)
		allowed(b.IsLive, true)
		if !b.WhileLive(m.Broadcaster.ID)(t.Context(), time.Time{}) {
			t.Error("the condition is not true")
		}
		if n := asked["/helix/streams"]; n != 2 {
			t.Errorf("asked %d times, want 2", n)
		}
		allowed(b.Following(0), false)
		allowed(b.Following(0), false) // a refusal costs no request each time
		server.Follow("ada", "grace")
		time.Sleep(20 * time.Second)
		allowed(b.Following(0), true)
		allowed(b.Following(time.Hour), false)
		time.Sleep(5 * time.Minute)
		allowed(b.Following(time.Minute), true)
		if n := asked["/helix/channels/followers"]; n != 2 {
			t.Errorf("asked %d times, want 2", n)
		}
	})
}

func TestRoutineWaitsForLines(t *testing.T) {
	var runs atomic.Int32
	inRoom(t, func(*bot.Bot) error { return nil }, func(r *room) {
		water, err := bot.NewRoutine("water", bot.Every(time.Minute), func(context.Context) error { runs.Add(1); return nil },
			bot.RoutineOptions{When: []bot.Condition{r.bot.AfterLines(r.tw.UserID("ada"), 2)}})
		if err != nil {
			t.Fatal(err)
		}
		if err := water.Start(r.t.Context()); err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		for _, lines := range []int{0, 1, 1, 0, 5, 0, 2} {
			for range lines {
				r.bot.Handle(r.t.Context(), from(r, 1, "hi"))
			}
			time.Sleep(time.Minute + time.Second/10)
			got.WriteString(string('0' + runs.Load()))
		}
		if got.String() != "0011223" {
			t.Errorf("runs: got %s, want 0011223", got.String())
		}
		water.Stop()
	})
}
