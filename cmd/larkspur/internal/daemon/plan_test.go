package daemon

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/skill"
)

// granted has the scopes that each user granted, by id.
type granted map[string][]string

func (g granted) Scopes(_ context.Context, userID string) ([]string, bool) {
	scopes, known := g[userID]
	return scopes, known
}

func needs(t *testing.T, names ...string) skill.Needs {
	t.Helper()
	var n skill.Needs
	for _, info := range eventsub.Types() {
		if slices.Contains(names, info.Type.Name) {
			n.Events = append(n.Events, info.Type)
		}
	}
	return n
}

// The accounts in the fields of conditions, and the conditions that lack a scope.
func TestConditions(t *testing.T) {
	two := accounts{broadcaster: account{"1", "ada"}, bot: account{"2", "larkbot"}}
	one := accounts{broadcaster: account{"1", "ada"}, bot: account{"1", "ada"}}
	for _, tt := range []struct {
		name, event string
		who         accounts
		granted     granted
		want        string // the condition, "" for none
		warning     string
	}{
		{"stream", "stream.online", two, granted{"2": {"chat:read"}}, `{"broadcaster_user_id":"1"}`, ""},
		{"follow, the bot moderates", "channel.follow", two, granted{"1": {"moderator:read:followers"}, "2": {"moderator:read:followers"}}, `{"broadcaster_user_id":"1","moderator_user_id":"2"}`, ""},
		{"follow, only the channel granted", "channel.follow", two, granted{"1": {"moderator:read:followers"}, "2": {}}, `{"broadcaster_user_id":"1","moderator_user_id":"1"}`, ""},
		{"follow, no account has granted it", "channel.follow", two, granted{"1": {}, "2": {}}, "", "larkbot has not granted moderator:read:followers"},
		{"follow, one account", "channel.follow", one, granted{"1": {"moderator:read:followers"}}, `{"broadcaster_user_id":"1","moderator_user_id":"1"}`, ""},
		{"subscriptions belong to the channel", "channel.subscribe", two, granted{"1": {"channel:read:subscriptions"}, "2": {}}, `{"broadcaster_user_id":"1"}`, ""},
		{"subscriptions, only the bot granted", "channel.subscribe", two, granted{"1": {}, "2": {"channel:read:subscriptions"}}, "", "ada has not granted channel:read:subscriptions"},
		{"subscriptions, the channel is not logged in", "channel.subscribe", two, granted{"2": {}}, "", "ada has not granted channel:read:subscriptions"},
		{"raids that arrive", "channel.raid", two, granted{"2": {}}, `{"to_broadcaster_user_id":"1"}`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			conditions, warnings := conditionsFor(t.Context(), needs(t, tt.event), tt.who, tt.granted)
			got := ""
			for _, c := range conditions {
				if c.Type().Name == tt.event {
					raw, err := json.Marshal(c.Fields())
					if err != nil {
						t.Fatal(err)
					}
					got = string(raw)
				}
			}
			if got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if warning := strings.Join(warnings, "\n"); (tt.warning == "") != (warning == "") || !strings.Contains(warning, tt.warning) {
				t.Errorf("got the warning %q, want %q", warning, tt.warning)
			}
		})
	}
}

// The bot always subscribes to the stream's events, once, also if a skill asks for them.
func TestWantedOnce(t *testing.T) {
	var got []string
	for _, info := range wanted(needs(t, "stream.online", "channel.follow")) {
		got = append(got, info.Type.Name)
	}
	if want := []string{"channel.follow", "stream.offline", "stream.online"}; !slices.Equal(slices.Sorted(slices.Values(got)), want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// Each account is asked only for the scopes that it must grant.
func TestScopesOf(t *testing.T) {
	cfg, err := Load("bot.yaml", []byte(`
connectors: {twitch: {client-id: a, client-secret: b, channel: ada}}
skills:
  thanks: {on: channel.follow, do: [{say: thanks}]}
  subs:   {on: channel.subscribe, do: [{say: thanks}]}
  spam:   {match: {regex: spam}, do: [{ban: '{event.user_id}'}, {delete: '{event.message_id}'}]}
  title:  {match: {command: '!title {t...}'}, do: [{title: '{t}'}]}
`), LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	s := cfg.Scopes()
	for _, tt := range []struct {
		who       string
		got, want []string
	}{
		{"bot", s.Bot, []string{"chat:read", "user:read:chat", "user:write:chat", "moderator:manage:banned_users", "moderator:manage:chat_messages", "moderator:read:followers"}},
		{"broadcaster", s.Broadcaster, []string{"channel:manage:broadcast", "channel:read:subscriptions"}},
	} {
		for _, scope := range tt.want {
			if !slices.Contains(tt.got, scope) {
				t.Errorf("the %s is asked for %v, want %s among them", tt.who, tt.got, scope)
			}
		}
	}
	if slices.Contains(s.Bot, "channel:read:subscriptions") || slices.Contains(s.Bot, "chat:edit") || slices.Contains(s.Broadcaster, "user:write:chat") {
		t.Errorf("got %v and %v, want each what is theirs", s.Bot, s.Broadcaster)
	}
}
