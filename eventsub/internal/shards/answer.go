package shards

import (
	"errors"
	"slices"
	"time"
)

// ErrDisabled is the reason of a loss that only Twitch noticed: its list shows the session
// as disconnected.
var ErrDisabled = errors.New("twitch disabled the shard")

// errOwner is the reason of a loss by the end of another process.
var errOwner = errors.New("the process that served the shard ended")

// A State is what Twitch's status of a shard means.
type State int

// The states.
const (
	Disabled State = iota
	Pending        // a callback that is being verified
	Enabled
)

// Listed is a shard in Twitch's list.
type Listed struct {
	Shard        int
	Target       string // session id or callback
	State        State
	Connected    time.Time
	Disconnected time.Time
}

// Assigned records the result of an assignment.
func (s *Set) Assigned(a Assignment, err error, now time.Time) {
	sh := s.answered(a, now)
	if sh == nil {
		return
	}
	s.touch(sh)
	s.listAt = now.Add(time.Duration(s.total/100) * 200 * time.Millisecond) // a long list only once for many
	if sh.err = err; err != nil {
		// It may have been carried out all the same: the list will tell.
		sh.maybe = s.current(a.Target)
		s.again(sh, now)
		return
	}
	sh.retry.Up(now)
	sh.enabled = false
	if s.point(sh, s.current(a.Target), now); sh.assigned != "" && s.o.Callback == "" {
		s.recover(sh, now)
	}
}

// again delays the next assignment of a shard.
func (s *Set) again(sh *shard, now time.Time) {
	sh.retry.Down(now)
	sh.askAt = now.Add(sh.retry.Next())
}

// current returns the id under which a target is known now, or "" if its connection was
// lost.
func (s *Set) current(target string) string {
	if target == s.o.Callback || target == s.refuge {
		return target
	}
	for _, sh := range s.shards {
		if sh.session != "" && slices.Contains(sh.names, target) {
			return sh.session
		}
	}
	return ""
}

// Abandoned records that an assignment was not requested because this process no longer
// owns the shard.
func (s *Set) Abandoned(a Assignment, now time.Time) {
	if sh := s.answered(a, now); sh != nil {
		sh.askAt = now.Add(sh.retry.Next())
	}
}

// answered returns the shard of a request that has ended, or nil if the request no longer
// matters: the shard had another owner meanwhile, or the conduit was replaced.
func (s *Set) answered(a Assignment, now time.Time) *shard {
	delete(s.asking, a.Shard)
	sh := s.shards[a.Shard]
	if sh == nil {
		return nil
	}
	if sh.request != a.number {
		sh.maybe = s.current(a.Target) // it may have been carried out all the same
		s.touch(sh)
		s.listAt = now
		return nil
	}
	sh.request = 0
	return sh
}

// NotListed records that Twitch's list could not be read.
func (s *Set) NotListed(now time.Time) {
	s.listing = false
	s.retry.Down(now)
	s.listAt = now.Add(s.retry.Next())
}

// Recheck makes the next plan read Twitch's list.
func (s *Set) Recheck(now time.Time) { s.listAt = now }

// Listed compares the shards with Twitch's list, which was requested when the plan had
// the number seq.
func (s *Set) Listed(list []Listed, seq int, now time.Time) {
	s.listing = false
	s.retry.Reset()
	byShard := make(map[int]Listed, len(list))
	for _, l := range list {
		byShard[l.Shard] = l
	}
	check := max(s.o.Check, time.Duration(s.total/100)*2*time.Second) // the list has pages of 100
	for n, sh := range s.shards {
		l, found := byShard[n]
		switch {
		case sh.changed > seq || s.asking[n]: // the list may be older
			check = min(check, leaveCheck)
		case !sh.leaving.IsZero():
			check = min(check, leaveCheck)
			lost := sh.down != nil && sh.down.Session == l.Target          // Twitch has not noticed its end yet
			if found && l.State == Enabled && !lost && !s.Ours(l.Target) { // the new owner serves it
				s.left(sh, now)
				s.recover(sh, now)
			}
		case !sh.seen:
			s.meet(sh, l, found, now)
		default:
			check = min(check, s.verify(sh, l, found, now))
		}
	}
	s.weighOthers(list, now)
	s.weigh(now)
	if next := now.Add(check); s.listAt.IsZero() || next.Before(s.listAt) {
		s.listAt = next
	}
}

// Ours reports whether a target belongs to this process.
func (s *Set) Ours(target string) bool { return target != "" && s.current(target) != "" }

// meet records the state in which a shard was when this process became its owner.
func (s *Set) meet(sh *shard, l Listed, found bool, now time.Time) {
	target := ""
	if found {
		target = s.current(l.Target)
	}
	s.point(sh, target, now)
	sh.seen, sh.enabled = true, target != "" && l.State == Enabled
	loss := Loss{From: sh.Died, Reason: errOwner, Unsure: !sh.Died.IsZero()}
	if target != "" { // a process that stopped handed it over, or it was ours before
		s.listAt = now.Add(suspectFor)
	}
	if found && target == "" && l.State == Disabled {
		since := l.Disconnected
		if since.IsZero() {
			since = now
		}
		if since = since.Add(-unnoticed); loss.From.IsZero() || since.Before(loss.From) {
			loss.From = since
		}
		loss.Session = l.Target
	}
	if loss.From.IsZero() {
		return
	}
	s.fail(sh, loss)
	if sh.enabled {
		s.recover(sh, now)
	}
}

// verify compares one shard with the list, and returns when to do so again.
func (s *Set) verify(sh *shard, l Listed, found bool, now time.Time) time.Duration {
	target := ""
	if found {
		target = s.current(l.Target)
	}
	switch {
	case target == "":
		// Another process took it, Twitch lost it, or the assignment failed.
		if sh.assigned != "" {
			s.again(sh, now)
		}
		s.point(sh, "", now)
		sh.enabled = false
	case l.State == Enabled:
		s.point(sh, target, now)
		sh.enabled, sh.err = true, nil
		s.recover(sh, now)
	case l.State == Pending:
		sh.assigned = target
		return pendingCheck
	case s.o.Callback != "":
		s.disabled(sh, l, now)
		s.again(sh, now)
		sh.assigned, sh.enabled, sh.err = "", false, ErrDisabled
	case sh.suspect != l.Target: // its end is probably being read from the connection now
		sh.suspect, sh.suspected = l.Target, now
		return suspectFor
	case now.Before(sh.suspected.Add(suspectFor)):
		return suspectFor
	default:
		s.replace(sh, l, now)
	}
	return s.o.Check
}

// disabled records a loss that only Twitch noticed.
func (s *Set) disabled(sh *shard, l Listed, now time.Time) Loss {
	since := l.Disconnected
	if since.IsZero() {
		since = now
	}
	loss := Loss{From: since.Add(-s.o.Silence), Session: l.Target, Reason: ErrDisabled, Unsure: s.o.Callback == ""}
	if s.works(sh) {
		s.fail(sh, loss)
	}
	return loss
}

// replace closes a connection that looks alive here, and that Twitch considers lost.
func (s *Set) replace(sh *shard, l Listed, now time.Time) {
	loss := s.disabled(sh, l, now)
	for _, carrier := range s.shards {
		if carrier.session == "" || !slices.Contains(carrier.names, l.Target) {
			continue
		}
		s.lose(carrier, loss, now)
		if carrier.open {
			carrier.reopen.Down(now)
			carrier.open, carrier.openAt = false, now.Add(carrier.reopen.Next())
			s.closing = append(s.closing, carrier.Shard)
		}
	}
}
