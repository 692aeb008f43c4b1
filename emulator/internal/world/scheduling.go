package world

import (
	"net/http"
	"slices"
	"time"
)

// AddSegment adds a stream, or one for every week, to a schedule.
func (w *World) AddSegment(broadcasterID string, n SegmentSettings) (ScheduledStream, error) {
	c := w.begin()
	defer c.end()
	b, s, err := w.schedule(broadcasterID)
	if err != nil {
		return ScheduledStream{}, err
	}
	if !n.Recurring && b.BroadcasterType == "" {
		return ScheduledStream{}, refuse(http.StatusForbidden, "Only partners and affiliates may add non-recurring broadcast segments.")
	}
	one := &segment{id: w.uuid(), SegmentSettings: n, canceled: map[string]bool{}}
	if err := s.overlap(one); err != nil {
		return ScheduledStream{}, err
	}
	s.exists = true
	s.segments = append(s.segments, one)
	return one.week(0), nil
}

// overlap returns an error if a segment has a stream while another has one.
func (s *schedule) overlap(one *segment) error {
	first := one.week(0)
	for _, other := range s.segments {
		if other == one {
			continue
		}
		for _, stream := range other.streams(first.Start) {
			if stream.Start.Before(first.End) {
				return badRequest("The segment overlaps with another segment of the schedule.")
			}
		}
	}
	return nil
}

// A SegmentChange says what to change of a segment; nil leaves as it is.
type SegmentChange struct {
	Start    *time.Time
	Zone     *time.Location
	Duration *time.Duration
	Title    *string
	Game     *Game
	Canceled *bool // of the one stream whose id is given
}

// ChangeSegment changes a segment by the id of one of its streams.
func (w *World) ChangeSegment(broadcasterID, id string, change SegmentChange) (ScheduledStream, error) {
	c := w.begin()
	defer c.end()
	b, s, err := w.schedule(broadcasterID)
	if err != nil {
		return ScheduledStream{}, err
	}
	one, stream, ok := s.find(id)
	if !ok {
		return ScheduledStream{}, refuse(http.StatusNotFound, "The ID in the id query parameter was not found in the broadcaster's schedule.")
	}
	before := one.SegmentSettings
	if change.Start != nil {
		if one.Recurring || b.BroadcasterType == "" {
			return ScheduledStream{}, badRequest("Only partners and affiliates may update start_time, and only of non-recurring segments.")
		}
		one.Start = change.Start.In(one.Start.Location())
	}
	if change.Zone != nil {
		one.Start = one.Start.In(change.Zone)
	}
	if change.Duration != nil {
		one.Duration = *change.Duration
	}
	if change.Title != nil {
		one.Title = *change.Title
	}
	if change.Game != nil {
		one.Game = *change.Game
	}
	if one.Start != before.Start || one.Duration != before.Duration {
		if err := s.overlap(one); err != nil {
			one.SegmentSettings = before
			return ScheduledStream{}, err
		}
	}
	return one.changed(stream, change.Canceled), nil
}

// changed returns a stream after its segment changed, and perhaps cancels it.
func (s *segment) changed(stream ScheduledStream, canceled *bool) ScheduledStream {
	weeks := 0
	if s.Recurring {
		weeks = int(stream.Start.Sub(s.Start).Round(7*24*time.Hour) / (7 * 24 * time.Hour))
	}
	after := s.week(weeks)
	if canceled != nil {
		s.canceled[after.ID] = *canceled
		after = s.week(weeks)
	}
	return after
}

// RemoveSegment takes a segment, with all streams of it, out of a schedule.
// Nothing happens if there is none of that id.
func (w *World) RemoveSegment(broadcasterID, id string) error {
	c := w.begin()
	defer c.end()
	_, s, err := w.schedule(broadcasterID)
	if err != nil {
		return err
	}
	one, _, _ := s.find(id)
	s.segments = slices.DeleteFunc(s.segments, func(other *segment) bool { return other == one })
	return nil
}

// SetVacation has a schedule pause from start to end; zero times end the vacation.
func (w *World) SetVacation(broadcasterID string, start, end time.Time) error {
	c := w.begin()
	defer c.end()
	_, s, err := w.schedule(broadcasterID)
	if err != nil {
		return err
	}
	if start.IsZero() && !s.exists {
		return refuse(http.StatusNotFound, "The broadcaster has not created a streaming schedule.")
	}
	if end.Before(start) {
		return badRequest("The vacation_end_time must be after the vacation_start_time.")
	}
	s.exists, s.vacationStart, s.vacationEnd = true, start, end
	return nil
}
