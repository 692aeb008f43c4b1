package cli

import (
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/irc"
)

// A chatEvent is something that happened in chat.
type chatEvent struct {
	kind    string // one of the constants below; "type" in JSON
	at      time.Time
	channel string

	message *chat.Message  // of a message; of a notice whose chatter wrote something
	notice  *chatNotice    // of a notice
	target  chat.User      // whose message was deleted, or who was banned
	id      string         // of a deleted message
	text    string         // of a deleted message, or a note of Twitch
	length  time.Duration  // of a timeout
	modes   *irc.RoomState // of a change of the chat's modes
	sent    *chatSent      // of a message of the user
}

// The kinds of chatEvent.
const (
	chatMessage  = "message"
	chatNotices  = "notice"
	chatDeleted  = "deleted"
	chatTimeout  = "timeout"
	chatBan      = "ban"
	chatCleared  = "cleared"
	chatModes    = "modes"
	chatWhisper  = "whisper"
	chatFromSite = "info"
	chatWasSent  = "sent"
	chatNotSent  = "not_sent"

	chatConnected = "connected"
	chatLost      = "disconnected"
)

// A chatNotice is a user notice: a subscription, a raid, an announcement and so on.
type chatNotice struct {
	id, kind string
	system   string // Twitch's sentence
	user     chat.User
	source   string // id of the channel it comes from, in a shared chat
	params   map[string]string
}

// A chatSent is a message of the user, accepted or not.
type chatSent struct {
	text string
	ids  []string
	over string // "helix" or "irc"
	code string // why it was not accepted: Twitch's code, or ""
	why  string
}

// messageEvent converts a chat message.
func messageEvent(m *irc.PrivMsg) *chatEvent {
	return &chatEvent{kind: chatMessage, at: timeOr(m.SentAt), channel: m.Channel, message: m.Chat()}
}

// noticeEvent converts a user notice.
func noticeEvent(u *irc.UserNotice) *chatEvent {
	e := &chatEvent{kind: chatNotices, at: timeOr(u.SentAt), channel: u.Channel, notice: &chatNotice{
		id: u.ID, kind: u.Kind, system: u.System,
		user: chat.User{ID: u.UserID, Login: u.Login, Name: u.DisplayName}, params: map[string]string{},
	}}
	if s, ok := u.Shared(); ok && s.BroadcasterID != u.BroadcasterID {
		e.notice.source = s.BroadcasterID
	}
	for name, value := range u.Raw.Tags().All() {
		if param, ok := strings.CutPrefix(name, "msg-param-"); ok {
			e.notice.params[param] = value
		}
	}
	if u.Text != "" {
		said := irc.PrivMsg{
			Chatter: u.Chatter, ID: u.ID, Channel: u.Channel, BroadcasterID: u.BroadcasterID,
			Text: u.Text, Emotes: u.Emotes, SentAt: u.SentAt,
		}
		e.message = said.Chat()
	}
	return e
}

// clearEvent converts a ban, a timeout, or that all messages were removed.
func clearEvent(c *irc.ClearChat) *chatEvent {
	e := &chatEvent{kind: chatCleared, at: timeOr(c.SentAt), channel: c.Channel, target: chat.User{ID: c.UserID, Login: c.Login}, length: c.Duration}
	switch {
	case c.Login == "" && c.UserID == "":
	case c.Duration > 0:
		e.kind = chatTimeout
	default:
		e.kind = chatBan
	}
	return e
}

// deletedEvent converts the removal of one message.
func deletedEvent(c *irc.ClearMsg) *chatEvent {
	return &chatEvent{kind: chatDeleted, at: timeOr(c.SentAt), channel: c.Channel, target: chat.User{Login: c.Login}, id: c.MessageID, text: c.Text}
}

// whisperEvent converts a private message to the user.
func whisperEvent(w *irc.Whisper) *chatEvent {
	said := irc.PrivMsg{Chatter: w.Chatter, ID: w.ID, Text: w.Text, Emotes: w.Emotes}
	return &chatEvent{kind: chatWhisper, at: time.Now(), message: said.Chat()}
}

// timeOr returns a time of Twitch, or now if there is none.
func timeOr(t time.Time) time.Time {
	if t.IsZero() {
		return time.Now()
	}
	return t
}
