package larkspur_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// A channel whose user authorises while the App runs is subscribed, and unsubscribed when
// the user disconnects.
func TestConduitAppAddsAndRemovesChannels(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		app := s.conduitApp(larkspur.AppOptions{Channels: []string{"Grace"}})
		s.watchStreams(app.Mux)
		r := s.run(app.Run)
		s.ready(app.Ready)
		if got := s.names(app.Channels()); got != "grace" {
			t.Errorf("channels: got %s, want grace", got)
		}
		s.tw.GoLive("grace")
		s.want("online grace")

		if page := s.open(app, app.LoginURL()); !strings.Contains(page, "You are logged in") {
			t.Errorf("the page after the login: got\n%s", page)
		}
		s.want("added ada: stream.online subscribed")
		s.tw.GoLive("ada")
		s.want("online ada")
		s.tw.GoOffline("ada")

		s.tw.Disconnect("ada")
		s.want("removed ada")
		time.Sleep(time.Hour)
		s.tw.GoLive("ada")
		s.want()
		s.tw.GoOffline("ada")
		if got := s.names(app.Channels()); got != "grace" {
			t.Errorf("channels: got %s, want grace", got)
		}
		r.goesOn()

		s.open(app, app.LoginURL())
		s.want("added ada: stream.online subscribed")
		app.Remove(s.tw.UserID("ada"))
		time.Sleep(time.Hour) // the store is compared every ten minutes
		s.tw.GoLive("ada")
		s.want()
		r.end()
	}, emulator.ApproveAs("ada"), emulator.Channel("grace"))
}

// A restart adds the users in the store, and adopts their subscriptions.
func TestConduitAppAdoptsAfterARestart(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		ids := map[string]string{}
		for i := range 2 {
			app := s.conduitApp(larkspur.AppOptions{})
			if i == 0 {
				s.logIn(app, "ada", "moderator:read:followers")
			}
			s.watch(app.Mux)
			r := s.run(app.Run)
			s.ready(app.Ready)
			want := []string{"channel.follow subscribed", "stream.online subscribed"}
			var got []string
			for _, result := range app.Conduit.Results() {
				name := result.Condition.Type().Name
				if name == "channel.follow" || name == "stream.online" {
					got = append(got, outcomes([]eventsub.Result{result})...)
				}
				if ids[name] == "" {
					ids[name] = result.SubscriptionID
				} else if ids[name] != result.SubscriptionID && name != "conduit.shard.disabled" {
					t.Errorf("%s: got another subscription after the restart", name)
				}
			}
			if diff := cmp.Diff(want, sorted(got)); diff != "" {
				t.Errorf("results (-want +got):\n%s", diff)
			}
			s.tw.Follow("ada", []string{"grace", "robin"}[i])
			s.want("follow ada " + []string{"grace", "robin"}[i])
			r.end()
			time.Sleep(time.Hour)
		}
	})
}

// What is missed is fetched with the tokens of the channels' users.
func TestConduitAppCatchesUp(t *testing.T) {
	onStage(t, func(_ *testing.T, s *stage) {
		app := s.conduitApp(larkspur.AppOptions{})
		s.logIn(app, "ada", "moderator:read:followers")
		s.watch(app.Mux)
		r := s.run(app.Run)
		s.ready(app.Ready)
		time.Sleep(time.Hour)
		s.tw.DropEventSub()
		s.tw.Follow("ada", "robin") // no shard works
		time.Sleep(5 * time.Minute)
		s.want("follow ada robin")
		r.end()
	})
}

