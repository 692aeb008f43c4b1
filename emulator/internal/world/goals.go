package world

import (
	"net/http"
	"slices"
	"time"
)

// A Goal is what a broadcaster wants to reach.
type Goal struct {
	ID          string
	Broadcaster User
	Kind        string // "follow", "subscription" (points), "subscription_count", "new_bit" …
	Description string
	Current     int
	Target      int
	StartedAt   time.Time
}

// goalKinds are the kinds of goals as EventSub names them. Helix calls the
// first one "follower".
var goalKinds = []string{
	"follow", "subscription", "subscription_count", "new_subscription", "new_subscription_count", "new_bit", "new_cheerer",
}

// GoalBegan is the fact of a new goal.
type GoalBegan struct {
	About
	Goal Goal
}

// GoalProgressed is the fact that a goal came nearer or went away.
type GoalProgressed struct {
	About
	Goal Goal
}

// GoalEnded is the fact that a goal was reached or given up.
type GoalEnded struct {
	About
	Goal     Goal
	Achieved bool
}

// StartGoal begins a goal. Followers and subscriptions that are there count
// for the kinds that are not "new_…".
func (w *World) StartGoal(broadcasterID, kind string, target int, description string) (Goal, error) {
	c := w.begin()
	defer c.end()
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return Goal{}, err
	}
	switch {
	case !slices.Contains(goalKinds, kind):
		return Goal{}, badRequest("The kind of goal %q is not known.", kind)
	case slices.ContainsFunc(ch.goals, func(g *Goal) bool { return g.Kind == kind }):
		return Goal{}, badRequest("The broadcaster has a goal of that kind already.")
	case target <= 0:
		return Goal{}, badRequest("The target of a goal must be positive.")
	}
	g := &Goal{ID: w.uuid(), Broadcaster: *b, Kind: kind, Description: description, Target: target, StartedAt: c.now}
	switch kind {
	case "follow":
		g.Current = len(ch.followers)
	case "subscription_count":
		g.Current = len(ch.subs)
	case "subscription":
		for _, s := range ch.subs {
			g.Current += subPoints[s.Tier]
		}
	}
	ch.goals = append(ch.goals, g)
	c.tell(GoalBegan{About: c.about(b), Goal: *g})
	return *g, nil
}

// advanceGoals moves the goals of a kind; one that is reached ends.
func (c *change) advanceGoals(broadcasterID, kind string, by int) {
	ch := c.w.channels[broadcasterID]
	i := slices.IndexFunc(ch.goals, func(g *Goal) bool { return g.Kind == kind })
	if i < 0 || by == 0 {
		return
	}
	g := ch.goals[i]
	g.Current += by
	c.tell(GoalProgressed{About: c.about(ch.owner), Goal: *g})
	if g.Current >= g.Target {
		ch.goals = slices.Delete(ch.goals, i, i+1)
		c.tell(GoalEnded{About: c.about(ch.owner), Goal: *g, Achieved: true})
	}
}

// EndGoal gives a goal up.
func (w *World) EndGoal(broadcasterID, kind string) error {
	c := w.begin()
	defer c.end()
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(ch.goals, func(g *Goal) bool { return g.Kind == kind })
	if i < 0 {
		return refuse(http.StatusNotFound, "The broadcaster has no goal of that kind.")
	}
	g := ch.goals[i]
	ch.goals = slices.Delete(ch.goals, i, i+1)
	c.tell(GoalEnded{About: c.about(b), Goal: *g})
	return nil
}

// Goals returns a broadcaster's goals, oldest first.
func (w *World) Goals(broadcasterID string) []Goal {
	w.mu.RLock()
	defer w.mu.RUnlock()
	ch := w.channels[broadcasterID]
	if ch == nil {
		return nil
	}
	all := make([]Goal, len(ch.goals))
	for i, g := range ch.goals {
		all[i] = *g
	}
	return all
}
