package catchup

import (
	"context"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// recentPredictions returns the predictions that began after a time and the one before,
// which may have ended after it: only one is open at a time.
func recentPredictions(ctx context.Context, j *job, since time.Time) ([]helix.Prediction, error) {
	return shared(ctx, j, "predictions since "+since.String(), func() ([]helix.Prediction, error) {
		var found []helix.Prediction
		err := pages(j, func(after string) (*helix.Page[helix.Prediction], error) {
			return j.tw.Predictions.Get(ctx, helix.GetPredictionsParams{BroadcasterID: j.broadcasterID, First: 25, After: after})
		}, func(p helix.Prediction) (bool, error) {
			found = append(found, p)
			return !p.CreatedAt.Before(since), nil
		})
		return found, err
	})
}

// predictions returns a fetch function for the event of a phase: event returns its time
// and the event, or nil.
func predictions(event func(p helix.Prediction) (time.Time, eventsub.Payload)) func(context.Context, *job) error {
	return func(ctx context.Context, j *job) error {
		if j.first() {
			return nil
		}
		since := j.since()
		list, err := recentPredictions(ctx, j, since)
		if err != nil {
			return err
		}
		for _, p := range list {
			at, e := event(p)
			if e == nil || at.Before(since) {
				continue
			}
			if err := j.add("Get Predictions", at, e); err != nil {
				return err
			}
		}
		return nil
	}
}

func predictionBegun(p helix.Prediction) (time.Time, eventsub.Payload) {
	return p.CreatedAt, &eventsub.ChannelPredictionBegin{
		ID: p.ID, BroadcasterUserID: p.BroadcasterID, BroadcasterUserLogin: p.BroadcasterLogin, BroadcasterUserName: p.BroadcasterName,
		Title: p.Title, Outcomes: outcomesOf(p, false),
		StartedAt: p.CreatedAt, LocksAt: p.CreatedAt.Add(time.Duration(p.PredictionWindow) * time.Second),
	}
}

func predictionLocked(p helix.Prediction) (time.Time, eventsub.Payload) {
	if p.LockedAt.IsZero() || p.LockedAt.Equal(p.EndedAt.Time) { // ended without being locked before
		return time.Time{}, nil
	}
	return p.LockedAt.Time, &eventsub.ChannelPredictionLock{
		ID: p.ID, BroadcasterUserID: p.BroadcasterID, BroadcasterUserLogin: p.BroadcasterLogin, BroadcasterUserName: p.BroadcasterName,
		Title: p.Title, Outcomes: outcomesOf(p, true),
		StartedAt: p.CreatedAt, LockedAt: p.LockedAt.Time,
	}
}

func predictionEnded(p helix.Prediction) (time.Time, eventsub.Payload) {
	if p.EndedAt.IsZero() || p.Status != helix.PredictionStatusResolved && p.Status != helix.PredictionStatusCanceled {
		return time.Time{}, nil
	}
	return p.EndedAt.Time, &eventsub.ChannelPredictionEnd{
		ID: p.ID, BroadcasterUserID: p.BroadcasterID, BroadcasterUserLogin: p.BroadcasterLogin, BroadcasterUserName: p.BroadcasterName,
		Title: p.Title, WinningOutcomeID: p.WinningOutcomeID, Outcomes: outcomesOf(p, true),
		Status:    eventsub.PredictionStatus(strings.ToLower(string(p.Status))),
		StartedAt: p.CreatedAt, EndedAt: p.EndedAt.Time,
	}
}

func outcomesOf(p helix.Prediction, stakes bool) []eventsub.PredictionOutcome {
	outcomes := make([]eventsub.PredictionOutcome, len(p.Outcomes))
	for i, o := range p.Outcomes {
		outcomes[i] = eventsub.PredictionOutcome{
			ID: o.ID, Title: o.Title, Color: eventsub.PredictionOutcomeColor(strings.ToLower(string(o.Color))),
		}
		if !stakes {
			continue
		}
		outcomes[i].Users, outcomes[i].ChannelPoints = o.Users, o.ChannelPoints
		for _, t := range o.TopPredictors {
			outcomes[i].TopPredictors = append(outcomes[i].TopPredictors, eventsub.Predictor{
				UserID: t.UserID, UserLogin: t.UserLogin, UserName: t.UserName,
				ChannelPointsWon: t.ChannelPointsWon, ChannelPointsUsed: t.ChannelPointsUsed,
			})
		}
	}
	return outcomes
}
