package world

import (
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	maxRewards  = 50 // of one channel
	rewardColor = "#9147FF"
)

// A Reward is a custom reward that viewers redeem with channel points.
type Reward struct {
	ID          string
	Broadcaster User
	ClientID    string // of the client that made it and may manage it; "": it was made by hand
	RewardSettings

	InStock       bool
	Live          bool // the stream runs: RedeemedNow counts
	RedeemedNow   int  // times in the current stream
	CooldownUntil time.Time
}

// RewardSettings are what a broadcaster chooses of a [Reward].
type RewardSettings struct {
	Title         string
	Prompt        string
	Cost          int
	Color         string // "#RRGGBB"; "" is Twitch's purple
	Enabled       bool
	Paused        bool
	InputRequired bool
	SkipQueue     bool // redemptions are fulfilled at once
	PerStream     Cap
	PerUser       Cap // and stream
	Cooldown      Cap // in seconds
}

// A Cap is a number that counts only when it is on.
type Cap struct {
	On    bool
	Value int
}

// points is the state of a channel's rewards.
type points struct {
	rewards  []*Reward // oldest first
	redeemed []*Redemption
	byUser   map[[2]string]int // redemptions in this stream by reward and user
}

func (p *points) newStream() {
	p.byUser = nil
	for _, r := range p.rewards {
		r.RedeemedNow = 0
	}
}

