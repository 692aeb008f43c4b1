package eventsub_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// crowd runs story with a session of ada connected to the emulator, which enforces
// Twitch's limits: 300 subscriptions on a connection, 3 connections of a user, a cost
// of 10.
func crowd(t *testing.T, story func(t *testing.T, tw *emulator.Server, ada string, session *eventsub.Session)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
		ada := tw.UserID("ada")
		client := helix.New(tw.ClientID(), helix.StaticToken(ada, tw.UserToken("ada", "user:read:chat")), helix.Options{
			HTTPClient: tw.HTTPClient(), BaseURL: tw.HelixURL(),
		})
		mux := eventsub.NewMux()
		session := eventsub.NewSession(client, mux, eventsub.SessionOptions{URL: tw.EventSubURL(), HTTPClient: tw.HTTPClient()})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- session.Run(ctx) }()
		defer func() {
			cancel()
			if err := <-done; err != nil {
				t.Errorf("run: got %v, want none", err)
			}
			if err := mux.Drain(t.Context()); err != nil {
				t.Errorf("drain: got %v, want none", err)
			}
			tw.HTTPClient().CloseIdleConnections()
		}()
		story(t, tw, ada, session)
	})
}

// chats returns conditions without cost that count as no room of chat, one for each of n
// channels.
func chats(ada string, n int) []eventsub.Condition {
	conditions := make([]eventsub.Condition, n)
	for i := range conditions {
		conditions[i] = eventsub.ChannelChatSettingsUpdateCondition{BroadcasterUserID: fmt.Sprint(900_000 + i), UserID: ada}
	}
	return conditions
}

// count counts the results by outcome and the subscriptions by session.
func count(results []eventsub.Result) (outcomes map[eventsub.Outcome]int, sessions map[string]int) {
	outcomes, sessions = map[eventsub.Outcome]int{}, map[string]int{}
	for _, r := range results {
		outcomes[r.Outcome]++
		if r.SessionID != "" {
			sessions[r.SessionID]++
		}
	}
	return outcomes, sessions
}

func TestMoreThan300SubscriptionsAreSpreadOverConnections(t *testing.T) {
	crowd(t, func(t *testing.T, tw *emulator.Server, ada string, session *eventsub.Session) {
		all := chats(ada, 950)
		session.Want(all[:650]...)
		time.Sleep(2 * time.Minute)
		outcomes, sessions := count(session.Results())
		if outcomes[eventsub.OutcomeSubscribed] != 650 || len(sessions) != 3 {
			t.Errorf("650 wanted: got %v on %v, want all on three connections", outcomes, sessions)
		}
		for id, n := range sessions {
			if n > 300 {
				t.Errorf("session %s carries %d, want 300 at most", id, n)
			}
		}

		session.Want(all[650:]...)
		time.Sleep(2 * time.Minute)
		results := session.Results()
		outcomes, sessions = count(results)
		if outcomes[eventsub.OutcomeSubscribed] != 900 || outcomes[eventsub.OutcomeRefused] != 50 || len(sessions) != 3 {
			t.Errorf("950 wanted: got %v on %v, want 900 on three connections", outcomes, sessions)
		}
		for _, r := range results {
			if r.Outcome == eventsub.OutcomeRefused && (!errors.Is(r.Err, eventsub.ErrTooManySubscriptions) || !r.RetryAt.IsZero()) {
				t.Fatalf("got %v, want it to wait for room", r)
			}
		}
		if got := session.Stats().Connections; got != 3 {
			t.Errorf("connections: got %d, want 3", got)
		}

		session.Unwant(all[100:150]...) // makes room
		time.Sleep(2 * time.Minute)
		if outcomes, _ := count(session.Results()); outcomes[eventsub.OutcomeSubscribed] != 900 {
			t.Errorf("900 wanted: got %v, want all subscribed", outcomes)
		}

		tw.DropEventSub()
		time.Sleep(3 * time.Minute)
		outcomes, sessions = count(session.Results())
		if outcomes[eventsub.OutcomeSubscribed] != 900 || len(sessions) != 3 {
			t.Errorf("after a loss: got %v on %v, want all on three connections", outcomes, sessions)
		}
		if got := session.Stats().Gaps; got != 3 {
			t.Errorf("gaps: got %d, want one for each connection", got)
		}

		session.Unwant(all[:850]...)
		time.Sleep(2 * time.Minute)
		outcomes, _ = count(session.Results())
		if outcomes[eventsub.OutcomeSubscribed] != 100 {
			t.Errorf("100 wanted: got %v, want all subscribed", outcomes)
		}
		synctest.Wait()
	})
}

func TestCostLimitIsReportedWithTwitchsText(t *testing.T) {
	crowd(t, func(t *testing.T, _ *emulator.Server, ada string, session *eventsub.Session) {
		var conditions []eventsub.Condition
		for i := range 40 { // channels that have not authorized the application cost 1 each
			conditions = append(conditions, eventsub.StreamOnlineCondition{BroadcasterUserID: fmt.Sprint(900_000 + i)})
		}
		session.Want(conditions...)
		session.Want(chats(ada, 100)...) // what costs nothing is not held up
		time.Sleep(time.Minute)
		results := session.Results()
		outcomes, _ := count(results)
		cost := 0
		for _, r := range results {
			cost += r.Cost
		}
		if outcomes[eventsub.OutcomeSubscribed] != 110 || cost != 10 {
			t.Errorf("got %v at a cost of %d, want 110 subscribed at a cost of 10", outcomes, cost)
		}
		time.Sleep(time.Hour)
		for _, r := range session.Results() {
			if r.Outcome == eventsub.OutcomeSubscribed {
				continue
			}
			retried := r.Outcome == eventsub.OutcomePending || !r.RetryAt.Before(time.Now()) // now or later
			if refusal, ok := errors.AsType[*helix.Error](r.Err); !ok || !strings.Contains(refusal.Message, "cost exceeded") || !retried {
				t.Fatalf("got %v, want Twitch's reason and when it is tried again", r)
			}
		}
		session.Unwant(conditions[:10]...)
		time.Sleep(30 * time.Minute)
		if outcomes, _ := count(session.Results()); outcomes[eventsub.OutcomeSubscribed] != 110 {
			t.Errorf("after ten were unwanted: got %v, want ten others in their place", outcomes)
		}
	})
}
