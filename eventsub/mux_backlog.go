package eventsub

import "slices"

// A backlog lists the notifications of one lane that are in the inbox but not in the
// queue, by number. While a lane has one, further stored notifications of that lane
// join it, so that their order is kept.
type backlog struct {
	front  []int64 // moved from the queue back to the inbox, the next one last
	rest   []int64 // the next one first
	listed bool    // the lane is in queue.hungry
}

// next returns the numbers of the next notifications, at most limit.
func (b *backlog) next(limit int) []int64 {
	numbers := make([]int64, 0, min(limit, len(b.front)+len(b.rest)))
	for i := len(b.front) - 1; i >= 0 && len(numbers) < limit; i-- {
		numbers = append(numbers, b.front[i])
	}
	return append(numbers, b.rest[:min(limit-len(numbers), len(b.rest))]...)
}

// remove removes the next number.
func (b *backlog) remove() {
	if last := len(b.front) - 1; last >= 0 {
		b.front = b.front[:last]
	} else {
		b.rest = b.rest[1:]
	}
}

func (b *backlog) empty() bool { return len(b.front)+len(b.rest) == 0 }

// keep adds a stored job to its lane, or to the lane's backlog if there is no room.
func (q *queue) keep(j job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	b := q.backlogs[j.lane]
	if b == nil && !q.full(j.lane) && q.makeRoom(j) {
		q.add(j)
		return
	}
	if b == nil {
		b = q.openBacklog(j.lane)
	}
	b.rest = append(b.rest, j.number)
	q.behind++
	q.list(j.lane)
}

func (q *queue) openBacklog(key string) *backlog {
	if q.backlogs == nil {
		q.backlogs = map[string]*backlog{}
	}
	b := &backlog{}
	q.backlogs[key] = b
	return b
}

// makeRoom reports whether the queue as a whole has room for a stored job. If it is
// full, jobs of longer lanes go back to the inbox first, so that the busiest
// broadcaster waits and not the others. The caller holds q.mu.
func (q *queue) makeRoom(j job) bool {
	own := 0
	if l := q.lanes[j.lane]; l != nil {
		own = len(l.work)
	}
	for !q.spare(j) {
		l := q.longestKept(own + 2)
		if l == nil {
			return false
		}
		q.unqueue(l)
	}
	return true
}

// longestKept returns the longest lane that has stored jobs, and at least least jobs in
// all, or nil. Like victim it looks at some lanes only. The caller holds q.mu.
func (q *queue) longestKept(least int) *lane {
	var best *lane
	better := func(l *lane) bool {
		return l.kept > 0 && len(l.work) >= least && (best == nil || len(l.work) > len(best.work))
	}
	if l := q.longest; l != nil && q.lanes[l.key] == l && better(l) {
		best = l
	}
	looked := 0
	for _, l := range q.lanes {
		if better(l) {
			best = l
		}
		if looked++; looked == lanesLookedAt {
			break
		}
	}
	return best
}

// unqueue moves the newest stored job of a lane from the queue back to the inbox. The
// caller holds q.mu.
func (q *queue) unqueue(l *lane) {
	i := len(l.work) - 1
	for l.work[i].number == 0 {
		i--
	}
	j := l.work[i]
	copy(l.work[i:], l.work[i+1:])
	l.work[len(l.work)-1] = nil
	l.work = l.work[:len(l.work)-1]
	l.kept--
	q.count--
	q.size -= j.size
	b := q.backlogs[l.key]
	if b == nil {
		b = q.openBacklog(l.key)
	}
	b.front = append(b.front, j.number)
	q.behind++
	q.shrunk(l)
}

// shrunk notes that a lane lost a job: an empty lane is removed, and one with a backlog
// is fed if it is at most half full. The caller holds q.mu.
func (q *queue) shrunk(l *lane) {
	if !q.busy(l) && !l.held {
		q.remove(l)
	}
	if len(l.work) <= q.limits.lane/2 {
		q.list(l.key)
	}
}

// list adds a lane to those that are to be fed from their backlogs, unless it is full or
// has none. The caller holds q.mu.
func (q *queue) list(key string) {
	b := q.backlogs[key]
	if b == nil {
		return
	}
	if !b.listed && !q.full(key) {
		b.listed = true
		q.hungry = append(q.hungry, key)
	}
	q.callFeeder()
}

// callFeeder starts the feeder if it has something to do. The caller holds q.mu.
func (q *queue) callFeeder() {
	if _, ok := q.hungriest(); ok && !q.feeding && !q.closed {
		q.feeding = true
		q.feeder.startFeed()
	}
}

// hungryLookedAt is the number of lanes that hungriest looks at. If none of them can be
// fed, the queue is most likely full of jobs of lanes that are no longer.
const hungryLookedAt = 16

// hungriest returns a lane with a backlog for which there is room. The caller holds
// q.mu.
func (q *queue) hungriest() (key string, ok bool) {
	for range min(hungryLookedAt, len(q.hungry)) {
		key := q.hungry[0]
		q.hungry = q.hungry[1:]
		b := q.backlogs[key]
		if b == nil {
			continue
		}
		if b.listed = !q.full(key); !b.listed {
			continue
		}
		q.hungry = append(q.hungry, key) // the lanes take turns
		own := 0
		if l := q.lanes[key]; l != nil {
			own = len(l.work)
		}
		if q.spare(job{size: jobSize}) || q.longestKept(own+2) != nil {
			return key, true
		}
	}
	return "", false
}

// isNext reports whether a number is next in the backlog of a lane. The caller holds
// q.mu.
func (q *queue) isNext(key string, number int64) bool {
	b := q.backlogs[key]
	return b != nil && slices.Equal(b.next(1), []int64{number})
}

// served removes the next number from the backlog of a lane. The caller holds q.mu.
func (q *queue) served(key string) {
	b := q.backlogs[key]
	b.remove()
	q.behind--
	if b.empty() {
		delete(q.backlogs, key)
	}
}
