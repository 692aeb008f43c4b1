package world

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
)

// A ChatMessage is one message in a channel's chat.
type ChatMessage struct {
	ID            string
	BroadcasterID string
	Sender        User // as they were when they wrote
	Text          string
	Action        bool // /me
	Bits          int
	Badges        []Badge // must not be changed
	Moderator     bool    // the sender moderates the channel
	Subscriber    bool
	VIP           bool
	First         bool            // the sender's first message in this channel
	Returning     bool            // the sender is marked as a returning chatter
	Flags         string          // what AutoMod found in a message that it let pass, as IRC writes it
	ClientNonce   string          // as given by the sender over IRC
	RewardID      string          // of the custom reward that the message is for, or ""
	Automatic     AutomaticReward // that the message is for, or ""
	Reply         *Reply          // nil: no reply
	Source        *Source         // nil: the channel shared no chat
	Time          time.Time
}

// AnimationID returns the animation of a MessageEffect, "" for other messages.
func (m *ChatMessage) AnimationID() string {
	if m.Automatic == MessageEffect {
		return "rainbow-eclipse"
	}
	return ""
}

// A Reply says what a message answers.
type Reply struct {
	Parent ChatMessage // the message that is answered; its Reply is nil
	Thread ChatMessage // the first message of the thread; its Reply is nil
}

// A Source says where a message of a shared chat was written.
type Source struct {
	ID          string  // of the message there
	Broadcaster User    // whose channel it is
	Badges      []Badge // of the sender there; must not be changed
	Only        bool    // it is not shown in the other channels
}

// A Badge is shown beside a chatter's name.
type Badge struct {
	SetID string // "moderator"
	ID    string // "1"
	Info  string // months of a subscriber
}

// A Post is a message to be sent.
type Post struct {
	BroadcasterID string
	SenderID      string
	Text          string
	Action        bool
	Bits          int
	ReplyTo       string // id of the message to answer, or ""
	ClientNonce   string
	RewardID      string          // of a custom reward
	Automatic     AutomaticReward // of those that are a chat message, or ""
	SourceOnly    bool            // is not shown in the channels that share the chat
	Unlimited     bool            // the limits on pace and repetition do not hold
}

// PostChat sends a chat message if the channel's rules let it pass. It cuts a text
// of more than [chat.MaxLength] characters, as IRC does. A message that Twitch would
// drop gives a [*DropError], a post that makes no sense an [*Error].
func (w *World) PostChat(p Post) (ChatMessage, error) {
	c := w.begin()
	defer c.end()
	return w.post(c, p)
}

func (w *World) post(c *change, p Post) (ChatMessage, error) {
	b, ch, err := w.broadcaster(p.BroadcasterID)
	if err != nil {
		return ChatMessage{}, err
	}
	u := w.users[p.SenderID]
	if u == nil {
		return ChatMessage{}, badRequest("The ID in sender_id was not found.")
	}
	p.Text = strings.TrimRight(p.Text, " ")
	if p.Text == "" {
		return ChatMessage{}, badRequest("The message may not be empty.")
	}
	p.Text = cut(p.Text)
	reply, err := ch.reply(p.ReplyTo)
	if err != nil {
		return ChatMessage{}, err
	}
	if err := w.mayChat(c, ch, u, p); err != nil {
		return ChatMessage{}, err
	}
	m := ChatMessage{
		ID: w.uuid(), BroadcasterID: b.ID, Sender: *u, Text: p.Text, Action: p.Action, Bits: p.Bits,
		Badges: ch.badges(u), Moderator: ch.moderators.has(u.ID), Subscriber: ch.subs[u.ID] != nil, VIP: ch.vips.has(u.ID),
		First: !ch.chat.spoke(u.ID), Returning: ch.returning[u.ID], ClientNonce: p.ClientNonce, RewardID: p.RewardID, Automatic: p.Automatic, Reply: reply, Time: c.now,
	}
	if w.sharedChat(b.ID) != nil {
		m.Source = &Source{ID: m.ID, Broadcaster: *b, Badges: m.Badges, Only: p.SourceOnly}
	}
	if err := w.publish(c, b, ch, m); err != nil {
		return ChatMessage{}, err
	}
	return m, nil
}

