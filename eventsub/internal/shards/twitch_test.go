package shards

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"pgregory.net/rapid"
)

// A twitch is a conduit at Twitch, with the processes that serve it.
type twitch struct {
	t        *rapid.T
	random   *rand.Rand
	now      time.Time
	total    int
	shards   []seat
	sessions map[string]*session
	serial   int
	peers    []*peer
	owners   map[int]int // the index of the peer that owns a shard
	epochs   map[int]uint64
	lost     []time.Time
	gaps     []Gap
	killed   bool
}

// A seat is a shard at Twitch.
type seat struct {
	target       string
	enabled      bool
	disconnected time.Time
}

// A session is a connection, seen from both sides.
type session struct {
	id     string
	peer   *peer
	shard  int
	half   bool // nothing arrives any more
	closed bool // at Twitch
	began  time.Time
	last   time.Time // last message that arrived
}

// A peer is a process.
type peer struct {
	set     *Set
	links   map[int]string // session ids of open connections, "" before the welcome
	asked   []Assignment
	asking  map[int]bool
	listing bool
	seq     int
	claims  []Claim
}

func newTwitch(t *rapid.T, total, processes int) *twitch {
	w := &twitch{
		t: t, random: rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)), //nolint:gosec // a test that can be repeated
		now: time.Unix(1_800_000_000, 0), total: total, shards: make([]seat, total),
		sessions: map[string]*session{}, owners: map[int]int{}, epochs: map[int]uint64{},
	}
	for range processes {
		w.peers = append(w.peers, w.newPeer())
	}
	for n := range total {
		w.own(n, n%processes, time.Time{})
	}
	w.tell()
	return w
}

func (w *twitch) newPeer() *peer {
	p := &peer{
		set:   New(Options{Random: w.random.Float64}),
		links: map[int]string{}, asking: map[int]bool{},
	}
	p.set.Total(w.total, w.now)
	return p
}

// own makes a peer the owner of a shard.
func (w *twitch) own(n, to int, died time.Time) {
	w.owners[n] = to
	w.epochs[n]++
	for i, p := range w.peers {
		p.claims = slices.DeleteFunc(p.claims, func(c Claim) bool { return c.Shard == n })
		if i == to {
			p.claims = append(p.claims, Claim{Shard: n, Epoch: w.epochs[n], Died: died})
		}
	}
}

// tell passes the claims to the sets and carries out their plans.
func (w *twitch) tell() {
	for _, p := range w.peers {
		p.set.Own(slices.Clone(p.claims), w.now)
		w.settle(p)
	}
}

// settle carries out a plan and checks it.
func (w *twitch) settle(p *peer) {
	plan := p.set.Next(w.now)
	for _, n := range plan.Close {
		if _, open := p.links[n]; !open {
			w.t.Fatalf("closes connection %d, which is not open", n)
		}
		w.end(w.sessions[p.links[n]])
		delete(p.links, n)
	}
	for _, n := range plan.Open {
		if _, open := p.links[n]; open {
			w.t.Fatalf("opens connection %d again", n)
		}
		p.links[n] = ""
	}
	for _, a := range plan.Assign {
		owned := slices.ContainsFunc(p.claims, func(c Claim) bool { return c.Shard == a.Shard && c.Epoch == a.Epoch })
		if !owned || a.Shard >= w.total {
			w.t.Fatalf("assigns shard %d, which it does not own", a.Shard)
		}
		if p.asking[a.Shard] {
			w.t.Fatalf("assigns shard %d twice at the same time", a.Shard)
		}
		p.asking[a.Shard] = true
		p.asked = append(p.asked, a)
	}
	if plan.List {
		if p.listing {
			w.t.Fatal("reads the list twice at the same time")
		}
		p.listing, p.seq = true, plan.Seq
	}
	w.gaps = append(w.gaps, p.set.Gaps()...)
}

// welcome gives a session to a connection that has none.
func (w *twitch) welcome(p *peer, n int) {
	if id, open := p.links[n]; !open || id != "" {
		return
	}
	w.serial++
	ss := &session{id: fmt.Sprint("s", w.serial), peer: p, shard: n, began: w.now, last: w.now}
	w.sessions[ss.id] = ss
	p.links[n] = ss.id
	p.set.Session(n, []string{ss.id}, w.now)
	w.settle(p)
}

