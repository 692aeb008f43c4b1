package larkspur_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
)

func TestAccountSubscribesToWhatHasAHandler(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		var told [][]string
		a := s.account(larkspur.AccountOptions{
			Code:    s.code("ada", "moderator:read:followers"),
			OnReady: func(_ context.Context, results []eventsub.Result) { told = append(told, outcomes(results)) },
		})
		s.watch(a.Mux)
		eventsub.On(a.Mux, func(context.Context, *eventsub.Gap) error { return nil }) // not a type of Twitch's
		r := s.run(a.Run)
		s.ready(a.Ready)
		s.ready(a.Ready) // at once
		want := []string{"channel.follow subscribed", "stream.online subscribed"}
		if diff := cmp.Diff([][]string{want}, told); diff != "" {
			t.Errorf("OnReady (-want +got):\n%s", diff)
		}
		if a.User().Login != "ada" || a.ChannelID() != s.tw.UserID("ada") {
			t.Errorf("got %v in channel %s, want ada in hers", a.User(), a.ChannelID())
		}
		s.tw.Follow("ada", "grace")
		s.tw.GoLive("ada")
		s.want("follow ada grace", "online ada")
		time.Sleep(24 * time.Hour) // tokens expire after four hours
		s.tw.Follow("ada", "robin")
		s.want("follow ada robin")
		r.end()
		if err := a.Ready(t.Context()); !errors.Is(err, eventsub.ErrEnded) {
			t.Errorf("ready after the end: got %v, want ErrEnded", err)
		}
		if err := a.Run(t.Context()); err == nil {
			t.Error("the second Run returned no error")
		}
	})
}

// What is missed during a lost connection is fetched.
func TestAccountCatchesUp(t *testing.T) {
	onStage(t, func(_ *testing.T, s *stage) {
		a := s.account(larkspur.AccountOptions{Code: s.code("ada", "moderator:read:followers")})
		s.watch(a.Mux)
		r := s.run(a.Run)
		s.ready(a.Ready)
		time.Sleep(time.Hour)
		s.tw.DropEventSub()
		s.tw.Follow("ada", "robin") // before the next connection
		time.Sleep(time.Minute)
		s.want("follow ada robin")
		r.end()
	})
}

// A refused subscription is a result: the account is ready, and the others work.
func TestAccountIsReadyWithARefusedSubscription(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		a := s.account(larkspur.AccountOptions{Code: s.code("ada")})
		s.watch(a.Mux)
		r := s.run(a.Run)
		s.ready(a.Ready)
		if diff := cmp.Diff([]string{"channel.follow refused", "stream.online subscribed"}, outcomes(a.Session.Results())); diff != "" {
			t.Errorf("results (-want +got):\n%s", diff)
		}
		if log := s.logged(); !strings.Contains(log, "missing_scopes.channel.follow=moderator:read:followers") || !strings.Contains(log, "scope=moderator") {
			t.Errorf("the log does not name the missing scope and where to grant it:\n%s", log)
		}
		s.tw.GoLive("ada")
		s.want("online ada")
		r.end()
	})
}

// A bot in another user's channel has its own id as moderator and chatter.
func TestAccountInAnotherChannel(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		a := s.account(larkspur.AccountOptions{Code: s.code("robin", "moderator:read:followers", "user:read:chat"), Channel: "ada"})
		s.watch(a.Mux)
		eventsub.On(a.Mux, func(_ context.Context, e *eventsub.ChannelChatMessage) error {
			s.seen <- "chat " + e.Message.Text
			return nil
		})
		r := s.run(a.Run)
		s.ready(a.Ready)
		s.tw.Follow("ada", "grace")
		s.tw.GoLive("ada")
		s.tw.Say("ada", "grace", "hello")
		s.want("chat hello", "follow ada grace", "online ada")
		r.end()
	}, emulator.Moderator("ada", "robin"))
}

// An event that needs no particular user's token uses the account's own.
func TestAccountUsesItsOwnToken(t *testing.T) {
	onStage(t, func(_ *testing.T, s *stage) {
		a := s.account(larkspur.AccountOptions{Code: s.code("robin"), Channel: "ada"})
		s.watchStreams(a.Mux)
		r := s.run(a.Run)
		s.ready(a.Ready)
		s.tw.GoLive("ada")
		s.want("online ada")
		r.end()
	})
}

