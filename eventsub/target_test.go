package eventsub

import "testing"

func TestTarget(t *testing.T) {
	tests := []struct {
		name           string
		condition      Condition
		key, user, err string
	}{
		{
			"whole",
			ChannelFollowCondition{BroadcasterUserID: "1", ModeratorUserID: "2"},
			"channel.follow v2 broadcaster_user_id=1 moderator_user_id=2", "2", "",
		},
		{
			"lacks a field",
			ChannelFollowCondition{BroadcasterUserID: "1"},
			"channel.follow v2 broadcaster_user_id=1", "", "cannot be subscribed to: the condition lacks moderator_user_id",
		},
		{
			"any user's token",
			StreamOnlineCondition{BroadcasterUserID: "1"},
			"stream.online v1 broadcaster_user_id=1", "", "",
		},
		{
			"one of two",
			ChannelRaidCondition{ToBroadcasterUserID: "1"},
			"channel.raid v1 to_broadcaster_user_id=1", "", "",
		},
		{
			"both of two",
			ChannelRaidCondition{ToBroadcasterUserID: "1", FromBroadcasterUserID: "2"},
			"channel.raid v1 from_broadcaster_user_id=2 to_broadcaster_user_id=1", "",
			"cannot be subscribed to: the condition needs exactly one of from_broadcaster_user_id, to_broadcaster_user_id",
		},
		{
			"another transport",
			UserAuthorizationRevokeCondition{ClientID: "c"},
			"user.authorization.revoke v1 client_id=c", "",
			"cannot be subscribed to: Twitch does not send it by websocket, only by webhook, conduit",
		},
		{"unknown type", noteCondition{BroadcasterUserID: "1"}, "test.note v1 broadcaster_user_id=1", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := newTarget(tt.condition)
			err := ""
			if e := got.check("websocket"); e != nil {
				err = e.Error()
			}
			if got.key != tt.key || got.tokenUser() != tt.user || err != tt.err {
				t.Errorf("got %q, user %q, error %q, want %q, user %q, error %q", got.key, got.tokenUser(), err, tt.key, tt.user, tt.err)
			}
		})
	}
}

func TestEveryTypeIsConsistent(t *testing.T) {
	for _, info := range Types() {
		p := info.New()
		if p.Type() != info.Type {
			t.Errorf("%s: got the payload's type %s", info.Type, p.Type())
		}
		n := Notification{Meta: Meta{MessageID: "m"}, Type: info.Type, Event: []byte(`{}`)}
		decoded, err := n.Payload()
		if err != nil {
			t.Errorf("%s: %v", info.Type, err)
			continue
		}
		if m, ok := decoded.(interface{ setMeta(meta Meta) }); !ok {
			t.Errorf("%s: payload has no Meta", info.Type)
		} else {
			m.setMeta(Meta{})
		}
	}
}

// Programs that needed the fields of a condition had to encode it as JSON and decode
// that again.
func TestConditionsExposeTheirFields(t *testing.T) {
	got := ChannelRaidCondition{ToBroadcasterUserID: "1"}.Fields()
	if len(got) != 1 || got["to_broadcaster_user_id"] != "1" {
		t.Errorf("got %v", got)
	}
}