// One channel's lost login removes that channel only; so does one that is lost while the
// App does not run.
func TestLostLoginOfAChannelDoesNotEndRun(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		app := s.conduitApp(larkspur.AppOptions{})
		s.logIn(app, "ada")
		s.logIn(app, "grace")
		s.logIn(app, "robin")
		s.tw.ChangePassword("robin")
		s.watchStreams(app.Mux)
		r := s.run(app.Run)
		s.ready(app.Ready)
		s.want("removed robin")
		s.tw.ChangePassword("ada")
		time.Sleep(2 * time.Hour)
		s.want("removed ada")
		r.goesOn()
		s.tw.GoLive("grace")
		s.tw.GoLive("ada")
		s.want("online grace")
		r.end()

		app = s.conduitApp(larkspur.AppOptions{})
		s.watchStreams(app.Mux)
		r = s.run(app.Run)
		s.ready(app.Ready)
		s.want() // what was lost before is no channel any more
		if got := s.names(app.Channels()); got != "grace" {
			t.Errorf("channels after a restart: got %s, want grace", got)
		}
		r.end()
	}, emulator.Channel("grace"), emulator.Channel("robin"))
}

// A user who has disconnected the application is removed, too, if the login is not in the
// store, but in that of another program.
func TestConduitAppRemovesUsersWithoutALogin(t *testing.T) {
	onStage(t, func(_ *testing.T, s *stage) {
		s.tw.UserToken("grace", "user:bot")
		s.tw.UserToken("ada", "user:bot")
		app := s.conduitApp(larkspur.AppOptions{Channels: []string{"ada"}})
		app.Add(s.tw.UserID("grace"))
		s.watchStreams(app.Mux)
		r := s.run(app.Run)
		s.ready(app.Ready)
		s.tw.Disconnect("grace")
		s.want("removed grace")
		s.tw.Disconnect("ada") // stays: the options name it
		s.tw.GoLive("ada")
		s.want("online ada")
		r.end()
	})
}

// A condition that does not name the channel is wanted as long as there is a channel.
func TestChannelsShareConditions(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		app := s.conduitApp(larkspur.AppOptions{Bot: "robin", Channels: []string{"ada", "grace"}})
		s.logIn(app, "robin", "user:read:whispers")
		eventsub.On(app.Mux, func(context.Context, *eventsub.UserWhisperMessage) error { return nil })
		r := s.run(app.Run)
		s.ready(app.Ready)
		whispers := func() (n int) {
			for _, r := range app.Conduit.Results() {
				if r.Condition.Type() == (eventsub.UserWhisperMessage{}).Type() && r.Outcome == eventsub.OutcomeSubscribed {
					n++
				}
			}
			return n
		}
		for i, login := range []string{"ada", "grace"} {
			if got := whispers(); got != 1 {
				t.Errorf("%d channels removed: got %d subscriptions, want 1", i, got)
			}
			app.Remove(s.tw.UserID(login))
		}
		if got := whispers(); got != 0 {
			t.Errorf("without channels: got %d subscriptions, want none", got)
		}
		r.end()
	})
}

// Another process, such as a web server, stores logins in the same store.
func TestConduitAppFindsLoginsOfAnotherProcess(t *testing.T) {
	onStage(t, func(_ *testing.T, s *stage) {
		app, other := s.conduitApp(larkspur.AppOptions{}), s.conduitApp(larkspur.AppOptions{})
		s.watchStreams(app.Mux)
		r := s.run(app.Run)
		s.ready(app.Ready)
		s.logIn(other, "ada")
		time.Sleep(10 * time.Minute)
		s.want("added ada: stream.online subscribed")
		r.end()
	})
}

