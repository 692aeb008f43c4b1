package api

import (
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// topPredictors is how many of those who bet most are shown.
const topPredictors = 10

func predictionID(p world.Prediction) string { return p.ID }

func showPrediction(p world.Prediction) obj {
	b := p.Broadcaster
	return obj{
		"id": p.ID, "broadcaster_id": b.ID, "broadcaster_name": b.DisplayName, "broadcaster_login": b.Login, "title": p.Title,
		"winning_outcome_id": orNull(p.WinningID), "outcomes": every(p.Outcomes, showOutcome),
		"prediction_window": int(p.Window / time.Second), "status": p.Status,
		"created_at": stamp(p.CreatedAt), "ended_at": stampOrNull(p.EndedAt), "locked_at": stampOrNull(p.LockedAt),
	}
}

func showOutcome(o world.Outcome) obj {
	shown := obj{
		"id": o.ID, "title": o.Title, "users": len(o.Predictors), "channel_points": o.Points,
		"top_predictors": nil, "color": o.Color,
	}
	if top := o.Predictors[:min(len(o.Predictors), topPredictors)]; len(top) > 0 {
		shown["top_predictors"] = every(top, func(p world.Predictor) obj {
			who := showWho(p.User)
			who["channel_points_used"], who["channel_points_won"] = p.Used, p.Won
			return who
		})
	}
	return shown
}

func getPredictions(c *call) (obj, error) {
	return page(c, only(c, "id", c.world.Predictions(c.broadcaster()), predictionID), predictionID, showPrediction)
}

func createPrediction(c *call) (obj, error) {
	seconds, _ := c.number("prediction_window")
	p, err := c.world.StartPrediction(c.broadcaster(), world.NewPrediction{
		Title: c.get("title"), Outcomes: c.titles("outcomes"), Window: time.Duration(seconds) * time.Second,
	})
	if err != nil {
		return nil, err
	}
	return data(showPrediction(p)), nil
}

func endPrediction(c *call) (obj, error) {
	p, err := c.world.EndPrediction(c.broadcaster(), c.get("id"), c.get("status"), c.get("winning_outcome_id"))
	if err != nil {
		return nil, err
	}
	return data(showPrediction(p)), nil
}
