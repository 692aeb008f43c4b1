package oauth_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/oauth"
)

// The calls that a program makes determine which user must grant which scopes.
func ExampleSmallestScopes() {
	needs := oauth.ChatNeeds(oauth.ChatReadIRC, oauth.ChatWriteIRC)
	for _, id := range []string{"get-polls", "create-poll", "send-a-shoutout", "ban-user"} {
		if e, ok := helix.EndpointByID(id); ok {
			needs = append(needs, oauth.Need{For: e.Name, Scopes: e.Scopes, By: oauth.RoleOf(e.TokenUser...)})
		}
	}
	if info, ok := eventsub.Lookup(eventsub.Type{Name: "channel.follow", Version: "2"}); ok {
		needs = append(needs, oauth.Need{For: info.Type.Name, Scopes: info.Scopes, By: oauth.RoleOf(info.TokenUser)})
	}

	fmt.Println("bot:", oauth.SmallestScopes(needs, oauth.RoleBot, oauth.RoleModerator))
	fmt.Println("streamer:", oauth.SmallestScopes(needs, oauth.RoleBroadcaster))
	for _, n := range oauth.MissingNeeds(needs, oauth.NewScopeSet("channel:read:polls"), oauth.RoleBroadcaster) {
		fmt.Println("missing for", n.For+":", n.Scopes)
	}
	// Output:
	// bot: chat:edit chat:read moderator:manage:banned_users moderator:manage:shoutouts moderator:read:followers
	// streamer: channel:manage:polls
	// missing for Create Poll: [[channel:manage:polls]]
}

func TestSmallestScopes(t *testing.T) {
	for _, tt := range []struct {
		name  string
		needs []oauth.Need
		roles []oauth.Role
		want  string
	}{
		{"nothing", nil, nil, ""},
		{"no group", []oauth.Need{{Scopes: [][]string{{}, nil}}}, nil, ""},
		{"the least powerful", []oauth.Need{{Scopes: [][]string{{"read", "manage"}}}}, nil, "read"},
		{"one for both", []oauth.Need{{Scopes: [][]string{{"read", "manage"}}}, {Scopes: [][]string{{"manage"}}}}, nil, "manage"},
		{"one for three", []oauth.Need{{Scopes: [][]string{{"a", "x"}, {"b", "x"}, {"c", "x"}}}}, nil, "x"},
		{"greed is not best", []oauth.Need{{Scopes: [][]string{{"a", "x"}, {"b", "x"}, {"a", "y"}, {"b", "y"}, {"a"}, {"b", "c"}}}}, nil, "a b"},
		{"another's", []oauth.Need{{Scopes: [][]string{{"a"}}, By: oauth.RoleBroadcaster}}, []oauth.Role{oauth.RoleBot}, ""},
		{"the bot's by default", []oauth.Need{{Scopes: [][]string{{"a"}}}}, []oauth.Role{oauth.RoleBot}, "a"},
		{
			"a moderator's own",
			[]oauth.Need{{Scopes: [][]string{{"channel:read:guest_star", "moderator:read:guest_star"}}, By: oauth.RoleModerator}},
			nil, "moderator:read:guest_star",
		},
		{"chat as an app", oauth.ChatNeeds(oauth.ChatReadEvent, oauth.ChatWriteAPI, oauth.ChatAsApp), nil, "channel:bot user:bot user:read:chat user:write:chat"},
	} {
		if got := oauth.SmallestScopes(tt.needs, tt.roles...).String(); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// All calls and events of Twitch for one account: the set suffices for all, and each
// scope in it is needed.
func TestSmallestScopesForEverything(t *testing.T) {
	var needs []oauth.Need
	for _, e := range helix.Endpoints() {
		needs = append(needs, oauth.Need{For: e.Name, Scopes: e.Scopes, By: oauth.RoleOf(e.TokenUser...)})
	}
	for _, info := range eventsub.Types() {
		needs = append(needs, oauth.Need{For: info.Type.Name, Scopes: info.Scopes, By: oauth.RoleOf(info.TokenUser)})
	}
	set := oauth.SmallestScopes(needs)
	if missing := oauth.MissingNeeds(needs, set); missing != nil {
		t.Errorf("got %v missing, want none", missing)
	}
	for i, scope := range set {
		rest := slices.Delete(slices.Clone(set), i, i+1)
		if rest.Covered().Contains(scope) {
			continue // on old tokens only, so that one has to ask for it
		}
		if len(oauth.MissingNeeds(needs, rest)) == 0 {
			t.Errorf("%s is not needed", scope)
		}
	}
	if len(set) < 40 || len(set) >= len(oauth.AllScopes()) {
		t.Errorf("got %d scopes of %d", len(set), len(oauth.AllScopes()))
	}
}

func TestMissingNeedsAcceptsOldNames(t *testing.T) {
	needs := []oauth.Need{{For: "title", Scopes: [][]string{{"channel:manage:broadcast"}, {"bits:read"}}}}
	got := oauth.MissingNeeds(needs, oauth.NewScopeSet("channel_editor"))
	if want := []oauth.Need{{For: "title", Scopes: [][]string{{"bits:read"}}}}; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// The search has the same result as trying all combinations.
func TestSmallestScopesIsSmallest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f"}), 1, 4, func(s string) string { return s })
		groups := rapid.SliceOfN(letters, 0, 8).Draw(t, "groups")
		needs := []oauth.Need{{Scopes: groups}}
		got := oauth.SmallestScopes(needs)
		if oauth.MissingNeeds(needs, got) != nil {
			t.Fatalf("got %v, which serves not all of %v", got, groups)
		}
		for mask := range 1 << 6 {
			var set []string
			for i := range 6 {
				if mask>>i&1 == 1 {
					set = append(set, string(rune('a'+i)))
				}
			}
			if len(set) < len(got) && oauth.MissingNeeds(needs, oauth.NewScopeSet(set...)) == nil {
				t.Fatalf("got %v, but %v serves %v too", got, set, groups)
			}
		}
	})
}
