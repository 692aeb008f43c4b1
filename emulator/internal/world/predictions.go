package world

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// A Prediction has viewers bet channel points on what will come out.
type Prediction struct {
	ID          string
	Broadcaster User
	Title       string
	Outcomes    []Outcome
	WinningID   string // "" until resolved
	Window      time.Duration
	Status      string // "ACTIVE", "LOCKED", "RESOLVED", "CANCELED"
	CreatedAt   time.Time
	LocksAt     time.Time
	LockedAt    time.Time // zero while active
	EndedAt     time.Time // zero until resolved or canceled
}

// An Outcome is what may come out.
type Outcome struct {
	ID         string
	Title      string
	Color      string // "BLUE" or "PINK"
	Points     int
	Predictors []Predictor // most points first
}

// A Predictor is who bet on an outcome.
type Predictor struct {
	User User
	Used int
	Won  int // the used ones come back with them; 0 until resolved
}

// A prediction that is not resolved returns all points after a day.
const resolveWithin = 24 * time.Hour

// A NewPrediction is a prediction to be started.
type NewPrediction struct {
	Title    string
	Outcomes []string
	Window   time.Duration // how long one may bet
}

func (p *Prediction) snapshot() Prediction {
	shown := *p
	shown.Outcomes = slices.Clone(shown.Outcomes)
	for i := range shown.Outcomes {
		shown.Outcomes[i].Predictors = slices.Clone(shown.Outcomes[i].Predictors)
	}
	return shown
}

// StartPrediction starts a prediction, which is locked by itself.
func (w *World) StartPrediction(broadcasterID string, n NewPrediction) (Prediction, error) {
	c := w.begin()
	defer c.end()
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return Prediction{}, err
	}
	switch {
	case n.Title == "":
		return Prediction{}, badRequest("The title field is required.")
	case len(n.Outcomes) < 2 || len(n.Outcomes) > 10:
		return Prediction{}, badRequest("A prediction must have 2 to 10 outcomes.")
	case n.Window <= 0:
		return Prediction{}, badRequest("The prediction_window must be positive.")
	case ch.openPrediction() != nil:
		return Prediction{}, badRequest("The broadcaster already has a prediction that is active or locked.")
	}
	p := &Prediction{
		ID: w.uuid(), Broadcaster: *b, Title: n.Title, Window: n.Window, Status: "ACTIVE",
		CreatedAt: c.now, LocksAt: c.now.Add(n.Window),
	}
	for i, title := range n.Outcomes {
		color := "BLUE"
		if i == 1 && len(n.Outcomes) == 2 {
			color = "PINK"
		}
		p.Outcomes = append(p.Outcomes, Outcome{ID: w.uuid(), Title: title, Color: color})
	}
	ch.predictions = append(ch.predictions, p)
	c.tell(PredictionChanged{About: c.about(b), Prediction: p.snapshot(), Phase: Begins})
	w.later(n.Window, func(c *change) { w.lockPrediction(c, p) })
	w.later(resolveWithin, func(c *change) {
		if p.EndedAt.IsZero() {
			w.settlePrediction(c, p, "CANCELED", "")
		}
	})
	return p.snapshot(), nil
}

func (ch *channel) openPrediction() *Prediction {
	if n := len(ch.predictions); n > 0 && ch.predictions[n-1].EndedAt.IsZero() {
		return ch.predictions[n-1]
	}
	return nil
}

func (w *World) tellPrediction(c *change, p *Prediction, phase Phase) {
	c.tell(PredictionChanged{About: c.about(w.users[p.Broadcaster.ID]), Prediction: p.snapshot(), Phase: phase})
}

func (w *World) lockPrediction(c *change, p *Prediction) {
	if p.Status == "ACTIVE" {
		p.Status, p.LockedAt = "LOCKED", c.now
		w.tellPrediction(c, p, Locks)
	}
}

func (w *World) settlePrediction(c *change, p *Prediction, status, winner string) {
	p.Status, p.WinningID, p.EndedAt = status, winner, c.now
	if p.LockedAt.IsZero() {
		p.LockedAt = c.now
	}
	p.pay()
	w.tellPrediction(c, p, Ends)
}

