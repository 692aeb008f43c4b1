package api

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// getCalendar answers with a schedule as text, in the format of RFC 5545.
func getCalendar(c *call) (obj, error) {
	b, err := c.user("broadcaster_id")
	if err != nil {
		return nil, err
	}
	var cal calendar
	cal.line("BEGIN", "VCALENDAR")
	cal.line("PRODID", "-//twitch.tv//StreamSchedule//1.0")
	cal.line("VERSION", "2.0")
	cal.line("CALSCALE", "GREGORIAN")
	cal.line("REFRESH-INTERVAL;VALUE=DURATION", "PT1H")
	cal.line("NAME", escape(b.DisplayName))
	for _, s := range c.world.Segments(b.ID) {
		cal.event(s)
	}
	cal.line("END", "VCALENDAR")
	c.calendar = cal.String()
	return nil, nil
}

// calendar builds lines of a calendar.
type calendar struct{ strings.Builder }

// line writes a line, folded so that none has more than 75 bytes.
func (cal *calendar) line(name, value string) {
	text := name + ":" + value
	for len(text) > 75 {
		cut := 75
		for !utf8.RuneStart(text[cut]) {
			cut--
		}
		cal.WriteString(text[:cut] + "\r\n")
		text = " " + text[cut:]
	}
	cal.WriteString(text + "\r\n")
}

func (cal *calendar) event(s world.ScheduledStream) {
	const local = "20060102T150405"
	at := func(t time.Time) (parameter, value string) {
		if zone := t.Location().String(); zone != "UTC" {
			return ";TZID=/" + zone, t.Format(local)
		}
		return "", t.Format(local) + "Z"
	}
	cal.line("BEGIN", "VEVENT")
	cal.line("UID", s.ID)
	cal.line("DTSTAMP", time.Now().UTC().Format(local)+"Z")
	zone, start := at(s.Start)
	cal.line("DTSTART"+zone, start)
	zone, end := at(s.End)
	cal.line("DTEND"+zone, end)
	if s.Recurring {
		cal.line("RRULE", "FREQ=WEEKLY;BYDAY="+strings.ToUpper(s.Start.Weekday().String()[:2]))
	}
	cal.line("SUMMARY", escape(s.Title))
	if s.Game.ID != "" {
		cal.line("DESCRIPTION", escape(s.Game.Name)+".")
		cal.line("CATEGORIES", escape(s.Game.Name))
	}
	cal.line("END", "VEVENT")
}

// escape makes a text a value of a calendar.
func escape(text string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`, "\r", "").Replace(text)
}
