package push_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func TestPollEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		p := s.connect("")
		s.everything(p)
		_, err := s.world.StartPoll("1", world.NewPoll{Title: "Tea?", Choices: []string{"yes", "no"}, Duration: time.Minute, PointsPerVote: 10})
		must(t, err)
		p.wantEvents([]string{"channel.poll.begin"}, map[string]string{
			"channel.poll.begin": `"channel_points_voting":{"is_enabled":true,"amount_per_vote":10},"started_at":"2000-01-01T00:00:00Z","ends_at":"2000-01-01T00:01:00Z"`,
		})
		must(t, s.world.Vote("1", "3", "YES"))
		must(t, s.world.Vote("1", "3", "yes"))
		p.wantEvents([]string{"channel.poll.progress", "channel.poll.progress"}, map[string]string{
			"channel.poll.progress": `"title":"yes","bits_votes":0,"channel_points_votes":1,"votes":2`,
		})
		time.Sleep(time.Minute)
		p.wantEvents([]string{"channel.poll.end"}, map[string]string{
			"channel.poll.end": `"status":"completed","started_at":"2000-01-01T00:00:00Z","ended_at":"2000-01-01T00:01:00Z"`,
		})
	})
}

func TestPredictionEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		p := s.connect("")
		s.everything(p)
		begun, err := s.world.StartPrediction("1", world.NewPrediction{Title: "Won?", Outcomes: []string{"yes", "no"}, Window: time.Minute})
		must(t, err)
		p.wantEvents([]string{"channel.prediction.begin"}, map[string]string{
			"channel.prediction.begin": `"color":"pink","users":0,"channel_points":0,"top_predictors":[]}],"started_at":"2000-01-01T00:00:00Z","locks_at":"2000-01-01T00:01:00Z"`,
		})
		must(t, s.world.Predict("1", "3", "yes", 100))
		must(t, s.world.Predict("1", "4", "no", 50))
		p.wantEvents([]string{"channel.prediction.progress", "channel.prediction.progress"}, map[string]string{
			"channel.prediction.progress": `"top_predictors":[{"user_id":"3","user_login":"grace","user_name":"Grace","channel_points_won":null,"channel_points_used":100}]`,
		})
		time.Sleep(time.Minute)
		p.wantEvents([]string{"channel.prediction.lock"}, map[string]string{"channel.prediction.lock": `"locked_at":"2000-01-01T00:01:00Z"`})
		if err := s.world.Predict("1", "2", "no", 50); err == nil {
			t.Error("got a bet on a locked prediction")
		}
		_, err = s.world.EndPrediction("1", begun.ID, "RESOLVED", begun.Outcomes[0].ID)
		must(t, err)
		p.wantEvents([]string{"channel.prediction.end"}, map[string]string{"channel.prediction.end": `"channel_points_won":150,"channel_points_used":100`})

		_, err = s.world.StartPrediction("1", world.NewPrediction{Title: "Won?", Outcomes: []string{"yes", "no"}, Window: time.Minute})
		must(t, err)
		time.Sleep(24 * time.Hour)
		p.wantEvents([]string{"channel.prediction.begin", "channel.prediction.lock", "channel.prediction.end"}, map[string]string{
			"channel.prediction.end": `"winning_outcome_id":null`,
		})
	})
}
