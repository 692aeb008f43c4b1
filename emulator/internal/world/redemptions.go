package world

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// The states of a [Redemption].
const (
	Unfulfilled = "UNFULFILLED"
	Fulfilled   = "FULFILLED"
	Canceled    = "CANCELED"
)

// A Redemption is a reward that a viewer redeemed.
type Redemption struct {
	ID          string
	Reward      Reward // as it was then
	Broadcaster User
	User        User
	Input       string
	Status      string
	RedeemedAt  time.Time
}

// Redeemed is the fact that a viewer redeemed a reward.
type Redeemed struct {
	About
	Redemption Redemption
}

// RedemptionSettled is the fact that a redemption was fulfilled or cancelled.
type RedemptionSettled struct {
	About
	Redemption Redemption
}

// Redeem has a viewer redeem a custom reward.
func (w *World) Redeem(broadcasterID, userID, rewardID, input string) (Redemption, error) {
	c := w.begin()
	defer c.end()
	b, ch, err := w.supported(broadcasterID)
	if err != nil {
		return Redemption{}, err
	}
	u, err := w.user(userID)
	if err != nil {
		return Redemption{}, err
	}
	r := ch.points.reward(rewardID)
	if r == nil {
		return Redemption{}, refuse(http.StatusNotFound, "The custom reward was not found.")
	}
	key := [2]string{r.ID, u.ID}
	switch shown := w.show(r, c.now); {
	case !r.Enabled || r.Paused:
		return Redemption{}, badRequest("The reward %q is not available.", r.Title)
	case !shown.InStock:
		return Redemption{}, badRequest("The reward %q is out of stock.", r.Title)
	case !shown.CooldownUntil.IsZero():
		return Redemption{}, badRequest("The reward %q is cooling down.", r.Title)
	case r.PerUser.On && ch.points.byUser[key] >= r.PerUser.Value:
		return Redemption{}, badRequest("The user has redeemed %q often enough in this stream.", r.Title)
	case r.InputRequired && strings.TrimSpace(input) == "":
		return Redemption{}, badRequest("The reward %q needs a text.", r.Title)
	case !r.InputRequired:
		input = ""
	}
	r.RedeemedNow++
	if ch.points.byUser == nil {
		ch.points.byUser = map[[2]string]int{}
	}
	ch.points.byUser[key]++
	if r.Cooldown.On {
		r.CooldownUntil = c.now.Add(time.Duration(r.Cooldown.Value) * time.Second)
	}
	redemption := &Redemption{
		ID: w.uuid(), Reward: w.show(r, c.now), Broadcaster: *b, User: *u, Input: cut(input), Status: Unfulfilled, RedeemedAt: c.now,
	}
	if r.SkipQueue {
		redemption.Status = Fulfilled
	}
	ch.points.redeemed = append(ch.points.redeemed, redemption)
	c.tell(Redeemed{About: c.about(b), Redemption: *redemption})
	if r.InputRequired {
		// A message that chat refuses leaves the redemption as it is.
		_, _ = w.post(c, Post{BroadcasterID: b.ID, SenderID: u.ID, Text: redemption.Input, RewardID: r.ID, Unlimited: true})
	}
	return *redemption, nil
}

// Redemptions returns the redemptions of a reward, oldest first, to the client
// that made it.
func (w *World) Redemptions(broadcasterID, clientID, rewardID string) ([]Redemption, error) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	_, ch, r, err := w.managed(broadcasterID, clientID, rewardID)
	if err != nil {
		return nil, err
	}
	var all []Redemption
	for _, redemption := range ch.points.redeemed {
		if redemption.Reward.ID == r.ID {
			all = append(all, *redemption)
		}
	}
	return all, nil
}

// SettleRedemptions fulfils or cancels those of the redemptions that wait for
// it. It is an error if none does.
func (w *World) SettleRedemptions(broadcasterID, clientID, rewardID string, ids []string, status string) ([]Redemption, error) {
	c := w.begin()
	defer c.end()
	b, ch, r, err := w.managed(broadcasterID, clientID, rewardID)
	if err != nil {
		return nil, err
	}
	var settled []Redemption
	for _, redemption := range ch.points.redeemed {
		if redemption.Reward.ID != r.ID || redemption.Status != Unfulfilled || !slices.Contains(ids, redemption.ID) {
			continue
		}
		redemption.Status = status
		settled = append(settled, *redemption)
		c.tell(RedemptionSettled{About: c.about(b), Redemption: *redemption})
	}
	if settled == nil {
		return nil, refuse(http.StatusNotFound, "The custom reward redemptions specified using id were not found or are not UNFULFILLED.")
	}
	return settled, nil
}
