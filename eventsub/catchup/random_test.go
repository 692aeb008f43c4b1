package catchup_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// A deed is something that happened, of which Twitch sends an event.
type deed struct {
	what string // type and whom it is about
	at   time.Time
}

// A life is a random history of a channel and of a program that loses connections, is
// ended and is killed.
type life struct {
	*world
	rand  *rand.Rand
	deeds []deed
	named map[string]string // by user id

	following, moderator, vip, subscribed, banned map[string]bool
	live                                          bool
	polled                                        time.Time // end of the last poll

	touched map[string]bool // changed since the last loss: only one change of each is told apart
	handled map[string]int  // by what
	gone    []eventsub.Gap
}

func (l *life) did(at time.Time, kind, whom string) {
	l.deeds = append(l.deeds, deed{what: kind + " " + whom, at: at})
}

// crowd are the users of a life: each has one part, so that their deeds do not exclude
// each other.
var crowd = []string{"u0", "u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8", "u9"}

// act makes something happen.
func (l *life) act() {
	i := l.rand.IntN(len(crowd))
	user := crowd[i]
	toggle := func(set map[string]bool, on, off string, begin, end func(channel, user string)) {
		if l.touched[on+user] {
			return
		}
		l.touched[on+user] = true
		if set[user] {
			delete(set, user)
			end("ada", user)
			l.did(time.Now(), off, user)
		} else {
			set[user] = true
			begin("ada", user)
			l.did(time.Now(), on, user)
		}
	}
	switch l.rand.IntN(8) {
	case 0:
		if !l.following[user] {
			l.following[user] = true
			l.tw.Follow("ada", user)
			l.did(time.Now(), "channel.follow", user)
		}
	case 1:
		if i < 3 {
			toggle(l.moderator, "channel.moderator.add", "channel.moderator.remove", l.tw.Mod, l.tw.Unmod)
		} else if i < 6 {
			toggle(l.vip, "channel.vip.add", "channel.vip.remove", l.tw.AddVIP, l.tw.RemoveVIP)
		}
	case 2:
		if i < 6 {
			toggle(l.subscribed, "channel.subscribe", "channel.subscription.end",
				func(c, u string) { l.tw.Subscribe(c, u, "1000") }, l.tw.Unsubscribe)
		}
	case 3:
		if i >= 6 {
			toggle(l.banned, "channel.ban", "channel.unban", func(c, u string) { l.tw.Ban(c, u, "") }, l.tw.Unban)
		}
	case 4:
		if l.live = !l.live; l.live {
			l.tw.GoLive("ada")
			l.did(time.Now(), "stream.online", "ada")
		} else {
			l.tw.GoOffline("ada")
			l.did(time.Now(), "stream.offline", "ada")
		}
	case 5:
		if l.polled.Before(time.Now()) {
			l.polled = time.Now().Add(time.Minute)
			l.tw.StartPoll("ada", "Heads?", time.Minute, "yes", "no")
			l.did(time.Now(), "channel.poll.begin", "ada")
			l.did(l.polled, "channel.poll.end", "ada")
		}
	case 6:
		l.tw.Redeem("ada", user, "Hydrate", "")
		l.did(time.Now(), "channel.channel_points_custom_reward_redemption.add", user)
	case 7:
		l.tw.Raid(user, "ada", 3)
		l.did(time.Now(), "channel.raid", "ada")
	}
}

// some makes several things happen, with pauses.
func (l *life) some(n int) {
	for range l.rand.IntN(n + 1) {
		l.act()
		time.Sleep(time.Duration(l.rand.IntN(15_000)) * time.Millisecond)
	}
}

