package world

import "time"

// A Fact is something that happened: [Chat], [Followed] … Facts are values;
// what they hold is a copy and stays as it was.
type Fact interface {
	// About says in which channel and when.
	about() About
}

// About is the head of every fact.
type About struct {
	Broadcaster User // whose channel; zero for a fact of no channel
	Time        time.Time
}

func (a About) about() About { return a }

// HeadOf returns the channel and the time of a fact.
func HeadOf(f Fact) About { return f.about() }

// Chat is a message that was posted in a channel's chat.
type Chat struct {
	About
	Message ChatMessage
}

// MessageDeleted is the fact that a moderator deleted one message.
type MessageDeleted struct {
	About
	Message   ChatMessage
	Moderator User
}

// ChatCleared is the fact that a moderator deleted everything in chat.
type ChatCleared struct {
	About
	Moderator User
}

// UserBanned is the fact of a ban, or of a timeout where Duration is not 0. The
// user's messages are deleted with it.
type UserBanned struct {
	About
	User      User
	Moderator User
	Reason    string
	Duration  time.Duration // 0: permanent
	EndsAt    time.Time     // zero: permanent
}

// UserUnbanned is the fact that a ban or timeout was lifted before it ran out.
type UserUnbanned struct {
	About
	User      User
	Moderator User
	Timeout   bool // it was a timeout
	Requested bool // the user had asked for it
}

// Followed is the fact of a new follower.
type Followed struct {
	About
	User User
}

// Subscribed is the fact of a new subscription, paid or given.
type Subscribed struct {
	About
	User      User
	Tier      string // "1000", "2000", "3000"
	Prime     bool
	IsGift    bool
	Gifter    User   // zero unless IsGift, or when the gift is anonymous
	MessageID string // of the notice in chat
	GiftID    string // joins the gifts of one GiftSubs; "" when it was a single one
}

// SubscriptionEnded is the fact that a subscription ran out.
type SubscriptionEnded struct {
	About
	User   User
	Tier   string
	IsGift bool
}

// Resubscribed is the fact that a subscriber shared their resubscription in chat.
type Resubscribed struct {
	About
	User             User
	Tier             string
	Prime            bool
	IsGift           bool
	Gifter           User // zero unless IsGift, or when the gift is anonymous
	CumulativeMonths int
	StreakMonths     int // 0: not shared
	DurationMonths   int
	Text             string
	MessageID        string
}

// GiftSubs is the fact of subscriptions given to the community. A [Subscribed] for
// each of Recipients follows.
type GiftSubs struct {
	About
	Gifter          User // zero when Anonymous
	Anonymous       bool
	Tier            string
	Total           int
	CumulativeTotal int // of the gifter in this channel
	Recipients      []User
	GiftID          string
	MessageID       string
}

// Cheered is the fact of bits. The [Chat] of its message comes before it.
type Cheered struct {
	About
	User      User // zero when Anonymous
	Anonymous bool
	Bits      int
	Message   ChatMessage
}

// Raided is the fact of a raid that arrived; Broadcaster is who was raided.
type Raided struct {
	About
	From      User
	Viewers   int
	MessageID string
}

// StreamWentOnline is the fact that a broadcaster went live.
type StreamWentOnline struct {
	About
	Stream Stream
}

// StreamWentOffline is the fact that a stream ended.
type StreamWentOffline struct {
	About
	Stream Stream
}

// ChannelUpdated is the fact of a new title, category, language, tags or labels.
type ChannelUpdated struct {
	About
	Channel Channel
}

// ChatSettingsChanged is the fact of new chat settings.
type ChatSettingsChanged struct {
	About
	Before, After ChatSettings
	Moderator     User
}

// ClipCreated is the fact of a new clip.
type ClipCreated struct {
	About
	Clip Clip
}

// ModeratorAdded is the fact of a new moderator.
type ModeratorAdded struct {
	About
	User User
}

// ModeratorRemoved is the fact that a user lost the moderator role.
type ModeratorRemoved struct {
	About
	User User
}

// VIPAdded is the fact of a new VIP.
type VIPAdded struct {
	About
	User User
}

// VIPRemoved is the fact that a user lost the VIP role.
type VIPRemoved struct {
	About
	User User
}

// ChatterJoined is the fact that a user's first connection joined the channel's chat.
type ChatterJoined struct {
	About
	User User
}

// ChatterLeft is the fact that a user's last connection left the channel's chat.
type ChatterLeft struct {
	About
	User User
}

// Announcement is a highlighted message of a moderator.
type Announcement struct {
	About
	Moderator User
	Text      string
	Color     string // "primary", "blue", "green", "orange", "purple"
	MessageID string
	Badges    []Badge

	SourceOnly bool // not shown in the channels that share the chat
}

// Shoutout is the fact that a channel recommended another.
type Shoutout struct {
	About
	To             User
	Moderator      User
	Viewers        int       // of Broadcaster's stream
	CooldownEndsAt time.Time // any shoutout
	TargetEndsAt   time.Time // a shoutout to the same channel
}

// AdBreakBegan is the fact of advertisements.
type AdBreakBegan struct {
	About
	Requester User
	Duration  time.Duration
	Automatic bool
}

// Whispered is the fact of a private message; About.Broadcaster is zero.
type Whispered struct {
	About
	From, To User
	ID       string
	Text     string
}

// UserUpdated is the fact of a changed profile; About.Broadcaster is the user.
type UserUpdated struct {
	About
	User User
}

// UserAuthorizationGranted is the fact that a user let a client act for them.
type UserAuthorizationGranted struct {
	About
	ClientID string
	User     User
}

// UserAuthorizationRevoked is the fact that a client may not act for a user any more.
type UserAuthorizationRevoked struct {
	About
	ClientID string
	User     User
}

// RawLine is a line of IRC that is sent to all connections in the channel's chat as
// it stands. It changes nothing in the world.
type RawLine struct {
	About
	Line string // without CR LF
}
