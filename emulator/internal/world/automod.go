package world

import (
	"net/http"
	"strings"
	"time"
)

// AutoModSettings say how strict AutoMod is: 0 lets everything pass, 4 holds
// even what is mild. A new channel has AutoMod off.
type AutoModSettings struct {
	Overall int // 1 to 4: set for all categories at once; 0: each by itself

	Disability, Aggression, Sexuality, Misogyny, Bullying, Swearing, Race, SexTerms int
}

// OverallAutoMod are the settings of an overall level.
func OverallAutoMod(level int) AutoModSettings {
	s := AutoModSettings{
		Overall: level, Disability: level, Aggression: level, Sexuality: level, Misogyny: level,
		Bullying: max(0, level-1), Race: level, SexTerms: level,
	}
	if level == 4 {
		s.Swearing = 2
	}
	return s
}

func (s AutoModSettings) level(category string) int {
	switch category {
	case "disability":
		return s.Disability
	case "aggressive":
		return s.Aggression
	case "sexuality":
		return s.Sexuality
	case "misogyny":
		return s.Misogyny
	case "bullying":
		return s.Bullying
	case "swearing":
		return s.Swearing
	case "racism":
		return s.Race
	case "sexual":
		return s.SexTerms
	}
	return 0
}

// A phrase that AutoMod knows. Level is how bad it is, from 1 to 4: 4 is held
// by every setting but 0, 1 only by the strictest.
type phrase struct {
	text, category string
	level          int
}

// phrases are few and mild: where real insults would say nothing more about a
// client, a made-up word stands for them.
var phrases = []phrase{
	{"damn", "swearing", 1},
	{"crap", "swearing", 2},
	{"bullshit", "swearing", 4},
	{"loser", "bullying", 2},
	{"idiot", "bullying", 3},
	{"nobody likes you", "bullying", 4},
	{"fight me", "aggressive", 2},
	{"punch you", "aggressive", 4},
	{"lame", "disability", 1},
	{"slurdisability", "disability", 4},
	{"sandwich woman", "misogyny", 2},
	{"slurmisogyny", "misogyny", 4},
	{"sexy", "sexual", 2},
	{"slursexual", "sexual", 4},
	{"slursexuality", "sexuality", 4},
	{"slurrace", "racism", 4},
}

// A HeldMessage is a message that waits for a moderator.
type HeldMessage struct {
	Message  ChatMessage
	Category string      // AutoMod's; "" when blocked terms hold the message
	Level    int         // how bad AutoMod finds it, from 1 to 4
	Spans    []Span      // what AutoMod found
	Terms    []FoundTerm // blocked terms; nil when AutoMod holds the message
	HeldAt   time.Time

	resolved bool
}

// heldFor is how long a message waits for a moderator.
const heldFor = 5 * time.Minute

// inspect returns why a message is to be held, nil if it may pass.
func (ch *channel) inspect(text string) *HeldMessage {
	if found := ch.findTerms(text); found != nil {
		return &HeldMessage{Terms: found}
	}
	if ch.automod == (AutoModSettings{}) {
		return nil
	}
	var worst *HeldMessage
	words := wordsOf(text)
	for _, p := range phrases {
		setting := ch.automod.level(p.category)
		if setting+p.level <= 4 || (worst != nil && worst.Level >= p.level) {
			continue
		}
		if spans := find(words, p.text); spans != nil {
			worst = &HeldMessage{Category: p.category, Level: p.level, Spans: spans}
		}
	}
	return worst
}

// hold keeps a message back. The error is sent to the sender.
func (w *World) hold(c *change, b *User, h *HeldMessage, m ChatMessage) error {
	h.Message, h.HeldAt = m, c.now
	w.held[m.ID] = h
	c.tell(MessageHeld{About: c.about(b), Held: *h})
	w.later(heldFor, func(c *change) { w.settleHeld(c, h, User{}, "expired") })
	if h.Terms != nil {
		return drop("msg_rejected_mandatory", "Your message wasn't posted due to conflicts with the channel's moderation settings.")
	}
	return drop("msg_rejected", "Your message is being checked by mods and has not been sent.")
}

func (w *World) settleHeld(c *change, h *HeldMessage, mod User, status string) {
	if h.resolved {
		return
	}
	h.resolved = true
	b, ch, err := w.broadcaster(h.Message.BroadcasterID)
	if err != nil {
		return
	}
	c.tell(HeldMessageResolved{About: c.about(b), Held: *h, Moderator: mod, Status: status})
	if status == "approved" {
		h.Message.Time = c.now
		ch.chat.add(h.Message)
		c.tell(Chat{About: c.about(b), Message: h.Message})
		if h.Message.Source != nil {
			w.share(c, h.Message)
		}
	}
}

// ResolveHeld lets a held message pass or denies it.
func (w *World) ResolveHeld(moderatorID, messageID string, allow bool) error {
	c := w.begin()
	defer c.end()
	h := w.held[messageID]
	if h == nil {
		return refuse(http.StatusNotFound, "The message specified in the msg_id field was not found.")
	}
	_, _, mod, err := w.moderator(h.Message.BroadcasterID, moderatorID)
	switch {
	case err != nil:
		return refuse(http.StatusForbidden, "The user in user_id is not one of the broadcaster's moderators.")
	case h.resolved:
		return badRequest("The message specified in the msg_id field was already processed.")
	}
	status := "denied"
	if allow {
		status = "approved"
	}
	w.settleHeld(c, h, *mod, status)
	return nil
}

// HeldMessages returns the messages of a channel that wait for a moderator, oldest first.
func (w *World) HeldMessages(broadcasterID string) []HeldMessage {
	w.settle()
	w.mu.RLock()
	defer w.mu.RUnlock()
	var all []HeldMessage
	for _, h := range w.held {
		if h.Message.BroadcasterID == broadcasterID && !h.resolved {
			all = append(all, *h)
		}
	}
	Order(all, func(a, b *HeldMessage) int {
		if order := a.HeldAt.Compare(b.HeldAt); order != 0 {
			return order
		}
		return strings.Compare(a.Message.ID, b.Message.ID)
	})
	return all
}

// WouldPass reports whether a text is neither held by AutoMod nor by a blocked term.
func (w *World) WouldPass(broadcasterID, text string) bool {
	w.mu.RLock()
	defer w.mu.RUnlock()
	ch := w.channels[broadcasterID]
	return ch == nil || ch.inspect(text) == nil
}

// AutoMod returns a channel's settings.
func (w *World) AutoMod(broadcasterID string) AutoModSettings {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if ch := w.channels[broadcasterID]; ch != nil {
		return ch.automod
	}
	return AutoModSettings{}
}

// SetAutoMod replaces a channel's settings.
func (w *World) SetAutoMod(broadcasterID, moderatorID string, s AutoModSettings) error {
	c := w.begin()
	defer c.end()
	b, ch, mod, err := w.moderator(broadcasterID, moderatorID)
	if err != nil {
		return err
	}
	if ch.automod != s {
		ch.automod = s
		c.tell(AutoModChanged{About: c.about(b), Settings: s, Moderator: *mod})
	}
	return nil
}
