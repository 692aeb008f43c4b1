package world

import (
	"net/http"
	"slices"
	"time"
)

// The times of hype trains.
const (
	trainTime     = 5 * time.Minute // without reaching the next level
	trainCooldown = time.Hour
)

// trainGoals are what each level of a hype train takes, in bits. The last one
// holds for all levels after it.
var trainGoals = []int{1600, 1800, 2100, 2500, 3000}

// A HypeTrain is a hype train that is running, or was.
type HypeTrain struct {
	ID            string
	Broadcaster   User
	Level         int
	Total         int
	Progress      int // towards Goal
	Goal          int // of this level
	Top           []Contribution
	StartedAt     time.Time
	ExpiresAt     time.Time
	EndedAt       time.Time // zero while it runs
	CooldownUntil time.Time // once it has ended
	Record        TrainRecord
}

// A Contribution is what one user contributed to a hype train.
type Contribution struct {
	User  User
	Kind  string // "bits", "subscription"
	Total int    // in bits
}

// A TrainRecord is the best hype train of a channel, or zero if there was none.
type TrainRecord struct {
	Level int
	Total int
	At    time.Time
}

// trains is the state of a channel's hype trains.
type trains struct {
	current       *HypeTrain
	contributions []Contribution
	record        TrainRecord
}

// HypeTrainBegan is the fact that a hype train started.
type HypeTrainBegan struct {
	About
	Train HypeTrain
}

// HypeTrainProgressed is the fact of a contribution to a hype train.
type HypeTrainProgressed struct {
	About
	Train HypeTrain
}

// HypeTrainEnded is the fact that a hype train is over.
type HypeTrainEnded struct {
	About
	Train HypeTrain
}

// StartHypeTrain starts a hype train, whether or not one was due. Bits and
// subscriptions drive it on; it ends by itself when it gets to no new level
// for five minutes.
func (w *World) StartHypeTrain(broadcasterID string) (HypeTrain, error) {
	c := w.begin()
	defer c.end()
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return HypeTrain{}, err
	}
	if ch.trains.current != nil {
		return HypeTrain{}, badRequest("A hype train is running already.")
	}
	ch.trains.current = &HypeTrain{
		ID: w.uuid(), Broadcaster: *b, Level: 1, Goal: trainGoals[0], StartedAt: c.now, Record: ch.trains.record,
	}
	ch.trains.contributions = nil
	w.extendTrain(c, ch)
	c.tell(HypeTrainBegan{About: c.about(b), Train: ch.trains.show()})
	return ch.trains.show(), nil
}

// show returns what others may keep of the current train.
func (t *trains) show() HypeTrain {
	shown := *t.current
	shown.Top = t.top()
	return shown
}

// top returns the best contribution of each kind.
func (t *trains) top() []Contribution {
	var best []Contribution
	for _, one := range t.contributions {
		i := slices.IndexFunc(best, func(b Contribution) bool { return b.Kind == one.Kind })
		switch {
		case i < 0:
			best = append(best, one)
		case one.Total > best[i].Total:
			best[i] = one
		}
	}
	return best
}

// extendTrain gives the train its full time again.
func (w *World) extendTrain(c *change, ch *channel) {
	t := ch.trains.current
	t.ExpiresAt = c.now.Add(trainTime)
	expires := t.ExpiresAt
	w.later(trainTime, func(c *change) {
		if ch.trains.current == t && t.ExpiresAt.Equal(expires) {
			w.endTrain(c, ch)
		}
	})
}

// driveTrain adds a contribution to the running hype train, if there is one.
func (c *change) driveTrain(broadcasterID string, u User, kind string, bits int) {
	ch := c.w.channels[broadcasterID]
	t := ch.trains.current
	if t == nil || bits == 0 {
		return
	}
	i := slices.IndexFunc(ch.trains.contributions, func(one Contribution) bool { return one.Kind == kind && one.User.ID == u.ID })
	if i < 0 {
		i = len(ch.trains.contributions)
		ch.trains.contributions = append(ch.trains.contributions, Contribution{User: u, Kind: kind})
	}
	ch.trains.contributions[i].Total += bits
	t.Total += bits
	t.Progress += bits
	for t.Progress >= t.Goal {
		t.Progress -= t.Goal
		t.Level++
		t.Goal = trainGoals[min(t.Level, len(trainGoals))-1]
		c.w.extendTrain(c, ch)
	}
	c.tell(HypeTrainProgressed{About: c.about(ch.owner), Train: ch.trains.show()})
}

// EndHypeTrain ends a hype train before its time.
func (w *World) EndHypeTrain(broadcasterID string) error {
	c := w.begin()
	defer c.end()
	_, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return err
	}
	if ch.trains.current == nil {
		return refuse(http.StatusNotFound, "No hype train is running.")
	}
	w.endTrain(c, ch)
	return nil
}

func (w *World) endTrain(c *change, ch *channel) {
	t := ch.trains.current
	t.EndedAt, t.CooldownUntil = c.now, c.now.Add(trainCooldown)
	if t.Total > ch.trains.record.Total {
		ch.trains.record = TrainRecord{Level: t.Level, Total: t.Total, At: c.now}
	}
	shown := ch.trains.show()
	ch.trains.current = nil
	c.tell(HypeTrainEnded{About: c.about(ch.owner), Train: shown})
}

// HypeTrain returns the hype train that runs in a channel and the best there
// ever was. Running is false if none runs.
func (w *World) HypeTrain(broadcasterID string) (t HypeTrain, record TrainRecord, running bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	ch := w.channels[broadcasterID]
	if ch == nil {
		return HypeTrain{}, TrainRecord{}, false
	}
	if ch.trains.current == nil {
		return HypeTrain{}, ch.trains.record, false
	}
	return ch.trains.show(), ch.trains.record, true
}
