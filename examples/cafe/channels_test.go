package main

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/oauth"
)

// The bot of an App answers in several channels, each with its prefix.
func TestManyChannels(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &scene{t: t, tw: emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.Channel("hedy_tv"), emulator.User("robin", "Grace"))}
		t.Cleanup(s.tw.HTTPClient().CloseIdleConnections)
		app, err := newApp(s.tw.ClientID(), s.tw.ClientSecret(), oauth.NewMemoryStore(), larkspur.AppOptions{
			Bot: "robin", RedirectURI: redirect + "/oauth/callback", Server: s.tw.URL(), HTTPClient: s.tw.HTTPClient(),
		})
		if err != nil {
			t.Fatal(err)
		}
		for login, scopes := range map[string][]string{"robin": app.BotScopes(), "ada": app.Scopes(), "hedy_tv": app.Scopes()} {
			if _, err := app.Tokens.AddCode(t.Context(), oauth.Secret(s.tw.AuthorizationCode(login, redirect, scopes...)), redirect); err != nil {
				t.Fatal(err)
			}
		}
		s.play(app.Run, app.Ready, func(s *scene) {
			for _, row := range [][3]string{
				{"ada", "!order 1 tea", "1 x tea for Grace"},
				{"ada", "?order 1 tea", "?order 1 tea"},
				{"hedy_tv", "?order 2 tea", "2 x tea for Grace"},
				{"hedy_tv", "!order 2 tea", "!order 2 tea"},
				{"ada", "", "@Grace usage: Free coffee <small|large>"},
			} {
				if row[1] == "" {
					s.tw.Redeem("ada", "grace", s.tw.AddReward("ada", "Free coffee", 1), "")
				} else {
					s.tw.Say(row[0], "grace", row[1])
				}
				time.Sleep(time.Second)
				messages := s.tw.Chat(row[0])
				if got := messages[len(messages)-1].Text; got != row[2] {
					t.Errorf("%s: %s: got %s, want %s", row[0], row[1], got, row[2])
				}
			}
		})
	})
}
