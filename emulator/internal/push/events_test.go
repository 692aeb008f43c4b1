package push_test

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// Each row changes the world and says which events a session that subscribed to
// everything gets, and what is in one of them.
func TestEvents(t *testing.T) {
	_, err := os.Stat("../../../spec/eventsub.json")
	must(t, err)
	var first string // id of the message that rows delete or answer
	tests := []struct {
		name string
		do   func(w *world.World) error
		want []string          // types
		has  map[string]string // type to a part of its event
	}{
		{"follow", func(w *world.World) error { return w.Follow("1", "3") }, []string{"channel.follow"}, map[string]string{
			"channel.follow": `"user_id":"3","user_login":"grace","user_name":"Grace","broadcaster_user_id":"1","broadcaster_user_login":"ada","broadcaster_user_name":"Ada","followed_at":"2000-01-01T00:00:00Z"`,
		}},
		{"update", func(w *world.World) error {
			return w.ModifyChannel("1", world.ChannelChange{Title: new("Chess"), GameID: new("509658")})
		}, []string{"channel.update"}, map[string]string{"channel.update": `"title":"Chess","language":"en","category_id":"509658"`}},
		{"online", func(w *world.World) error { _, err := w.GoLive("1"); return err }, []string{"stream.online"}, map[string]string{"stream.online": `"type":"live","started_at":"2000-01-01T00:00:00Z"`}},
		{"twitchio cannot read stream.offline without an id", func(w *world.World) error {
			if _, err := w.GoLive("1"); err != nil {
				return err
			}
			return w.GoOffline("1")
		}, []string{"stream.online", "stream.offline"}, map[string]string{"stream.offline": `"id":"`}},
		{"twitchio cannot read channel.chat.notification without modiversary", func(w *world.World) error {
			return w.Announce("1", "2", "read this", "blue")
		}, []string{"channel.chat.notification"}, map[string]string{"channel.chat.notification": `"modiversary":null`}},
		{"raid in", func(w *world.World) error { return w.Raid("3", "1", 42) }, []string{"channel.raid", "channel.chat.notification"}, map[string]string{
			"channel.raid":              `"from_broadcaster_user_id":"3","from_broadcaster_user_login":"grace","from_broadcaster_user_name":"Grace","to_broadcaster_user_id":"1"`,
			"channel.chat.notification": `"notice_type":"raid"`,
		}},
		{"raid out", func(w *world.World) error { return w.Raid("1", "3", 42) }, []string{"channel.raid"}, nil},
		{"subscription", func(w *world.World) error { return w.StartSubscription("1", "3", "2000") }, []string{"channel.subscribe", "channel.chat.notification"}, map[string]string{
			"channel.subscribe":         `"tier":"2000","is_gift":false`,
			"channel.chat.notification": `"sub":{"sub_tier":"2000","is_prime":false,"duration_months":1},"resub":null`,
		}},
		{"resubscription", func(w *world.World) error { return w.Resubscribe("1", "3", "still here Kappa", 8) }, []string{"channel.subscription.message", "channel.chat.notification"}, map[string]string{
			"channel.subscription.message": `"message":{"text":"still here Kappa","emotes":[{"begin":11,"end":15,"id":"25"}]},"cumulative_months":8`,
		}},
		{"gifts", func(w *world.World) error { return w.GiftSubscriptions("1", "3", "", []string{"4", "2"}) }, []string{
			"channel.subscription.gift", "channel.chat.notification",
			"channel.subscribe", "channel.chat.notification", "channel.subscribe", "channel.chat.notification",
		}, map[string]string{"channel.subscription.gift": `"total":2,"tier":"1000","cumulative_total":2,"is_anonymous":false`}},
		{"anonymous gift", func(w *world.World) error { return w.GiftSubscriptions("1", "", "", []string{"4"}) }, []string{
			"channel.subscription.gift", "channel.chat.notification", "channel.subscribe", "channel.chat.notification",
		}, map[string]string{"channel.subscription.gift": `"user_id":null,"user_login":null,"user_name":null`}},
		{"cheer", func(w *world.World) error { _, err := w.Cheer("1", "3", 100, "@bob Kappa"); return err }, []string{"channel.chat.message", "channel.cheer", "channel.bits.use"}, map[string]string{
			"channel.chat.message": `"cheer":{"bits":100},"reply":null,"channel_points_custom_reward_id":null`,
			"channel.cheer":        `"message":"Cheer100 @bob Kappa","bits":100`,
			"channel.bits.use":     `"cheermote":{"prefix":"cheer","bits":100,"tier":100}`,
		}},
		{"chat", func(w *world.World) error {
			_, err := w.PostChat(world.Post{BroadcasterID: "1", SenderID: "3", Text: "@bob yes", ReplyTo: first})
			return err
		}, []string{"channel.chat.message"}, map[string]string{
			"channel.chat.message": `"mention":{"user_id":"4","user_login":"bob","user_name":"Bob"}`,
		}},
		{"delete", func(w *world.World) error { return w.DeleteMessage("1", "2", first) }, []string{"channel.chat.message_delete", "channel.moderate"}, map[string]string{
			"channel.moderate": `"delete":{"user_id":"4","user_login":"bob","user_name":"Bob","message_id":"`,
		}},
		{"clear", func(w *world.World) error { return w.ClearChat("1", "2") }, []string{"channel.chat.clear", "channel.moderate"}, map[string]string{"channel.moderate": `"action":"clear"`}},
		{"ban", func(w *world.World) error { _, err := w.Ban("1", "2", "3", 0, "spam"); return err }, []string{"channel.chat.clear_user_messages", "channel.ban", "channel.moderate"}, map[string]string{
			"channel.ban":      `"reason":"spam","banned_at":"2000-01-01T00:00:00Z","ends_at":null,"is_permanent":true`,
			"channel.moderate": `"ban":{"user_id":"3","user_login":"grace","user_name":"Grace","reason":"spam"}`,
		}},
		{"timeout", func(w *world.World) error { _, err := w.Ban("1", "2", "3", time.Minute, ""); return err }, []string{"channel.chat.clear_user_messages", "channel.ban", "channel.moderate"}, map[string]string{
			"channel.ban":      `"ends_at":"2000-01-01T00:01:00Z","is_permanent":false`,
			"channel.moderate": `"action":"timeout"`,
		}},
		{"unban", func(w *world.World) error {
			if _, err := w.Ban("1", "2", "3", 0, ""); err != nil {
				return err
			}
			return w.Unban("1", "2", "3")
		}, []string{"channel.chat.clear_user_messages", "channel.ban", "channel.moderate", "channel.unban", "channel.moderate"}, map[string]string{"channel.moderate": `"unban":{"user_id":"3"`}},
		{"moderator", func(w *world.World) error {
			if err := w.AddRole("1", world.Moderator, "3"); err != nil {
				return err
			}
			return w.RemoveRole("1", world.Moderator, "3")
		}, []string{"channel.moderator.add", "channel.moderate", "channel.moderator.remove", "channel.moderate"}, nil},
		{"VIP", func(w *world.World) error {
			if err := w.AddRole("1", world.VIP, "3"); err != nil {
				return err
			}
			return w.RemoveRole("1", world.VIP, "3")
		}, []string{"channel.vip.add", "channel.moderate", "channel.vip.remove", "channel.moderate"}, nil},
		{"chat settings", func(w *world.World) error {
			_, err := w.ModifyChatSettings("1", "2", func(c *world.ChatSettings) { c.Slow, c.EmoteOnly = 10*time.Second, true })
			return err
		}, []string{"channel.moderate", "channel.moderate", "channel.chat_settings.update"}, map[string]string{
			"channel.moderate":             `"action":"slow","followers":null,"slow":{"wait_time_seconds":10}`,
			"channel.chat_settings.update": `"emote_mode":true,"follower_mode":false,"follower_mode_duration_minutes":null,"slow_mode":true,"slow_mode_wait_time_seconds":10`,
		}},
		{"announcement", func(w *world.World) error { return w.Announce("1", "2", "read this", "blue") }, []string{"channel.chat.notification"}, map[string]string{
			"channel.chat.notification": `"announcement":{"color":"blue"}`,
		}},
		{"shoutout", func(w *world.World) error {
			if _, err := w.GoLive("1"); err != nil {
				return err
			}
			return w.Shoutout("1", "2", "3")
		}, []string{"stream.online", "channel.shoutout.create"}, map[string]string{"channel.shoutout.create": `"cooldown_ends_at":"2000-01-01T00:02:00Z"`}},
		{"shoutout from elsewhere", func(w *world.World) error {
			if _, err := w.GoLive("3"); err != nil {
				return err
			}
			return w.Shoutout("3", "3", "1")
		}, []string{"channel.shoutout.receive"}, nil},
		{"profile", func(w *world.World) error { _, err := w.UpdateUser("1", "hello"); return err }, []string{"user.update"}, map[string]string{"user.update": `"description":"hello"`}},
		{"whisper", func(w *world.World) error { return w.Whisper("3", "1", "psst") }, []string{"user.whisper.message"}, map[string]string{"user.whisper.message": `"whisper":{"text":"psst"}`}},
		{"another channel", func(w *world.World) error { return w.Follow("3", "4") }, nil, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t)
				m, err := s.world.PostChat(world.Post{BroadcasterID: "1", SenderID: "4", Text: "first"})
				must(t, err)
				first = m.ID
				p := s.connect("")
				s.everything(p)
				must(t, test.do(s.world))
				p.wantEvents(test.want, test.has)
			})
		})
	}
}

