package eventsub

import (
	"fmt"
	"strings"
	"time"
)

// String describes the gap in one sentence, with times of the day in g.From's location.
func (g Gap) String() string {
	var text strings.Builder
	from, to := g.From.Round(time.Second), g.To.In(g.From.Location()).Round(time.Second)
	layout := time.TimeOnly
	if from.YearDay() != to.YearDay() || from.Year() != to.Year() {
		layout = "2006-01-02 15:04:05"
	}
	fmt.Fprintf(&text, "events may have been missed from %s to %s", from.Format(layout), to.Format(layout))
	if g.Reason != "" {
		fmt.Fprintf(&text, " (%s)", g.Reason)
	}
	switch {
	case g.Dropped > 0:
		fmt.Fprintf(&text, "; %d were dropped", g.Dropped)
	case len(g.Recovered) > 0:
		fmt.Fprintf(&text, "; %d fetched afterwards: %s", g.RecoveredCount, names(g.Recovered))
	}
	if len(g.Lost) > 0 {
		fmt.Fprintf(&text, "; not fetched, or not all: %s", names(g.Lost))
	}
	return text.String()
}

// names returns the names of types without their versions.
func names(types []Type) string {
	list := make([]string, len(types))
	for i, t := range types {
		list[i] = t.Name
	}
	return strings.Join(list, ", ")
}