func (p *points) reward(id string) *Reward {
	for _, r := range p.rewards {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// RewardAdded is the fact of a new custom reward.
type RewardAdded struct {
	About
	Reward Reward
}

// RewardChanged is the fact of changed settings of a reward.
type RewardChanged struct {
	About
	Reward Reward
}

// RewardRemoved is the fact that a reward was removed.
type RewardRemoved struct {
	About
	Reward Reward
}

// show returns what others may keep of a reward.
func (w *World) show(r *Reward, now time.Time) Reward {
	shown := *r
	shown.Live = w.streams[r.Broadcaster.ID] != nil
	shown.InStock = !r.PerStream.On || r.RedeemedNow < r.PerStream.Value
	if !now.Before(r.CooldownUntil) {
		shown.CooldownUntil = time.Time{}
	}
	return shown
}

// Rewards returns a channel's custom rewards, oldest first.
func (w *World) Rewards(broadcasterID string) []Reward {
	w.mu.RLock()
	defer w.mu.RUnlock()
	ch := w.channels[broadcasterID]
	if ch == nil {
		return nil
	}
	all := make([]Reward, len(ch.points.rewards))
	for i, r := range ch.points.rewards {
		all[i] = w.show(r, time.Now())
	}
	return all
}

// supported returns a broadcaster whom viewers can support: partner or affiliate.
func (w *World) supported(broadcasterID string) (*User, *channel, error) {
	b, ch, err := w.broadcaster(broadcasterID)
	if err == nil && b.BroadcasterType == "" {
		err = refuse(http.StatusForbidden, "The broadcaster must be a partner or affiliate.")
	}
	return b, ch, err
}

// AddReward makes a custom reward. ClientID "" is the broadcaster by hand.
func (w *World) AddReward(broadcasterID, clientID string, s RewardSettings) (Reward, error) {
	c := w.begin()
	defer c.end()
	b, ch, err := w.supported(broadcasterID)
	if err != nil {
		return Reward{}, err
	}
	if len(ch.points.rewards) >= maxRewards {
		return Reward{}, badRequest("CREATE_CUSTOM_REWARD_TOO_MANY_REWARDS")
	}
	if s.Color == "" {
		s.Color = rewardColor
	}
	if err := checkReward(ch, "", s, "CREATE"); err != nil {
		return Reward{}, err
	}
	r := &Reward{ID: w.uuid(), Broadcaster: *b, ClientID: clientID, RewardSettings: s}
	ch.points.rewards = append(ch.points.rewards, r)
	shown := w.show(r, c.now)
	c.tell(RewardAdded{About: c.about(b), Reward: shown})
	return shown, nil
}

// checkReward checks settings for the reward of an id; "" is a new one.
func checkReward(ch *channel, id string, s RewardSettings, verb string) error {
	switch n := utf8.RuneCountInString(s.Title); {
	case n < 1 || n > 45:
		return badRequest("The title must contain a minimum of 1 character and up to a maximum of 45 characters.")
	case utf8.RuneCountInString(s.Prompt) > 200:
		return badRequest("The prompt is limited to a maximum of 200 characters.")
	case s.Cost < 1:
		return badRequest("The cost must be greater than or equal to 1.")
	case !isHexColor(s.Color):
		return badRequest("The background_color must be a hex color such as #9147FF.")
	case s.PerStream.On && s.PerStream.Value < 1:
		return badRequest("The max_per_stream must be greater than or equal to 1.")
	case s.PerUser.On && s.PerUser.Value < 1:
		return badRequest("The max_per_user_per_stream must be greater than or equal to 1.")
	case s.Cooldown.On && (s.Cooldown.Value < 1 || s.Cooldown.Value > 604800):
		return badRequest("The global_cooldown_seconds must be from 1 to 604800.")
	}
	if slices.ContainsFunc(ch.points.rewards, func(r *Reward) bool { return r.ID != id && r.Title == s.Title }) {
		return badRequest("%s_CUSTOM_REWARD_DUPLICATE_REWARD", verb)
	}
	return nil
}

func isHexColor(color string) bool {
	return len(color) == 7 && color[0] == '#' && strings.Trim(strings.ToLower(color[1:]), "0123456789abcdef") == ""
}

// managed returns a reward that a client may manage, which is the one that made it.
func (w *World) managed(broadcasterID, clientID, rewardID string) (*User, *channel, *Reward, error) {
	b, ch, err := w.supported(broadcasterID)
	if err != nil {
		return nil, nil, nil, err
	}
	r := ch.points.reward(rewardID)
	switch {
	case r == nil:
		return nil, nil, nil, refuse(http.StatusNotFound, "The custom reward specified was not found.")
	case r.ClientID != clientID:
		return nil, nil, nil, refuse(http.StatusForbidden, "The ID in the Client-Id header must match the client ID used to create the custom reward.")
	}
	return b, ch, r, nil
}

// ChangeReward changes a custom reward's settings.
func (w *World) ChangeReward(broadcasterID, clientID, rewardID string, edit func(*RewardSettings)) (Reward, error) {
	c := w.begin()
	defer c.end()
	b, ch, r, err := w.managed(broadcasterID, clientID, rewardID)
	if err != nil {
		return Reward{}, err
	}
	next := r.RewardSettings
	edit(&next)
	if err := checkReward(ch, r.ID, next, "UPDATE"); err != nil {
		return Reward{}, err
	}
	r.RewardSettings = next
	shown := w.show(r, c.now)
	c.tell(RewardChanged{About: c.about(b), Reward: shown})
	return shown, nil
}

// RemoveReward deletes a custom reward. What waits for a decision is fulfilled.
func (w *World) RemoveReward(broadcasterID, clientID, rewardID string) error {
	c := w.begin()
	defer c.end()
	b, ch, r, err := w.managed(broadcasterID, clientID, rewardID)
	if err != nil {
		return err
	}
	for _, redemption := range ch.points.redeemed {
		if redemption.Reward.ID == r.ID && redemption.Status == Unfulfilled {
			redemption.Status = Fulfilled
			c.tell(RedemptionSettled{About: c.about(b), Redemption: *redemption})
		}
	}
	ch.points.rewards = slices.DeleteFunc(ch.points.rewards, func(other *Reward) bool { return other == r })
	c.tell(RewardRemoved{About: c.about(b), Reward: w.show(r, c.now)})
	return nil
}
