package chat

import "errors"

// SenderStats count the messages of a [Sender], each part of a text that was split as one.
type SenderStats struct {
	Waiting  int   // messages that wait or are being sent now
	Accepted int64 // Twitch accepted them
	Dropped  int64 // Twitch did not show them
	Unknown  int64 // no answer came
	Expired  int64 // not sent in time
	Crowded  int64 // given up because too many waited
	Failed   int64 // not sent for another reason: an error of the carrier, the end of a context
}

// count counts a message that was not accepted.
func (t *SenderStats) count(err error) {
	_, dropped := errors.AsType[*DroppedError](err)
	switch {
	case dropped:
		t.Dropped++
	case errors.Is(err, ErrUnknownOutcome):
		t.Unknown++
	default:
		t.Failed++
	}
}

// Stats returns the counts since the Sender was made.
func (s *Sender) Stats() SenderStats {
	s.mu.Lock()
	defer s.mu.Unlock()
	stats := s.stats
	stats.Waiting = s.waiting
	return stats
}
