package larkspur_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/oauth"
)

// wantLoginError checks that err says who must log in, and how.
func (s *stage) wantLoginError(err error, login, reason string) {
	s.t.Helper()
	e, ok := errors.AsType[*larkspur.LoginError](err)
	if !ok {
		s.t.Fatalf("got %v, want a LoginError; log:\n%s", err, s.logged())
	}
	if e.Login != login || !strings.Contains(err.Error(), reason) {
		s.t.Errorf("got %v of %q, want %q and of %q", err, e.Login, reason, login)
	}
	if !e.LoginRequired() || !strings.Contains(err.Error(), "open "+s.tw.OAuthURL()+"/authorize?") || !strings.Contains(e.URL, "moderator%3Aread%3Afollowers") {
		s.t.Errorf("got %v, want the address that grants the scopes", err)
	}
}

func TestLostLoginEndsRun(t *testing.T) {
	for name, lose := range map[string]func(tw *emulator.Server){
		"disconnected":     func(tw *emulator.Server) { tw.Disconnect("ada") },
		"password changed": func(tw *emulator.Server) { tw.ChangePassword("ada") },
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, func(_ *testing.T, s *stage) {
				a := s.account(larkspur.AccountOptions{Code: s.code("ada", "moderator:read:followers")})
				s.watch(a.Mux)
				r := s.run(a.Run)
				s.ready(a.Ready)
				time.Sleep(25 * time.Hour)
				r.goesOn()
				start := time.Now()
				lose(s.tw)
				s.wantLoginError(r.ended(), "ada", "Twitch refused to renew the token")
				if took := time.Since(start); name == "disconnected" && took > time.Minute {
					t.Errorf("run ended %v after the subscriptions were revoked", took)
				}
				if err := a.Ready(s.t.Context()); !errors.Is(err, r.err) {
					t.Errorf("ready: got %v, want the error of Run", err)
				}
			})
		})
	}
}

// Without any event to subscribe to, the hourly validation finds a lost login.
func TestLostLoginEndsRunWithoutEvents(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		a := s.account(larkspur.AccountOptions{Code: s.code("ada", "chat:read"), Scopes: []string{"moderator:read:followers"}})
		r := s.run(a.Run)
		s.ready(a.Ready) // nothing is wanted
		s.tw.Disconnect("ada")
		s.wantLoginError(r.ended(), "ada", "Twitch refused to renew the token")
	})
}

// The login of the channel's owner is not the account's own.
func TestLostLoginOfAnotherUserDoesNotEndRun(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		a := s.account(larkspur.AccountOptions{
			Code: s.code("robin", "moderator:read:followers"), Login: "robin", Channel: "ada",
		})
		if _, err := a.Tokens.AddCode(t.Context(), s.code("ada", "channel:read:subscriptions"), redirect); err != nil {
			t.Fatal(err)
		}
		s.watch(a.Mux)
		eventsub.On(a.Mux, func(context.Context, *eventsub.ChannelSubscribe) error { return nil })
		r := s.run(a.Run)
		s.ready(a.Ready)
		s.tw.Disconnect("ada")
		time.Sleep(5 * time.Hour)
		r.goesOn()
		s.tw.Follow("ada", "grace")
		s.want("follow ada grace")
		r.end()
	}, emulator.Moderator("ada", "robin"))
}

// The code stays in a program's configuration: the login in the store goes first, and a
// new code is used if that is lost.
func TestLoginIsTakenFromTheStore(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		start := func(code oauth.Secret) (*larkspur.Account, *running) {
			a := s.account(larkspur.AccountOptions{Code: code})
			s.watch(a.Mux)
			return a, s.run(a.Run)
		}
		code := s.code("ada", "moderator:read:followers")
		a, r := start(code)
		s.ready(a.Ready)
		r.end()

		a, r = start(code) // used up
		s.ready(a.Ready)
		s.tw.Follow("ada", "grace")
		s.want("follow ada grace")
		r.end()

		s.tw.Disconnect("ada") // while it does not run
		_, r = start(code)
		s.wantLoginError(r.ended(), "ada", "Invalid authorization code")
		_, r = start("")
		s.wantLoginError(r.ended(), "ada", "Twitch refused to renew the token")

		a, r = start(s.code("ada", "moderator:read:followers"))
		s.ready(a.Ready)
		s.tw.Follow("ada", "robin")
		s.want("follow ada robin")
		r.end()
	})
}

func TestLoginWithARefreshToken(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		_, refresh := s.tw.UserTokens("ada", "moderator:read:followers")
		a := s.account(larkspur.AccountOptions{RefreshToken: oauth.Secret(refresh)})
		me, err := a.LogIn(t.Context())
		if err != nil || me.Login != "ada" {
			t.Fatalf("got %v, %v, want ada", me, err)
		}
		if again, err := a.LogIn(t.Context()); err != nil || again.ID != me.ID {
			t.Errorf("second call: got %v, %v, want ada", again, err)
		}
	})
}

