package world

import (
	"math"
	"net/http"
	"time"
)

// The times and numbers of advertisements.
const (
	adPause       = 8 * time.Minute // between two commercials
	snoozeDelay   = 5 * time.Minute
	snoozeRefresh = time.Hour // until another snooze may be used
	maxSnoozes    = 3
	prerollFree   = 20 // this many times the length of an ad, new viewers see none
)

// An AdSchedule says when advertisements ran and when the next one will.
type AdSchedule struct {
	Last, Next    time.Time     // zero: none
	Duration      time.Duration // of the next one
	PrerollFree   time.Duration // for how long new viewers see no advertisement
	Snoozes       int           // that are left
	SnoozeRefresh time.Time     // when there will be one more; zero when all are left
}

// ads is the state behind an AdSchedule.
type ads struct {
	last         time.Time
	lastDuration time.Duration
	next         time.Time
	nextDuration time.Duration
	used         int       // snoozes
	refresh      time.Time // when one of the used comes back
}

func (a *ads) unschedule() {
	a.next, a.nextDuration = time.Time{}, 0
}

// refill gives back the snoozes whose hour is over.
func (a *ads) refill(now time.Time) {
	for a.used > 0 && !now.Before(a.refresh) {
		a.used--
		a.refresh = a.refresh.Add(snoozeRefresh)
	}
	if a.used == 0 {
		a.refresh = time.Time{}
	}
}

// RunAd runs advertisements now, without regard to when the last ones ran.
func (w *World) RunAd(broadcasterID string, duration time.Duration, automatic bool) error {
	c := w.begin()
	defer c.end()
	return w.runAd(c, broadcasterID, duration, automatic)
}

func (w *World) runAd(c *change, broadcasterID string, duration time.Duration, automatic bool) error {
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return err
	}
	if w.streams[b.ID] == nil {
		return badRequest("The broadcaster must be streaming live to run a commercial.")
	}
	ch.ads.last, ch.ads.lastDuration = c.now, duration
	c.tell(AdBreakBegan{About: c.about(b), Requester: *b, Duration: duration, Automatic: automatic})
	return nil
}

// StartCommercial runs advertisements unless the last ones ran too recently.
// It returns how long to wait until the next.
func (w *World) StartCommercial(broadcasterID string, duration time.Duration) (pause time.Duration, err error) {
	c := w.begin()
	defer c.end()
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return 0, err
	}
	if duration <= 0 {
		return 0, badRequest("The length must be greater than 0.")
	}
	if left := ch.ads.last.Add(adPause).Sub(c.now); !ch.ads.last.IsZero() && left > 0 {
		return 0, refuse(http.StatusTooManyRequests,
			"The broadcaster may not run another commercial until the cooldown period expires, in %d seconds.", int(math.Ceil(left.Seconds())))
	}
	return adPause, w.runAd(c, b.ID, duration, false)
}

// ScheduleAd has advertisements run by themselves after some time, if the
// stream is still live then. It replaces what was scheduled before.
func (w *World) ScheduleAd(broadcasterID string, in, duration time.Duration) error {
	c := w.begin()
	defer c.end()
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return err
	}
	if w.streams[b.ID] == nil {
		return badRequest("The broadcaster must be streaming live to have an ad scheduled.")
	}
	w.scheduleAd(c, ch, c.now.Add(in), duration)
	return nil
}

func (w *World) scheduleAd(c *change, ch *channel, at time.Time, duration time.Duration) {
	ch.ads.next, ch.ads.nextDuration = at, duration
	w.later(at.Sub(c.now), func(c *change) {
		if !ch.ads.next.Equal(at) { // snoozed or cancelled meanwhile
			return
		}
		ch.ads.unschedule()
		_ = w.runAd(c, ch.owner.ID, duration, true) // not live any more: no ad
	})
}

// Ads returns a channel's ad schedule.
func (w *World) Ads(broadcasterID string) (AdSchedule, error) {
	c := w.begin()
	defer c.end()
	_, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return AdSchedule{}, err
	}
	return ch.ads.schedule(c.now), nil
}

func (a *ads) schedule(now time.Time) AdSchedule {
	a.refill(now)
	s := AdSchedule{Last: a.last, Next: a.next, Duration: a.nextDuration, Snoozes: maxSnoozes - a.used, SnoozeRefresh: a.refresh}
	if free := prerollFree*a.lastDuration - now.Sub(a.last); free > 0 {
		s.PrerollFree = free
	}
	return s
}

// SnoozeAd puts the next advertisements off by five minutes.
func (w *World) SnoozeAd(broadcasterID string) (AdSchedule, error) {
	c := w.begin()
	defer c.end()
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return AdSchedule{}, err
	}
	ch.ads.refill(c.now)
	switch {
	case w.streams[b.ID] == nil:
		return AdSchedule{}, badRequest("The broadcaster is not currently live.")
	case ch.ads.next.IsZero():
		return AdSchedule{}, badRequest("The broadcaster does not have an upcoming scheduled ad break.")
	case ch.ads.used == maxSnoozes:
		return AdSchedule{}, refuse(http.StatusTooManyRequests, "The broadcaster has no available snoozes left.")
	}
	if ch.ads.used++; ch.ads.used == 1 {
		ch.ads.refresh = c.now.Add(snoozeRefresh)
	}
	w.scheduleAd(c, ch, ch.ads.next.Add(snoozeDelay), ch.ads.nextDuration)
	return ch.ads.schedule(c.now), nil
}
