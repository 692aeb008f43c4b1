package eventsub_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
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

// A transport is what a proof tests: a Session, a Webhook or a Conduit.
type transport interface {
	Run(ctx context.Context) error
	Want(conditions ...eventsub.Condition)
	Results() []eventsub.Result
	Ready(ctx context.Context) error
}

// A way is a transport with the faults that it has.
type way struct {
	name   string
	open   func(p *proof) transport // for a new run of the program
	faults []fault
	// recovers tells that no follow is lost, because it is fetched later.
	recovers bool
	// ordered tells that events arrive in the order in which they happened, without faults.
	ordered bool
}

// A fault is something that goes wrong. When do returns, it may still have effects.
type fault struct {
	name     string
	harmless bool // no event is lost
	cuts     bool // ends connections, or the delivery through a callback
	do       func(p *proof)
}

// A pace is how many events and faults there are.
type pace struct {
	events int           // most at once
	pause  time.Duration // the longest between those
	calm   time.Duration // the longest between rounds of faults
	check  time.Duration // how often a transport compares with Twitch's list
}

var channels = []string{"ada", "barbara", "claude", "dorothy", "edsger"}

// A proof is a program with one transport, whose events are compared with what happened.
// Channels get numbered chat messages and followers.
type proof struct {
	ledger

	t      *testing.T // of the bubble
	way    way
	pace   pace
	seed   uint64
	random *rand.Rand
	tw     *emulator.Server
	dir    string

	// What survives the program.
	inbox   *eventsub.MemoryInbox
	seen    *eventsub.MemorySeenStore
	marks   *eventsub.MemoryWatermarkStore
	secrets *secretsFake

	mux       *eventsub.Mux
	transport transport
	cancel    context.CancelFunc
	done      chan error

	strict     bool           // no fault since the last check loses events
	disorder   bool           // events may overtake each other
	late       time.Duration  // how much later Twitch sends events
	refusals   uint64         // events that Twitch had given up at the last check
	happenings map[string]int // faults, by name
	history    []string       // faults since the last check
	cuts       int            // faults that cut connections

	network sync.RWMutex
	handler http.Handler // guarded by network; nil: nothing reaches the callback
}

// prove runs story in a bubble with a running program, and stops that.
func prove(t *testing.T, w way, seed uint64, pace pace, story func(p *proof)) {
	t.Helper()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		p := &proof{
			t: t, way: w, pace: pace, seed: seed, random: rand.New(rand.NewPCG(seed, 1)), dir: dir, //nolint:gosec // a story that can be repeated
			inbox: eventsub.NewMemoryInbox(eventsub.MemoryInboxOptions{Remember: 1 << 15}), seen: eventsub.NewMemorySeenStore(1 << 16),
			marks: eventsub.NewMemoryWatermarkStore(), secrets: newSecretsFake(), happenings: map[string]int{}, strict: true,
		}
		p.newest, p.givenUp = map[string]int{}, map[int]eventsub.Type{}
		setup := []emulator.Option{
			emulator.InMemory(), emulator.NoLimits(), emulator.TokenLife(1000 * 24 * time.Hour), emulator.User("grace"), emulator.User("bot"),
			emulator.WebhookClient(&http.Client{Transport: p}),
		}
		for _, channel := range channels {
			setup = append(setup, emulator.Channel(channel), emulator.Moderator(channel, "bot"))
		}
		p.tw = emulator.Start(t, setup...)
		defer p.tw.HTTPClient().CloseIdleConnections()
		start := time.Now()
		p.start()
		p.whole()
		story(p)
		p.stop()
		if n := p.tw.EventSubCounts().Inbound; n != 0 {
			t.Errorf("%d messages were written to WebSockets, want none", n)
		}
		faults := 0
		for _, n := range p.happenings {
			faults += n
		}
		t.Logf("seed %d, %d days: %v; %d faults, %d of which cut connections: %v", seed, time.Since(start)/(24*time.Hour), p.totals, faults, p.cuts, p.happenings)
	})
}

