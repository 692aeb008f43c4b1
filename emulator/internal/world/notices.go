package world

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A ChatNotice is the fact of a notice in chat that stands for nothing else in the world:
// an anniversary, a watch streak, a badge … Kind and Params are as in IRC's USERNOTICE.
type ChatNotice struct {
	About
	Kind      string // the msg-id, such as modiversary
	User      User   // who it is about
	From      User   // who gave the gift; zero: an anonymous user, or there is none
	Recipient User   // zero: the community, or there is none
	Text      string // what User wrote with it; often ""
	System    string // the sentence that chat shows
	MessageID string
	Params    []Param // sorted by key
}

// A Param is a msg-param tag, without that prefix.
type Param struct{ Key, Value string }

// Param returns the value of a parameter, or "".
func (f *ChatNotice) Param(key string) string {
	for _, p := range f.Params {
		if p.Key == key {
			return p.Value
		}
	}
	return ""
}

// A NewNotice says what a [ChatNotice] is to be like.
type NewNotice struct {
	Kind        string
	UserID      string
	FromID      string // "": anonymous
	RecipientID string // "": the community
	Text        string
	Params      map[string]string // in place of the usual ones
}

// noticeKind is what a kind of notice consists of.
type noticeKind struct {
	params func(f *ChatNotice) map[string]string
	system func(f *ChatNotice) string // called once Params are known
}

// noticeKinds are the kinds that [World.Notify] knows; others have only the parameters that
// they are given. Subscriptions, gifts, raids, announcements and donations have facts of
// their own.
var noticeKinds = map[string]noticeKind{
	"giftpaidupgrade": {giftSender, func(f *ChatNotice) string {
		return f.User.DisplayName + " is continuing the Gift Sub they got from " + f.From.DisplayName + "!"
	}},
	"anongiftpaidupgrade": {none, func(f *ChatNotice) string {
		return f.User.DisplayName + " is continuing the Gift Sub they got from an anonymous user!"
	}},
	"primepaidupgrade": {values("sub-plan", "1000"), func(f *ChatNotice) string {
		return f.User.DisplayName + " converted from a Prime sub to a " + TierName(f.Param("sub-plan")) + " sub!"
	}},
	"standardpayforward": {priorGifter, func(f *ChatNotice) string {
		return f.User.DisplayName + " is paying forward the Gift they got from " + giver(f) + " to " + f.Recipient.DisplayName + "!"
	}},
	"communitypayforward": {priorGifter, func(f *ChatNotice) string {
		return f.User.DisplayName + " is paying forward the Gift they got from " + giver(f) + " to the community!"
	}},
	"rewardgift": {
		values("domain", "channel_celebration", "selected-count", "10", "total-reward-count", "10", "trigger-amount", "1000", "trigger-type", "CHEER"),
		func(f *ChatNotice) string {
			return f.User.DisplayName + "'s Cheer shared rewards to " + f.Param("total-reward-count") + " others in Chat!"
		},
	},
	"ritual": {values("ritual-name", "new_chatter"), func(f *ChatNotice) string { return "@" + f.User.DisplayName + " is new here. Say hello!" }},
	"bitsbadgetier": {values("threshold", "1000"), func(f *ChatNotice) string {
		return f.User.DisplayName + " just earned a new " + f.Param("threshold") + " Bits badge!"
	}},
	"viewermilestone": {
		func(f *ChatNotice) map[string]string {
			return map[string]string{"category": "watch-streak", "copoReward": "350", "id": f.MessageID, "value": "3"}
		},
		func(f *ChatNotice) string {
			return f.User.DisplayName + " watched " + f.Param("value") + " consecutive streams and sparked a watch streak!"
		},
	},
	"modiversary": {values("months", "12"), func(f *ChatNotice) string { return "has been a moderator for " + f.Param("months") + " months!" }}, // Twitch leaves the name out
	"extendsub": {values("cumulative-months", "1", "sub-benefit-end-month", "12", "sub-plan", "1000"), func(f *ChatNotice) string {
		return f.User.DisplayName + " extended their " + TierName(f.Param("sub-plan")) + " subscription!"
	}},
	"primecommunitygiftreceived": {
		func(f *ChatNotice) map[string]string {
			return map[string]string{"gift-name": "A Game", "middle-man": f.User.DisplayName, "recipient": f.Recipient.Login, "sender": f.From.DisplayName}
		},
		func(f *ChatNotice) string {
			return f.From.DisplayName + " gifted " + f.Param("gift-name") + " to " + f.Recipient.DisplayName + "!"
		},
	},
	"onetapstreakstarted":      {values("gift-id", "heart", "ms-remaining", "60000"), words("A Power-up streak has started!")},
	"onetapbreakpointachieved": {values("breakpoint-number", "1", "breakpoint-threshold-bits", "100", "gift-id", "heart"), words("The Power-up streak has reached a goal!")},
	"onetapgiftredeemed": {
		func(f *ChatNotice) map[string]string {
			return map[string]string{"bits-spent": "10", "gift-id": "heart", "user-display-name": f.User.DisplayName}
		},
		words("A Power-up was redeemed!"),
	},
	"onetapstreakexpired": {
		func(f *ChatNotice) map[string]string {
			return map[string]string{
				"channel-display-name": f.Broadcaster.DisplayName, "contributor-1": f.User.DisplayName, "contributor-1-taps": "3",
				"gift-id": "heart", "largest-contributor-count": "1", "streak-size-bits": "30", "streak-size-taps": "3",
			}
		},
		words("The Power-up streak has ended!"),
	},
}

