package emulator_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/heat"
)

// heatClient connects to a channel and returns the clicks that it gets.
func heatClient(t *testing.T, tw *emulator.Server, broadcasterID string) (clicks chan heat.Click, ended chan error) {
	clicks, ended = make(chan heat.Click, 10), make(chan error, 1)
	h := heat.New(broadcasterID, heat.Options{URL: tw.HeatURL(), HTTPClient: tw.HTTPClient()})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		ended <- h.Run(ctx, func(_ context.Context, c heat.Click) error {
			clicks <- c
			return nil
		})
	}()
	t.Cleanup(func() {
		cancel()
		<-done
	})
	synctest.Wait()
	return clicks, ended
}

func TestHeatClicks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.Channel("linus"), emulator.User("grace"))
		clicks, _ := heatClient(t, tw, tw.UserID("ada"))
		if n := tw.HeatClick("linus", "grace", 0.5, 0.5, emulator.HeatKnown); n != 0 {
			t.Errorf("got %d connections for another channel, want 0", n)
		}
		tests := []struct {
			identity  emulator.HeatIdentity
			userID    string
			anonymous bool
			prefix    string
		}{
			{emulator.HeatKnown, tw.UserID("grace"), false, tw.UserID("grace")},
			{emulator.HeatUnverified, "", false, "U"},
			{emulator.HeatAnonymous, "", true, "A"},
		}
		for _, tt := range tests {
			if n := tw.HeatClick("ada", "grace", 0.25, 1, tt.identity); n != 1 {
				t.Errorf("%q: got %d connections, want 1", tt.identity, n)
			}
			c := <-clicks
			if c.X != 0.25 || c.Y != 1 || c.UserID() != tt.userID || c.Anonymous() != tt.anonymous || !strings.HasPrefix(c.ID, tt.prefix) {
				t.Errorf("%q: got %+v", tt.identity, c)
			}
		}
		tw.HeatSystem("ada", "hello")
		tw.HeatRaw("ada", `{"type":`)
		tw.HeatClick("ada", "grace", 0, 0, emulator.HeatKnown)
		if c := <-clicks; c.X != 0 {
			t.Errorf("got %+v after messages that are not clicks, want the click", c)
		}
	})
}

func TestChannelsWithoutHeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
		_, ended := heatClient(t, tw, tw.UserID("ada"))
		tw.RemoveHeat("ada") // its connections end
		time.Sleep(time.Minute)
		if err := <-ended; !errors.Is(err, heat.ErrUnknownChannel) {
			t.Errorf("got %v, want %v", err, heat.ErrUnknownChannel)
		}
		tw.InstallHeat("ada")
		clicks, _ := heatClient(t, tw, tw.UserID("ada"))
		tw.HeatClick("ada", "ada", 0, 0, emulator.HeatKnown)
		<-clicks

		if _, unknown := heatClient(t, tw, "404"); !errors.Is(<-unknown, heat.ErrUnknownChannel) {
			t.Error("a channel that does not exist has the extension")
		}
	})
}

func TestHeatVerbs(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"))
	for _, row := range []struct {
		verb, body string
		status     int
	}{
		{"heat-click", `{"broadcaster":"ada","user":"grace","x":0.5,"y":0.5}`, 200},
		{"heat-click", `{"broadcaster":"ada","user":"grace","x":1.5,"y":0.5}`, 400},
		{"heat-click", `{"broadcaster":"ada","user":"grace","x":0,"y":0,"kind":"robot"}`, 400},
		{"heat-system", `{"broadcaster":"ada","text":"hi"}`, 200},
		{"heat-raw", `{"broadcaster":"ada","text":"{}"}`, 200},
		{"heat-remove", `{"broadcaster":"ada"}`, 200},
		{"heat-install", `{"broadcaster":"ada"}`, 200},
		{"redeem-automatic", `{"broadcaster":"ada","user":"grace","kind":"send_highlighted_message","text":"hi"}`, 200},
		{"redeem-automatic", `{"broadcaster":"ada","user":"grace","kind":"random_sub_emote_unlock"}`, 200},
		{"redeem-automatic", `{"broadcaster":"ada","user":"grace","kind":"no_such_reward"}`, 400},
	} {
		if status, answer := post(t, tw.HTTPClient(), tw.URL()+"/larkspur/"+row.verb, row.body); status != row.status {
			t.Errorf("%s %s: got %d %v, want %d", row.verb, row.body, status, answer, row.status)
		}
	}
}