// wantEvents compares the types of the events since the last take, and their
// shapes with the documentation. Has is what is in one event of a type.
func (p *peer) wantEvents(types []string, has map[string]string) {
	p.t.Helper()
	got := slices.DeleteFunc(p.take(), func(m message) bool { return m.Metadata.Kind == "session_keepalive" })
	var names []string
	for _, m := range got {
		names = append(names, m.Metadata.Type)
	}
	if !slices.Equal(names, types) {
		p.t.Errorf("got %v, want %v", names, types)
	}
	found := map[string]bool{}
	for _, m := range got {
		checkShape(p.t, m)
		if part := has[m.Metadata.Type]; bytes.Contains(m.Payload.Event, []byte(part)) {
			found[m.Metadata.Type] = true
		} else if !found[m.Metadata.Type] {
			p.t.Logf("%s: %s", m.Metadata.Type, m.Payload.Event)
		}
	}
	for name, part := range has {
		if !found[name] {
			p.t.Errorf("got no %s with %s", name, part)
		}
	}
}

// everything subscribes to all types of ada's channel that the emulator knows
// and that the WebSocket carries, with ada's token.
func (s *stage) everything(p *peer) {
	s.t.Helper()
	for _, info := range eventsub.Types() {
		if !slices.Contains(info.Transports, "websocket") || info.Type.Name == "channel.moderate" && info.Type.Version == "1" {
			continue
		}
		condition := map[string]string{}
		for _, f := range info.Condition {
			if strings.Contains(f.Name, "user_id") || strings.Contains(f.Name, "broadcaster_id") {
				condition[f.Name] = "1"
			}
		}
		if len(condition) == 0 {
			continue
		}
		conditions := []map[string]string{condition}
		if len(info.ExactlyOne) > 0 {
			conditions = nil
			for _, name := range info.ExactlyOne {
				conditions = append(conditions, map[string]string{name: "1"})
			}
		}
		for _, c := range conditions {
			r := request(p, info.Type.Name, info.Type.Version)
			r.Condition = c
			if _, err := s.server.Create(grant("1", info.Scopes.Minimal()...), r); err != nil {
				s.t.Errorf("%s: %v", info.Type, err)
			}
		}
	}
}

