package api_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// The bubble begins on Saturday, 2000-01-01.
func TestSchedule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, 800)
		get := `GET /schedule?broadcaster_id={ada}`
		create := func(status int, body string) reply {
			return d.do(d.ada, status, `POST /schedule/segment?broadcaster_id={ada} {`+body+`}`)
		}
		d.do(d.grace, 404, get)
		create(400, `"start_time":"tomorrow","timezone":"UTC","duration":"60"`)
		create(400, `"start_time":"2000-01-03T18:00:00Z","timezone":"Mars/Olympus","duration":"60"`)
		create(400, `"start_time":"2000-01-03T18:00:00Z","timezone":"Local","duration":"60"`)
		create(400, `"start_time":"2000-01-03T18:00:00Z","timezone":"UTC","duration":"29"`)
		create(400, `"start_time":"2000-01-03T18:00:00Z","timezone":"UTC","duration":"60","category_id":"1"`)
		weekly := create(200, `"start_time":"2000-01-03T18:00:00Z","timezone":"America/New_York","duration":"240","is_recurring":true,"title":"Chess, with friends","category_id":"743"`)
		weekly.has(d, `"end_time":"2000-01-03T22:00:00Z","id":"`)
		create(400, `"start_time":"2000-01-10T20:00:00Z","timezone":"UTC","duration":"60"`) // overlaps
		create(200, `"start_time":"2000-01-04T18:00:00Z","timezone":"UTC","duration":"60","title":"once"`)
		d.do(d.grace, 403, `POST /schedule/segment?broadcaster_id={grace} {"start_time":"2000-01-04T18:00:00Z","timezone":"UTC","duration":"60"}`)

		first := d.do(d.grace, 200, get+`&first=2`)
		starts(t, first, "2000-01-03T18:00:00Z", "2000-01-04T18:00:00Z")
		next := d.do(d.grace, 200, get+`&first=2&after=`+first.body.Pagination.Cursor)
		starts(t, next, "2000-01-10T18:00:00Z", "2000-01-17T18:00:00Z")
		// New York goes over to summer time on the 2nd of April.
		starts(t, d.do(d.grace, 200, get+`&first=2&start_time=2000-03-27T23:30:00Z`), "2000-04-03T17:00:00Z", "2000-04-10T17:00:00Z")

		d.names["{id}"] = segments(t, next)[0]["id"].(string)
		update := `PATCH /schedule/segment?broadcaster_id={ada}&id={id} `
		d.do(d.ada, 200, update+`{"is_canceled":true}`).has(d, `"canceled_until":"2000-01-10T22:00:00Z"`)
		d.do(d.ada, 200, update+`{"title":"Go"}`).has(d, `"title":"Go"`)
		d.do(d.ada, 400, update+`{"start_time":"2000-01-11T18:00:00Z"}`)
		got := d.do(d.grace, 200, get)
		if n := strings.Count(got.raw, `"canceled_until":null`); n != 19 {
			t.Errorf("got %d streams that take place, want 19 of 20", n)
		}
		d.do(d.grace, 200, get+`&id={id}`).has(d, `"canceled_until":"2000-01-10T22:00:00Z"`)

		vacation := `PATCH /schedule/settings?broadcaster_id={ada}&is_vacation_enabled=`
		d.do(d.ada, 400, vacation+`true&vacation_start_time=2000-02-01T00:00:00Z`)
		d.do(d.ada, 204, vacation+`true&vacation_start_time=2000-02-01T00:00:00Z&vacation_end_time=2000-03-01T00:00:00Z&timezone=UTC`)
		d.do(d.grace, 200, get).has(d, `"vacation":{"end_time":"2000-03-01T00:00:00Z","start_time":"2000-02-01T00:00:00Z"}`)
		d.do(d.ada, 204, vacation+`false`)
		d.do(d.grace, 200, get).has(d, `"vacation":null`)

		d.do(d.ada, 204, `DELETE /schedule/segment?broadcaster_id={ada}&id={id}`)
		d.do(d.ada, 404, update+`{"title":"x"}`)
		starts(t, d.do(d.grace, 200, get), "2000-01-04T18:00:00Z")
		time.Sleep(7 * 24 * time.Hour)
		d.do(d.grace, 200, get).has(d, `"segments":null`)
	})
}

func segments(t *testing.T, r reply) []map[string]any {
	t.Helper()
	var all []map[string]any
	data, _ := r.object["data"].(map[string]any)
	list, _ := data["segments"].([]any)
	for _, s := range list {
		all = append(all, s.(map[string]any))
	}
	return all
}

func starts(t *testing.T, r reply, want ...string) {
	t.Helper()
	var got []string
	for _, s := range segments(t, r) {
		got = append(got, s["start_time"].(string))
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestCalendar(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, 800)
		title := strings.Repeat("a long title; ", 10)
		d.do(d.ada, 200, `POST /schedule/segment?broadcaster_id={ada} {"start_time":"2000-01-03T18:00:00Z","timezone":"America/New_York","duration":"60","is_recurring":true,"title":"`+title+`"}`)
		got := d.call("", d.fill(`GET /schedule/icalendar?broadcaster_id={ada}`))
		if got.status != 200 || got.header.Get("Content-Type") != "text/calendar; charset=utf-8" {
			t.Errorf("got %d %v, want a calendar", got.status, got.header)
		}
		for _, line := range []string{
			"BEGIN:VCALENDAR\r\n", "NAME:Ada\r\n", "DTSTAMP:20000101T000000Z\r\n", "DTSTART;TZID=/America/New_York:20000103T130000\r\n",
			"DTEND;TZID=/America/New_York:20000103T140000\r\n", "RRULE:FREQ=WEEKLY;BYDAY=MO\r\n", "END:VCALENDAR\r\n",
		} {
			got.has(d, line)
		}
		if !strings.Contains(strings.ReplaceAll(got.raw, "\r\n ", ""), "SUMMARY:"+strings.ReplaceAll(title, ";", `\;`)) {
			t.Errorf("got %q, want the title in it", got.raw)
		}
		for line := range strings.SplitSeq(got.raw, "\r\n") {
			if len(line) > 75 {
				t.Errorf("got a line of %d bytes: %s", len(line), line)
			}
		}
		if got := d.call("", `GET /schedule/icalendar?broadcaster_id=1`); got.status != 400 {
			t.Errorf("nobody: got %d, want 400", got.status)
		}
	})
}
