package eventsub

import (
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/chat"
)

// Chat returns the message in the form that does not depend on EventSub. Each call
// returns a new value that the caller may change.
func (e *ChannelChatMessage) Chat() *chat.Message {
	m := &chat.Message{
		ID:          e.MessageID,
		Broadcaster: chat.User{ID: e.BroadcasterUserID, Login: e.BroadcasterUserLogin, Name: e.BroadcasterUserName},
		Chatter: chat.Chatter{
			User:   chat.User{ID: e.ChatterUserID, Login: e.ChatterUserLogin, Name: e.ChatterUserName},
			Color:  e.Color,
			Badges: chatBadges(e.Badges),
		},
		Text: e.Message.Text, Fragments: chatFragments(e.Message.Fragments),
		Kind: chat.Kind(e.MessageType), RewardID: e.ChannelPointsCustomRewardID, Animation: e.ChannelPointsAnimationID,
		SentAt: e.Meta.Timestamp,
	}
	m.Chatter.Roles = chat.RolesOf(e.ChatterUserID, e.BroadcasterUserID, m.Chatter.Badges)
	if text, ok := strings.CutPrefix(m.Text, "\x01ACTION "); ok { // as in IRC
		m.Text, m.Action = strings.TrimSuffix(text, "\x01"), true
		m.Fragments = withoutAction(m.Fragments)
	}
	if e.Cheer != nil {
		m.Bits = e.Cheer.Bits
	}
	if r := e.Reply; r != nil {
		m.Reply = &chat.Parent{
			MessageID: r.ParentMessageID, Text: r.ParentMessageBody, ThreadID: r.ThreadMessageID,
			Chatter:    chat.User{ID: r.ParentUserID, Login: r.ParentUserLogin, Name: r.ParentUserName},
			ThreadUser: chat.User{ID: r.ThreadUserID, Login: r.ThreadUserLogin, Name: r.ThreadUserName},
		}
	}
	if e.SourceBroadcasterUserID != "" {
		m.Source = &chat.Source{
			MessageID:   e.SourceMessageID,
			Broadcaster: chat.User{ID: e.SourceBroadcasterUserID, Login: e.SourceBroadcasterUserLogin, Name: e.SourceBroadcasterUserName},
			Badges:      chatBadges(e.SourceBadges), Only: e.IsSourceOnly,
		}
	}
	return m
}

func chatBadges(badges []Badge) []chat.Badge {
	if badges == nil {
		return nil
	}
	out := make([]chat.Badge, len(badges))
	for i, b := range badges {
		out[i] = chat.Badge{Set: b.SetID, Version: b.ID, Info: b.Info}
	}
	return out
}

func chatFragments(fragments []Fragment) []chat.Fragment {
	if fragments == nil {
		return nil
	}
	out := make([]chat.Fragment, len(fragments))
	for i, f := range fragments {
		out[i] = chat.Fragment{Kind: chat.FragmentKind(f.Type), Text: f.Text}
		if e := f.Emote; e != nil {
			out[i].Emote = &chat.Emote{ID: e.ID, SetID: e.EmoteSetID, OwnerID: e.OwnerID, Animated: slices.Contains(e.Format, EmoteFormatAnimated)}
		}
		if c := f.Cheermote; c != nil {
			out[i].Cheermote = &chat.Cheermote{Prefix: c.Prefix, Bits: c.Bits, Tier: c.Tier}
		}
		if u := f.Mention; u != nil {
			out[i].Mention = &chat.User{ID: u.UserID, Login: u.UserLogin, Name: u.UserName}
		}
		if g := f.GIF; g != nil {
			out[i].GIF = &chat.GIF{ID: g.ID, URL: g.URL}
		}
	}
	return out
}

// withoutAction removes the wrapper of /me from the first and the last fragment.
func withoutAction(fragments []chat.Fragment) []chat.Fragment {
	if len(fragments) == 0 {
		return fragments
	}
	first, last := &fragments[0], &fragments[len(fragments)-1]
	first.Text = strings.TrimPrefix(first.Text, "\x01ACTION ")
	last.Text = strings.TrimSuffix(last.Text, "\x01")
	return slices.DeleteFunc(fragments, func(f chat.Fragment) bool { return f.Text == "" })
}
