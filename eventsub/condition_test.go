package eventsub

import (
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNewCondition(t *testing.T) {
	follow := Type{Name: "channel.follow", Version: "2"}
	raid := Type{Name: "channel.raid", Version: "1"}
	for _, tt := range []struct {
		name   string
		kind   Type
		fields map[string]string
		err    string // "" for none
	}{
		{"whole", follow, map[string]string{"broadcaster_user_id": "1", "moderator_user_id": "2"}, ""},
		{"without an optional field", Type{Name: "conduit.shard.disabled", Version: "1"}, map[string]string{"client_id": "c", "conduit_id": ""}, ""},
		{
			"lacks a field", follow,
			map[string]string{"broadcaster_user_id": "1"},
			"eventsub: channel.follow v2 cannot be subscribed to: the condition lacks moderator_user_id",
		},
		{
			"an empty field is missing", follow,
			map[string]string{"broadcaster_user_id": "1", "moderator_user_id": ""},
			"eventsub: channel.follow v2 cannot be subscribed to: the condition lacks moderator_user_id",
		},
		{
			"a misspelt field", follow,
			map[string]string{"broadcaster_id": "1", "moderator_userid": "2"},
			`eventsub: the condition of channel.follow v2 has no field "broadcaster_id"; it has broadcaster_user_id, moderator_user_id`,
		},
		{
			"one letter wrong", follow,
			map[string]string{"broadcaster_user_id": "1", "moderator_userid": "2"},
			`eventsub: the condition of channel.follow v2 has no field "moderator_userid"; did you mean moderator_user_id?`,
		},
		{
			"both of two", raid,
			map[string]string{"from_broadcaster_user_id": "1", "to_broadcaster_user_id": "2"},
			"eventsub: channel.raid v1 cannot be subscribed to: the condition needs exactly one of from_broadcaster_user_id, to_broadcaster_user_id",
		},
		{
			"another version",
			Type{Name: "channel.follow", Version: "1"},
			nil,
			"eventsub: channel.follow v1: unknown event type; it exists in version 2",
		},
		{
			"a misspelt type",
			Type{Name: "chanel.follow", Version: "2"},
			nil,
			"eventsub: chanel.follow v2: unknown event type; did you mean channel.follow?",
		},
		{"no type at all", Type{Name: "tea", Version: "1"}, nil, "eventsub: tea v1: unknown event type"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := NewCondition(tt.kind, tt.fields)
			if tt.err != "" {
				if err == nil || err.Error() != tt.err {
					t.Fatalf("got %v, want %s", err, tt.err)
				}
				if unknown := strings.Contains(tt.err, "unknown event type"); errors.Is(err, ErrUnknownType) != unknown {
					t.Errorf("got ErrUnknownType %t, want %t", !unknown, unknown)
				}
				return
			}
			if err != nil {
				t.Fatalf("got %v, want none", err)
			}
			if c.Type() != tt.kind {
				t.Errorf("got type %s, want %s", c.Type(), tt.kind)
			}
			want := maps.Clone(tt.fields)
			maps.DeleteFunc(want, func(_, value string) bool { return value == "" })
			c.Fields()["broadcaster_user_id"] = "the map belongs to the caller"
			if diff := cmp.Diff(want, c.Fields()); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
			raw, err := json.Marshal(c)
			if err != nil {
				t.Fatal(err)
			}
			var fields map[string]string
			if err := json.Unmarshal(raw, &fields); err != nil || !cmp.Equal(fields, c.Fields()) {
				t.Errorf("got JSON %s and %v, want the fields %v", raw, err, c.Fields())
			}
		})
	}
}