// pay shares all points among those who bet on what came out.
func (p *Prediction) pay() {
	total := 0
	for _, o := range p.Outcomes {
		total += o.Points
	}
	for i, o := range p.Outcomes {
		if o.ID != p.WinningID {
			continue
		}
		for j, predictor := range o.Predictors {
			p.Outcomes[i].Predictors[j].Won = total * predictor.Used / o.Points
		}
	}
}

// EndPrediction locks, resolves or cancels a prediction. Winner is the id of
// the outcome that came out, of a resolved one.
func (w *World) EndPrediction(broadcasterID, predictionID, status, winner string) (Prediction, error) {
	c := w.begin()
	defer c.end()
	_, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return Prediction{}, err
	}
	at := slices.IndexFunc(ch.predictions, func(p *Prediction) bool { return p.ID == predictionID })
	if at < 0 {
		return Prediction{}, refuse(http.StatusNotFound, "The prediction in the id field was not found.")
	}
	p := ch.predictions[at]
	switch {
	case !p.EndedAt.IsZero():
		return Prediction{}, badRequest("The prediction has ended already.")
	case status == "LOCKED" && p.Status != "ACTIVE":
		return Prediction{}, badRequest("The prediction must be active to be locked.")
	case status == "LOCKED":
		w.lockPrediction(c, p)
	case status == "CANCELED":
		w.settlePrediction(c, p, status, "")
	case winner == "":
		return Prediction{}, badRequest("The winning_outcome_id field is required if status is RESOLVED.")
	case !slices.ContainsFunc(p.Outcomes, func(o Outcome) bool { return o.ID == winner }):
		return Prediction{}, badRequest("The ID in the winning_outcome_id field is not one of the outcomes.")
	default:
		w.settlePrediction(c, p, status, winner)
	}
	return p.snapshot(), nil
}

// Predict has a user bet channel points on the outcome of a title, in the
// prediction that is active. Users have unlimited points.
func (w *World) Predict(broadcasterID, userID, outcome string, points int) error {
	c := w.begin()
	defer c.end()
	_, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return err
	}
	u, err := w.user(userID)
	if err != nil {
		return err
	}
	p := ch.openPrediction()
	if p == nil || p.Status != "ACTIVE" {
		return badRequest("The broadcaster has no active prediction.")
	}
	at := slices.IndexFunc(p.Outcomes, func(o Outcome) bool { return strings.EqualFold(o.Title, outcome) })
	switch {
	case at < 0:
		return badRequest("The prediction has no outcome %q.", outcome)
	case points <= 0:
		return badRequest("The number of points must be positive.")
	}
	for i, o := range p.Outcomes {
		if i != at && slices.ContainsFunc(o.Predictors, func(other Predictor) bool { return other.User.ID == u.ID }) {
			return badRequest("The user has bet on another outcome already.")
		}
	}
	p.Outcomes[at].bet(*u, points)
	w.tellPrediction(c, p, Progresses)
	return nil
}

func (o *Outcome) bet(u User, points int) {
	o.Points += points
	i := slices.IndexFunc(o.Predictors, func(p Predictor) bool { return p.User.ID == u.ID })
	if i < 0 {
		i = len(o.Predictors)
		o.Predictors = append(o.Predictors, Predictor{User: u})
	}
	o.Predictors[i].Used += points
	Order(o.Predictors, func(a, b *Predictor) int { return b.Used - a.Used })
}

// Predictions returns the predictions of a channel, newest first.
func (w *World) Predictions(broadcasterID string) []Prediction {
	w.settle()
	w.mu.RLock()
	defer w.mu.RUnlock()
	ch := w.channels[broadcasterID]
	if ch == nil {
		return nil
	}
	all := make([]Prediction, 0, len(ch.predictions))
	for _, p := range slices.Backward(ch.predictions) {
		all = append(all, p.snapshot())
	}
	return all
}