// NoticeKinds returns the kinds of notices that have their usual parameters, sorted.
func NoticeKinds() []string { return slices.Sorted(maps.Keys(noticeKinds)) }

func none(*ChatNotice) map[string]string { return nil }

func values(pairs ...string) func(*ChatNotice) map[string]string {
	return func(*ChatNotice) map[string]string {
		all := map[string]string{}
		for i := 0; i < len(pairs); i += 2 {
			all[pairs[i]] = pairs[i+1]
		}
		return all
	}
}

func words(text string) func(*ChatNotice) string { return func(*ChatNotice) string { return text } }

func giftSender(f *ChatNotice) map[string]string {
	return map[string]string{"sender-login": f.From.Login, "sender-name": f.From.DisplayName}
}

func priorGifter(f *ChatNotice) map[string]string {
	p := map[string]string{"prior-gifter-anonymous": strconv.FormatBool(f.From.IsZero())}
	if !f.From.IsZero() {
		p["prior-gifter-id"], p["prior-gifter-user-name"], p["prior-gifter-display-name"] = f.From.ID, f.From.Login, f.From.DisplayName
	}
	if f.Kind == "standardpayforward" {
		p["recipient-id"], p["recipient-user-name"], p["recipient-display-name"] = f.Recipient.ID, f.Recipient.Login, f.Recipient.DisplayName
	}
	return p
}

func giver(f *ChatNotice) string {
	if f.From.IsZero() {
		return "an anonymous gifter"
	}
	return f.From.DisplayName
}

// TierName is how chat writes the tier of a subscription.
func TierName(tier string) string {
	switch tier {
	case "2000":
		return "Tier 2"
	case "3000":
		return "Tier 3"
	}
	return "Tier 1"
}

// Notify shows a notice in a channel's chat. Nothing else follows from it.
func (w *World) Notify(broadcasterID string, n NewNotice) error {
	c := w.begin()
	defer c.end()
	b, _, err := w.broadcaster(broadcasterID)
	if err != nil {
		return err
	}
	f := ChatNotice{About: c.about(b), Kind: n.Kind, Text: cut(n.Text), MessageID: w.uuid()}
	for _, one := range []struct {
		id string
		to *User
	}{{n.UserID, &f.User}, {n.FromID, &f.From}, {n.RecipientID, &f.Recipient}} {
		if one.id == "" {
			continue
		}
		u, err := w.user(one.id)
		if err != nil {
			return err
		}
		*one.to = *u
	}
	kind, known := noticeKinds[n.Kind]
	switch {
	case f.User.IsZero():
		return badRequest("A notice needs a user.")
	case n.Kind == "" || strings.Trim(n.Kind, "abcdefghijklmnopqrstuvwxyz0123456789_-") != "":
		return badRequest("%q is no msg-id of a notice; Twitch has %s.", n.Kind, strings.Join(NoticeKinds(), ", "))
	case n.Kind == "giftpaidupgrade" && f.From.IsZero():
		return badRequest("giftpaidupgrade needs the user who gave the gift; for an anonymous one there is anongiftpaidupgrade.")
	case n.Kind == "standardpayforward" && f.Recipient.IsZero():
		return badRequest("standardpayforward needs a recipient; for the community there is communitypayforward.")
	}
	params := map[string]string{}
	if known {
		maps.Copy(params, kind.params(&f))
	}
	maps.Copy(params, n.Params)
	for _, key := range slices.Sorted(maps.Keys(params)) {
		if key == "" || strings.ContainsAny(key, "=; \r\n\x00") {
			return badRequest("%q is no name of a parameter.", key)
		}
		f.Params = append(f.Params, Param{key, params[key]})
	}
	if known {
		f.System = kind.system(&f)
	}
	c.tell(f)
	return nil
}
