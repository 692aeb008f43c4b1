package eventsub_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

func TestWebhookEventsArrive(t *testing.T) {
	onHookStage(t, func(s *hookStage) {
		s.start(s.follows(), s.titles())
		s.ready()
		s.tw.Follow("ada", "grace")
		s.tw.SetTitle("ada", "Chess")
		s.want("follow grace", "title Chess")
		time.Sleep(24 * time.Hour)
		s.tw.Follow("ada", "bob")
		s.want("follow bob")
		s.wantListed("channel.follow enabled "+callback, "channel.update enabled "+callback)
		if got := s.Stats(); got.Accepted != 3 || got.Challenges != 2 || got.Refused.Total() != 0 || got.Gaps != 0 {
			t.Errorf("got %+v, want 3 events and 2 challenges", got)
		}
		s.Unwant(s.follows(), s.titles())
		time.Sleep(time.Second)
		s.wantListed()
	})
}

// A condition that comes only in batches can be subscribed.
func TestWebhookBatchedType(t *testing.T) {
	onHookStage(t, func(s *hookStage) {
		s.start(eventsub.DropEntitlementGrantCondition{OrganizationID: "9001"})
		ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
		defer cancel()
		_ = s.Ready(ctx)
		if r := s.Results()[0]; r.Outcome != eventsub.OutcomeSubscribed && !strings.Contains(fmt.Sprint(r.Err), "authorization") {
			t.Errorf("got %v, want it subscribed, or refused for its permission", r)
		}
	})
}

func TestWebhookRestart(t *testing.T) {
	onHookStage(t, func(s *hookStage) {
		store := newSecretsFake()
		s.o.Secrets = store
		s.start(s.follows())
		s.ready()
		before := s.ids()
		s.stop()
		s.tw.Follow("ada", "grace") // Twitch repeats it while the program restarts
		time.Sleep(2 * time.Second)
		s.start(s.follows())
		s.ready()
		if diff := cmp.Diff(before, s.ids()); diff != "" || len(store.all()) != 1 {
			t.Errorf("the subscription was not adopted (-before +after):\n%s", diff)
		}
		s.want("follow grace")
		if got := s.Stats().Challenges; got != 0 {
			t.Errorf("got %d challenges, want none", got)
		}
	})
}

// Without a store, the secrets end with the program: its subscriptions are of no use.
func TestWebhookRestartWithoutStore(t *testing.T) {
	onHookStage(t, func(s *hookStage) {
		s.start(s.follows(), s.titles())
		s.ready()
		s.stop()
		s.start(s.follows())
		s.ready()
		s.tw.Follow("ada", "grace")
		s.want("follow grace")
		s.wantListed("channel.follow enabled " + callback)
	})
}

// Subscriptions of other addresses are another program's, unless their secret is known.
func TestWebhookLeavesOthersAlone(t *testing.T) {
	onHookStage(t, func(s *hookStage) {
		other := "https://other.example.org/eventsub/abcdefghijklmnopqrstuvwxyz"
		single := callback // an address without a key, as other libraries use it
		s.mu.Lock()
		s.network = func(q *http.Request, to http.Handler) (*http.Response, error) {
			if q.URL.String() != other && q.URL.String() != single {
				return reach(q, to)
			}
			body, _ := io.ReadAll(q.Body)
			challenge, _, _ := strings.Cut(strings.TrimPrefix(string(body), `{"challenge":"`), `"`)
			return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(challenge))}, nil
		}
		s.mu.Unlock()
		for _, address := range []string{other, single} {
			if _, err := s.client.EventSub.CreateSubscription(s.t.Context(), helix.CreateEventSubSubscriptionParams{
				Type: "channel.update", Version: "2", Condition: map[string]string{"broadcaster_user_id": s.tw.UserID("ada")},
				Transport: helix.EventSubTransport{Method: "webhook", Callback: address, Secret: "secret of another program"},
			}); err != nil {
				t.Fatal(err)
			}
		}
		s.start(s.follows(), s.titles())
		s.ready()
		s.Unwant(s.titles())
		time.Sleep(time.Hour)
		s.wantListed("channel.follow enabled "+callback, "channel.update enabled https://bot.example.org", "channel.update enabled https://other.example.org/eventsub")
	})
}

