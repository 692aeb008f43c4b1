package api

import (
	"strconv"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func scheduledID(s world.ScheduledStream) string { return s.ID }

func showScheduled(s world.ScheduledStream) obj {
	o := obj{
		"id": s.ID, "start_time": stamp(s.Start), "end_time": stamp(s.End), "title": s.Title,
		"canceled_until": stampOrNull(s.CanceledUntil), "category": nil, "is_recurring": s.Recurring,
	}
	if s.Game.ID != "" {
		o["category"] = obj{"id": s.Game.ID, "name": s.Game.Name}
	}
	return o
}

func showSchedule(s world.Schedule, segments any) obj {
	b := s.Broadcaster
	o := obj{
		"segments": segments, "broadcaster_id": b.ID, "broadcaster_name": b.DisplayName, "broadcaster_login": b.Login, "vacation": nil,
	}
	if !s.VacationStart.IsZero() {
		o["vacation"] = obj{"start_time": stamp(s.VacationStart), "end_time": stamp(s.VacationEnd)}
	}
	return o
}

func getSchedule(c *call) (obj, error) {
	from, err := c.moment("start_time")
	if err != nil {
		return nil, err
	}
	if from.IsZero() {
		from = time.Now()
	}
	s, streams, err := c.world.ScheduleOf(c.broadcaster(), from)
	if err != nil {
		return nil, err
	}
	if ids := c.query["id"]; len(ids) > 0 {
		streams = nil
		for _, id := range ids {
			if one, ok := c.world.ScheduledStream(c.broadcaster(), id); ok {
				streams = append(streams, one)
			}
		}
	}
	answer, err := page(c, streams, scheduledID, showScheduled)
	if err != nil {
		return nil, err
	}
	if len(streams) == 0 {
		answer["data"] = nil
	}
	answer["data"] = showSchedule(s, answer["data"])
	return answer, nil
}

// segmentFields reads what creating and updating a segment have in common.
func (c *call) segmentFields() (change world.SegmentChange, err error) {
	if v := c.get("start_time"); v != "" {
		start, err := time.Parse(time.RFC3339, v)
		if err != nil {
			return change, malformed("start_time", "the value must be a date in RFC3339 format")
		}
		change.Start = &start
	}
	if change.Zone, err = c.zone("timezone"); err != nil {
		return change, err
	}
	if v := c.get("duration"); v != "" {
		minutes, err := strconv.Atoi(v)
		if err != nil || minutes < 30 || minutes > 1380 {
			return change, malformed("duration", "the value must be a number of minutes from 30 to 1380")
		}
		change.Duration = new(time.Duration(minutes) * time.Minute)
	}
	if id, ok := field[string](c, "category_id"); ok {
		game, found := world.Game{}, id == ""
		for _, g := range c.world.Games() {
			if g.ID == id {
				game, found = g, true
			}
		}
		if !found {
			return change, bad("The ID in the category_id field is not valid.")
		}
		change.Game = &game
	}
	change.Title, change.Canceled = optional[string](c, "title"), optional[bool](c, "is_canceled")
	return change, nil
}

func createScheduled(c *call) (obj, error) {
	f, err := c.segmentFields()
	if err != nil {
		return nil, err
	}
	n := world.SegmentSettings{Start: f.Start.In(f.Zone), Duration: *f.Duration} // required, so they are there
	n.Recurring, _ = field[bool](c, "is_recurring")
	if f.Title != nil {
		n.Title = *f.Title
	}
	if f.Game != nil {
		n.Game = *f.Game
	}
	one, err := c.world.AddSegment(c.broadcaster(), n)
	return c.answerScheduled(one, err)
}

func updateScheduled(c *call) (obj, error) {
	f, err := c.segmentFields()
	if err != nil {
		return nil, err
	}
	one, err := c.world.ChangeSegment(c.broadcaster(), c.query.Get("id"), f)
	return c.answerScheduled(one, err)
}

func (c *call) answerScheduled(one world.ScheduledStream, err error) (obj, error) {
	if err != nil {
		return nil, err
	}
	s, _, err := c.world.ScheduleOf(c.broadcaster(), one.Start)
	if err != nil {
		return nil, err
	}
	return obj{"data": showSchedule(s, []obj{showScheduled(one)})}, nil
}

func deleteScheduled(c *call) (obj, error) {
	return nil, c.world.RemoveSegment(c.broadcaster(), c.query.Get("id"))
}

func updateSchedule(c *call) (obj, error) {
	if !c.has("is_vacation_enabled") {
		return nil, nil
	}
	if c.get("is_vacation_enabled") == "false" {
		return nil, c.world.SetVacation(c.broadcaster(), time.Time{}, time.Time{})
	}
	for _, name := range []string{"vacation_start_time", "vacation_end_time", "timezone"} {
		if !c.has(name) {
			return nil, missing(name)
		}
	}
	if _, err := c.zone("timezone"); err != nil {
		return nil, err
	}
	start, err := c.moment("vacation_start_time")
	if err != nil {
		return nil, err
	}
	end, err := c.moment("vacation_end_time")
	if err != nil {
		return nil, err
	}
	return nil, c.world.SetVacation(c.broadcaster(), start, end)
}