// publish shows a message to all chatters, to moderators only, or holds it back.
func (w *World) publish(c *change, b *User, ch *channel, m ChatMessage) error {
	if !m.Moderator && m.Sender.ID != b.ID {
		if h := ch.inspect(m.Text); h != nil {
			return w.hold(c, b, h, m)
		}
		m.Flags = ch.flags(m.Text)
	}
	status := ch.suspects[m.Sender.ID]
	if status != Restricted {
		ch.chat.add(m)
		c.tell(Chat{About: c.about(b), Message: m})
		if m.Source != nil {
			w.share(c, m)
		}
	}
	if status != "" {
		c.tell(SuspiciousMessage{About: c.about(b), Message: m, Status: status})
	}
	return nil
}

// Dropped returns why a message was dropped, if that is what err says.
func Dropped(err error) (*DropError, bool) { return errors.AsType[*DropError](err) }

// cut shortens what a user wrote to what Twitch takes.
func cut(text string) string { return chat.Truncate(text, chat.MaxLength) }

func (ch *channel) reply(parentID string) (*Reply, error) {
	if parentID == "" {
		return nil, nil
	}
	parent, ok := ch.chat.get(parentID)
	if !ok {
		return nil, badRequest("The ID in reply_parent_message_id was not found.")
	}
	r := &Reply{Parent: parent, Thread: parent}
	if parent.Reply != nil {
		r.Thread = parent.Reply.Thread
	}
	r.Parent.Reply, r.Thread.Reply = nil, nil
	return r, nil
}

// Message returns a message that is still there: not deleted, not too old.
func (w *World) Message(broadcasterID, messageID string) (ChatMessage, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	ch := w.channels[broadcasterID]
	if ch == nil {
		return ChatMessage{}, false
	}
	return ch.chat.get(messageID)
}

// Messages returns the newest messages of a channel that are still there, oldest first.
func (w *World) Messages(broadcasterID string) []ChatMessage {
	w.mu.RLock()
	defer w.mu.RUnlock()
	ch := w.channels[broadcasterID]
	if ch == nil {
		return nil
	}
	return ch.chat.all()
}

// Announce posts a highlighted message.
func (w *World) Announce(broadcasterID, moderatorID, text, color string) error {
	return w.AnnounceIn(broadcasterID, moderatorID, text, color, false)
}

// AnnounceIn is [World.Announce]; with sourceOnly, the message is not shown in the channels
// that share the chat.
func (w *World) AnnounceIn(broadcasterID, moderatorID, text, color string, sourceOnly bool) error {
	c := w.begin()
	defer c.end()
	b, ch, mod, err := w.moderator(broadcasterID, moderatorID)
	if err != nil {
		return err
	}
	if text == "" {
		return badRequest("The message field in the request's body is required.")
	}
	if color == "" {
		color = "primary"
	}
	c.tell(Announcement{
		About: c.about(b), Moderator: *mod, Text: cut(text), Color: color, MessageID: w.uuid(), Badges: ch.badges(mod), SourceOnly: sourceOnly,
	})
	return nil
}

// Replay sends a raw line of IRC to all connections in a channel's chat.
func (w *World) Replay(broadcasterID, line string) error {
	c := w.begin()
	defer c.end()
	b, _, err := w.broadcaster(broadcasterID)
	if err != nil {
		return err
	}
	c.tell(RawLine{About: c.about(b), Line: line})
	return nil
}

// Whisper sends a private message.
func (w *World) Whisper(fromID, toID, text string) error {
	c := w.begin()
	defer c.end()
	from, to := w.users[fromID], w.users[toID]
	switch {
	case from == nil || to == nil:
		return badRequest("The ID in to_user_id was not found.")
	case from == to:
		return badRequest("A user cannot whisper to themself.")
	case text == "":
		return badRequest("The message field must not be empty.")
	case w.channels[to.ID].blocked.has(from.ID):
		return refuse(http.StatusForbidden, "The recipient does not take whispers of the sender.")
	}
	if err := needPhone(from); err != nil {
		return err
	}
	text, err := w.whisper(c, from, to, text)
	if err != nil {
		return err
	}
	c.tell(Whispered{About: About{Time: c.now}, From: *from, To: *to, ID: w.uuid(), Text: text})
	return nil
}