func TestWebhookMovesToANewCallback(t *testing.T) {
	onHookStage(t, func(s *hookStage) {
		s.o.Secrets = newSecretsFake()
		s.start(s.follows(), s.titles())
		s.ready()
		s.stop()
		const moved = "https://new.example.org/hooks/twitch/"
		s.o.Callback = moved
		s.onNetwork(func(q *http.Request, to http.Handler) (*http.Response, error) {
			if q.URL.Host == "new.example.org" {
				return nil, errNetwork // not set up yet
			}
			return reach(q, to)
		})
		s.start(s.follows()) // titles are not wanted any more
		time.Sleep(10 * time.Minute)
		s.tw.Follow("ada", "grace")
		s.want("follow grace") // over the old address
		texts, _ := s.listed()
		if texts[0] != "channel.follow enabled "+callback {
			t.Errorf("got %v, want the old subscription kept while the new address does not work", texts)
		}
		s.onNetwork(nil)
		s.ready()
		time.Sleep(time.Second)
		s.wantListed("channel.follow enabled https://new.example.org/hooks/twitch")
		s.tw.Follow("ada", "bob")
		s.want("follow bob")
	})
}

func TestWebhookCallbackIsNotReached(t *testing.T) {
	damage := func(q *http.Request, to http.Handler) (*http.Response, error) { // a proxy that formats JSON
		body, _ := io.ReadAll(q.Body)
		body = append(body, '\n')
		q = q.Clone(q.Context())
		q.ContentLength, q.GetBody = int64(len(body)), func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
		return reach(q, to)
	}
	swallow := func(q *http.Request, to http.Handler) (*http.Response, error) { // a proxy that adds a page
		answer, err := reach(q, to)
		if err == nil {
			answer.Body = io.NopCloser(strings.NewReader("<html>"))
		}
		return answer, err
	}
	for _, tt := range []struct {
		name    string
		network func(q *http.Request, to http.Handler) (*http.Response, error)
		want    string
	}{
		{"nothing arrives", unreachable, "Twitch could not reach https://bot.example.org/eventsub: no request arrived"},
		{"the body is changed", damage, "to https://bot.example.org/eventsub have a wrong signature"},
		{"the answer is changed", swallow, "did not accept the answer of https://bot.example.org/eventsub"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			onHookStage(t, func(s *hookStage) {
				logged := new(bytes.Buffer)
				s.o.Logger = logTo(logged)
				s.onNetwork(tt.network)
				s.start(s.follows(), s.titles())
				if err := s.Ready(s.t.Context()); err != nil {
					t.Fatal(err)
				}
				r := s.Results()[0]
				e, ok := errors.AsType[*eventsub.CallbackError](r.Err)
				if !ok || r.Outcome == eventsub.OutcomeSubscribed || !strings.Contains(e.Error(), tt.want) || time.Until(r.RetryAt) > 30*time.Second {
					t.Errorf("got %v, want %q and another attempt within 30 s", r, tt.want)
				}
				time.Sleep(6 * time.Hour)
				s.mu.Lock()
				calls := len(s.calls)
				s.mu.Unlock()
				if calls < 12*60 || calls > 6*3600/4 {
					t.Errorf("%d attempts in six hours, want one or two a minute", calls)
				}
				texts, _ := s.listed()
				if len(texts) > 2 {
					t.Errorf("got %d subscriptions at Twitch, want those that failed deleted", len(texts))
				}
				s.onNetwork(nil)
				s.ready()
				s.tw.Follow("ada", "grace")
				s.want("follow grace")
				s.wantListed("channel.follow enabled "+callback, "channel.update enabled "+callback)
			})
		})
	}
}

func TestWebhookRevocations(t *testing.T) {
	onHookStage(t, func(s *hookStage) {
		s.start(s.follows(), s.titles())
		s.ready()
		s.tw.RevokeEventSub(eventsub.ChannelFollow{}.Type(), "authorization_revoked")
		time.Sleep(time.Hour)
		if got := <-s.revoked; got != "channel.follow authorization_revoked" {
			t.Errorf("got %s", got)
		}
		if r := s.Results()[0]; r.Outcome != eventsub.OutcomeRevoked {
			t.Errorf("got %v, want it revoked", r)
		}
		s.wantListed("channel.update enabled " + callback)
		s.Want(s.follows())
		s.ready()
		s.tw.Follow("ada", "grace")
		s.want("follow grace")
	})
}

