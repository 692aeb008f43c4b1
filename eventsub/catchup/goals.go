package catchup

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// goals are the goals of a channel by id.
type goals map[string]eventsub.ChannelGoalProgress

func updateGoals(s *goals, p eventsub.Payload) {
	switch e := p.(type) {
	case *eventsub.ChannelGoalBegin:
		(*s)[e.ID] = eventsub.ChannelGoalProgress(*e)
	case *eventsub.ChannelGoalProgress:
		if _, ok := (*s)[e.ID]; ok { // not after its end
			(*s)[e.ID] = *e
		}
	case *eventsub.ChannelGoalEnd:
		delete(*s, e.ID)
	}
}

func goalsNow(ctx context.Context, j *job) (goals, error) {
	return shared(ctx, j, "goals", func() (goals, error) {
		if err := j.call(); err != nil {
			return nil, err
		}
		list, err := j.tw.Goals.Get(ctx, helix.GetCreatorGoalsParams{BroadcasterID: j.broadcasterID})
		if err != nil {
			return nil, err
		}
		now := make(goals, len(list))
		for _, g := range list {
			kind := eventsub.GoalKind(g.Type)
			if g.Type == helix.GoalTypeFollower { // Helix and EventSub call it differently
				kind = eventsub.GoalKindFollow
			}
			now[g.ID] = eventsub.ChannelGoalProgress{
				ID: g.ID, BroadcasterUserID: g.BroadcasterID, BroadcasterUserName: g.BroadcasterName, BroadcasterUserLogin: strings.ToLower(g.BroadcasterLogin),
				Kind: kind, Description: g.Description, CurrentAmount: g.CurrentAmount, TargetAmount: g.TargetAmount, StartedAt: g.CreatedAt,
			}
		}
		return now, nil
	})
}

// goalEvents returns a fetch function for events that follow from a goal before and now.
// A goal that did not exist then has no ID.
func goalEvents(event func(j *job, before, now eventsub.ChannelGoalProgress) (time.Time, eventsub.Payload)) func(context.Context, *job) error {
	return func(ctx context.Context, j *job) error {
		now, err := goalsNow(ctx, j)
		if err != nil {
			return err
		}
		before, known := load[goals](j)
		save(j, now)
		if !known || j.first() {
			return nil
		}
		ids := maps.Clone(now)
		maps.Copy(ids, before)
		for _, id := range slices.Sorted(maps.Keys(ids)) {
			if at, p := event(j, before[id], now[id]); p != nil {
				if err := j.add("Get Creator Goals", at, p); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

func goalBegan(_ *job, before, now eventsub.ChannelGoalProgress) (time.Time, eventsub.Payload) {
	if before.ID != "" {
		return unknownTime, nil
	}
	e := eventsub.ChannelGoalBegin(now)
	return now.StartedAt, &e
}

func goalProgressed(_ *job, before, now eventsub.ChannelGoalProgress) (time.Time, eventsub.Payload) {
	if now.ID == "" || before.ID == "" || before.CurrentAmount == now.CurrentAmount && before.TargetAmount == now.TargetAmount {
		return unknownTime, nil
	}
	return unknownTime, &now
}

// goalEnded returns the end with what was known last: Twitch does not tell the result.
func goalEnded(j *job, before, now eventsub.ChannelGoalProgress) (time.Time, eventsub.Payload) {
	if now.ID != "" {
		return unknownTime, nil
	}
	return unknownTime, &eventsub.ChannelGoalEnd{
		ID: before.ID, BroadcasterUserID: before.BroadcasterUserID, BroadcasterUserName: before.BroadcasterUserName, BroadcasterUserLogin: before.BroadcasterUserLogin,
		Kind: before.Kind, Description: before.Description, IsAchieved: before.CurrentAmount >= before.TargetAmount,
		CurrentAmount: before.CurrentAmount, TargetAmount: before.TargetAmount, StartedAt: before.StartedAt, EndedAt: j.m.To,
	}
}
