package eventsub_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// A long time of mixed faults, in virtual time: nothing that Twitch delivers by its own
// rules is lost, nothing is handled twice, the time without a subscription lies in a Gap,
// and the subscriptions are whole again within 60 s of quiet.
func TestWebhookSoak(t *testing.T) {
	seeds, days := uint64(4), 3
	if os.Getenv("LARKSPUR_LONG") != "" {
		seeds, days = 50, 10
	}
	for seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			onHookStage(t, func(s *hookStage) {
				k := &soak{hookStage: s, r: rand.New(rand.NewPCG(seed, 7))}
				store := newSecretsFake()
				s.o.Secrets = store
				s.o.RotateAfter = 20 * time.Hour
				k.begin()
				for end := time.Now().Add(time.Duration(days) * 24 * time.Hour); time.Now().Before(end); {
					k.fault()
					k.quiet()
				}
				t.Logf("%d events, %d may be lost, %v", k.n, len(k.risky), k.faults)
				if keys := len(store.all()); keys > 50 {
					t.Errorf("%d secrets in the store, want old ones deleted", keys)
				}
			})
		})
	}
}

// A soak changes ada's title: each change is an event with its own number.
type soak struct {
	*hookStage

	r      *rand.Rand
	n      int
	at     map[int]time.Time
	risky  map[int]bool // Twitch may have given up on these, or had no subscription
	gapped map[int]bool // those that had no subscription
	got    map[int]int
	faults map[string]int
}

func (k *soak) begin() {
	k.risky, k.gapped, k.got, k.faults, k.at = map[int]bool{}, map[int]bool{}, map[int]int{}, map[string]int{}, map[int]time.Time{}
	k.restart()
}

// restart starts the program, which keeps its secrets and its inbox.
func (k *soak) restart() {
	k.t.Helper()
	k.stop()
	k.start(k.titles(), k.follows())
	k.ready()
}

// events causes n changes over a time.
func (k *soak) events(n int, over time.Duration, risky bool) {
	for range n {
		k.n++
		k.at[k.n] = time.Now()
		if risky {
			k.risky[k.n] = true
		}
		k.tw.SetTitle("ada", fmt.Sprint(k.n))
		time.Sleep(over / time.Duration(n))
	}
}

// without causes events while there is no subscription.
func (k *soak) without(n int, over time.Duration) {
	for i := range n {
		k.gapped[k.n+1+i] = true
	}
	k.events(n, over, true)
}

// inGap reports whether an event lies inside a reported gap.
func (k *soak) inGap(n int) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.ContainsFunc(k.gaps, func(g eventsub.Gap) bool {
		return !k.at[n].Before(g.From) && !k.at[n].After(g.To) && slices.Contains(g.Lost, eventsub.ChannelUpdate{}.Type())
	})
}

func (k *soak) fault() {
	kind := []string{"refused", "unanswered", "slow", "down", "restart", "revoked", "rotation", "Helix fails", "Helix is slow", "deleted"}[k.r.IntN(10)]
	k.faults[kind]++
	for range k.r.IntN(3) {
		k.events(1+k.r.IntN(10), time.Second, false)
	}
	ctx := k.t.Context()
	switch kind {
	case "refused", "unanswered": // rarely enough for Twitch not to give up
		f := emulator.EventFault{Seed: k.r.Uint64(), Refused: 0.2}
		if kind == "unanswered" {
			f = emulator.EventFault{Seed: k.r.Uint64(), Unanswered: 0.5}
		}
		if err := k.tw.DisturbEventSub(f); err != nil {
			k.t.Fatal(err)
		}
		k.events(20, time.Minute, kind == "refused") // four refusals in a row are possible
		k.tw.HealEventSub()
	case "slow":
		if err := k.tw.DisturbEventSub(emulator.EventFault{Slow: 500 * time.Millisecond}); err != nil {
			k.t.Fatal(err)
		}
		k.events(5, time.Minute, false)
		k.tw.HealEventSub()
	case "down":
		k.onNetwork(unreachable)
		k.events(5, time.Duration(k.r.IntN(600))*time.Second, true)
		k.onNetwork(nil)
	case "restart":
		k.stop()
		k.events(1, time.Duration(k.r.IntN(5))*time.Second, false) // Twitch repeats for 15 s
		k.start(k.titles(), k.follows())
	case "revoked":
		k.tw.RevokeEventSub(eventsub.ChannelUpdate{}.Type(), "notification_failures_exceeded")
		k.without(3, 30*time.Second)
	case "rotation":
		done := make(chan struct{})
		go func() {
			defer close(done)
			_ = k.Rotate(ctx)
		}()
		k.events(30, 5*time.Second, false)
		<-done
	case "Helix fails":
		k.tw.FailRequests(emulator.RequestFault{Path: "/helix/eventsub", Status: 503, Times: 1 + k.r.IntN(10)})
		_ = k.Rotate(ctx)
		k.events(3, time.Minute, false)
		k.tw.HealRequests()
	case "Helix is slow":
		k.tw.FailRequests(emulator.RequestFault{Path: "/helix/eventsub", Lost: true, Times: 1 + k.r.IntN(3)})
		_ = k.Rotate(ctx)
		k.events(3, time.Minute, false)
		k.tw.HealRequests()
	case "deleted": // by another program: found by the next comparison
		_, byID := k.listed()
		for id := range byID {
			_ = k.client.EventSub.DeleteSubscription(ctx, helix.DeleteEventSubSubscriptionParams{ID: id})
		}
		k.without(3, 11*time.Minute)
	}
}

// quiet waits a minute and compares everything.
func (k *soak) quiet() {
	k.t.Helper()
	time.Sleep(time.Minute)
	synctest.Wait()
	for _, r := range k.Results() {
		if r.Outcome != eventsub.OutcomeSubscribed {
			k.t.Fatalf("after a minute of quiet: %v; %v", r, k.faults)
		}
	}
	k.events(2, time.Second, false)
	time.Sleep(time.Hour + time.Duration(k.r.IntN(7200))*time.Second) // comparisons with Twitch's list, rotations by age
	synctest.Wait()
	texts, _ := k.listed()
	if want := []string{"channel.follow enabled " + callback, "channel.update enabled " + callback}; !slices.Equal(texts, want) {
		k.t.Fatalf("subscriptions at Twitch: %v; %v", texts, k.faults)
	}
	for len(k.seen) > 0 {
		text := <-k.seen
		if title, ok := strings.CutPrefix(text, "title "); ok {
			var n int
			_, _ = fmt.Sscan(title, &n)
			k.got[n]++
		}
	}
	for n := 1; n <= k.n; n++ {
		if c := k.got[n]; c > 1 || c == 0 && (!k.risky[n] || k.gapped[n] && !k.inGap(n)) {
			for _, g := range k.gaps {
				k.t.Logf("gap %s %s %s %v", g.From, g.To, g.Reason, g.Lost)
			}
			k.t.Logf("event at %s", k.at[n])
			k.t.Fatalf("event %d of %d was handled %d times; %v %+v %v", n, k.n, c, k.faults, k.Stats(), k.Results())
		}
	}
}