// A bot of its own reads chat in all channels, and comes back after a lost login.
func TestConduitAppWithABot(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		app := s.conduitApp(larkspur.AppOptions{Bot: "robin"})
		eventsub.On(app.Mux, func(_ context.Context, e *eventsub.ChannelChatMessage) error {
			s.seen <- "chat " + e.BroadcasterUserLogin + " " + e.Message.Text
			return nil
		})
		if got := app.Scopes().String(); got != "channel:bot" {
			t.Errorf("scopes of a channel: got %q", got)
		}
		if got := app.BotScopes().String(); got != "user:bot user:read:chat" {
			t.Errorf("scopes of the bot: got %q", got)
		}
		s.logIn(app, "robin", app.BotScopes()...)
		s.logIn(app, "ada", app.Scopes()...)
		s.logIn(app, "grace", app.Scopes()...)
		r := s.run(app.Run)
		s.ready(app.Ready)
		if got := s.names(app.Channels()); got != "ada grace" && got != "grace ada" {
			t.Errorf("channels: got %s, want ada and grace", got)
		}
		s.tw.Say("ada", "grace", "hello")
		s.tw.Say("grace", "ada", "hi")
		s.want("chat ada hello", "chat grace hi")

		s.tw.Disconnect("robin")
		s.want()
		r.goesOn()
		if log := s.logged(); !strings.Contains(log, "the bot must log in") {
			t.Errorf("the log does not tell of the lost bot:\n%s", log)
		}
		page := s.open(app, app.BotLoginURL())
		if !strings.Contains(page, "You are logged in") {
			t.Errorf("the page after the login: got\n%s", page)
		}
		synctest.Wait()
		s.ready(app.Ready)
		s.tw.Say("ada", "grace", "hello again")
		s.want("chat ada hello again")
		r.end()
	}, emulator.ApproveAs("robin"), emulator.Channel("grace"))
}

func TestDeadAppTokenEndsRun(t *testing.T) {
	onStage(t, func(_ *testing.T, s *stage) {
		app := larkspur.NewConduitApp(s.tw.ClientID(), "wrong", s.store, s.appOptions(larkspur.AppOptions{}))
		if err := s.run(app.Run).ended(); err == nil || !strings.Contains(err.Error(), "compare client id and secret") {
			t.Errorf("got %v, want an error about the secret", err)
		}
	})
}

// The secret of a running application may be replaced at Twitch's console.
func TestAppTokenThatDiesLaterEndsRun(t *testing.T) {
	onStage(t, func(_ *testing.T, s *stage) {
		o := s.appOptions(larkspur.AppOptions{})
		var dead atomic.Bool
		base := o.HTTPClient.Transport
		o.HTTPClient = &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			if dead.Load() && r.URL.Path == "/oauth2/token" {
				return answer(r, http.StatusForbidden, `{"status":403,"message":"invalid client secret"}`), nil
			}
			if dead.Load() && r.URL.Path == "/oauth2/validate" {
				return answer(r, http.StatusUnauthorized, `{"status":401,"message":"invalid access token"}`), nil
			}
			return base.RoundTrip(r)
		})}
		app := larkspur.NewConduitApp(s.tw.ClientID(), s.tw.ClientSecret(), s.store, o)
		r := s.run(app.Run)
		s.ready(app.Ready)
		time.Sleep(3 * time.Hour)
		r.goesOn()
		dead.Store(true)
		if err := r.ended(); err == nil || !strings.Contains(err.Error(), "the application's own token") || !strings.Contains(err.Error(), "compare client id and secret") {
			t.Errorf("got %v, want an error about the app token", err)
		}
	})
}

func answer(r *http.Request, status int, body string) *http.Response {
	return &http.Response{
		Status: http.StatusText(status), StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r,
	}
}

func TestMistakesInAppOptions(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		for want, o := range map[string]larkspur.AppOptions{
			"option Channels: there is no user \"nobody\"": {Channels: []string{"ada", "nobody"}},
			"option Bot: there is no user \"nobody\"":      {Bot: "nobody"},
			"send-chat-mesage":                             {Endpoints: []string{"send-chat-mesage"}},
		} {
			if err := s.run(s.conduitApp(o).Run).ended(); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want an error with %q", err, want)
			}
		}
		public := larkspur.NewConduitApp(s.tw.ClientID(), "", s.store, larkspur.AppOptions{})
		if err := public.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "needs the secret") {
			t.Errorf("without a secret: got %v", err)
		}
		bad := larkspur.NewConduitApp(s.tw.ClientID(), "secret", s.store, larkspur.AppOptions{RedirectURI: "http://bot.test"})
		if err := bad.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "redirect URI") {
			t.Errorf("with a wrong redirect URI: got %v", err)
		}
	})
}
