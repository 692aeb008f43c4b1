package eventsub

import "context"

// Accept takes over notifications from a sender that repeats what was not accepted, such
// as Twitch's webhook requests. It never waits for handlers, and never drops what it
// accepted.
//
// With [MuxOptions].Inbox, Accept returns nil when all notifications are stored and in
// order for their handlers, so that they survive the end of the program. Notifications
// whose message id the inbox knows are dropped. When the queue is full, notifications
// stay in the inbox and are handled, in order for each broadcaster, when there is room;
// notifications of a Dispatch or Offer may overtake these. Concurrent calls share one
// write to the inbox. An error of the inbox, such as [ErrInboxFull], is returned and
// counted: then none of the notifications were accepted. When ctx ends, Accept returns
// ctx's error; the notifications may be stored all the same. After a [Mux.Drain] that
// ran out of time Accept returns [ErrClosed].
//
// Without an inbox, Accept queues either all notifications or none, in memory only. It
// returns [ErrQueueFull] if there is no room now, so that the sender can be asked to
// repeat them: nothing is dropped by Accept, but what it accepted is lost when the
// program is killed, and a call of [Mux.Offer] can drop it later, with a [Gap].
//
// The context of a handler has the values of ctx, unless the notification waited in the
// inbox.
func (m *Mux) Accept(ctx context.Context, ns ...Notification) error {
	m.mustBeNew()
	if len(ns) == 0 {
		return nil
	}
	if m.intake != nil {
		return m.intake.accept(ctx, ns)
	}
	jobs := make([]job, len(ns))
	for i, n := range ns {
		jobs[i] = newJob(ctx, n)
	}
	return m.enqueue(jobs...)
}

// enqueue queues all jobs or none, without waiting.
func (m *Mux) enqueue(jobs ...job) error {
	switch m.queue.addAll(jobs, m.tap) {
	case shut:
		return ErrClosed
	case refused:
		return ErrQueueFull
	default:
		m.stats.dispatched.Add(uint64(len(jobs)))
		return nil
	}
}

// Resume passes the notifications that an earlier run of the program left in the inbox
// to the handlers, with [Meta].Redelivered set and in the order in which they were
// stored. Call it when all handlers are registered; it does not wait for them.
//
// The first Accept calls Resume, so they are handled before newer ones of the same
// broadcaster; further calls do nothing. After an error of the inbox, which is
// returned, the next call continues. Without an inbox Resume does nothing.
func (m *Mux) Resume(ctx context.Context) error {
	m.mustBeNew()
	if m.intake == nil {
		return nil
	}
	return m.intake.accept(ctx, nil)
}

// addAll adds jobs if there is room for all of them. It passes them to tap before a
// handler can see them.
func (q *queue) addAll(jobs []job, tap func(Notification)) outcome {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return shut
	}
	lanes := make(map[string]int, 1)
	for _, j := range jobs {
		lanes[j.lane]++
	}
	for key, more := range lanes {
		if l := q.lanes[key]; l != nil {
			more += len(l.work)
		}
		if more > q.limits.lane {
			return refused
		}
	}
	size := 0
	for _, j := range jobs {
		size += j.size
	}
	if q.count+len(jobs) > q.limits.total || q.count > 0 && q.size+size > q.limits.bytes {
		return refused
	}
	for _, j := range jobs {
		tap(j.n)
		q.add(j)
	}
	return accepted
}