func TestLoginWithADevice(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		device := make(chan *oauth.Device, 1)
		a := s.account(larkspur.AccountOptions{OnDevice: func(d *oauth.Device) { device <- d }})
		s.watch(a.Mux)
		r := s.run(a.Run)
		d := <-device
		time.Sleep(20 * time.Second)
		if !s.tw.ApproveDevice(d.UserCode, "ada", true) {
			t.Fatal("no device waits")
		}
		s.ready(a.Ready)
		s.tw.Follow("ada", "grace")
		s.want("follow ada grace")
		r.end()
	})
}

func TestLoginOfOneOfSeveral(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		first := s.account(larkspur.AccountOptions{})
		for _, login := range []string{"ada", "robin"} {
			if _, err := first.Tokens.AddCode(t.Context(), s.code(login), redirect); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := first.LogIn(t.Context()); err == nil || !strings.Contains(err.Error(), "ada, robin") && !strings.Contains(err.Error(), "robin, ada") {
			t.Errorf("got %v, want an error that names both", err)
		}
		me, err := s.account(larkspur.AccountOptions{Login: "Robin"}).LogIn(t.Context())
		if err != nil || me.Login != "robin" {
			t.Errorf("got %v, %v, want robin", me, err)
		}
		_, err = s.account(larkspur.AccountOptions{Login: "grace", Code: s.code("ada"), Scopes: []string{"moderator:read:followers"}}).LogIn(t.Context())
		s.wantLoginError(err, "grace", "ada has logged in instead of grace")
	})
}

// What the options have wrong is told before Twitch is asked.
func TestMistakesInOptions(t *testing.T) {
	for want, o := range map[string]larkspur.AccountOptions{
		"Server":            {Server: "localhost:8080"},
		"send-chat-mesage":  {Endpoints: []string{"send-chat-mesage"}},
		"set AccountOption": {},
	} {
		a := larkspur.NewAccount("client-id", "", oauth.NewMemoryStore(), o)
		if err := a.Run(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
	if err := larkspur.NewAccount("", "", oauth.NewMemoryStore(), larkspur.AccountOptions{}).Run(t.Context()); err == nil || !strings.Contains(err.Error(), "dev.twitch.tv/console") {
		t.Errorf("without a client id: got %v", err)
	}
}

func TestWrongClientSecretEndsRun(t *testing.T) {
	onStage(t, func(_ *testing.T, s *stage) {
		a := larkspur.NewAccount(s.tw.ClientID(), "wrong", s.store, larkspur.AccountOptions{
			Server: s.tw.URL(), HTTPClient: s.tw.HTTPClient(), Code: s.code("ada"), RedirectURI: redirect,
		})
		if err := s.run(a.Run).ended(); err == nil || !strings.Contains(err.Error(), "compare client id and secret") {
			t.Errorf("got %v, want an error about the secret", err)
		}
	})
}

// An unreachable Twitch ends Run neither at the start nor later.
func TestOutageAtTheStartIsWaitedOut(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		a := s.account(larkspur.AccountOptions{Code: s.code("ada", "moderator:read:followers")})
		s.watch(a.Mux)
		s.tw.FailRequests(emulator.RequestFault{Status: http.StatusServiceUnavailable, Times: 1000})
		r := s.run(a.Run)
		time.Sleep(5 * time.Minute)
		r.goesOn()
		s.tw.HealRequests()
		time.Sleep(2 * time.Minute)
		s.ready(a.Ready)
		r.end()
	})
}

func TestRunEndsDuringTheLogin(t *testing.T) {
	onStage(t, func(_ *testing.T, s *stage) {
		a := s.account(larkspur.AccountOptions{Code: s.code("ada")})
		s.tw.FailRequests(emulator.RequestFault{Status: http.StatusServiceUnavailable, Times: 1000})
		r := s.run(a.Run)
		time.Sleep(time.Minute)
		r.end()
	})
}

func TestSetupErrorEndsRun(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		boom := errors.New("boom")
		a := s.account(larkspur.AccountOptions{Code: s.code("ada"), Setup: func(context.Context) error { return boom }})
		r := s.run(a.Run)
		if err := a.Ready(t.Context()); !errors.Is(err, boom) {
			t.Errorf("ready: got %v, want the error of Setup", err)
		}
		if err := r.ended(); !errors.Is(err, boom) {
			t.Errorf("got %v, want the error of Setup", err)
		}
		synctest.Wait()
	})
}
