package chat

import (
	"slices"
	"time"
)

const (
	windowLength = 30 * time.Second // of Twitch's limits for messages
	between      = time.Second      // two messages to a channel that the account does not moderate
)

// A window counts the messages of the last 30 seconds. A message counts from the moment
// at which it is sent until 30 seconds after its answer: in between Twitch has counted it,
// and the program cannot know when. Therefore no stretch of 30 seconds holds more messages than
// allowed, however long they are on their way.
type window struct {
	sending int         // without an answer yet
	sent    []time.Time // when the answers came, ascending; of the last 30 seconds
}

// used returns how many messages count at the time now.
func (w *window) used(now time.Time) int {
	past := 0
	for past < len(w.sent) && !w.sent[past].Add(windowLength).After(now) {
		past++
	}
	w.sent = slices.Delete(w.sent, 0, past)
	return w.sending + len(w.sent)
}

// due returns how long it takes until fewer than n messages count. ok is false if that
// depends on an answer.
func (w *window) due(now time.Time, n int) (wait time.Duration, ok bool) {
	i := w.used(now) - n // the message that must be forgotten
	switch {
	case i < 0:
		return 0, true
	case i >= len(w.sent):
		return 0, false
	default:
		return w.sent[i].Add(windowLength).Sub(now), true
	}
}

// begin counts a message that is about to be sent.
func (w *window) begin() { w.sending++ }

// end records the answer. counts is false if the message was not sent.
func (w *window) end(now time.Time, counts bool) {
	w.sending--
	if counts {
		w.sent = append(w.sent, now)
	}
}