// bot returns a client with the bot's token, app one with the app token.
func (p *proof) bot() *helix.Client {
	bot := p.tw.UserID("bot")
	return p.clientWith(helix.StaticToken(bot, p.tw.UserToken("bot", "user:read:chat", "user:bot", "moderator:read:followers")))
}

func (p *proof) app() *helix.Client {
	p.tw.UserToken("bot", "user:read:chat", "user:bot", "moderator:read:followers") // the bot has authorized the application
	return p.clientWith(helix.StaticToken("", p.tw.AppToken()))
}

func (p *proof) clientWith(tokens helix.TokenSource) *helix.Client {
	return helix.New(p.tw.ClientID(), tokens, helix.Options{HTTPClient: p.tw.HTTPClient(), BaseURL: p.tw.HelixURL()})
}

// conditions are what the program wants.
func (p *proof) conditions() []eventsub.Condition {
	var all []eventsub.Condition
	bot := p.tw.UserID("bot")
	for _, channel := range channels {
		all = append(all,
			eventsub.ChannelChatMessageCondition{BroadcasterUserID: p.tw.UserID(channel), UserID: bot},
			eventsub.ChannelFollowCondition{BroadcasterUserID: p.tw.UserID(channel), ModeratorUserID: bot})
	}
	return all
}

// start starts the program.
func (p *proof) start() {
	p.mux = eventsub.NewMux(eventsub.MuxOptions{Inbox: p.inboxOrNil()})
	p.mux.Use(eventsub.DedupStore(p.seen, 24*time.Hour))
	eventsub.On(p.mux, func(_ context.Context, e *eventsub.ChannelChatMessage) error {
		n, err := strconv.Atoi(e.Message.Text)
		p.handled(n, e.Type(), e.Meta)
		return err
	})
	eventsub.On(p.mux, func(_ context.Context, e *eventsub.ChannelFollow) error {
		var n int
		_, err := fmt.Sscanf(e.UserLogin, "viewer%d", &n)
		p.handled(n, e.Type(), e.Meta)
		return err
	})
	eventsub.On(p.mux, func(_ context.Context, e *eventsub.Gap) error {
		p.gap(e)
		return nil
	})
	p.transport = p.way.open(p)
	p.transport.Want(p.conditions()...)
	handler, _ := p.transport.(http.Handler)
	p.reach(handler)
	ctx, cancel := context.WithCancel(p.t.Context())
	p.cancel, p.done = cancel, make(chan error, 1)
	running := p.transport
	go func() { p.done <- running.Run(ctx) }()
}

func (p *proof) inboxOrNil() eventsub.Inbox {
	if p.way.name == "webhook" {
		return p.inbox
	}
	return nil
}

// stop ends the program as a signal does.
func (p *proof) stop() {
	p.cancel()
	if err := <-p.done; err != nil {
		p.t.Errorf("run: got %v, want none", err)
	}
	p.reach(nil)
	if err := p.mux.Drain(p.t.Context()); err != nil {
		p.t.Errorf("drain: got %v, want none", err)
	}
}

// some makes some events happen, over some time.
func (p *proof) some() {
	for range 1 + p.random.IntN(3) {
		p.burst(1 + p.random.IntN(p.pace.events))
		time.Sleep(time.Duration(p.random.Int64N(int64(p.pace.pause))))
	}
}

// burst makes n events happen at once.
func (p *proof) burst(n int) {
	for i := range n {
		channel := channels[p.random.IntN(len(channels))]
		now := time.Now()
		e := entry{channel: channel, at: now, until: now.Add(p.late), strict: p.strict, ordered: p.way.ordered && !p.disorder}
		if i == 0 {
			e.kind = eventsub.ChannelFollow{}.Type()
			e.kept, e.ordered = p.way.recovers, false
			user := fmt.Sprint("viewer", p.add(e))
			p.tw.Follow(channel, user)
			continue
		}
		e.kind = eventsub.ChannelChatMessage{}.Type()
		p.tw.Say(channel, "grace", strconv.Itoa(p.add(e)))
	}
	synctest.Wait()
}

