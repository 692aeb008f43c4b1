package eventsub

import (
	"slices"
	"sync/atomic"
	"time"
)

const (
	// overlap is how much later than a fact its notification may be sent.
	overlap = 10 * time.Second
	// mostRecent is the number of handled facts that are remembered for a condition.
	mostRecent = 1000
)

// A line is a connection that delivers notifications. While it lives, its subscriptions
// are complete up to its last message.
type line struct{ last atomic.Int64 }

// newLine returns a line that delivers from now on.
func newLine(now time.Time) *line {
	l := &line{}
	l.hear(now)
	return l
}

// hear records a message that was sent at a time, by Twitch's clock.
func (l *line) hear(sent time.Time) {
	if l != nil {
		l.last.Store(sent.UnixNano())
	}
}

func (l *line) heard() time.Time { return time.Unix(0, l.last.Load()).UTC() }

// A mark says up to when the events of a condition are complete. Its fields are guarded
// by recovery.mu, unless stated otherwise.
type mark struct {
	key          string
	target       *target // nil until it was subscribed in this run
	userID       string
	subscription string
	line         *line     // nil without a subscription
	at           time.Time // complete up to, if the line says nothing later
	forgotten    bool

	waiting []*waiting // notifications that are not handled, in order of arrival; as many as the queue has, at most
	recent  []fact     // handled shortly before at

	losses    []loss     // times that were not worked off, oldest first; the last has not ended if line is nil
	announced bool       // the transport knows of the last loss
	frozen    *watermark // what is stored while there are losses

	turn    turn   // held while the state is computed; before recovery.mu
	state   []byte // of the recoverer; nil if there is none
	events  []Notification
	fetched time.Time // when the state was fetched
}

// A waiting is a notification that is not handled yet.
type waiting struct {
	sent time.Time
	then time.Time // the last of those that arrived after it, before the next waiting one, and were handled
}

// A fact is a handled event.
type fact struct {
	Key string    `json:"k"`
	At  time.Time `json:"t"` // when its notification was sent
}

// A loss is a time whose events may have been missed.
type loss struct {
	from   time.Time
	reason error
	bound  bool // a catchUp works it off
}

// A watermark is the content of a [Watermark], with events that its state lacks.
type watermark struct {
	at     time.Time
	state  []byte
	events []Notification
	recent []fact
}

// complete returns up to when all events were handled.
func (m *mark) complete() time.Time {
	at := m.at
	if m.line != nil && m.line.heard().After(at) {
		at = m.line.heard()
	}
	if len(m.waiting) > 0 && !m.waiting[0].sent.After(at) {
		at = m.waiting[0].sent.Add(-1)
	}
	return at
}

// finished removes a notification that was handled. A handler that is stuck must not make
// the list grow, so a later one is removed as well: the one before it keeps its time.
func (m *mark) finished(w *waiting) {
	i := slices.Index(m.waiting, w)
	if i < 0 { // it was not listed, because an inbox has it
		return
	}
	m.waiting = slices.Delete(m.waiting, i, i+1)
	at := &m.at
	if i > 0 {
		at = &m.waiting[i-1].then
	}
	for _, sent := range []time.Time{w.sent, w.then} {
		if sent.After(*at) {
			*at = sent
		}
	}
}

// remember adds a handled fact and drops those that are too old to be found again.
func (m *mark) remember(key string, sent time.Time) {
	old := m.complete().Add(-overlap - idleEvery)
	m.recent = slices.DeleteFunc(m.recent, func(f fact) bool { return f.At.Before(old) })
	if drop := len(m.recent) - mostRecent; drop > 0 {
		m.recent = slices.Delete(m.recent, 0, drop)
	}
	if key != "" && !sent.Before(old) {
		m.recent = append(m.recent, fact{Key: key, At: sent})
	}
}

// known reports whether a fact was handled shortly before the last loss.
func (m *mark) known(key string) bool {
	for _, f := range m.recent {
		if f.Key == key {
			return true
		}
	}
	return false
}

// freeze keeps what is stored until all losses are worked off.
func (m *mark) freeze() {
	if m.frozen == nil {
		m.frozen = m.snapshot()
	}
}

// snapshot returns the mark as it is now.
func (m *mark) snapshot() *watermark {
	w := &watermark{at: m.complete(), state: m.state}
	w.events = append(w.events, m.events...)
	w.recent = append(w.recent, m.recent...)
	return w
}
