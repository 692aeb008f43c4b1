package skill

import (
	"strings"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// An alias is one of opsdroid's names for an event. Its events have opsdroid's attributes
// in addition to those of EventSub. If both define an attribute, opsdroid's is used.
type alias struct {
	name    string
	types   []string // EventSub's, newest version
	signal  string   // "join" or "part", for events of the chat
	attrs   map[string]*expr.Shape
	keep    func(event map[string]any) bool // nil: all
	looksUp bool                            // fill reads the channel
	fill    func(event map[string]any, ch func() (ChannelInfo, error)) error
}

// aliases are all aliases, in the order of opsdroid's documentation.
var aliases = []alias{joinRoom, leaveRoom, userFollowed, userSubscribed, userGiftedSubscription, streamStarted, streamEnded}

// baseAttrs are what every event of opsdroid has.
var baseAttrs = map[string]*expr.Shape{
	"user": expr.Text, "user_id": expr.Text, "target": expr.Text,
	"connector": expr.Text, "event_id": expr.Text, "raw_event": expr.Text,
}

var (
	joinRoom  = alias{name: "JoinRoom", signal: "join"}
	leaveRoom = alias{name: "LeaveRoom", signal: "part"}

	userFollowed = alias{
		name: "UserFollowed", types: []string{"channel.follow"},
		attrs: map[string]*expr.Shape{"follower": expr.Text, "followed_at": expr.Text},
		fill: func(e map[string]any, _ func() (ChannelInfo, error)) error {
			e["follower"] = e["user_name"]
			return nil
		},
	}

	// channel.subscribe has no message; channel.subscription.message has.
	userSubscribed = alias{
		name: "UserSubscribed", types: []string{"channel.subscribe", "channel.subscription.message"},
		attrs: map[string]*expr.Shape{"message": expr.Text},
		fill: func(e map[string]any, _ func() (ChannelInfo, error)) error {
			message, _ := e["message"].(map[string]any)
			e["message"] = message["text"]
			return nil
		},
	}

	// channel.subscription.gift names the gifter and channel.subscribe the recipient;
	// only the notice in chat names both.
	userGiftedSubscription = alias{
		name: "UserGiftedSubscription", types: []string{"channel.chat.notification"},
		attrs: map[string]*expr.Shape{"gifter_name": expr.Text, "gifted_name": expr.Text, "gifted_named": expr.Text},
		keep:  func(e map[string]any) bool { return e["notice_type"] == "sub_gift" },
		fill: func(e map[string]any, _ func() (ChannelInfo, error)) error {
			e["gifter_name"] = e["chatter_user_name"]
			e["user"], e["user_id"] = e["chatter_user_login"], e["chatter_user_id"]
			if e["chatter_is_anonymous"] == true {
				e["gifter_name"] = "Anonymous"
			}
			gift, _ := e["sub_gift"].(map[string]any)
			e["gifted_name"] = gift["recipient_user_name"]
			e["gifted_named"] = e["gifted_name"] // as opsdroid spells it
			return nil
		},
	}

	// stream.online has no title.
	streamStarted = alias{
		name: "StreamStarted", types: []string{"stream.online"},
		attrs:   map[string]*expr.Shape{"title": expr.Text, "viewers": expr.Number, "started_at": expr.Text},
		looksUp: true,
		fill: func(e map[string]any, ch func() (ChannelInfo, error)) error {
			info, err := ch()
			e["title"], e["viewers"] = info.Title, info.Viewers
			return err
		},
	}

	streamEnded = alias{name: "StreamEnded", types: []string{"stream.offline"}}
)

func aliasNames() []string {
	names := make([]string, len(aliases))
	for i, a := range aliases {
		names[i] = a.name
	}
	return names
}

// event adds opsdroid's attributes to the event.
func (a *alias) event(n eventsub.Notification, e map[string]any, ch func() (ChannelInfo, error)) error {
	e["user"] = e["user_login"]
	login, _ := e["broadcaster_user_login"].(string)
	e["target"] = "#" + strings.ToLower(login)
	e["connector"], e["event_id"], e["raw_event"] = "twitch", n.Meta.MessageID, string(n.Event)
	if a.fill == nil {
		return nil
	}
	return a.fill(e, ch)
}
