package cli

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/irc"
)

// The JSON forms of chat. The names of their fields do not change.
type (
	jsonChatEvent struct {
		Type    string           `json:"type"`
		Time    time.Time        `json:"time"`
		Channel string           `json:"channel,omitempty"`
		Message *jsonChatMessage `json:"message,omitempty"`
		Notice  *jsonChatNotice  `json:"notice,omitempty"`
		Target  *jsonChatUser    `json:"target,omitempty"`
		ID      string           `json:"id,omitempty"`
		Text    string           `json:"text,omitempty"`
		Seconds int              `json:"seconds,omitempty"`
		Modes   *jsonChatModes   `json:"modes,omitempty"`
		IDs     []string         `json:"ids,omitempty"`
		Over    string           `json:"over,omitempty"`
		Code    string           `json:"code,omitempty"`
		Reason  string           `json:"reason,omitempty"`
	}
	jsonChatUser struct {
		ID    string `json:"id,omitempty"`
		Login string `json:"login"`
		Name  string `json:"name,omitempty"`
	}
	jsonChatBadge struct {
		Set     string `json:"set"`
		Version string `json:"version"`
		Info    string `json:"info,omitempty"`
	}
	jsonChatChatter struct {
		jsonChatUser
		Color  string          `json:"color,omitempty"`
		Badges []jsonChatBadge `json:"badges"`
		Roles  []string        `json:"roles"`
	}
	jsonChatFragment struct {
		Kind    string `json:"kind"`
		Text    string `json:"text"`
		EmoteID string `json:"emote_id,omitempty"`
	}
	jsonChatReply struct {
		MessageID string       `json:"message_id"`
		Chatter   jsonChatUser `json:"chatter"`
		Text      string       `json:"text"`
		ThreadID  string       `json:"thread_id,omitempty"`
	}
	jsonChatSource struct {
		MessageID     string `json:"message_id"`
		BroadcasterID string `json:"broadcaster_id"`
		Only          bool   `json:"only"`
	}
	jsonChatMessage struct {
		ID           string             `json:"id"`
		Broadcaster  jsonChatUser       `json:"broadcaster"`
		Chatter      jsonChatChatter    `json:"chatter"`
		Text         string             `json:"text"`
		Fragments    []jsonChatFragment `json:"fragments"`
		Kind         string             `json:"kind"`
		Action       bool               `json:"action"`
		Bits         int                `json:"bits"`
		RewardID     string             `json:"reward_id,omitempty"`
		Nonce        string             `json:"nonce,omitempty"`
		Animation    string             `json:"animation,omitempty"`
		FirstMessage bool               `json:"first_message"`
		Returning    bool               `json:"returning"`
		Reply        *jsonChatReply     `json:"reply,omitempty"`
		Source       *jsonChatSource    `json:"source,omitempty"`
		SentAt       time.Time          `json:"sent_at,omitzero"`
	}
	jsonChatNotice struct {
		ID     string            `json:"id"`
		Kind   string            `json:"kind"`
		System string            `json:"system"`
		User   jsonChatUser      `json:"user"`
		Source string            `json:"source_broadcaster_id,omitempty"`
		Params map[string]string `json:"params"`
	}
	// jsonChatModes has the modes that changed; after joining, all of them.
	jsonChatModes struct {
		EmoteOnly     *bool `json:"emote_only,omitempty"`
		FollowersOnly *int  `json:"followers_only_minutes,omitempty"` // -1: off
		Unique        *bool `json:"unique,omitempty"`
		Slow          *int  `json:"slow_seconds,omitempty"` // 0: off
		SubsOnly      *bool `json:"subscribers_only,omitempty"`
	}
)

// jsonLine formats an event as a line of JSON.
func jsonLine(e *chatEvent) ([]byte, error) {
	object := jsonChatEvent{Type: e.kind, Time: e.at.UTC(), Channel: e.channel, ID: e.id, Text: e.text, Seconds: int(e.length.Seconds())}
	if e.message != nil {
		object.Message = jsonMessage(e.message)
	}
	if n := e.notice; n != nil {
		object.Notice = &jsonChatNotice{ID: n.id, Kind: n.kind, System: n.system, User: jsonUser(n.user), Source: n.source, Params: n.params}
	}
	if e.target != (chat.User{}) {
		object.Target = new(jsonUser(e.target))
	}
	if e.modes != nil {
		object.Modes = jsonModes(e.modes)
	}
	if s := e.sent; s != nil {
		object.Text, object.IDs, object.Over, object.Code, object.Reason = s.text, s.ids, s.over, s.code, s.why
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(object); err != nil {
		return nil, err
	}
	return escapeHidden(b.Bytes()), nil
}

func jsonUser(u chat.User) jsonChatUser { return jsonChatUser{u.ID, u.Login, u.Name} }

func jsonMessage(m *chat.Message) *jsonChatMessage {
	j := &jsonChatMessage{
		ID: m.ID, Broadcaster: jsonUser(m.Broadcaster), Text: m.Text, Kind: string(m.Kind), Action: m.Action, Bits: m.Bits,
		RewardID: m.RewardID, Nonce: m.Nonce, Animation: m.Animation, FirstMessage: m.FirstMessage, Returning: m.Returning, SentAt: m.SentAt.UTC(),
		Chatter: jsonChatChatter{
			jsonChatUser: jsonUser(m.Chatter.User), Color: m.Chatter.Color,
			Badges: make([]jsonChatBadge, len(m.Chatter.Badges)), Roles: m.Chatter.Roles.Names(),
		},
		Fragments: make([]jsonChatFragment, len(m.Fragments)),
	}
	if j.Chatter.Roles == nil {
		j.Chatter.Roles = []string{}
	}
	for i, b := range m.Chatter.Badges {
		j.Chatter.Badges[i] = jsonChatBadge(b)
	}
	for i, f := range m.Fragments {
		j.Fragments[i] = jsonChatFragment{Kind: string(f.Kind), Text: f.Text}
		if f.Emote != nil {
			j.Fragments[i].EmoteID = f.Emote.ID
		}
	}
	if r := m.Reply; r != nil {
		j.Reply = &jsonChatReply{r.MessageID, jsonUser(r.Chatter), r.Text, r.ThreadID}
	}
	if s := m.Source; s != nil {
		j.Source = &jsonChatSource{s.MessageID, s.Broadcaster.ID, s.Only}
	}
	return j
}

func jsonModes(r *irc.RoomState) *jsonChatModes {
	var m jsonChatModes
	if r.Has(irc.RoomEmoteOnly) {
		m.EmoteOnly = &r.EmoteOnly
	}
	if r.Has(irc.RoomFollowersOnly) {
		m.FollowersOnly = new(-1)
		if r.FollowersOnly >= 0 {
			m.FollowersOnly = new(int(r.FollowersOnly.Minutes()))
		}
	}
	if r.Has(irc.RoomUnique) {
		m.Unique = &r.Unique
	}
	if r.Has(irc.RoomSlow) {
		m.Slow = new(int(r.Slow.Seconds()))
	}
	if r.Has(irc.RoomSubsOnly) {
		m.SubsOnly = &r.SubsOnly
	}
	return &m
}
