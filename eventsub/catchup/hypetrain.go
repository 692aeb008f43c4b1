package catchup

import (
	"context"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// train is the hype train that runs, as far as it is known; it has no ID if there is
// none.
type train struct {
	eventsub.ChannelHypeTrainProgress

	Ended string `json:"ended"` // id of the last one that has ended
}

func updateTrain(s *train, p eventsub.Payload) {
	switch e := p.(type) {
	case *eventsub.ChannelHypeTrainBegin:
		s.ChannelHypeTrainProgress = eventsub.ChannelHypeTrainProgress{
			ID: e.ID, BroadcasterUserID: e.BroadcasterUserID, BroadcasterUserLogin: e.BroadcasterUserLogin, BroadcasterUserName: e.BroadcasterUserName,
			Total: e.Total, Progress: e.Progress, Goal: e.Goal, TopContributions: e.TopContributions, Level: e.Level,
			SharedTrainParticipants: e.SharedTrainParticipants, StartedAt: e.StartedAt, ExpiresAt: e.ExpiresAt, Kind: e.Kind, IsSharedTrain: e.IsSharedTrain,
		}
	case *eventsub.ChannelHypeTrainProgress:
		if e.ID != s.Ended { // after the end, which may come first
			s.ChannelHypeTrainProgress = *e
		}
	case *eventsub.ChannelHypeTrainEnd:
		if s.Ended = e.ID; s.ID == e.ID {
			s.ChannelHypeTrainProgress = eventsub.ChannelHypeTrainProgress{}
		}
	}
}

func trainNow(ctx context.Context, j *job) (*helix.HypeTrainStatus, error) {
	return shared(ctx, j, "hype train", func() (*helix.HypeTrainStatus, error) {
		if err := j.call(); err != nil {
			return nil, err
		}
		return j.tw.HypeTrain.GetStatus(ctx, helix.GetHypeTrainStatusParams{BroadcasterID: j.broadcasterID})
	})
}

// trains returns a fetch function for events that follow from the train before and now.
func trains(event func(j *job, before train, now *helix.HypeTrain, status *helix.HypeTrainStatus) (time.Time, eventsub.Payload)) func(context.Context, *job) error {
	return func(ctx context.Context, j *job) error {
		status, err := trainNow(ctx, j)
		if err != nil {
			return err
		}
		before, known := load[train](j)
		after := train{Ended: before.Ended}
		if before.ID != "" && (status.Current == nil || status.Current.ID != before.ID) {
			after.Ended = before.ID
		}
		if status.Current != nil {
			after.ChannelHypeTrainProgress = trainOf(status.Current)
		}
		save(j, after)
		if !known || j.first() {
			return nil
		}
		if at, p := event(j, before, status.Current, status); p != nil {
			return j.add("Get Hype Train Status", at, p)
		}
		return nil
	}
}

func trainBegan(_ *job, before train, now *helix.HypeTrain, status *helix.HypeTrainStatus) (time.Time, eventsub.Payload) {
	if now == nil || now.ID == before.ID || now.ID == before.Ended {
		return unknownTime, nil
	}
	t := trainOf(now)
	e := &eventsub.ChannelHypeTrainBegin{
		ID: t.ID, BroadcasterUserID: t.BroadcasterUserID, BroadcasterUserLogin: t.BroadcasterUserLogin, BroadcasterUserName: t.BroadcasterUserName,
		Total: t.Total, Progress: t.Progress, Goal: t.Goal, TopContributions: t.TopContributions, Level: t.Level,
		SharedTrainParticipants: t.SharedTrainParticipants, StartedAt: t.StartedAt, ExpiresAt: t.ExpiresAt, Kind: t.Kind, IsSharedTrain: t.IsSharedTrain,
	}
	if status.AllTimeHigh != nil {
		e.AllTimeHighLevel, e.AllTimeHighTotal = status.AllTimeHigh.Level, status.AllTimeHigh.Total
	}
	return t.StartedAt, e
}

func trainProgressed(_ *job, before train, now *helix.HypeTrain, _ *helix.HypeTrainStatus) (time.Time, eventsub.Payload) {
	if now == nil || now.ID != before.ID || now.Total == before.Total && now.Level == before.Level {
		return unknownTime, nil
	}
	t := trainOf(now)
	return unknownTime, &t
}

// trainEnded returns the end with what was known last: Twitch does not tell the result.
func trainEnded(j *job, before train, now *helix.HypeTrain, _ *helix.HypeTrainStatus) (time.Time, eventsub.Payload) {
	if before.ID == "" || now != nil && now.ID == before.ID {
		return unknownTime, nil
	}
	return unknownTime, &eventsub.ChannelHypeTrainEnd{
		ID: before.ID, BroadcasterUserID: before.BroadcasterUserID, BroadcasterUserLogin: before.BroadcasterUserLogin, BroadcasterUserName: before.BroadcasterUserName,
		Total: before.Total, TopContributions: before.TopContributions, Level: before.Level,
		SharedTrainParticipants: before.SharedTrainParticipants, StartedAt: before.StartedAt,
		EndedAt: j.m.To, Kind: before.Kind, IsSharedTrain: before.IsSharedTrain,
	}
}

func trainOf(t *helix.HypeTrain) eventsub.ChannelHypeTrainProgress {
	e := eventsub.ChannelHypeTrainProgress{
		ID: t.ID, BroadcasterUserID: t.BroadcasterUserID, BroadcasterUserLogin: t.BroadcasterUserLogin, BroadcasterUserName: t.BroadcasterUserName,
		Total: t.Total, Progress: t.Progress, Goal: t.Goal, Level: t.Level,
		StartedAt: t.StartedAt, ExpiresAt: t.ExpiresAt, Kind: eventsub.HypeTrainKind(t.Type), IsSharedTrain: t.IsSharedTrain,
	}
	for _, c := range t.TopContributions {
		e.TopContributions = append(e.TopContributions, eventsub.HypeTrainContribution{
			UserID: c.UserID, UserLogin: c.UserLogin, UserName: c.UserName, Type: eventsub.HypeTrainContributionType(c.Type), Total: c.Total,
		})
	}
	for _, p := range t.SharedTrainParticipants {
		e.SharedTrainParticipants = append(e.SharedTrainParticipants, eventsub.HypeTrainParticipant(p))
	}
	return e
}
