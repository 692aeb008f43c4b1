package daemon_test

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/oauth"
)

// bubble runs a test in a synctest bubble with the channel ada, which is live.
func bubble(t *testing.T, name string, f func(t *testing.T, tw *emulator.Server)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f(t, emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.User("larkbot", "grace"), emulator.Moderator("ada", "larkbot"), emulator.Live("ada")))
		})
	})
}

// An error that only the operator can fix ends the bot with a message that says what to
// do and shows no secret. A command to type has a line of its own.
func TestRefused(t *testing.T) {
	for _, tt := range []struct {
		name string
		vars map[string]string
		want []string
	}{
		{"wrong secret", map[string]string{"SECRET": "wrongsecret", "CODE": "anycode1234"}, []string{"does not accept the client secret; copy it again", "dev.twitch.tv/console"}},
		{"wrong client id", map[string]string{"ID": "wrongid", "CODE": "anycode1234"}, []string{"does not know the client id; copy it again"}},
		{"wrong code", map[string]string{"CODE": "anycode1234"}, []string{"does not accept the code", "connectors.twitch.code", "/oauth2/authorize?"}},
		{"no code", nil, []string{"no login is stored and there is no code. To log in, run:\n  larkspur login --config bot.yaml\nOr open ", "connectors.twitch.code", "moderator%3Amanage%3Abanned_users"}},
		{"no channel", map[string]string{"CHANNEL": "nosuchchannel", "CODE": "anycode1234"}, []string{`no channel "nosuchchannel"`, "connectors.twitch.channel"}},
	} {
		bubble(t, tt.name, func(t *testing.T, tw *emulator.Server) {
			r := start(t, tw, configure(t, tw, tt.vars), nil)
			got := r.fails()
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("got %q, want it to say %q", got, want)
				}
			}
			r.hides("wrongsecret", "anycode1234", tw.ClientSecret())
		})
	}
	bubble(t, "wrong code of the bot", func(t *testing.T, tw *emulator.Server) {
		r := start(t, tw, configure(t, tw, map[string]string{"CODE": codeOf(t, tw, "ada"), "BOT_CODE": "anycode1234"}), nil)
		got := r.fails()
		for _, want := range []string{"does not accept the bot-code", "as the bot", "into connectors.twitch.bot-code", "scope=chat%3A"} {
			if !strings.Contains(got, want) {
				t.Errorf("got %q, want it to say %q", got, want)
			}
		}
		r.hides("anycode1234")
	})
}

// Stored tokens stay valid for hours even if the client secret is wrong; the bot must
// report that when it starts, not at the first renewal.
func TestWrongSecretWithStoredTokensIsFoundAtStart(t *testing.T) {
	bubble(t, "in a bubble", func(t *testing.T, tw *emulator.Server) {
		store := oauth.NewMemoryStore()
		first := start(t, tw, configure(t, tw, map[string]string{"CODE": codeOf(t, tw, "ada")}), store)
		first.up()
		first.down()

		second := start(t, tw, configure(t, tw, map[string]string{"SECRET": "wrongsecret"}), store)
		if got := second.fails(); !strings.Contains(got, "does not accept the client secret; copy it again") {
			t.Errorf("got %q, want what is wrong and where to get it", got)
		}
		second.hides("wrongsecret")
		if users, err := oauth.NewManager(tw.ClientID(), tw.ClientSecret(), store, oauth.Options{}).List(t.Context()); err != nil || len(users) != 1 || users[0].Problem != "" {
			t.Errorf("got %v, %v, want the login unharmed", users, err)
		}
	})
}

