package shards

import (
	"slices"
	"time"
)

// Session records that the connection of a shard was welcomed. IDs are the ids of its
// session, the newest last. Twitch moves what was assigned to the others to the newest.
func (s *Set) Session(n int, ids []string, now time.Time) {
	sh := s.shards[n]
	if sh == nil || !sh.open || len(ids) == 0 {
		return
	}
	if sh.session == "" {
		sh.askAt = time.Time{} // Twitch closes a new connection without a shard after ten seconds
	}
	sh.names, sh.session = ids, ids[len(ids)-1]
	sh.reopen.Up(now)
	for _, other := range s.shards {
		if other.assigned != "" && other.assigned != sh.session && slices.Contains(ids, other.assigned) {
			other.assigned, other.enabled = sh.session, false
			s.touch(other)
			s.listAt = now
		}
		if other.maybe != "" && slices.Contains(ids, other.maybe) {
			other.maybe = sh.session
		}
	}
}

// point records the target of a shard. The connection of the former one got the shard's
// events until now.
func (s *Set) point(sh *shard, target string, now time.Time) {
	for _, carrier := range s.shards {
		if carrier.session != "" && (carrier.session == sh.assigned || carrier.session == sh.maybe) && carrier.session != target {
			carrier.served = slices.DeleteFunc(carrier.served, func(e span) bool { return e.shard == sh.Shard || now.Sub(e.to) > remembered })
			carrier.served = append(carrier.served, span{shard: sh.Shard, to: now})
		}
	}
	sh.assigned, sh.maybe = target, ""
}

// Lost records that the connection of a shard has ended. It is being opened again.
func (s *Set) Lost(n int, loss Loss, now time.Time) {
	sh := s.shards[n]
	if sh == nil || s.o.Callback != "" {
		return
	}
	s.lose(sh, loss, now)
}

// lose makes all shards that are assigned to the connection of sh, or may be, count as
// down.
func (s *Set) lose(sh *shard, loss Loss, now time.Time) {
	for _, other := range s.shards {
		switch {
		case other.assigned != "" && slices.Contains(sh.names, other.assigned):
			other.assigned, other.enabled, other.askAt = "", false, time.Time{}
			s.touch(other)
			s.fail(other, loss)
		case other.maybe != "" && slices.Contains(sh.names, other.maybe):
			other.maybe = ""
			s.fail(other, loss)
		}
	}
	s.ended = append(s.recent(now), s.missed(sh.served, loss)...)
	sh.session, sh.names, sh.served = "", nil, nil
	s.weigh(now)
}

func (s *Set) touch(sh *shard) {
	s.seq++
	sh.changed = s.seq
}
