package daemon

import (
	"fmt"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/oauth"
)

// The accounts that are needed, and which of them are ready, depend on the stored logins.
func TestAccounts(t *testing.T) {
	user := func(id, login string, scopes ...string) oauth.User {
		return oauth.User{ID: id, Login: login, Scopes: oauth.NewScopeSet(scopes...)}
	}
	chat := []string{"chat:edit", "chat:read"}
	lost := user("2", "larkbot", chat...)
	lost.Problem = "the password changed"
	for _, tt := range []struct {
		name, keys string
		users      []oauth.User
		want       string
	}{
		{"no login", "", nil, "channel+bot ada: ada has not logged in"},
		{"one account, all granted", "", []oauth.User{user("1", "Ada", "chat:edit", "chat:read", "moderator:read:followers", "channel:read:subscriptions")}, "channel+bot ada: ready"},
		{"one account, too little", "", []oauth.User{user("1", "ada", chat...)}, "channel+bot ada: ada has not granted channel:read:subscriptions moderator:read:followers"},
		{"the bot is named", "bot-name: Larkbot", nil, "bot larkbot: larkbot has not logged in; channel ada: ada has not logged in"},
		{"the bot is named as the channel", "bot-name: ada", nil, "channel+bot ada: ada has not logged in"},
		{"another account is the bot", "", []oauth.User{user("2", "larkbot", "chat:edit", "chat:read", "moderator:read:followers")}, "bot larkbot: ready; channel ada: ada has not logged in"},
		{"the channel grants for the moderator", "", []oauth.User{user("1", "ada", "moderator:read:followers", "channel:read:subscriptions"), user("2", "larkbot", chat...)}, "bot larkbot: ready; channel ada: ready"},
		{"a code of the bot's", "bot-code: abc", nil, "bot : the bot's account has not logged in; channel ada: ada has not logged in"},
		{"lost", "bot-name: larkbot", []oauth.User{lost}, "bot larkbot: larkbot must log in again: the password changed; channel ada: ada has not logged in"},
		{"lost, and not named", "", []oauth.User{user("1", "ada", "moderator:read:followers", "channel:read:subscriptions"), lost}, "bot larkbot: larkbot must log in again: the password changed; channel ada: ready"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg, err := Load("bot.yaml", []byte(`
connectors:
  twitch:
    client-id: a
    client-secret: b
    channel: ada
    `+tt.keys+`
skills:
  thanks: {on: channel.follow, do: [{say: thanks}]}
  subs:   {on: channel.subscribe, do: [{say: thanks}]}
`), LoadOptions{})
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			for i, a := range cfg.Accounts(tt.users, false) {
				if i > 0 {
					got.WriteString("; ")
				}
				role, state := a.Role, "ready"
				if a.Both {
					role += "+bot"
				}
				if !a.Ready() {
					state = a.Problem()
				}
				fmt.Fprintf(&got, "%s %s: %s", role, a.Login, state)
			}
			if got.String() != tt.want {
				t.Errorf("got %q, want %q", got.String(), tt.want)
			}
		})
	}
}

// A command that messages name can be copied into a shell.
func TestLoginCommand(t *testing.T) {
	for file, want := range map[string]string{
		"bot.yaml":       "larkspur login --config bot.yaml --account bot",
		"my bot/b.yaml":  `larkspur login --config "my bot/b.yaml" --account bot`,
		`C:\bot\ada.yml`: `larkspur login --config C:\bot\ada.yml --account bot`,
	} {
		if got := (&Config{File: file}).LoginCommand(BotAccount); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
