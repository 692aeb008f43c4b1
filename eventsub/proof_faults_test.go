package eventsub_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// Faults of all transports.
var commonFaults = []fault{
	{"duplicates", true, false, func(p *proof) { p.disturb(emulator.EventFault{Duplicate: 0.3}) }},
	{"delays", true, false, func(p *proof) { p.disturb(emulator.EventFault{Delay: 2 * time.Second}) }},
	{"disorder", true, false, func(p *proof) { p.disturb(emulator.EventFault{Jitter: 2 * time.Second, Duplicate: 0.1}) }},
	{"API fails", true, false, func(p *proof) { p.failAPI(false) }},
	{"API loses responses", true, false, func(p *proof) { p.failAPI(true) }},
	{"revoked", false, false, (*proof).revoke},
	{"restart", false, true, (*proof).restart},
}

// Faults of WebSockets. They concern one connection of several.
var socketFaults = []fault{
	{"closed", false, true, func(p *proof) { p.tw.CloseEventSub(4000+p.random.IntN(8), p.session()) }},
	{"dropped", false, true, func(p *proof) { p.tw.DropEventSub(p.session()) }},
	{"cut in a message", false, true, func(p *proof) { p.tw.CutEventSub(p.session()); p.over(30 * time.Second) }},
	{"silent", false, true, func(p *proof) { p.tw.SilenceEventSub(false, p.session()); p.over(time.Minute) }},
	{"silent but for pings", false, true, func(p *proof) { p.tw.SilenceEventSub(true, p.session()); p.over(time.Minute) }},
	{"half open", false, true, func(p *proof) { p.tw.HalfOpenEventSub(p.session()); p.over(time.Minute) }},
	{"no welcome", false, true, func(p *proof) {
		p.tw.WithholdWelcome(1 + p.random.IntN(2))
		p.tw.CloseEventSub(4000, p.session())
		p.over(30 * time.Second)
	}},
	{"closed and the API fails", false, true, func(p *proof) {
		p.failAPI(p.random.IntN(2) == 0)
		p.tw.CloseEventSub(4005, p.session())
		p.over(time.Minute)
	}},
	{"moved", true, true, func(p *proof) { p.disorder = true; p.tw.ReconnectEventSub(0, p.session()); p.over(10 * time.Second) }},
	{"moved without a welcome", false, true, func(p *proof) {
		p.disorder = true
		p.tw.WithholdWelcome(1)
		p.tw.ReconnectEventSub(0, p.session())
		p.over(time.Minute)
	}},
	{"dropped while it moves", false, true, func(p *proof) {
		p.disorder = true
		id := p.session()
		p.tw.ReconnectEventSub(0, id)
		p.tw.DropEventSub(id)
	}},
}

// disturb disturbs the delivery.
func (p *proof) disturb(f emulator.EventFault) {
	f.Seed = p.random.Uint64()
	p.late = max(p.late, f.Delay+f.Jitter)
	if f.Refused+f.Unanswered > 0 || f.Slow > 0 { // other events wait for the repetitions of one
		p.late = time.Minute
	}
	p.disorder = true
	if err := p.tw.DisturbEventSub(f); err != nil {
		p.t.Fatal(err)
	}
}

// failAPI lets the next calls about subscriptions fail.
func (p *proof) failAPI(lost bool) {
	f := emulator.RequestFault{Path: "/helix/eventsub", Status: 503, Times: 1 + p.random.IntN(10)}
	if lost {
		f.Status, f.Lost, f.Times = 0, true, 1+p.random.IntN(3)
	}
	p.tw.FailRequests(f)
}

// over makes events happen over a time.
func (p *proof) over(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		p.burst(1 + p.random.IntN(max(p.pace.events/10, 1)))
		time.Sleep(min(d/10+time.Second, max(time.Until(end), 1)))
	}
}

// session returns the id of a random connection, one that does not exist if there is none.
func (p *proof) session() string {
	all, n := p.tw.EventSubSessions(), p.random.Uint64()
	if len(all) == 0 {
		return "none"
	}
	return all[n%uint64(len(all))]
}

// restart ends the program and starts it again after a while.
func (p *proof) restart() {
	most := pick(p.random, 5*time.Second, 2*time.Minute)
	p.stop()
	p.burst(1 + p.random.IntN(p.pace.events))
	time.Sleep(time.Duration(p.random.Int64N(int64(most))))
	p.burst(1 + p.random.IntN(p.pace.events))
	p.start()
	if p.way.name == "webhook" { // until Twitch has repeated what the end interrupted
		p.over(20 * time.Second)
	}
}

// statuses are why Twitch ends a subscription that must not be created again by itself.
var statuses = []string{"authorization_revoked", "user_removed", "moderator_removed", "version_removed"}

// revoke lets Twitch end all subscriptions of a type. They must stay away until they are
// wanted again.
func (p *proof) revoke() {
	p.settled()
	kind := pick(p.random, eventsub.ChannelFollow{}.Type(), eventsub.ChannelChatMessage{}.Type())
	p.tw.RevokeEventSub(kind, pick(p.random, statuses...))
	p.over(20 * time.Second)
	for _, r := range p.transport.Results() {
		if r.Condition.Type() == kind && r.Outcome != eventsub.OutcomeRevoked {
			p.fatal(fmt.Sprintf("20 s after a revocation: %v", r))
		}
	}
	p.transport.Want(p.conditions()...)
}

// settled waits until the effects of earlier faults are over.
func (p *proof) settled() {
	p.t.Helper()
	p.heal()
	time.Sleep(time.Minute)
	p.whole()
}

func pick[T any](random *rand.Rand, from ...T) T { return from[random.IntN(len(from))] }

// reach makes handler what the callback reaches.
func (p *proof) reach(handler http.Handler) {
	p.network.Lock()
	defer p.network.Unlock()
	p.handler = handler
}

// RoundTrip is the network between Twitch and the callback.
func (p *proof) RoundTrip(q *http.Request) (*http.Response, error) {
	p.network.RLock()
	handler := p.handler
	p.network.RUnlock()
	return reach(q, handler)
}

var ways = []way{sessionWay, webhookWay, conduitWay}

var sessionWay = way{
	name: "session", recovers: true, ordered: true, open: openSession,
	faults: slices.Concat(commonFaults, socketFaults),
}
