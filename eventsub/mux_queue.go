package eventsub

import (
	"slices"
	"sync"
)

// A queue holds the jobs that wait for a handler: one lane per broadcaster, each in
// order of arrival and held by at most one worker at a time.
type queue struct {
	limits limits
	work   func() // a worker, started on a goroutine of its own

	mu       sync.Mutex
	lanes    map[string]*lane      // guarded by mu; a lane exists while it has work
	ready    []*lane               // guarded by mu; lanes with work that no worker holds
	longest  *lane                 // guarded by mu; the longest lane, or one that was
	count    int                   // guarded by mu; jobs that wait or are being handled
	size     int                   // guarded by mu; their bytes
	lost     map[string]*overflow  // guarded by mu; by lane; drops that no Gap has reported yet
	due      int                   // guarded by mu; those of lost that are due
	workers  int                   // guarded by mu; running workers
	stuck    int                   // guarded by mu; workers that were replaced because their handler is stuck
	running  map[*running]struct{} // guarded by mu; the jobs being handled
	serial   int                   // guarded by mu; number of the last Gap made
	waiters  []*waiter             // guarded by mu; callers that wait for room, in order of arrival
	idle     chan struct{}         // guarded by mu; closed when the last worker ends; nil if no caller waits
	closed   bool                  // guarded by mu; Drain ran out of time
	watching bool                  // guarded by mu; a call of watch is scheduled

	feeder   feeder              // nil without an inbox
	backlogs map[string]*backlog // guarded by mu; by lane; stored notifications that are not in the queue
	behind   int                 // guarded by mu; their number
	hungry   []string            // guarded by mu; lanes with a backlog that may have room
	feeding  bool                // guarded by mu; the feeder runs
}

// A feeder fills lanes with notifications that wait in the inbox.
type feeder interface{ startFeed() }

// limits bound a queue.
type limits struct {
	workers int  // at once, not counting stuck ones
	lane    int  // jobs that wait in one lane
	total   int  // jobs in all lanes and being handled
	bytes   int  // of all these jobs
	newest  bool // drop the newest jobs, not the oldest
	lost    int  // lanes with an overflow of their own
}

// A lane is the queue of one broadcaster.
type lane struct {
	key  string
	work []*job // guarded by queue.mu
	kept int    // guarded by queue.mu; how many of them are stored in the inbox
	held bool   // guarded by queue.mu; a worker has it
}

// outcome is the result of queueing a job.
type outcome int

const (
	accepted outcome = iota
	refused          // the queue is full, or j itself was dropped
	shut             // the queue is closed
)

// offer adds a job. If the queue is full, it drops other jobs, or this one. begun
// reports whether this is the first drop from one of their lanes since that lane's last
// Gap.
func (q *queue) offer(j job) (result outcome, dropped []job, begun bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return shut, nil, false
	}
	defer q.callFeeder() // the dropped jobs may have left more room than j takes
	for !q.fits(j) {
		victim := q.victim(j.lane)
		if victim != nil && victim.kept > 0 {
			q.unqueue(victim) // not lost
			continue
		}
		old, itself := j, victim == nil || q.limits.newest && victim.key == j.lane
		if !itself {
			old = *victim.drop(q.limits.newest)
			q.count--
			q.size -= old.size
			q.shrunk(victim)
		}
		dropped = append(dropped, old)
		begun = q.lose(old) || begun
		if itself {
			return refused, dropped, begun
		}
	}
	q.add(j)
	q.admit()
	return accepted, dropped, begun
}

// fits reports whether there is room for a job. The caller holds q.mu.
func (q *queue) fits(j job) bool { return !q.full(j.lane) && q.spare(j) }

// full reports whether a lane is full. The caller holds q.mu.
func (q *queue) full(key string) bool {
	l := q.lanes[key]
	return l != nil && len(l.work) >= q.limits.lane
}

// spare reports whether the queue as a whole has room for a job. The caller holds q.mu.
func (q *queue) spare(j job) bool {
	return q.count < q.limits.total && (q.count == 0 || q.size+j.size <= q.limits.bytes)
}