// subject returns whom an event is about.
func (l *life) subject(p eventsub.Payload) string {
	var id string
	switch e := p.(type) {
	case *eventsub.ChannelFollow:
		id = e.UserID
	case *eventsub.ChannelModeratorAdd:
		id = e.UserID
	case *eventsub.ChannelModeratorRemove:
		id = e.UserID
	case *eventsub.ChannelVIPAdd:
		id = e.UserID
	case *eventsub.ChannelVIPRemove:
		id = e.UserID
	case *eventsub.ChannelSubscribe:
		id = e.UserID
	case *eventsub.ChannelSubscriptionEnd:
		id = e.UserID
	case *eventsub.ChannelBan:
		id = e.UserID
	case *eventsub.ChannelUnban:
		id = e.UserID
	case *eventsub.ChannelPointsCustomRewardRedemptionAdd:
		id = e.UserID
	default:
		return "ada"
	}
	return l.named[id]
}

// generation is one run of the program.
type generation struct {
	l    *life
	dead *bool // killed: what it does from then on does not count
}

func (g generation) handle(ctx context.Context, n eventsub.Notification) error {
	if rand.IntN(4) == 0 { // some handlers are slow
		time.Sleep(time.Duration(rand.IntN(3000)) * time.Millisecond)
	}
	p, err := n.Payload()
	if err != nil {
		return err
	}
	g.l.mu.Lock()
	defer g.l.mu.Unlock()
	switch {
	case *g.dead:
	case n.Type == eventsub.GapType:
		g.l.gone = append(g.l.gone, *p.(*eventsub.Gap))
	default:
		g.l.handled[n.Type.Name+" "+g.l.subject(p)]++
	}
	return nil
}

// mortal is a store that a killed program no longer reaches.
type mortal struct {
	l     *life
	dead  *bool
	marks eventsub.WatermarkStore
	seen  eventsub.SeenStore
}

func (m mortal) Watermarks(ctx context.Context) (map[string]eventsub.Watermark, error) {
	return m.marks.Watermarks(ctx)
}

func (m mortal) SetWatermarks(ctx context.Context, marks map[string]eventsub.Watermark) error {
	if m.isDead() {
		return nil
	}
	return m.marks.SetWatermarks(ctx, marks)
}

func (m mortal) Seen(ctx context.Context, keys ...string) (map[string]string, error) {
	return m.seen.Seen(ctx, keys...)
}

func (m mortal) Add(ctx context.Context, keys map[string]string) error {
	if m.isDead() {
		return nil
	}
	return m.seen.Add(ctx, keys)
}

func (m mortal) isDead() bool {
	m.l.mu.Lock()
	defer m.l.mu.Unlock()
	return *m.dead
}

// Every event is handled once, or is of a type that a Gap of its time lists as lost.
func TestNothingIsMissingOutsideAGap(t *testing.T) {
	seeds := 10
	if os.Getenv("LARKSPUR_LONG") != "" {
		seeds = 2000
	}
	for seed := range seeds {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			inWorld(t, func(w *world) { live(w, uint64(seed)) }, userOptions()...) //nolint:gosec // small
		})
		if t.Failed() {
			return
		}
	}
}

