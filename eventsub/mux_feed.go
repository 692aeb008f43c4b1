package eventsub

import (
	"context"
	"log/slog"
)

// feedMost is the number of notifications that are read from the inbox at once.
const feedMost = 64

// feed moves notifications from the inbox to lanes that have room. It ends when no lane
// with a backlog has room; the queue starts it again.
func (in *intake) feed() {
	backoff := storeBackoff()
	for {
		key, numbers := in.hungry()
		if len(numbers) == 0 {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), storeTimeout) // no caller waits for it
		entries, err := in.inbox.Waiting(ctx, numbers[0]-1, int(numbers[len(numbers)-1]-numbers[0])+1)
		cancel()
		if err != nil {
			in.failed("read events", err)
			in.sleep(backoff.Next())
			continue
		}
		backoff = storeBackoff()
		if !in.serve(key, numbers, entries) {
			return
		}
	}
}

// hungry returns a lane that has room, and the numbers to read for it: those of its
// next notifications, as far as at most every second number between them belongs to
// others. It returns none if the feeder should end.
func (in *intake) hungry() (key string, numbers []int64) {
	q := &in.mux.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	key, ok := q.hungriest()
	if !ok || q.closed {
		in.stopFeeding()
		return "", nil
	}
	free := q.limits.lane
	if l := q.lanes[key]; l != nil {
		free -= len(l.work)
	}
	numbers = q.backlogs[key].next(min(feedMost, free))
	for i, n := range numbers {
		if n-numbers[0] > int64(2*i) {
			return key, numbers[:i]
		}
	}
	return key, numbers
}

// serve queues the entries with these numbers, in order, as long as there is room. It
// returns false if the feeder should end.
func (in *intake) serve(key string, numbers []int64, entries []InboxEntry) bool {
	q := &in.mux.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, number := range numbers {
		if !q.isNext(key, number) { // an older one came back to the inbox
			return true
		}
		for len(entries) > 0 && entries[0].Number < number {
			entries = entries[1:]
		}
		if len(entries) == 0 || entries[0].Number > number { // it was removed from the inbox
			q.served(key)
			continue
		}
		j := in.job(context.Background(), entries[0]) // the values of Accept's context are not stored
		j.lane = key
		if q.full(key) {
			return true
		}
		if !q.makeRoom(j) {
			in.stopFeeding() // until a job ends
			return false
		}
		q.served(key)
		q.add(j)
	}
	return true
}

// stopFeeding notes that the feeder ends. The caller holds queue.mu.
func (in *intake) stopFeeding() {
	in.mux.queue.feeding = false
	in.end()
}

// job returns the job of a stored notification.
func (in *intake) job(ctx context.Context, e InboxEntry) job {
	j := newJob(ctx, e.Notification)
	j.number = e.Number
	j.n.Meta.Redelivered = e.Number <= in.resumed.Load()
	return j
}

func (in *intake) failed(doing string, err error) {
	in.mux.stats.storeErrors.Add(1)
	in.mux.logger.Error("event store", slog.String("doing", doing), slog.Any("error", err))
}