// move gives a session another id, as Twitch does with a reconnect.
func (w *twitch) move(ss *session) {
	w.serial++
	old := ss.id
	ss.id = fmt.Sprint("s", w.serial)
	delete(w.sessions, old)
	w.sessions[ss.id] = ss
	for i := range w.shards {
		if w.shards[i].target == old {
			w.shards[i].target = ss.id
		}
	}
	ss.peer.links[ss.shard] = ss.id
	ss.peer.set.Session(ss.shard, []string{old, ss.id}, w.now)
	w.settle(ss.peer)
}

// end closes a session at Twitch.
func (w *twitch) end(ss *session) {
	if ss == nil || ss.closed {
		return
	}
	ss.closed = true
	for i, seat := range w.shards {
		if seat.target == ss.id && seat.enabled {
			w.shards[i].enabled, w.shards[i].disconnected = false, w.now
		}
	}
}

// notice makes the process read the end of a session.
func (w *twitch) notice(ss *session, unsure bool) {
	delete(w.sessions, ss.id)
	if ss.peer.links[ss.shard] != ss.id {
		return // it closed the connection itself
	}
	ss.peer.links[ss.shard] = ""
	ss.peer.set.Lost(ss.shard, Loss{From: ss.last, Session: ss.id, Reason: fmt.Errorf("lost %s", ss.id), Unsure: unsure}, w.now)
	w.settle(ss.peer)
}

// answer carries out a request to assign a shard. Fails and silent say whether Twitch
// refuses it, and whether the process does not learn that it was done.
func (w *twitch) answer(p *peer, i int, fails, silent bool) {
	a := p.asked[i]
	p.asked = slices.Delete(p.asked, i, i+1)
	p.asking[a.Shard] = false
	ss := w.sessions[a.Target]
	var err error
	if fails || ss == nil || ss.closed || a.Shard >= w.total {
		err = fmt.Errorf("refused")
	} else {
		w.shards[a.Shard] = seat{target: a.Target, enabled: true}
		if silent {
			err = fmt.Errorf("no answer")
		}
	}
	p.set.Assigned(a, err, w.now)
	w.settle(p)
}

// list answers a request for the list.
func (w *twitch) list(p *peer, fails bool) {
	p.listing = false
	if fails {
		p.set.NotListed(w.now)
		w.settle(p)
		return
	}
	var all []Listed
	for n, s := range w.shards {
		if s.target == "" {
			continue
		}
		l := Listed{Shard: n, Target: s.target, Disconnected: s.disconnected}
		if ss := w.sessions[s.target]; ss != nil {
			l.Connected = ss.began
		}
		if s.enabled {
			l.State = Enabled
		}
		all = append(all, l)
	}
	p.set.Listed(all, p.seq, w.now)
	w.settle(p)
}

// event sends an event by Twitch's rules: to one shard, and if that does not take it to
// one other.
func (w *twitch) event() {
	var used []int
	for n, s := range w.shards {
		if s.target != "" {
			used = append(used, n)
		}
	}
	if len(used) == 0 {
		return
	}
	w.random.Shuffle(len(used), func(i, j int) { used[i], used[j] = used[j], used[i] })
	for _, n := range used[:min(2, len(used))] {
		if !w.shards[n].enabled {
			continue
		}
		if ss := w.sessions[w.shards[n].target]; ss != nil && !ss.half {
			ss.last = w.now
			return
		}
		break // written into a connection from which nothing arrives
	}
	w.lost = append(w.lost, w.now)
}

// watch makes processes notice silent connections in time.
func (w *twitch) watch() {
	for _, ss := range w.open() {
		switch age := w.now.Sub(ss.last); {
		case ss.half && age >= 36*time.Second:
			w.notice(ss, true)
		case !ss.half && !ss.closed && age >= 27*time.Second:
			ss.last = w.now // a keepalive
		}
	}
}

// open returns the sessions that a process has not seen ending, in a fixed order.
func (w *twitch) open() []*session {
	var all []*session
	for i := range w.serial {
		if ss := w.sessions[fmt.Sprint("s", i+1)]; ss != nil {
			all = append(all, ss)
		}
	}
	return all
}