// checkShape compares an event with Twitch's documentation (fields, and which
// of them may be null or missing) and with the client's type for it.
func checkShape(t *testing.T, m message) {
	t.Helper()
	kind := eventsub.Type{Name: m.Metadata.Type, Version: m.Metadata.Version}
	info, _ := eventsub.Lookup(kind)
	payload := info.New()
	d := json.NewDecoder(bytes.NewReader(m.Payload.Event))
	d.DisallowUnknownFields()
	if err := d.Decode(payload); err != nil {
		t.Errorf("%s: the client cannot read it: %v\n%s", kind, err, m.Payload.Event)
	}
	var event any
	must(t, json.Unmarshal(m.Payload.Event, &event))
	compareShape(t, kind.String(), documented(t, kind), event)
	if m.Payload.Subscription.ID == "" || m.Payload.Subscription.Transport.ConnectedAt != (time.Time{}) {
		t.Errorf("%s: got subscription %+v", kind, m.Payload.Subscription)
	}
}

type specField struct {
	Name     string
	Type     string
	Optional bool
	Nullable bool
	Enum     []any
	Fields   []specField
	Items    json.RawMessage
}

func documented(t *testing.T, kind eventsub.Type) []specField {
	t.Helper()
	raw, err := os.ReadFile("../../../spec/eventsub.json")
	must(t, err)
	var spec struct {
		Types []struct {
			Type, Version string
			Event         struct{ Fields []specField }
		}
	}
	must(t, json.Unmarshal(raw, &spec))
	for _, s := range spec.Types {
		if s.Type == kind.Name && s.Version == kind.Version {
			return s.Event.Fields
		}
	}
	t.Fatalf("%s is not documented", kind)
	return nil
}

func compareShape(t *testing.T, path string, fields []specField, got any) {
	t.Helper()
	object, ok := got.(map[string]any)
	if !ok {
		t.Errorf("%s: got %T, want an object", path, got)
		return
	}
	known := map[string]bool{}
	for _, f := range fields {
		known[f.Name] = true
		value, present := object[f.Name]
		at := path + "." + f.Name
		switch {
		case !present && !f.Optional:
			t.Errorf("%s is missing", at)
		case !present:
		case value == nil && !f.Nullable:
			t.Errorf("%s is null", at)
		case value == nil:
		case f.Type == "object":
			compareShape(t, at, f.Fields, value)
		case f.Type == "array":
			var item specField
			_ = json.Unmarshal(f.Items, &item) // of simple items it is the type's name
			list, ok := value.([]any)
			if !ok {
				t.Errorf("%s: got %T, want a list", at, value)
			}
			for _, element := range list {
				if len(item.Fields) > 0 {
					compareShape(t, at+"[]", item.Fields, element)
				}
			}
		case f.Type == "string" && len(f.Enum) > 0 && !slices.Contains(f.Enum, value):
			t.Errorf("%s: got %v, want one of %v", at, value, f.Enum)
		default:
			is := "integer"
			switch value.(type) {
			case string:
				is = "string"
			case bool:
				is = "boolean"
			}
			if is != f.Type {
				t.Errorf("%s: got %v, want a %s", at, value, f.Type)
			}
		}
	}
	for name := range object {
		if !known[name] {
			t.Errorf("%s.%s is not documented", path, name)
		}
	}
}
