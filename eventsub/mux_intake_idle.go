package eventsub

import "time"

// begin notes that a goroutine begins.
func (in *intake) begin() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.active++
}

// end notes that a goroutine ends.
func (in *intake) end() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.endLocked()
}

// endLocked is end for a caller that holds in.mu.
func (in *intake) endLocked() {
	if in.active--; in.active == 0 && in.idle != nil {
		close(in.idle)
		in.idle = nil
	}
}

// wait returns a channel that is closed when no goroutine runs, or nil if none does.
func (in *intake) wait() <-chan struct{} {
	if in == nil {
		return nil
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.active == 0 {
		return nil
	}
	if in.idle == nil {
		in.idle = make(chan struct{})
	}
	return in.idle
}

// close makes accept return an error, and ends the waits between attempts.
func (in *intake) close() {
	if in == nil {
		return
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	select {
	case <-in.closed:
	default:
		close(in.closed)
	}
}

// sleep waits before the next attempt, unless the mux is closed.
func (in *intake) sleep(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-in.closed:
	}
}
