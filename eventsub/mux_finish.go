package eventsub

import "context"

const (
	// doneMost is the number of notifications that are removed from the inbox at once.
	doneMost = 1024
	// doneWaiting bounds those that are to be removed while the inbox fails. More than
	// that are left in the inbox and handled again by the next run.
	doneWaiting = 1 << 17
	// lastAttempts is the number of attempts that are made at once when Drain ran out
	// of time.
	lastAttempts = 3
)

// finish notes that the handlers of a stored notification have returned.
func (in *intake) finish(number int64) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if len(in.done) < doneWaiting {
		in.done = append(in.done, number)
	}
	if !in.finishing {
		in.finishing = true
		in.active++
		go in.remove()
	}
}

// remove removes from the inbox what is done, as much at once as has collected.
func (in *intake) remove() {
	backoff := storeBackoff()
	for {
		numbers := in.finished()
		if numbers == nil {
			return
		}
		for attempt := 1; ; attempt++ {
			ctx, cancel := context.WithTimeout(context.Background(), storeTimeout) // no caller waits for it
			err := in.inbox.Done(ctx, numbers...)
			cancel()
			if err == nil {
				backoff = storeBackoff()
				break
			}
			in.failed("remove events", err)
			if in.isClosed() && attempt >= lastAttempts {
				break
			}
			in.sleep(backoff.Next())
		}
	}
}

// finished returns numbers to remove from the inbox, or nil if there are none and remove
// has to end.
func (in *intake) finished() []int64 {
	in.mu.Lock()
	defer in.mu.Unlock()
	most := min(doneMost, len(in.done))
	if most == 0 {
		in.finishing = false
		in.endLocked()
		return nil
	}
	numbers := in.done[:most:most]
	if in.done = in.done[most:]; len(in.done) == 0 {
		in.done = nil
	}
	return numbers
}

func (in *intake) isClosed() bool {
	select {
	case <-in.closed:
		return true
	default:
		return false
	}
}
