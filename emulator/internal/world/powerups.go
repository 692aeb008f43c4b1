package world

import (
	"net/http"
	"time"
)

// A PowerUp is a custom Power-up, which viewers redeem with bits.
type PowerUp struct {
	ID            string
	Broadcaster   User
	Title         string
	Prompt        string
	Bits          int
	InputRequired bool
}

// PowerUpRedeemed is the fact that a viewer redeemed a custom Power-up.
type PowerUpRedeemed struct {
	About
	ID         string // of the redemption
	PowerUp    PowerUp
	User       User
	Input      string
	RedeemedAt time.Time
}

// PowerUpMessage is the fact that a viewer paid Bits to make a message stand out: a
// MessageEffect or GigantifyEmote. The [Chat] of its message comes before it.
type PowerUpMessage struct {
	About
	User    User
	Kind    AutomaticReward
	Bits    int
	Message ChatMessage
}

// powerUpMessage posts such a message. It returns the message's id.
func (w *World) powerUpMessage(broadcasterID, userID string, kind AutomaticReward, text string) (string, error) {
	c := w.begin()
	defer c.end()
	b, _, err := w.supported(broadcasterID)
	if err != nil {
		return "", err
	}
	p, bits := Post{BroadcasterID: b.ID, SenderID: userID, Text: text, Automatic: kind, Unlimited: true}, 30
	if kind == MessageEffect {
		bits = 10
	}
	m, err := w.post(c, p)
	if err != nil {
		return "", err
	}
	c.tell(PowerUpMessage{About: c.about(b), User: m.Sender, Kind: kind, Bits: bits, Message: m})
	return m.ID, nil
}

// AddPowerUp makes a custom Power-up. Twitch has no endpoint for it.
func (w *World) AddPowerUp(broadcasterID string, p PowerUp) (PowerUp, error) {
	c := w.begin()
	defer c.end()
	b, ch, err := w.supported(broadcasterID)
	if err != nil {
		return PowerUp{}, err
	}
	if p.Title == "" || p.Bits <= 0 {
		return PowerUp{}, badRequest("A custom Power-up needs a title and a number of bits.")
	}
	p.ID, p.Broadcaster = w.uuid(), *b
	ch.powerUps = append(ch.powerUps, p)
	return p, nil
}

// PowerUps returns a channel's custom Power-ups, oldest first.
func (w *World) PowerUps(broadcasterID string) []PowerUp {
	w.mu.RLock()
	defer w.mu.RUnlock()
	ch := w.channels[broadcasterID]
	if ch == nil {
		return nil
	}
	return append([]PowerUp(nil), ch.powerUps...)
}

// RedeemPowerUp has a viewer redeem a custom Power-up.
func (w *World) RedeemPowerUp(broadcasterID, userID, powerUpID, input string) error {
	c := w.begin()
	defer c.end()
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return err
	}
	u, err := w.user(userID)
	if err != nil {
		return err
	}
	for _, p := range ch.powerUps {
		if p.ID == powerUpID {
			if !p.InputRequired {
				input = ""
			}
			c.tell(PowerUpRedeemed{About: c.about(b), ID: w.uuid(), PowerUp: p, User: *u, Input: cut(input), RedeemedAt: c.now})
			return nil
		}
	}
	return refuse(http.StatusNotFound, "The custom Power-up was not found.")
}
