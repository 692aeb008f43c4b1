package irc

// A Notice is a message from Twitch to this connection: a message was not sent, a chat
// mode changed, or the login failed.
type Notice struct {
	Kind         string // one of the Notice constants: [NoticeDuplicate] …; others may appear; "" before the login
	Channel      string // "" before the login
	Text         string // for people; Twitch changes the texts
	TargetUserID string // of a notice about a whisper: ID of the receiver; otherwise ""

	Raw Line
}

// Command returns "NOTICE".
func (*Notice) Command() string { return "NOTICE" }

// Decode reads a NOTICE.
func (n *Notice) Decode(m *Message) error {
	*n = Notice{Raw: Line(m.Line), Kind: m.Tags.Get("msg-id"), TargetUserID: m.Tags.Get("target-user-id")}
	n.Channel, n.Text = m.channelText()
	return nil
}

// The kinds of a [Notice] about the chat modes of a channel.
const (
	NoticeEmoteOnlyOff    = "emote_only_off"
	NoticeEmoteOnlyOn     = "emote_only_on"
	NoticeFollowersOff    = "followers_off"
	NoticeFollowersOn     = "followers_on"      // followers who have followed for some time may write
	NoticeFollowersOnZero = "followers_on_zero" // all followers may write
	NoticeSlowOff         = "slow_off"
	NoticeSlowOn          = "slow_on"
	NoticeSubsOff         = "subs_off"
	NoticeSubsOn          = "subs_on"
)

// The kinds of a [Notice] that a message was not sent or a channel not joined.
const (
	NoticeBadCharacters         = "msg_bad_characters"                 // too many characters that Twitch does not accept
	NoticeBanned                = "msg_banned"                         // we are banned from the channel; also the answer to a JOIN
	NoticeChannelBlocked        = "msg_channel_blocked"                // our account may not write in this channel
	NoticeChannelSuspended      = "msg_channel_suspended"              // the channel is suspended or deleted; the answer to a JOIN
	NoticeDuplicate             = "msg_duplicate"                      // the same text within 30 seconds
	NoticeEmoteOnly             = "msg_emoteonly"                      // emotes only
	NoticeFollowersOnly         = "msg_followersonly"                  // we do not follow the channel
	NoticeFollowersOnlyFollowed = "msg_followersonly_followed"         // we have not followed for long enough
	NoticeFollowersOnlyZero     = "msg_followersonly_zero"             // we do not follow the channel
	NoticeUnique                = "msg_r9k"                            // the text is not new
	NoticeRateLimit             = "msg_ratelimit"                      // too many messages
	NoticeHeld                  = "msg_rejected"                       // held for the moderators, who may still let it through
	NoticeRejected              = "msg_rejected_mandatory"             // refused by the settings of the channel
	NoticeVerifyPhone           = "msg_requires_verified_phone_number" // the channel wants a verified phone number
	NoticeSlowMode              = "msg_slowmode"                       // too soon after our last message
	NoticeSubsOnly              = "msg_subsonly"                       // subscribers only
	NoticeSuspended             = "msg_suspended"                      // our account is suspended
	NoticeTimedOut              = "msg_timedout"                       // we are timed out in the channel
	NoticeVerifyEmail           = "msg_verified_email"                 // the channel wants a verified email address
	NoticeClosedByTwitch        = "tos_ban"                            // the channel is closed for a violation of the terms of service
	NoticeUnknownCommand        = "unrecognized_cmd"                   // the text began with a slash command that does not exist
)

// The kinds of a [Notice] that Twitch does not list, but shows in examples.
const (
	NoticeDeleted           = "delete_message_success"
	NoticeWhisperRestricted = "whisper_restricted" // the receiver accepts no whispers from us
)