// victim returns the lane that has to drop a job to make room for one of the lane key:
// that lane if it is full, else the longest, so that a busy broadcaster does not
// displace a quiet one. It returns nil if no job waits. The caller holds q.mu.
func (q *queue) victim(key string) *lane {
	own := q.lanes[key]
	if own != nil && len(own.work) >= q.limits.lane {
		return own
	}
	best, looked := own, 0
	if l := q.longest; l != nil && q.lanes[l.key] == l && (best == nil || len(l.work) > len(best.work)) {
		best = l
	}
	for _, l := range q.lanes {
		if len(l.work) == 0 {
			continue
		}
		if best == nil || len(l.work) > len(best.work) {
			best = l
		}
		if looked++; looked == lanesLookedAt {
			break
		}
	}
	if q.longest = best; best == nil || len(best.work) == 0 {
		return nil
	}
	return best
}

// lanesLookedAt is the number of randomly chosen lanes that are compared with the lane
// that was the longest. Comparing all would be slow when many broadcasters are busy.
const lanesLookedAt = 32

// remove removes an empty lane from the queue. The caller holds q.mu.
func (q *queue) remove(l *lane) {
	delete(q.lanes, l.key)
	if i := slices.Index(q.ready, l); i >= 0 {
		q.ready = slices.Delete(q.ready, i, i+1)
	}
}

// drop removes the newest or the oldest job from a lane that has one.
func (l *lane) drop(newest bool) *job {
	i := 0
	if newest {
		i = len(l.work) - 1
	}
	j := l.work[i]
	l.work[i] = nil
	if newest {
		l.work = l.work[:i]
	} else {
		l.work = l.work[1:]
	}
	if j.number != 0 {
		l.kept--
	}
	return j
}

// add adds a job and starts a worker if one is missing. The caller holds q.mu.
func (q *queue) add(j job) {
	q.count++
	q.size += j.size
	l := q.lanes[j.lane]
	if l == nil {
		l = q.open(j.lane)
	}
	l.work = append(l.work, &j)
	if j.number != 0 {
		l.kept++
	}
	if q.longest == nil || len(l.work) > len(q.longest.work) {
		q.longest = l
	}
}

// open adds a lane, which is ready at once. The caller holds q.mu.
func (q *queue) open(key string) *lane {
	l := &lane{key: key}
	if q.lanes == nil {
		q.lanes = map[string]*lane{}
	}
	q.lanes[key] = l
	q.ready = append(q.ready, l)
	q.hire()
	return l
}

// busy reports whether a lane has work: a job, or a Gap about other lanes. The caller
// holds q.mu.
func (q *queue) busy(l *lane) bool { return len(l.work) > 0 || l.key == "" && q.due > 0 }

// hire starts a worker if the limit allows another. The caller holds q.mu.
func (q *queue) hire() {
	if q.workers < q.limits.workers+q.stuck {
		q.workers++
		go q.work()
	}
}

// next returns the lane that a worker held and takes a job of another. It returns false
// if the worker should end.
func (q *queue) next(held *lane) (*lane, *job, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if held != nil {
		held.held = false
		if q.busy(held) {
			q.ready = append(q.ready, held)
		} else {
			delete(q.lanes, held.key)
		}
	}
	for len(q.ready) > 0 && q.workers <= q.limits.workers+q.stuck {
		l := q.ready[0]
		q.ready[0] = nil
		q.ready = q.ready[1:]
		if gap, ok := q.owed(l.key); ok {
			l.held = true
			return l, &gap, true
		}
		if len(l.work) == 0 { // its Gaps were handled in their own lanes
			delete(q.lanes, l.key)
			continue
		}
		l.held = true
		j := l.drop(false)
		q.admit()
		q.shrunk(l)
		return l, j, true
	}
	if q.workers--; q.workers == 0 && q.idle != nil {
		close(q.idle)
		q.idle = nil
	}
	return nil, nil, false
}

// free releases the space of a job. The caller holds q.mu.
func (q *queue) free(j job) {
	if !j.counted {
		return
	}
	q.count--
	q.size -= j.size
	q.admit()
	q.callFeeder()
}