// Twitch ends subscriptions whose callback failed too often. They come back when the
// callback works again, and the time in between is a gap.
func TestWebhookFailuresExceeded(t *testing.T) {
	onHookStage(t, func(s *hookStage) {
		s.start(s.follows())
		s.ready()
		s.onNetwork(func(q *http.Request, to http.Handler) (*http.Response, error) {
			if q.Header.Get("Twitch-Eventsub-Message-Type") == "notification" {
				return nil, errNetwork
			}
			return reach(q, to)
		})
		for i := range 3 {
			s.tw.SetTitle("ada", fmt.Sprint(i))
			s.tw.Follow("ada", []string{"grace", "bob", "eve"}[i])
			time.Sleep(time.Minute)
		}
		s.onNetwork(nil)
		time.Sleep(time.Minute)
		s.ready()
		if got := <-s.revoked; got != "channel.follow notification_failures_exceeded" {
			t.Errorf("got %s", got)
		}
		s.tw.Unfollow("ada", "grace")
		time.Sleep(time.Second)
		s.tw.Follow("ada", "grace")
		s.want("follow grace", "gap: eventsub: subscription to channel.follow v2 revoked: notification_failures_exceeded")
	})
}

func TestWebhookConfirmsOnlyItsOwnSubscriptions(t *testing.T) {
	onHookStage(t, func(s *hookStage) {
		store := newSecretsFake()
		s.o.Secrets = store
		s.start(s.follows())
		s.ready()
		key := slices.Collect(maps.Values(store.all()))[0] // even one who knows it cannot add subscriptions
		create := func(kind string) {
			t.Helper()
			condition := map[string]string{"broadcaster_user_id": s.tw.UserID("ada")}
			if _, err := s.client.EventSub.CreateSubscription(s.t.Context(), helix.CreateEventSubSubscriptionParams{
				Type: kind, Version: "1", Condition: condition,
				Transport: helix.EventSubTransport{Method: "webhook", Callback: callback + "/" + key.ID, Secret: string(key.Secret)},
			}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		create("stream.online")
		if got := s.Stats().Refused.Unwanted; got != 1 {
			t.Errorf("got %d refused challenges, want 1", got)
		}
		time.Sleep(11 * time.Minute)
		s.wantListed("channel.follow enabled " + callback)
	})
}

// The subscriptions go on while Run does not run: another Run adopts them, without a gap.
func TestWebhookRunsAgain(t *testing.T) {
	onHookStage(t, func(s *hookStage) {
		s.start(s.follows())
		s.ready()
		before := s.ids()
		s.cancel()
		if err := <-s.done; err != nil {
			t.Fatal(err)
		}
		s.tw.Follow("ada", "grace")
		s.want("follow grace")
		s.Want(s.titles())
		s.run()
		s.ready()
		if got := s.ids(); got[0] != before[0] {
			t.Errorf("got subscription %s, want %s again", got[0], before[0])
		}
		if got := s.Stats(); got.Gaps != 0 {
			t.Errorf("got %+v, want no gap", got)
		}
		if err := s.Run(s.t.Context()); err == nil || !strings.Contains(err.Error(), "running already") {
			t.Errorf("got %v, want an error: it is running", err)
		}
	})
}

func TestWebhookCannotStart(t *testing.T) {
	onHookStage(t, func(s *hookStage) {
		for _, tt := range []struct {
			callback string
			store    error
			want     string
		}{
			{"", nil, "such as https://"},
			{"https://bot.example.org:8443/", nil, "port 443"},
			{callback, errDisk, "the disk is full"},
		} {
			store := newSecretsFake()
			store.fail(tt.store)
			hook := eventsub.NewWebhook(s.client, eventsub.NewMux(), eventsub.WebhookOptions{Callback: tt.callback, Secrets: store})
			if err := hook.Run(s.t.Context()); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s: got %v, want %q", tt.callback, err, tt.want)
			}
		}
	})
}

// A secret that cannot be stored is not used: after a restart, its subscription could
// not be verified.
func TestWebhookSecretCannotBeStored(t *testing.T) {
	onHookStage(t, func(s *hookStage) {
		store := newSecretsFake()
		s.o.Secrets = store
		s.start()
		time.Sleep(time.Second)
		store.fail(errDisk)
		s.Want(s.follows())
		if err := s.Ready(s.t.Context()); err != nil {
			t.Fatal(err)
		}
		if r := s.Results()[0]; !errors.Is(r.Err, errDisk) {
			t.Errorf("got %v, want the store's error", r)
		}
		s.wantListed()
		store.fail(nil)
		s.ready()
	})
}
