package world

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"
)

// A Schedule says when a broadcaster streams.
type Schedule struct {
	Broadcaster   User
	VacationStart time.Time // zero: no vacation
	VacationEnd   time.Time
}

// A ScheduledStream is one stream of a schedule. Streams that recur weekly
// have an id for every week.
type ScheduledStream struct {
	ID            string
	Start, End    time.Time // in the time zone that the broadcaster chose
	Title         string
	Game          Game      // zero: no category
	CanceledUntil time.Time // zero: it takes place
	Recurring     bool
}

// schedule is a Schedule with its segments.
type schedule struct {
	exists        bool
	vacationStart time.Time
	vacationEnd   time.Time
	segments      []*segment // in order of creation
}

type segment struct {
	id string
	SegmentSettings
	canceled map[string]bool // by id of the stream
}

// SegmentSettings are what a broadcaster chooses of a segment of their schedule.
type SegmentSettings struct {
	Start     time.Time // of the first stream, in the segment's time zone
	Duration  time.Duration
	Recurring bool
	Title     string
	Game      Game
}

// horizon is how far ahead streams that recur are listed.
const horizon = 52

// maxWeeks is for how long after the first the id of a stream is looked for.
const maxWeeks = 53 * 50

// segmentID is what the id of a stream in a schedule is made of, on Twitch too.
type segmentID struct {
	Segment string `json:"segmentID"`
	Year    int    `json:"isoYear"`
	Week    int    `json:"isoWeek"`
}

func (id segmentID) String() string {
	raw, _ := json.Marshal(id) // a string and two numbers
	return base64.StdEncoding.EncodeToString(raw)
}

func parseSegmentID(text string) (id segmentID, ok bool) {
	raw, err := base64.StdEncoding.DecodeString(text)
	return id, err == nil && json.Unmarshal(raw, &id) == nil
}

// week returns the stream of a week after the first.
func (s *segment) week(n int) ScheduledStream {
	start := s.Start.AddDate(0, 0, 7*n)
	id := segmentID{Segment: s.id}
	id.Year, id.Week = start.ISOWeek()
	one := ScheduledStream{
		ID: id.String(), Start: start, End: start.Add(s.Duration), Title: s.Title, Game: s.Game, Recurring: s.Recurring,
	}
	if s.canceled[one.ID] {
		one.CanceledUntil = one.End
	}
	return one
}

// streams returns the streams of a segment that are not over at a time.
func (s *segment) streams(from time.Time) []ScheduledStream {
	first, last := 0, 0
	if s.Recurring {
		if from.After(s.Start) {
			first = int(from.Sub(s.Start)/(7*24*time.Hour)) - 1
		}
		first = max(first, 0)
		last = first + horizon
	}
	var all []ScheduledStream
	for n := first; n <= last; n++ {
		if one := s.week(n); one.End.After(from) {
			all = append(all, one)
		}
	}
	return all
}

func (s *schedule) streams(from time.Time) []ScheduledStream {
	var all []ScheduledStream
	for _, one := range s.segments {
		all = append(all, one.streams(from)...)
	}
	Order(all, func(a, b *ScheduledStream) int { return a.Start.Compare(b.Start) })
	return all
}

// find returns the segment that the id of a stream belongs to, and the stream.
func (s *schedule) find(id string) (*segment, ScheduledStream, bool) {
	parts, ok := parseSegmentID(id)
	if !ok {
		return nil, ScheduledStream{}, false
	}
	for _, one := range s.segments {
		if one.id != parts.Segment {
			continue
		}
		weeks := 0
		if one.Recurring {
			year, _ := one.Start.ISOWeek()
			weeks = min((parts.Year-year+1)*53, maxWeeks) // a few too many
		}
		for n := range max(weeks, 0) + 1 {
			if stream := one.week(n); stream.ID == id {
				return one, stream, true
			}
		}
	}
	return nil, ScheduledStream{}, false
}

func (w *World) schedule(broadcasterID string) (*User, *schedule, error) {
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return nil, nil, err
	}
	return b, &ch.schedule, nil
}

// ScheduleOf returns a broadcaster's schedule and its streams that are not over
// at a time, for a year. Without a schedule it is an error.
func (w *World) ScheduleOf(broadcasterID string, from time.Time) (Schedule, []ScheduledStream, error) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	b, s, err := w.schedule(broadcasterID)
	if err != nil {
		return Schedule{}, nil, err
	}
	if !s.exists {
		return Schedule{}, nil, refuse(http.StatusNotFound, "The broadcaster has not created a streaming schedule.")
	}
	return Schedule{*b, s.vacationStart, s.vacationEnd}, s.streams(from), nil
}

// ScheduledStream returns a stream of a schedule by its id, also one that is over.
func (w *World) ScheduledStream(broadcasterID, id string) (ScheduledStream, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	_, s, err := w.schedule(broadcasterID)
	if err != nil {
		return ScheduledStream{}, false
	}
	_, stream, ok := s.find(id)
	return stream, ok
}

// Segments returns the first stream of all segments of a schedule.
func (w *World) Segments(broadcasterID string) []ScheduledStream {
	w.mu.RLock()
	defer w.mu.RUnlock()
	_, s, err := w.schedule(broadcasterID)
	if err != nil {
		return nil
	}
	all := make([]ScheduledStream, len(s.segments))
	for i, one := range s.segments {
		all[i] = one.week(0)
	}
	return all
}
