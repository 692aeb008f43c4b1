package eventsub_test

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// An entry of a ledger is an event that happened.
type entry struct {
	kind    eventsub.Type
	channel string
	at      time.Time // when it happened
	until   time.Time // when Twitch sent it at the latest
	strict  bool      // nothing has happened that excuses its loss
	kept    bool      // Twitch's API returns it later: nothing excuses its loss
	ordered bool      // Twitch sends it after the one before it

	got       int // how often it was handled
	recovered bool
	after     int // the greatest number of its channel that was handled before it
}

// A period is a time in which events of some types may be missing.
type period struct {
	from, to time.Time
	types    []eventsub.Type
	reason   string
}

// A ledger records which events happened, which were handled and which gaps were reported.
// It keeps the events since the last settlement only.
type ledger struct {
	mu      sync.Mutex
	first   int                   // guarded by mu; number of entries[0]
	entries []entry               // guarded by mu
	newest  map[string]int        // guarded by mu; number of the last handled event, by channel
	gaps    []period              // guarded by mu
	wrong   []string              // guarded by mu; what must not happen
	totals  ledgerTotals          // guarded by mu
	givenUp map[int]eventsub.Type // guarded by mu; events before first of which the program could not know
}

type ledgerTotals struct {
	happened, handled, inGaps, givenUp, recovered, gaps int

	gapTime time.Duration
}

func (s ledgerTotals) String() string {
	return fmt.Sprintf("%d events, %d handled (%d of them recovered), %d lost in %d gaps of %v, %d that Twitch gave up",
		s.happened, s.handled, s.recovered, s.inGaps, s.gaps, s.gapTime.Round(time.Second), s.givenUp)
}

// add records an event and returns its number.
func (l *ledger) add(e entry) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = append(l.entries, e)
	l.totals.happened++
	return l.first + len(l.entries) - 1
}

// handled records that the event with a number was handled.
func (l *ledger) handled(n int, kind eventsub.Type, meta eventsub.Meta) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.givenUp[n] == kind && meta.Recovered { // found when something else was missed
		delete(l.givenUp, n)
		l.totals.handled++
		l.totals.recovered++
		return
	}
	if n < l.first || n >= l.first+len(l.entries) {
		l.fail("%s %d was handled after all was quiet, or never happened", kind.Name, n)
		return
	}
	e := &l.entries[n-l.first]
	if e.kind != kind {
		l.fail("%d is a %s, and was handled as %s", n, e.kind.Name, kind.Name)
	}
	if e.got++; e.got > 1 {
		return
	}
	e.recovered, e.after = meta.Recovered, l.newest[e.channel]
	if !meta.Recovered {
		l.newest[e.channel] = max(n, e.after)
	} else if meta.Source == "" {
		l.fail("%s %d was recovered from nowhere", kind.Name, n)
	}
}

// gap records a reported gap. Events of the types in recovered were lost too, but were
// handled all the same.
func (l *ledger) gap(g *eventsub.Gap) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.gaps = append(l.gaps, period{from: g.From, to: g.To, types: slices.Clone(g.Lost), reason: g.Reason})
	l.totals.gaps++
	l.totals.gapTime += g.To.Sub(g.From)
}

// fail records a mistake. The caller holds mu.
func (l *ledger) fail(format string, values ...any) {
	if len(l.wrong) < 5 {
		l.wrong = append(l.wrong, fmt.Sprintf(format, values...))
	}
}

// excuse records that events that Twitch has perhaps not sent by now may be lost.
func (l *ledger) excuse(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.entries {
		if e := &l.entries[i]; !e.until.Before(now) && !e.kept {
			e.strict = false
		}
	}
}

// settle compares what happened with what was handled. Up to givenUp events may be missing
// without a gap. It returns what is wrong, and begins anew.
func (l *ledger) settle(givenUp int) (wrong []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	missing := 0
	for i, e := range l.entries {
		n, name := l.first+i, fmt.Sprintf("%s %d of %s", e.kind.Name, l.first+i, e.at.Format(time.StampMilli))
		switch {
		case e.got > 1:
			l.fail("%s was handled %d times", name, e.got)
		case e.got == 1 && e.ordered && !e.recovered && e.after > n:
			l.fail("%s was handled after %d", name, e.after)
		case e.got == 0 && (e.strict || e.kept):
			l.fail("%s is lost, although nothing was cut off", name)
		case e.got == 0 && l.covered(e):
			l.totals.inGaps++
		case e.got == 0:
			if missing++; missing > givenUp {
				l.fail("%s is lost, and in no gap", name)
			} else {
				l.totals.givenUp++
				l.givenUp[n] = e.kind
			}
		}
		if e.got > 0 {
			l.totals.handled++
		}
		if e.recovered {
			l.totals.recovered++
		}
	}
	wrong = l.wrong
	if len(wrong) > 0 {
		for _, g := range l.gaps {
			wrong = append(wrong, fmt.Sprintf("gap from %s to %s of %v: %s", g.from.Format(time.StampMilli), g.to.Format(time.StampMilli), g.types, g.reason))
		}
	}
	l.first += len(l.entries)
	l.entries, l.gaps, l.wrong = l.entries[:0], nil, nil
	return wrong
}

// covered reports whether a gap names an event's type and covers the time in which Twitch
// sent it. The caller holds mu.
func (l *ledger) covered(e entry) bool {
	return slices.ContainsFunc(l.gaps, func(g period) bool {
		return !g.from.After(e.until) && !g.to.Before(e.at) && slices.Contains(g.types, e.kind)
	})
}
