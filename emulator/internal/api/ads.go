package api

import (
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func startCommercial(c *call) (obj, error) {
	seconds, _ := c.number("length")
	pause, err := c.world.StartCommercial(c.broadcaster(), time.Duration(seconds)*time.Second)
	if err != nil {
		return nil, err
	}
	return data(obj{"length": seconds, "message": "", "retry_after": int(pause / time.Second)}), nil
}

// secondsOrZero writes a time as the schedule of ads has it, in Unix seconds. Twitch's
// reference says text; the answers have integers, and 0 where there is no time.
func secondsOrZero(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// stampOrEmpty formats a time; the zero time is empty.
func stampOrEmpty(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return stamp(t)
}

func showSnoozes(s world.AdSchedule) obj {
	return obj{
		"snooze_count": s.Snoozes, "snooze_refresh_at": secondsOrZero(s.SnoozeRefresh), "next_ad_at": secondsOrZero(s.Next),
	}
}

func getAdSchedule(c *call) (obj, error) {
	s, err := c.world.Ads(c.broadcaster())
	if err != nil {
		return nil, err
	}
	o := showSnoozes(s)
	o["duration"], o["last_ad_at"], o["preroll_free_time"] = int(s.Duration/time.Second), secondsOrZero(s.Last), int(s.PrerollFree/time.Second)
	return data(o), nil
}

func snoozeAd(c *call) (obj, error) {
	s, err := c.world.SnoozeAd(c.broadcaster())
	if err != nil {
		return nil, err
	}
	return data(showSnoozes(s)), nil
}
