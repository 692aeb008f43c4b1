package daemon_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/oauth"
)

// botWith reads a configuration of the channel ada with a bot and a skill.
func botWith(t *testing.T, tw *emulator.Server, bot, skill string) *daemon.Config {
	t.Helper()
	text := fmt.Sprintf(`
connectors:
  twitch: {client-id: %q, client-secret: %q, channel: ada, bot-name: %s, always-listening: true}
skills:
  one: %s
`, tw.ClientID(), tw.ClientSecret(), bot, skill)
	cfg, err := daemon.Load("bot.yaml", []byte(text), daemon.LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// A user grants more while the bot runs: it subscribes to more, without a restart.
func TestScopesGrantedWhileRunning(t *testing.T) {
	bubble(t, "in a bubble", func(t *testing.T, tw *emulator.Server) {
		store, w := oauth.NewMemoryStore(), &wire{tw: tw}
		signedIn(t, tw, store, "ada", "chat:read", "chat:edit")
		r := startWith(t, configure(t, tw, nil), w.options(store))
		r.up()
		r.saysUntil("messages are sent over IRC, because ada has not granted user:write:chat")
		tw.Say("ada", "grace", "!hello")
		tw.WantChat(t, "ada", "Hello grace")
		r.saysUntil("channel.follow is not heard: ada has not granted moderator:read:followers")
		signedIn(t, tw, store, "ada") // what "larkspur login" does, in another process
		r.saysUntil("ada has logged in and granted chat:read moderator:manage:banned_users moderator:read:followers user:read:chat user:write:chat")
		r.saysUntil("messages are sent with Twitch's API (Send Chat Message)") // the token cannot write over IRC
		r.saysUntil("heard from now on: channel.follow, channel.chat.message")
		time.Sleep(5 * time.Second) // to subscribe
		tw.Follow("ada", "grace")
		tw.WantChat(t, "ada", "Thank you grace")
		tw.Say("ada", "spammer", "spam")
		r.until("the ban", func() bool { return tw.IsBanned("ada", "spammer") })
		if said := r.said(); strings.Count(said, "channel.follow is not heard") != 1 {
			t.Errorf("it was said more than once:\n%s", said)
		}
		signedIn(t, tw, store, "ada", "chat:read", "chat:edit")
		r.until("messages go over IRC again", func() bool { return strings.Count(r.said(), "messages are sent over IRC") == 2 })
		tw.Say("ada", "hedy", "!hello")
		tw.WantChat(t, "ada", "Hello hedy")
		r.down()
	})
}

// The channel's owner logs in while the bot runs, loses that login, and logs in again:
// each time the bot continues with the scopes that are granted.
func TestChannelLogsInWhileRunning(t *testing.T) {
	bubble(t, "in a bubble", func(t *testing.T, tw *emulator.Server) {
		cfg := botWith(t, tw, "larkbot", "{on: channel.subscribe, do: [{say: 'Welcome {event.user_name}'}]}")
		store, w := oauth.NewMemoryStore(), &wire{tw: tw}
		signedIn(t, tw, store, "larkbot", "chat:read", "chat:edit")
		r := startWith(t, cfg, w.options(store))
		r.saysUntil("ada has not logged in; run: larkspur login --config bot.yaml --account channel")
		r.up()

		signedIn(t, tw, store, "ada", "channel:read:subscriptions")
		r.saysUntil("heard from now on: channel.subscribe")
		time.Sleep(5 * time.Second) // to subscribe
		tw.Subscribe("ada", "grace", "1000")
		tw.WantChat(t, "ada", "Welcome grace")

		tw.Disconnect("ada")
		time.Sleep(time.Hour + time.Minute) // tokens are validated hourly
		r.saysUntil("no longer accepts the login of ada")
		signedIn(t, tw, store, "ada", "channel:read:subscriptions")
		r.saysUntil("ada has logged in and granted channel:read:subscriptions")
		time.Sleep(time.Minute) // to subscribe
		tw.Subscribe("ada", "hedy", "1000")
		tw.WantChat(t, "ada", "Welcome hedy")
		r.down()
	})
}

// The bot ignores logins of other accounts in the same store.
func TestLostLoginOfAnotherAccountIsIgnored(t *testing.T) {
	bubble(t, "in a bubble", func(t *testing.T, tw *emulator.Server) {
		store, w := oauth.NewMemoryStore(), &wire{tw: tw}
		signedIn(t, tw, store, "ada")
		signedIn(t, tw, store, "grace", "chat:read")
		r := startWith(t, botWith(t, tw, "ada", "{match: {command: '!hello'}, do: [{say: 'Hello {event.user_name}'}]}"), w.options(store))
		r.up()
		tw.Disconnect("grace")
		time.Sleep(time.Hour + time.Minute)
		tw.Say("ada", "grace", "!hello")
		tw.WantChat(t, "ada", "Hello grace")
		if said := r.said(); strings.Contains(said, "no longer accepts") {
			t.Errorf("the operator was asked for a login that the bot does not need:\n%s", said)
		}
		r.down()
	})
}
