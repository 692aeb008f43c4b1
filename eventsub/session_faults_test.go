package eventsub_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// A ledger records the messages that were sent and those that arrived.
type ledger struct {
	mu      sync.Mutex
	arrived map[string][]int // guarded by mu; numbers by channel, in the order of arrival
	gaps    []eventsub.Gap   // guarded by mu
	sent    []time.Time      // when number i was sent
	moving  []bool           // whether number i was sent while a connection was moved
}

// covered reports whether number i was sent within a gap.
func (l *ledger) covered(i int) bool {
	for _, g := range l.gaps {
		if !l.sent[i].Before(g.From) && !l.sent[i].After(g.To) {
			return true
		}
	}
	return false
}

// TestEventsThroughFaults sends chat messages of five channels while connections are
// moved, cut and closed with all of Twitch's codes and the API fails. Each message has to
// arrive once and in the order of its channel, or has to be covered by a Gap. While a
// connection is moved, both sides deliver and messages are handled in order of arrival.
func TestEventsThroughFaults(t *testing.T) {
	total := 20_000
	if os.Getenv("LARKSPUR_LONG") != "" {
		total = 500_000
	}
	synctest.Test(t, func(t *testing.T) {
		const channels = 5
		setup := []emulator.Option{emulator.InMemory(), emulator.User("grace"), emulator.User("bot")}
		for c := range channels {
			setup = append(setup, emulator.Channel(fmt.Sprint("channel", c)))
		}
		tw := emulator.Start(t, setup...)
		bot := tw.UserID("bot")
		client := helix.New(tw.ClientID(), helix.StaticToken(bot, tw.UserToken("bot", "user:read:chat")), helix.Options{
			HTTPClient: tw.HTTPClient(), BaseURL: tw.HelixURL(),
		})
		l := &ledger{arrived: map[string][]int{}}
		mux := eventsub.NewMux()
		eventsub.On(mux, func(_ context.Context, e *eventsub.ChannelChatMessage) error {
			n, err := strconv.Atoi(e.Message.Text)
			l.mu.Lock()
			defer l.mu.Unlock()
			l.arrived[e.BroadcasterUserLogin] = append(l.arrived[e.BroadcasterUserLogin], n)
			return err
		})
		eventsub.On(mux, func(_ context.Context, e *eventsub.Gap) error {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.gaps = append(l.gaps, *e)
			return nil
		})
		session := eventsub.NewSession(client, mux, eventsub.SessionOptions{URL: tw.EventSubURL(), HTTPClient: tw.HTTPClient()})
		for c := range channels {
			session.Want(eventsub.ChannelChatMessageCondition{BroadcasterUserID: tw.UserID(fmt.Sprint("channel", c)), UserID: bot})
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- session.Run(ctx) }()
		time.Sleep(5 * time.Second)

		random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same story each time
		faults := 0
		for len(l.sent) < total {
			moving := false
			if random.IntN(12) == 0 {
				moving = disturb(tw, random)
				faults++
			}
			for range 1 + random.IntN(200) {
				l.sent, l.moving = append(l.sent, time.Now()), append(l.moving, moving)
				tw.Say(fmt.Sprint("channel", random.IntN(channels)), "grace", strconv.Itoa(len(l.sent)-1))
			}
			synctest.Wait()
			time.Sleep(time.Duration(random.IntN(3_000)) * time.Millisecond)
		}
		tw.HealRequests()
		time.Sleep(5 * time.Minute)
		cancel()
		if err := <-done; err != nil {
			t.Errorf("run: got %v, want none", err)
		}
		if err := mux.Drain(t.Context()); err != nil {
			t.Errorf("drain: got %v, want none", err)
		}
		tw.HTTPClient().CloseIdleConnections()
		l.check(t)
		stats := session.Stats()
		if stats.Connections < uint64(faults)/4 || stats.Gaps == 0 { //nolint:gosec // not negative
			t.Errorf("after %d faults: got %+v, want them to have had an effect", faults, stats)
		}
		t.Logf("%d sent, %d faults, %d connections, %d gaps, %d lost in them", len(l.sent), faults, stats.Connections, stats.Gaps, l.lost())
	})
}

// disturb causes a fault. It reports whether a connection is moved.
func disturb(tw *emulator.Server, random *rand.Rand) (moving bool) {
	switch random.IntN(5) {
	case 0, 1:
		tw.ReconnectEventSub(30 * time.Second)
		return true
	case 2:
		tw.DropEventSub()
	case 3:
		tw.CloseEventSub(4000 + random.IntN(8))
	case 4:
		tw.FailRequests(emulator.RequestFault{Method: "POST", Path: "/helix/eventsub", Status: 503, Times: 1 + random.IntN(10)})
	}
	return false
}

func (l *ledger) lost() int {
	arrived := 0
	for _, numbers := range l.arrived {
		arrived += len(numbers)
	}
	return len(l.sent) - arrived
}

func (l *ledger) check(t *testing.T) {
	t.Helper()
	seen := make([]bool, len(l.sent))
	for channel, numbers := range l.arrived {
		last := -1
		for _, n := range numbers {
			switch {
			case seen[n]:
				t.Errorf("%s: %d arrived twice", channel, n)
			case n < last && !l.moving[n]:
				t.Errorf("%s: %d arrived after %d", channel, n, last)
			}
			seen[n], last = true, max(n, last)
		}
	}
	silent := 0
	for i, arrived := range seen {
		if !arrived && !l.covered(i) {
			silent++
		}
	}
	if silent > 0 {
		t.Errorf("%d of %d messages were lost without a gap", silent, len(l.sent))
	}
}
