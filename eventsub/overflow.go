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
}

// mostOverflows bounds the number of lanes with an overflow of their own. Drops from
// further lanes are reported together.
const mostOverflows = 1024

// lose records a dropped job, and reports whether it is the first of its lane. If the
// job is a Gap, its count is added to the next one. The caller holds q.mu.
func (q *queue) lose(j job) (first bool) {
	if q.lost == nil {
		q.lost = map[string]*overflow{}
	}
	key := j.lane
	o := q.lost[key]
	if o == nil && len(q.lost) >= mostOverflows {
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

// job returns the Gap that reports an overflow of a lane.
func (o *overflow) job(key string) job {
	slices.SortFunc(o.types, compareTypes)
	gap := Gap{
		From: o.from, To: o.to, BroadcasterUserID: key, Lost: o.types, Dropped: o.count,
		Reason: fmt.Sprintf("the event queue was full, %d events were dropped", o.count),
	}
	event, err := json.Marshal(gap)
	if err != nil { // a Gap holds only times and texts
		panic(err)
	}
	return job{ctx: o.ctx, lane: key, n: Notification{
		Meta: Meta{MessageID: "gap " + gap.SemanticKey(), Timestamp: o.to}, Type: GapType, Event: event,
	}}
}

// tellOverflows dispatches a Gap for each lane in which nothing was handled for a while
// after a drop. It uses the lane without broadcaster, and reports whether other lanes
// still have an overflow. The caller holds q.mu.
func (q *queue) tellOverflows(before time.Time) (left bool) {
	for key, o := range q.lost {
		l := q.lanes[""]
		if o.since.After(before) || l != nil && len(l.work) >= q.limits.lane {
			left = true
			continue
		}
		delete(q.lost, key)
		j := o.job(key)
		j.lane = ""
		q.enqueue(j)
	}
	return left
}