func TestAccountHandlesARepeatedEventOnce(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		a := s.account(larkspur.AccountOptions{})
		s.watchStreams(a.Mux)
		n := eventsub.Notification{
			Meta: eventsub.Meta{MessageID: "1", Timestamp: time.Now()}, Type: eventsub.StreamOnline{}.Type(),
			Event: []byte(`{"id": "9", "broadcaster_user_id": "1", "broadcaster_user_login": "ada"}`),
		}
		for range 2 {
			if err := a.Mux.Dispatch(t.Context(), n); err != nil {
				t.Error(err)
			}
		}
		s.want("online ada")
	})
}

func TestAccountHandlesAnEventOnceAcrossRestarts(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		seen := eventsub.NewMemorySeenStore(1000)
		for range 2 {
			a := s.account(larkspur.AccountOptions{Seen: seen})
			s.watchStreams(a.Mux)
			n := eventsub.Notification{
				Meta: eventsub.Meta{MessageID: "1", Timestamp: time.Now()}, Type: eventsub.StreamOnline{}.Type(),
				Event: []byte(`{"id": "9", "broadcaster_user_id": "1", "broadcaster_user_login": "ada"}`),
			}
			if err := a.Mux.Dispatch(t.Context(), n); err != nil {
				t.Error(err)
			}
			synctest.Wait()
		}
		s.want("online ada")
	})
}

// Setup may register handlers; further ones need WantHandled.
func TestAccountWantsHandlersAddedLater(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		var a *larkspur.Account
		var off func()
		a = s.account(larkspur.AccountOptions{
			Code: s.code("ada", "moderator:read:followers"),
			Setup: func(context.Context) error {
				if a.User().Login != "ada" {
					t.Errorf("user in Setup: got %v", a.User())
				}
				off = s.watchStreams(a.Mux)
				return nil
			},
		})
		if err := a.WantHandled(); err == nil {
			t.Error("WantHandled before the login returned no error")
		}
		r := s.run(a.Run)
		s.ready(a.Ready)
		off()
		s.watch(a.Mux)
		off2 := s.watchStreams(a.Mux)
		if err := a.WantHandled(); err != nil {
			t.Error(err)
		}
		s.ready(a.Ready)
		if diff := cmp.Diff([]string{"channel.follow subscribed", "stream.online subscribed"}, outcomes(a.Session.Results())); diff != "" {
			t.Errorf("results (-want +got):\n%s", diff)
		}
		off2()
		r.end()
	})
}

func TestAccountUnwantsHandlersThatWereRemoved(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		a := s.account(larkspur.AccountOptions{Code: s.code("ada", "moderator:read:followers")})
		off := s.watchStreams(a.Mux)
		eventsub.On(a.Mux, func(context.Context, *eventsub.ChannelFollow) error { return nil })
		other := eventsub.StreamOfflineCondition{BroadcasterUserID: s.tw.UserID("grace")}
		a.Session.Want(other) // the program's own choice stays
		eventsub.On(a.Mux, func(context.Context, *eventsub.StreamOffline) error { return nil })
		r := s.run(a.Run)
		s.ready(a.Ready)
		off()
		if err := a.WantHandled(); err != nil {
			t.Error(err)
		}
		s.ready(a.Ready)
		if diff := cmp.Diff([]string{"channel.follow subscribed", "stream.offline subscribed"}, outcomes(a.Session.Results())); diff != "" {
			t.Errorf("results (-want +got):\n%s", diff)
		}
		if got := a.Session.Wanted()[0]; got != eventsub.Condition(other) {
			t.Errorf("wanted: got %v, want what the program chose", got)
		}
		r.end()
	})
}

// A handler whose condition needs an id that an account does not know is reported, and
// the others work.
func TestAccountReportsHandlersWithoutSubscription(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		a := s.account(larkspur.AccountOptions{Code: s.code("ada")})
		s.watchStreams(a.Mux)
		eventsub.On(a.Mux, func(context.Context, *eventsub.DropEntitlementGrant) error { return nil })
		r := s.run(a.Run)
		s.ready(a.Ready)
		if !strings.Contains(s.logged(), "drop.entitlement.grant") {
			t.Errorf("the log does not name the handler without subscription:\n%s", s.logged())
		}
		s.tw.GoLive("ada")
		s.want("online ada")
		r.end()
	})
}
