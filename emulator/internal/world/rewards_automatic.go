package world

import (
	"slices"
	"strings"
	"time"
)

// AutomaticReward is a reward that every channel with channel points has.
type AutomaticReward string

// The automatic rewards.
const (
	HighlightedMessage  AutomaticReward = "send_highlighted_message"
	SubModeBypass       AutomaticReward = "single_message_bypass_sub_mode"
	RandomEmoteUnlock   AutomaticReward = "random_sub_emote_unlock"
	ChosenEmoteUnlock   AutomaticReward = "chosen_sub_emote_unlock"
	ModifiedEmoteUnlock AutomaticReward = "chosen_modified_sub_emote_unlock"
)

// Power-ups that are chat messages. They are paid with Bits.
const (
	MessageEffect  AutomaticReward = "message_effect"
	GigantifyEmote AutomaticReward = "gigantify_an_emote"
)

// An automaticOffer is an automatic reward with Twitch's default price in channel points.
type automaticOffer struct {
	reward  AutomaticReward
	cost    int
	message bool // the reward is a chat message
}

// automaticOffers are all automatic rewards.
var automaticOffers = []automaticOffer{
	{HighlightedMessage, 100, true},
	{SubModeBypass, 200, true},
	{RandomEmoteUnlock, 260, false},
	{ChosenEmoteUnlock, 480, false},
	{ModifiedEmoteUnlock, 600, false},
}

// AutomaticRewards returns the names of all automatic rewards.
func AutomaticRewards() []string {
	names := make([]string, len(automaticOffers))
	for i, r := range automaticOffers {
		names[i] = string(r.reward)
	}
	return append(names, string(MessageEffect), string(GigantifyEmote))
}

// AutomaticRedeemed is the fact that a viewer redeemed an automatic reward.
type AutomaticRedeemed struct {
	About
	ID         string
	Reward     AutomaticReward
	Cost       int
	User       User
	Message    *ChatMessage  // nil unless the reward is a chat message
	Emote      *ChannelEmote // nil unless the reward unlocks an emote
	RedeemedAt time.Time
}

// RedeemAutomatic redeems an automatic reward for a viewer. Input is the text of a
// message, or the name of the emote that is chosen. Twitch picks an emote for
// RandomEmoteUnlock.
func (w *World) RedeemAutomatic(broadcasterID, userID string, reward AutomaticReward, input string) (string, error) {
	if reward == MessageEffect || reward == GigantifyEmote {
		return w.powerUpMessage(broadcasterID, userID, reward, input)
	}
	i := slices.IndexFunc(automaticOffers, func(o automaticOffer) bool { return o.reward == reward })
	if i < 0 {
		return "", badRequest("%q is not an automatic reward; there are %s.", reward, strings.Join(AutomaticRewards(), ", "))
	}
	unlocked, err := w.unlocked(broadcasterID, reward, input)
	if err != nil {
		return "", err
	}
	c := w.begin()
	defer c.end()
	b, _, err := w.supported(broadcasterID)
	if err != nil {
		return "", err
	}
	u, err := w.user(userID)
	if err != nil {
		return "", err
	}
	f := AutomaticRedeemed{
		About: c.about(b), ID: w.uuid(), Reward: reward, Cost: automaticOffers[i].cost, User: *u, Emote: unlocked, RedeemedAt: c.now,
	}
	if automaticOffers[i].message {
		m, err := w.post(c, Post{BroadcasterID: b.ID, SenderID: u.ID, Text: input, Automatic: reward, Unlimited: true})
		if err != nil {
			return "", err
		}
		f.Message = &m
	}
	c.tell(f)
	return f.ID, nil
}

// unlocked returns the emote that a reward unlocks, or nil.
func (w *World) unlocked(broadcasterID string, reward AutomaticReward, name string) (*ChannelEmote, error) {
	if reward == HighlightedMessage || reward == SubModeBypass {
		return nil, nil //nolint:nilnil // a message unlocks no emote
	}
	for _, e := range w.ChannelEmotes(broadcasterID) {
		base, _, _ := strings.Cut(name, "_") // a modified emote has a suffix, such as _BW
		if e.Kind == "subscriptions" && (reward == RandomEmoteUnlock || e.Name == base) {
			if reward == ModifiedEmoteUnlock {
				e.Name = name
			}
			return &e, nil
		}
	}
	return nil, badRequest("The channel has no subscriber emote %q.", name)
}
