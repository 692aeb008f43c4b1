package eventsub

import "slices"

// A waiter is a caller of [Mux.Dispatch] that waits for room.
type waiter struct {
	job    job
	result outcome       // guarded by queue.mu; refused while it waits
	done   chan struct{} // closed when result is final
}

// push adds a job. If the queue is full, the caller has to wait for the returned waiter
// and then call leave.
func (q *queue) push(j job) (outcome, *waiter) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return shut, nil
	}
	if len(q.waiters) == 0 && q.fits(j) {
		q.add(j)
		return accepted, nil
	}
	w := &waiter{job: j, result: refused, done: make(chan struct{})}
	q.waiters = append(q.waiters, w)
	q.admit() // its lane may have room although others wait
	return w.result, w
}

// admit adds the jobs of waiters for which there is room. Waiters of one lane are served
// in order of arrival, and so are all waiters while the queue as a whole is full. The
// caller holds q.mu.
func (q *queue) admit() {
	left := q.waiters[:0]
	for i, w := range q.waiters {
		if !q.spare(w.job) {
			left = append(left, q.waiters[i:]...)
			break
		}
		if q.full(w.job.lane) {
			left = append(left, w)
			continue
		}
		q.add(w.job)
		w.end(accepted)
	}
	clear(q.waiters[len(left):])
	q.waiters = left
}

// leave ends the waiting of a caller, and returns refused if its job was not added.
func (q *queue) leave(w *waiter) outcome {
	q.mu.Lock()
	defer q.mu.Unlock()
	if i := slices.Index(q.waiters, w); i >= 0 {
		q.waiters = slices.Delete(q.waiters, i, i+1)
		q.admit() // a smaller job that came later may fit
	}
	return w.result
}

// dismiss ends the waiting of all callers of a closed queue. The caller holds q.mu.
func (q *queue) dismiss() {
	for _, w := range q.waiters {
		w.end(shut)
	}
	q.waiters = nil
}

func (w *waiter) end(result outcome) {
	w.result = result
	close(w.done)
}
