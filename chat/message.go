package chat

import "time"

// A Message is one message in the chat of one channel. Handlers share the messages
// they receive and must not change them.
type Message struct {
	ID          string
	Broadcaster User    // whose chat it was written in; IRC does not send the display name
	Chatter     Chatter // who wrote it
	Text        string  // without the wrapper of /me
	// Fragments are the parts of Text in order. Their texts joined are Text. Over
	// IRC only emotes are told apart from text; EventSub knows all kinds.
	Fragments []Fragment
	Kind      Kind
	Action    bool   // written with /me
	Bits      int    // sum of the cheers in it
	RewardID  string // the custom reward it was redeemed with, if any
	// FirstMessage says that the chatter never wrote in this channel before. Only IRC
	// tells: where Raw is empty, false means unknown. The same is true of Returning.
	FirstMessage bool
	Returning    bool      // Twitch's mark for a new chatter who came back; only IRC tells
	Nonce        string    // what the sender's program attached to recognize the message; "" over EventSub
	Animation    string    // the effect of a KindMessageEffect: "simmer", "rainbow-eclipse", "cosmic-abyss"
	Reply        *Parent   // the message that this one answers; nil if none
	Source       *Source   // where it was written, during a shared chat session; otherwise nil
	SentAt       time.Time // zero if unknown
	Raw          string    // the IRC line, for what has no field here; "" if it came over EventSub only
}

// FromOtherChannel reports whether the message was written in another channel of a
// shared chat session. Twitch copies it to every channel of the session.
func (m *Message) FromOtherChannel() bool {
	return m.Source != nil && m.Source.Broadcaster.ID != "" && m.Source.Broadcaster.ID != m.Broadcaster.ID
}

// A Kind says what is special about a message. The names are EventSub's. Twitch may
// add kinds at any time.
type Kind string

// The kinds of [Message] that are known.
const (
	KindText             Kind = "text"
	KindHighlighted      Kind = "channel_points_highlighted"
	KindSubOnly          Kind = "channel_points_sub_only" // written with points in subscribers-only mode
	KindUserIntro        Kind = "user_intro"
	KindMessageEffect    Kind = "power_ups_message_effect"
	KindGigantifiedEmote Kind = "power_ups_gigantified_emote"
)

// A Parent is the message that another message answers.
type Parent struct {
	MessageID  string
	Chatter    User
	Text       string
	ThreadID   string // first message of the thread
	ThreadUser User   // who wrote that
}

// A Source is the channel in which a message of a shared chat session was written.
type Source struct {
	MessageID   string  // id of the message in that channel
	Broadcaster User    // IRC sends the id only
	Badges      []Badge // the chatter's badges there
	Only        bool    // the message is shown in that channel only
}
