package action

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/helix"
)

var prediction = Action{
	Name: "prediction", Class: ClassChannel,
	About:     "Starts a prediction, for which viewers bet channel points.",
	Example:   "{title: Do we win?, outcomes: ['yes', 'no'], for: 2m}",
	Endpoints: []string{"create-prediction"},
	Fields: []Field{
		{Name: "title", Kind: KindText, Required: true, Length: 45, About: "the question"},
		{Name: "outcomes", Kind: KindTexts, Required: true, Min: 2, Max: 10, Length: 25, About: "2 to 10 outcomes: a list, or a text with commas"},
		{Name: "for", Kind: KindDuration, Default: "2m", Shortest: 30 * time.Second, Longest: 30 * time.Minute, About: "how long viewers may bet"},
	},
	Result: "prediction", Outcome: []Attr{{"id", KindText, "the id of the prediction"}},
	Detail: func(e Effect) string { return e.Text("title") },
	Do: func(ctx context.Context, t *Twitch, e Effect) (map[string]any, error) {
		p := helix.CreatePredictionParams{BroadcasterID: t.Broadcaster.ID, Title: e.Text("title"), PredictionWindow: e.Seconds("for")}
		for _, o := range e.Texts("outcomes") {
			p.Outcomes = append(p.Outcomes, helix.NewPredictionOutcome{Title: o})
		}
		made, err := t.Client.Predictions.Create(ctx, p)
		if err != nil {
			return nil, err
		}
		return map[string]any{"id": made.ID}, nil
	},
}

var lockPrediction = Action{
	Name: "lock-prediction", Class: ClassChannel,
	About:     "Ends the time to bet on the prediction that runs.",
	Endpoints: []string{"end-prediction", "get-predictions"},
	Do: func(ctx context.Context, t *Twitch, _ Effect) (map[string]any, error) {
		p, err := t.running(ctx)
		if err != nil {
			return nil, err
		}
		return nil, t.endPrediction(ctx, p.ID, "LOCKED", "")
	},
}

var cancelPrediction = Action{
	Name: "cancel-prediction", Class: ClassChannel,
	About:     "Cancels the prediction that runs; all get their channel points back.",
	Endpoints: []string{"end-prediction", "get-predictions"},
	Do: func(ctx context.Context, t *Twitch, _ Effect) (map[string]any, error) {
		p, err := t.running(ctx)
		if err != nil {
			return nil, err
		}
		return nil, t.endPrediction(ctx, p.ID, "CANCELED", "")
	},
}

var resolvePrediction = Action{
	Name: "resolve-prediction", Class: ClassChannel, Short: "outcome",
	About:     "Ends the prediction that runs with an outcome.",
	Example:   "'{args}'",
	Endpoints: []string{"end-prediction", "get-predictions"},
	Fields:    []Field{{Name: "outcome", Kind: KindText, Required: true, About: "the outcome: its title, its number from 1 on, or its id"}},
	Do: func(ctx context.Context, t *Twitch, e Effect) (map[string]any, error) {
		p, err := t.running(ctx)
		if err != nil {
			return nil, err
		}
		want := e.Text("outcome")
		for i, o := range p.Outcomes {
			if strings.EqualFold(o.Title, want) || o.ID == want || strconv.Itoa(i+1) == want {
				return nil, t.endPrediction(ctx, p.ID, "RESOLVED", o.ID)
			}
		}
		return nil, fmt.Errorf("the prediction has no outcome %q", want)
	},
}

var errNoPrediction = errors.New("there is no prediction that runs")

// running returns the prediction that is not over yet.
func (t *Twitch) running(ctx context.Context) (*helix.Prediction, error) {
	found, err := t.Client.Predictions.Get(ctx, helix.GetPredictionsParams{BroadcasterID: t.Broadcaster.ID, First: 1})
	if err != nil {
		return nil, err
	}
	if len(found.Items) == 0 || found.Items[0].Status != "ACTIVE" && found.Items[0].Status != "LOCKED" {
		return nil, errNoPrediction
	}
	return &found.Items[0], nil
}

func (t *Twitch) endPrediction(ctx context.Context, id, status, outcome string) error {
	p := helix.EndPredictionParams{BroadcasterID: t.Broadcaster.ID, ID: id, Status: helix.PredictionStatus(status)}
	if outcome != "" {
		p.WinningOutcomeID = &outcome
	}
	_, err := t.Client.Predictions.End(ctx, p)
	return err
}