func live(w *world, seed uint64) {
	l := &life{
		world: w, rand: rand.New(rand.NewPCG(seed, 1)), named: map[string]string{}, handled: map[string]int{}, touched: map[string]bool{},
		following: map[string]bool{}, moderator: map[string]bool{}, vip: map[string]bool{}, subscribed: map[string]bool{}, banned: map[string]bool{},
	}
	for _, user := range crowd {
		l.named[w.tw.UserID(user)] = user
	}
	w.wants = slices.Concat(
		streamConditions(w.ada), roleConditions(w.ada), subscriptionConditions(w.ada)[:2], banConditions(w.ada), redemptionConditions(w.ada)[:1],
		[]eventsub.Condition{
			eventsub.ChannelFollowCondition{BroadcasterUserID: w.ada, ModeratorUserID: w.ada},
			eventsub.ChannelPollBeginCondition{BroadcasterUserID: w.ada},
			eventsub.ChannelPollEndCondition{BroadcasterUserID: w.ada},
			eventsub.ChannelRaidCondition{ToBroadcasterUserID: w.ada},
		},
	)
	w.reward("Hydrate")
	seen := eventsub.NewMemorySeenStore(0)
	var dead *bool
	begin := func() {
		dead = new(bool)
		m := mortal{l: l, dead: dead, marks: w.store, seen: seen}
		w.run(m, eventsub.DedupStore(m, 24*time.Hour), generation{l: l, dead: dead}.handle)
	}
	begin()
	for range 12 {
		l.some(6)
		clear(l.touched)
		switch l.rand.IntN(4) {
		case 0: // a loss
			w.away(func() { l.some(5) })
		case 1: // a short loss: the client is back at once
			w.tw.DropEventSub()
			l.some(3)
		case 2: // an orderly end
			w.kill()
			l.some(5)
			begin()
		case 3: // a kill
			w.mu.Lock()
			*dead = true
			w.mu.Unlock()
			w.kill()
			l.some(5)
			begin()
		}
		clear(l.touched)
	}
	time.Sleep(3 * time.Minute)
	w.ready()
	synctest.Wait()
	l.judge()
}

func (l *life) judge() {
	l.mu.Lock()
	defer l.mu.Unlock()
	happened := map[string][]time.Time{}
	for _, d := range l.deeds {
		happened[d.what] = append(happened[d.what], d.at)
	}
	recovered, lost := 0, 0
	for _, g := range l.gone {
		recovered += g.RecoveredCount
	}
	for _, what := range slices.Sorted(maps.Keys(happened)) {
		times := happened[what]
		excused := 0
		for _, at := range times {
			if l.excused(what, at) {
				excused++
			}
		}
		switch got := l.handled[what]; {
		case got > len(times):
			l.t.Errorf("%s: handled %d times, but it happened at %v; gaps:%s", what, got, times, l.gaps())
		case got+excused < len(times):
			l.t.Errorf("%s: happened at %v, handled %d times, %d of them in a gap that says so; gaps:%s", what, times, got, excused, l.gaps())
		default:
			lost += len(times) - got
		}
	}
	for what := range l.handled {
		if happened[what] == nil {
			l.t.Errorf("%s was handled, but did not happen", what)
		}
	}
	l.t.Logf("%d events: %d recovered, %d lost inside %d gaps", len(l.deeds), recovered, lost, len(l.gone))
}

// gaps describes the gaps.
func (l *life) gaps() string {
	var text strings.Builder
	for _, g := range l.gone {
		fmt.Fprintf(&text, "\n%v to %v: %s, %d recovered", g.From, g.To, g.Reason, g.RecoveredCount)
	}
	return text.String()
}

// reverses are the types of deeds that undo others: what was done and undone inside a
// gap cannot be found by comparing.
var reverses = map[string]string{
	"channel.moderator.add": "channel.moderator.remove", "channel.moderator.remove": "channel.moderator.add",
	"channel.vip.add": "channel.vip.remove", "channel.vip.remove": "channel.vip.add",
	"channel.subscribe": "channel.subscription.end", "channel.subscription.end": "channel.subscribe",
}

// reversed reports whether a deed and its reverse both happened inside a gap.
func (l *life) reversed(what string, g eventsub.Gap) bool {
	kind, whom, _ := strings.Cut(what, " ")
	return reverses[kind] != "" && slices.ContainsFunc(l.deeds, func(d deed) bool {
		return d.what == reverses[kind]+" "+whom && !d.at.Before(g.From) && !d.at.After(g.To)
	})
}

// excused reports whether a gap covers a time and lists the type as lost.
func (l *life) excused(what string, at time.Time) bool {
	for _, g := range l.gone {
		if at.Before(g.From) || at.After(g.To) {
			continue
		}
		if l.reversed(what, g) {
			return true
		}
		for _, kind := range g.Lost {
			if len(what) > len(kind.Name) && what[:len(kind.Name)+1] == kind.Name+" " {
				return true
			}
		}
	}
	return false
}
