package daemon_test

import (
	"slices"
	"testing"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/oauth"
)

// startTwo starts a bot with an account of its own that is not a moderator; each account
// has granted the given scopes beside those that the bot needs.
func startTwo(t *testing.T, tw *emulator.Server, ofBot, ofChannel []string) *running {
	t.Helper()
	cfg, store := configure(t, tw, nil), oauth.NewMemoryStore()
	tokens := oauth.NewManager(tw.ClientID(), tw.ClientSecret(), store, oauth.Options{BaseURL: tw.OAuthURL(), HTTPClient: tw.HTTPClient()})
	for login, scopes := range map[string][]string{
		"larkbot": append(slices.Clone(cfg.Scopes().Bot), ofBot...),
		"ada":     append(slices.Clone(cfg.Scopes().Broadcaster), ofChannel...),
	} {
		if _, err := tokens.Add(t.Context(), oauth.Token{AccessToken: oauth.Secret(tw.UserToken(login, scopes...))}); err != nil {
			t.Fatal(err)
		}
	}
	if err := tokens.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	tw.Unmod("ada", "larkbot")
	return start(t, tw, cfg, store)
}

// Twitch refuses channel.follow with the same text for every cause. The bot names the
// cause if it may look the role up, and lists all possible causes otherwise.
func TestRefusedFollowsAreExplainedByTheRole(t *testing.T) {
	const missing = "channel.follow is not heard: larkbot is not a moderator of ada; ada types in the chat of that channel: /mod larkbot"
	for _, tt := range []struct {
		name             string
		ofBot, ofChannel []string
		want             string
	}{
		{"the bot may look", []string{"user:read:moderated_channels"}, nil, missing},
		{"the channel may look", nil, []string{"moderation:read"}, missing},
		{"neither may look", nil, nil, "channel.follow is not heard: Twitch wants larkbot to be a moderator of ada, to have granted the scope, and not to be banned there; if it is no moderator, ada types in chat: /mod larkbot"},
	} {
		bubble(t, tt.name, func(t *testing.T, tw *emulator.Server) {
			r := startTwo(t, tw, tt.ofBot, tt.ofChannel)
			r.saysUntil(tt.want)
			r.down()
		})
	}
}

func TestModeratorNeeds(t *testing.T) {
	cfg := loadOpsdroid(t, moderating)
	if got := cfg.ModeratorNeeds(); !slices.Equal(got, []string{"channel.follow", "Ban User"}) {
		t.Errorf("got %q, want the event and the call", got)
	}
}

const moderating = `
connectors: {twitch: {client-id: a, client-secret: b, channel: ada}}
skills:
  thanks: {on: channel.follow, do: [{say: thanks}]}
  spam: {match: {regex: spam}, do: [{ban: '{event.user_id}'}]}
  raid: {on: channel.raid, do: [{say: hello}]}
`
