package shards

import (
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Whatever happens, all shards work again after a quiet time, each over a connection of its
// own, and what was lost is in a gap.
func TestShardsRecover(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newTwitch(t, rapid.IntRange(1, 6).Draw(t, "shards"), rapid.IntRange(1, 3).Draw(t, "processes"))
		w.quiet(2 * time.Minute) // the start
		for range rapid.IntRange(1, 150).Draw(t, "steps") {
			w.now = w.now.Add(time.Duration(rapid.IntRange(1, 3000).Draw(t, "ms")) * time.Millisecond)
			w.step()
		}
		w.quiet(15 * time.Minute)
		w.check()
	})
}

// step lets one thing happen.
func (w *twitch) step() {
	t := w.t
	w.event()
	w.watch()
	p := w.peers[rapid.IntRange(0, len(w.peers)-1).Draw(t, "process")]
	links := slices.Sorted(maps.Keys(p.links))
	open := w.open()
	switch rapid.IntRange(0, 13).Draw(t, "what") {
	case 0, 1, 2:
		if len(links) > 0 {
			w.welcome(p, rapid.SampledFrom(links).Draw(t, "link"))
		}
	case 3, 4:
		if len(p.asked) > 0 {
			w.answer(p, rapid.IntRange(0, len(p.asked)-1).Draw(t, "request"), rapid.IntRange(0, 3).Draw(t, "fails") == 0,
				rapid.IntRange(0, 3).Draw(t, "silent") == 0)
		}
	case 5, 6:
		if p.listing {
			w.list(p, rapid.IntRange(0, 3).Draw(t, "fails") == 0)
		}
	case 7, 8:
		if len(open) > 0 { // Twitch closes it, and the process reads that now or later
			ss := rapid.SampledFrom(open).Draw(t, "session")
			w.end(ss)
			if rapid.Bool().Draw(t, "now") {
				w.notice(ss, ss.half)
			}
		}
	case 9:
		if len(open) > 0 {
			rapid.SampledFrom(open).Draw(t, "session").half = true
		}
	case 10:
		if len(open) > 0 {
			if ss := rapid.SampledFrom(open).Draw(t, "session"); !ss.half && !ss.closed {
				w.move(ss)
			}
		}
	case 11: // another process gets a shard
		w.own(rapid.IntRange(0, w.total-1).Draw(t, "shard"), rapid.IntRange(0, len(w.peers)-1).Draw(t, "owner"), time.Time{})
		w.tell()
	case 12:
		w.scale(rapid.IntRange(1, 8).Draw(t, "total"))
	case 13:
		w.kill(p)
	}
	for _, p := range w.peers {
		w.settle(p)
	}
}

// scale changes the number of shards. Losses that no process has noticed yet are noticed
// before, and each process reads the list: those of removed shards would be forgotten, also
// those of other processes.
func (w *twitch) scale(total int) {
	w.noticeAll()
	for _, p := range w.peers {
		p.set.Recheck(w.now)
		w.settle(p)
		if p.listing {
			w.list(p, false)
		}
	}
	seats := make([]seat, total)
	copy(seats, w.shards)
	w.total, w.shards = total, seats
	for _, p := range w.peers {
		p.claims = slices.DeleteFunc(p.claims, func(c Claim) bool { return c.Shard >= total })
		p.set.Total(total, w.now)
	}
	for n := range total {
		if !slices.ContainsFunc(w.peers[w.owners[n]].claims, func(c Claim) bool { return c.Shard == n }) {
			w.own(n, n%len(w.peers), time.Time{})
		}
	}
	w.tell()
}

// kill ends a process, and starts another in its place; the shards go to anyone. What it
// knew of losses that had not ended is lost with it.
func (w *twitch) kill(p *peer) {
	for _, ss := range w.open() {
		if ss.peer == p {
			w.end(ss)
			delete(w.sessions, ss.id)
		}
	}
	w.killed = true
	i := slices.Index(w.peers, p)
	orphans := p.claims
	w.peers[i] = w.newPeer()
	for _, c := range orphans {
		w.own(c.Shard, rapid.IntRange(0, len(w.peers)-1).Draw(w.t, "heir"), w.now)
	}
	w.tell()
}

// quiet lets a time pass in which all requests succeed.
func (w *twitch) quiet(d time.Duration) {
	for end := w.now.Add(d); w.now.Before(end); w.now = w.now.Add(500 * time.Millisecond) {
		w.event()
		w.watch()
		w.noticeAll()
		for _, p := range w.peers {
			for _, n := range slices.Sorted(maps.Keys(p.links)) {
				w.welcome(p, n)
			}
			for len(p.asked) > 0 {
				w.answer(p, 0, false, false)
			}
			if p.listing {
				w.list(p, false)
			}
			w.settle(p)
		}
	}
}

func (w *twitch) noticeAll() {
	for _, ss := range w.open() {
		if ss.closed && !ss.half {
			w.notice(ss, false)
		}
	}
}

func (w *twitch) check() {
	sessions := map[string]bool{}
	for n, s := range w.shards {
		ss := w.sessions[s.target]
		if !s.enabled || ss == nil || ss.half {
			w.t.Fatalf("shard %d does not work: %+v", n, s)
		}
		if ss.peer != w.peers[w.owners[n]] || ss.shard != n {
			w.t.Fatalf("shard %d is served by connection %d of a process, owner: %t", n, ss.shard, ss.peer == w.peers[w.owners[n]])
		}
		sessions[s.target] = true
	}
	if n := len(w.open()); n != len(sessions) {
		w.t.Fatalf("%d connections are open for %d shards", n, len(sessions))
	}
	for _, p := range w.peers {
		if st := p.set.Status(); st.Up != st.Owned || st.Err != nil || st.Owned != len(p.claims) {
			w.t.Fatalf("status: got %+v, want all up", st)
		}
	}
	for _, at := range w.lost {
		if !w.killed && !slices.ContainsFunc(w.gaps, func(g Gap) bool { return !at.Before(g.From) && !at.After(g.To) }) {
			w.t.Fatalf("an event at %s is lost, and in no gap: %v", at.Format(time.StampMilli), w.gaps)
		}
	}
}