// A code works once: the second start uses the stored tokens, with the same used codes
// in the configuration.
func TestRestart(t *testing.T) {
	for _, tt := range []struct{ name, speaker string }{{"one account", "ada"}, {"two accounts", "larkbot"}} {
		bubble(t, tt.name, func(t *testing.T, tw *emulator.Server) {
			vars := map[string]string{"CODE": codeOf(t, tw, "ada")}
			if tt.speaker != "ada" {
				vars["BOT_CODE"] = codeOf(t, tw, tt.speaker)
			}
			file := filepath.Join(t.TempDir(), "tokens.json")
			for _, follower := range []string{"grace", "hedy"} {
				store, err := oauth.OpenFileStore(file)
				if err != nil {
					t.Fatal(err)
				}
				r := start(t, tw, configure(t, tw, vars), store)
				r.up()
				r.saysUntil("in the channel ada as " + tt.speaker)
				tw.Follow("ada", follower)
				if got := tw.WantChat(t, "ada", "Thank you "+follower); got.User != tt.speaker {
					t.Errorf("%s talks, want %s", got.User, tt.speaker)
				}
				r.down()
				r.hides(vars["CODE"], vars["BOT_CODE"], tw.ClientSecret())
			}
		})
	}
}

// A revoked login at the start: the bot tries the code, which was used before, and
// prints how to get a new one. With a new code the bot works.
func TestRevokedBeforeStart(t *testing.T) {
	bubble(t, "in a bubble", func(t *testing.T, tw *emulator.Server) {
		store, vars := oauth.NewMemoryStore(), map[string]string{"CODE": codeOf(t, tw, "ada")}
		first := start(t, tw, configure(t, tw, vars), store)
		first.up()
		first.down()
		tw.Disconnect("ada")

		second := start(t, tw, configure(t, tw, vars), store)
		if got := second.fails(); !strings.Contains(got, "/oauth2/authorize?") {
			t.Errorf("got %q, want where to get a new code", got)
		}
		vars["CODE"] = codeOf(t, tw, "ada")
		third := start(t, tw, configure(t, tw, vars), store)
		third.up()
		tw.Say("ada", "grace", "!hello")
		tw.WantChat(t, "ada", "Hello grace")
		third.down()
	})
}

// A revoked login while the bot runs: the operator is told to log in again, and
// Ctrl-C still ends it at once.
func TestRevokedWhileRunning(t *testing.T) {
	bubble(t, "in a bubble", func(t *testing.T, tw *emulator.Server) {
		r := start(t, tw, configure(t, tw, map[string]string{"CODE": codeOf(t, tw, "ada")}), nil)
		r.up()
		tw.Disconnect("ada")
		tw.DropChat()
		got := r.fails()
		for _, want := range []string{"no longer accepts the login of ada", "/oauth2/authorize?", "connectors.twitch.code"} {
			if !strings.Contains(got, want) {
				t.Errorf("got %q, want it to say %q", got, want)
			}
		}
		r.hides(tw.ClientSecret())
	})
}

// An access token that expires early is renewed without a message.
func TestExpiredToken(t *testing.T) {
	bubble(t, "in a bubble", func(t *testing.T, tw *emulator.Server) {
		store := oauth.NewMemoryStore()
		r := start(t, tw, configure(t, tw, map[string]string{"CODE": codeOf(t, tw, "ada")}), store)
		r.up()
		token, err := store.Load(t.Context(), tw.UserID("ada"))
		if err != nil {
			t.Fatal(err)
		}
		tw.ExpireToken(string(token.AccessToken))
		tw.Say("ada", "spammer", "spam")
		r.until("the ban", func() bool { return tw.IsBanned("ada", "spammer") })
		r.hides(string(token.AccessToken), string(token.RefreshToken))
		r.down()
	})
}

// If the channel's login is lost, the bot's own account continues, and the operator is
// told.
func TestRevokedChannelLogin(t *testing.T) {
	bubble(t, "in a bubble", func(t *testing.T, tw *emulator.Server) {
		r := start(t, tw, configure(t, tw, map[string]string{"CODE": codeOf(t, tw, "ada"), "BOT_CODE": codeOf(t, tw, "larkbot")}), nil)
		r.up()
		tw.Disconnect("ada")
		time.Sleep(time.Hour + time.Minute) // tokens are validated hourly
		r.saysUntil("no longer accepts the login of ada")
		tw.Say("ada", "grace", "!hello")
		tw.WantChat(t, "ada", "Hello grace")
		r.down()
	})
}
