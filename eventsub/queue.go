package eventsub

import (
	"slices"
	"sync"
)

// A queue keeps what waits for a handler: one lane per broadcaster, each lane in
// order of arrival and in the hands of at most one worker.
type queue struct {
	limits limits
	work   func() // a worker, started on a goroutine of its own

	mu       sync.Mutex
	lanes    map[string]*lane     // guarded by mu; a lane exists while it has work
	ready    []*lane              // guarded by mu; lanes with work that no worker holds
	longest  *lane                // guarded by mu; the longest lane, or one that was
	count    int                  // guarded by mu; jobs that wait or are in a handler's hands
	size     int                  // guarded by mu; their bytes
	lost     map[string]*overflow // guarded by mu; by lane, what was dropped and not told yet
	workers  int                  // guarded by mu; running workers
	stuck    int                  // guarded by mu; those that were replaced because their handler is stuck
	running  map[int]*running     // guarded by mu; the jobs in handlers' hands
	serial   int                  // guarded by mu; key into running
	room     chan struct{}        // guarded by mu; closed when there may be room again; nil when no one waits
	idle     chan struct{}        // guarded by mu; closed when the last worker ends; nil when no one waits
	closed   bool                 // guarded by mu; Drain ran out of time
	watching bool                 // guarded by mu; a watch is due
}

// limits bound a queue.
type limits struct {
	workers int  // at once, not counting stuck ones
	lane    int  // jobs that wait in one lane
	total   int  // jobs in all lanes and in handlers' hands
	bytes   int  // of all of them
	newest  bool // drop newest
}

// A lane is the queue of one broadcaster.
type lane struct {
	key  string
	work []job // guarded by queue.mu
	held bool  // guarded by queue.mu; a worker has it
}

// outcome is what became of a job.
type outcome int

const (
	accepted outcome = iota
	refused          // the queue is full, or j itself was dropped
	shut             // the queue is closed
)

// push adds a job. If the queue is full, it returns a channel that is closed when
// there may be room.
func (q *queue) push(j job) (outcome, <-chan struct{}) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return shut, nil
	}
	if !q.fits(j) {
		if q.room == nil {
			q.room = make(chan struct{})
		}
		return refused, q.room
	}
	q.add(j)
	return accepted, nil
}

// offer adds a job, and drops others, or the job itself, where the queue is full.
// begun says that nothing of one of their lanes had been dropped since its last Gap.
func (q *queue) offer(j job) (result outcome, dropped []job, begun bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return shut, nil, false
	}
	for !q.fits(j) {
		victim := q.victim(j.lane)
		old, itself := j, victim == nil || q.limits.newest && victim.key == j.lane
		if !itself {
			old = victim.drop(q.limits.newest)
			q.count--
			q.size -= old.size
			if len(victim.work) == 0 && !victim.held {
				q.remove(victim)
			}
		}
		dropped = append(dropped, old)
		begun = q.lose(old) || begun
		if itself {
			return refused, dropped, begun
		}
	}
	q.add(j)
	return accepted, dropped, begun
}

// fits needs q.mu.
func (q *queue) fits(j job) bool {
	l := q.lanes[j.lane]
	return (l == nil || len(l.work) < q.limits.lane) &&
		q.count < q.limits.total && (q.count == 0 || q.size+j.size <= q.limits.bytes)
}

// victim needs q.mu. It returns the lane that has to give something up for a job of
// the lane key: that lane if it is full, else the longest, so that a busy
// broadcaster does not push out a quiet one. It is nil if no job waits.
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

// lanesLookedAt is how many lanes, taken at random, are compared with the one that
// was the longest. Comparing all would make a flood over many broadcasters slow.
const lanesLookedAt = 32

// remove needs q.mu. It takes a lane without work out of the queue.
func (q *queue) remove(l *lane) {
	delete(q.lanes, l.key)
	if i := slices.Index(q.ready, l); i >= 0 {
		q.ready = slices.Delete(q.ready, i, i+1)
	}
}

// drop takes the newest or the oldest job out of a lane that has one.
func (l *lane) drop(newest bool) job {
	i := 0
	if newest {
		i = len(l.work) - 1
	}
	j := l.work[i]
	l.work[i] = job{}
	if newest {
		l.work = l.work[:i]
	} else {
		l.work = l.work[1:]
	}
	return j
}

// add needs q.mu. It starts a worker if one is missing.
func (q *queue) add(j job) {
	q.count++
	q.size += j.size
	q.enqueue(j)
}

// enqueue needs q.mu.
func (q *queue) enqueue(j job) {
	if l, ok := q.lanes[j.lane]; ok {
		l.work = append(l.work, j)
		if q.longest == nil || len(l.work) > len(q.longest.work) {
			q.longest = l
		}
		return // it is ready or held already
	}
	l := &lane{key: j.lane, work: []job{j}}
	if q.lanes == nil {
		q.lanes = map[string]*lane{}
	}
	q.lanes[j.lane] = l
	q.ready = append(q.ready, l)
	q.hire()
}

// hire needs q.mu. It starts a worker if there may be another.
func (q *queue) hire() {
	if q.workers < q.limits.workers+q.stuck {
		q.workers++
		go q.work()
	}
}

// next gives back the lane a worker held and takes a job of another. It returns
// false if the worker shall end.
func (q *queue) next(held *lane) (*lane, job, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if held != nil {
		held.held = false
		if len(held.work) > 0 {
			q.ready = append(q.ready, held)
		} else {
			delete(q.lanes, held.key)
		}
	}
	if len(q.ready) > 0 && q.workers <= q.limits.workers+q.stuck {
		l := q.ready[0]
		q.ready[0] = nil
		q.ready = q.ready[1:]
		l.held = true
		if o := q.lost[l.key]; o != nil {
			delete(q.lost, l.key)
			return l, o.job(l.key), true
		}
		return l, l.drop(false), true
	}
	if q.workers--; q.workers == 0 && q.idle != nil {
		close(q.idle)
		q.idle = nil
	}
	return nil, job{}, false
}

// free needs q.mu. It gives a job's place back.
func (q *queue) free(j job) {
	if !j.counted {
		return
	}
	q.count--
	q.size -= j.size
	q.announceRoom()
}

// announceRoom needs q.mu. It wakes those who wait to push.
func (q *queue) announceRoom() {
	if q.room != nil {
		close(q.room)
		q.room = nil
	}
}
