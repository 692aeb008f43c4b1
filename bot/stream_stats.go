package bot

import "sync/atomic"

// StreamStats count the work of a [Stream] since it was created.
type StreamStats struct {
	Messages   uint64 // messages that were handed on
	Merged     uint64 // of these, messages with both copies
	Alone      uint64 // of these, messages that waited for another copy in vain
	Early      uint64 // of these, messages that no longer waited because too many did
	Late       uint64 // second copies that arrived after their message was handed on
	Duplicates uint64 // copies that the same source had delivered before
	Dropped    uint64 // messages that were lost because their source ended before there was room
	Errors     uint64 // handlers that returned an error
	Panics     uint64 // handlers that panicked
	Held       int    // messages that wait now
	Channels   int    // channels that the stream remembers now
}

type streamCounters struct {
	messages, merged, alone, early, late, duplicates, dropped, errors, panics atomic.Uint64
}

// Stats returns the counts so far.
func (s *Stream) Stats() StreamStats {
	st := StreamStats{
		Messages: s.stats.messages.Load(), Merged: s.stats.merged.Load(), Alone: s.stats.alone.Load(), Early: s.stats.early.Load(),
		Late: s.stats.late.Load(), Duplicates: s.stats.duplicates.Load(), Dropped: s.stats.dropped.Load(),
		Errors: s.stats.errors.Load(), Panics: s.stats.panics.Load(),
	}
	for _, r := range s.every() {
		r.mu.Lock()
		st.Held += len(r.queue)
		r.mu.Unlock()
		st.Channels++
	}
	return st
}
