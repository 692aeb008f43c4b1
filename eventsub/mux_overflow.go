package eventsub

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// An overflow counts jobs that were dropped from a lane and not yet reported by a Gap.
type overflow struct {
	ctx   context.Context // of the first of them
	since time.Time
	from  time.Time // when Twitch sent the first dropped event
	to    time.Time // when it sent the last one
	types []Type
	count int
	due   bool // its Gap is handled in the lane without broadcaster if its own lane is not first
}

// mostOverflows bounds the number of lanes with an overflow of their own. Drops from
// further lanes are reported together.
const mostOverflows = 1024

// lose records a dropped job, and reports whether it is the first of its lane since
// that lane's last Gap. The caller holds q.mu.
func (q *queue) lose(j job) (first bool) {
	if q.lost == nil {
		q.lost = map[string]*overflow{}
	}
	key := j.lane
	o := q.lost[key]
	if o == nil && len(q.lost) >= q.limits.lost {
		key = ""
		o = q.lost[key]
	}
	at := j.n.Meta.Timestamp
	if at.IsZero() {
		at = time.Now()
	}
	if o == nil {
		o = &overflow{ctx: j.ctx, since: time.Now(), from: at, to: at}
		q.lost[key] = o
		first = true
	}
	if at.Before(o.from) {
		o.from = at
	}
	if at.After(o.to) {
		o.to = at
	}
	o.count++
	if !slices.Contains(o.types, j.n.Type) {
		o.types = append(o.types, j.n.Type)
	}
	return first
}

// owed removes and returns the Gap that has to be handled before the jobs of a lane.
// Gaps are made here and never wait as jobs, so that they take no room in the queue and
// cannot be dropped. The caller holds q.mu.
func (q *queue) owed(lane string) (job, bool) {
	about := lane
	if lane == "" && q.lost[""] == nil && q.due > 0 {
		for key, o := range q.lost {
			if o.due {
				about = key
				break
			}
		}
	}
	o := q.lost[about]
	if o == nil {
		return job{}, false
	}
	delete(q.lost, about)
	if o.due {
		q.due--
	}
	q.serial++
	return o.job(about, lane, q.serial), true
}

// job returns the Gap that reports an overflow of the lane about, for another lane or
// the same. The serial number makes its message id unique.
func (o *overflow) job(about, lane string, serial int) job {
	slices.SortFunc(o.types, compareTypes)
	gap := Gap{
		From: o.from, To: o.to, BroadcasterUserID: about, Lost: o.types, Dropped: o.count,
		Reason: fmt.Sprintf("the event queue was full, %d events were dropped", o.count),
	}
	event, err := json.Marshal(gap)
	if err != nil { // a Gap holds only times and texts
		panic(err)
	}
	return job{ctx: o.ctx, lane: lane, n: Notification{
		Meta: Meta{MessageID: fmt.Sprintf("gap %s %s %d", about, o.from, serial), Timestamp: o.to}, Type: GapType, Event: event,
	}}
}

// tellOverflows makes the Gaps due of all lanes whose first drop was not after a time.
// They are handled in the lane without broadcaster, because their own lanes may be empty
// or stuck. It reports whether any lane has an overflow. The caller holds q.mu.
func (q *queue) tellOverflows(before time.Time) (left bool) {
	for _, o := range q.lost {
		if !o.due && !o.since.After(before) {
			o.due = true
			q.due++
		}
	}
	if q.due > 0 && q.lanes[""] == nil {
		q.open("")
	}
	return len(q.lost) > 0
}