// round causes up to most faults after each other, waits a minute without any, and compares
// everything.
func (p *proof) round(most int) {
	p.t.Helper()
	p.strict, p.disorder, p.late, p.history = true, false, 0, nil
	for range 1 + p.random.IntN(most) {
		f := p.way.faults[p.random.IntN(len(p.way.faults))]
		p.happenings[f.name]++
		p.note(f.name)
		if f.cuts {
			p.cuts++
		}
		if !f.harmless {
			p.strict = false
			p.excuse(time.Now())
		}
		f.do(p)
		p.some()
	}
	p.heal()
	p.note("quiet")
	time.Sleep(time.Minute)
	p.note("whole")
	p.whole()
	p.strict, p.disorder, p.late = true, false, 0
	p.burst(5)
	time.Sleep(time.Duration(p.random.Int64N(int64(p.pace.calm))))
	p.burst(5)
	time.Sleep(time.Second)
	synctest.Wait()
	p.compare()
}

// heal ends all faults.
func (p *proof) heal() {
	p.tw.HealRequests()
	p.tw.HealEventSub()
	p.tw.WithholdWelcome(0)
	p.tw.RefuseShards(0, "")
	if handler, ok := p.transport.(http.Handler); ok {
		p.reach(handler)
	}
}

// whole reports what is not subscribed.
func (p *proof) whole() {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), time.Minute)
	defer cancel()
	if p.totals.happened == 0 { // just started
		if err := p.transport.Ready(ctx); err != nil {
			p.t.Fatalf("ready: got %v, want none; %v", err, p.transport.Results())
		}
	}
	synctest.Wait()
	for _, r := range p.transport.Results() {
		if r.Outcome != eventsub.OutcomeSubscribed {
			p.fatal(fmt.Sprintf("after a minute without faults: %v", r))
		}
	}
}

// compare reports what was lost without a gap, or handled twice.
func (p *proof) compare() {
	p.t.Helper()
	givenUp := p.tw.EventSubCounts().GivenUp
	if wrong := p.settle(int(givenUp - p.refusals)); len(wrong) > 0 { //nolint:gosec // small
		p.fatal(wrong...)
	}
	p.refusals = givenUp
}

func (p *proof) fatal(wrong ...string) {
	p.t.Helper()
	for _, line := range wrong {
		p.t.Error(line)
	}
	p.t.Fatalf("LARKSPUR_SEED=%d repeats this: %v", p.seed, p.history)
}

// note records what is done, for a failure.
func (p *proof) note(what string) {
	p.history = append(p.history, what+" at "+time.Now().Format(time.StampMilli))
}

// seedOr returns the seed of a story.
func seedOr(seed uint64) uint64 {
	if n, err := strconv.ParseUint(os.Getenv("LARKSPUR_SEED"), 10, 64); err == nil {
		return n
	}
	return seed
}

// long reports whether tests are to run in full.
func long() bool { return os.Getenv("LARKSPUR_LONG") != "" }

// Each event of many is handled once, or lies in a Gap, and the subscriptions are whole
// again within a minute, whatever happens to connections, callbacks and Twitch's API.
func TestEventsThroughFaults(t *testing.T) {
	events, cuts := 20_000, 20
	if long() {
		events, cuts = 1_000_000, 1_000
	}
	for _, w := range ways {
		t.Run(w.name, func(t *testing.T) {
			prove(t, w, seedOr(1), pace{events: 150, pause: 3 * time.Second, calm: time.Minute, check: 30 * time.Second}, func(p *proof) {
				for p.totals.happened < events || p.cuts < cuts {
					p.round(4)
				}
			})
		})
	}
}

// The same over a long time in which little happens.
func TestDaysOfFaults(t *testing.T) {
	days := 3
	if long() {
		days = 500
	}
	for _, w := range ways {
		t.Run(w.name, func(t *testing.T) {
			prove(t, w, seedOr(2), pace{events: 3, pause: 10 * time.Minute, calm: 8 * time.Hour, check: 5 * time.Minute}, func(p *proof) {
				for end := time.Now().Add(time.Duration(days) * 24 * time.Hour); time.Now().Before(end); {
					p.round(3)
				}
			})
		})
	}
}
