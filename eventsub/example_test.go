package eventsub_test

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

func Example() {
	mux := eventsub.NewMux()
	mux.Use(eventsub.Dedup(10 * time.Minute))
	eventsub.On(mux, func(_ context.Context, e *eventsub.ChannelFollow) error {
		fmt.Println("Welcome,", e.UserName)
		return nil
	})

	// A Session dispatches what Twitch sends; a test can call Dispatch itself.
	ctx := context.Background()
	follow := eventsub.Notification{
		Meta:  eventsub.Meta{MessageID: "befa7b53-d79d-478f-86b9-120f112b044e"},
		Type:  eventsub.ChannelFollow{}.Type(),
		Event: []byte(`{"broadcaster_user_id": "1", "user_id": "2", "user_name": "Grace"}`),
	}
	for range 2 { // Twitch delivers at least once
		if err := mux.Dispatch(ctx, follow); err != nil {
			fmt.Println(err)
		}
	}
	if err := mux.Drain(ctx); err != nil {
		fmt.Println(err)
	}
	// Output: Welcome, Grace
}

func ExampleMux_Missing() {
	mux := eventsub.NewMux()
	eventsub.On(mux, func(context.Context, *eventsub.ChannelFollow) error { return nil })
	eventsub.On(mux, func(context.Context, *eventsub.ChannelRaid) error { return nil })

	unsubscribed, unhandled := mux.Missing(
		eventsub.ChannelFollowCondition{BroadcasterUserID: "1", ModeratorUserID: "2"},
		eventsub.StreamOnlineCondition{BroadcasterUserID: "1"},
	)
	fmt.Println("handled, not subscribed:", unsubscribed)
	fmt.Println("subscribed, not handled:", unhandled)
	// Output:
	// handled, not subscribed: [channel.raid v1]
	// subscribed, not handled: [stream.online v1]
}

func ExampleSession_Wanted() {
	mux := eventsub.NewMux()
	session := eventsub.NewSession(helix.New("client-id", helix.StaticToken("141981764", "token"), helix.Options{}), mux, eventsub.SessionOptions{})
	follows := eventsub.ChannelFollowCondition{BroadcasterUserID: "1", ModeratorUserID: "2"}
	session.Want(follows, follows, eventsub.StreamOnlineCondition{BroadcasterUserID: "1"})
	eventsub.On(mux, func(context.Context, *eventsub.ChannelFollow) error { return nil })

	_, unhandled := mux.Missing(session.Wanted()...)
	fmt.Println("subscribed, not handled:", unhandled)
	session.Unwant(follows)
	for _, condition := range session.Wanted() {
		fmt.Println("wanted:", condition.Type())
	}
	// Output:
	// subscribed, not handled: [stream.online v1]
	// wanted: stream.online v1
}

// A webhook passes the events that it receives to a Mux. ParseFrame does the same for
// a text message of a WebSocket.
func ExampleParseWebhook() {
	mux := eventsub.NewMux()
	eventsub.On(mux, func(_ context.Context, e *eventsub.StreamOnline) error {
		fmt.Println(e.BroadcasterUserName, "is live; delivery", e.Meta.MessageID)
		return nil
	})

	header := http.Header{}
	header.Set("Twitch-Eventsub-Message-Id", "befa7b53")
	header.Set("Twitch-Eventsub-Message-Type", "notification")
	body := []byte(`{"subscription":{"id":"s1","type":"stream.online","version":"1","condition":{"broadcaster_user_id":"1001"}},
		"event":{"id":"9001","broadcaster_user_id":"1001","broadcaster_user_name":"Ada","type":"live"}}`)

	envelope, err := eventsub.ParseWebhook(header, body)
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	for _, n := range envelope.Notifications() {
		if err := mux.Dispatch(ctx, n); err != nil {
			fmt.Println(err)
		}
	}
	_ = mux.Drain(ctx)
	// Output: Ada is live; delivery befa7b53
}

func ExampleSession_Results() {
	mux := eventsub.NewMux()
	session := eventsub.NewSession(helix.New("client-id", helix.StaticToken("141981764", "token"), helix.Options{}), mux, eventsub.SessionOptions{})
	session.Want(
		eventsub.StreamOnlineCondition{BroadcasterUserID: "141981764"},
		eventsub.ChannelFollowCondition{BroadcasterUserID: "141981764"}, // lacks the moderator
	)
	for _, r := range session.Results() { // at any time, also while Run is running
		fmt.Println(r)
	}
	// Output:
	// stream.online v1 broadcaster_user_id=141981764: pending
	// channel.follow v2 broadcaster_user_id=141981764: refused: cannot be subscribed to: the condition lacks moderator_user_id
}

// Custom events have types of the program's own.
func ExampleMux_Emit() {
	mux := eventsub.NewMux()
	eventsub.On(mux, func(_ context.Context, e *goalReached) error {
		fmt.Println("goal of channel", e.Channel)
		return nil
	})
	if err := mux.Emit(context.Background(), &goalReached{Channel: "1001"}); err != nil {
		fmt.Println(err)
	}
	_ = mux.Drain(context.Background())
	// Output: goal of channel 1001
}

type goalReached struct{ Channel string }

func (goalReached) Type() eventsub.Type {
	return eventsub.Type{Name: "mybot.goal_reached", Version: "1"}
}
func (goalReached) SemanticKey() string     { return "" }
func (e goalReached) BroadcasterID() string { return e.Channel }

// Handlers say which events are wanted.
func ExampleMux_Conditions() {
	mux := eventsub.NewMux()
	eventsub.On(mux, func(context.Context, *eventsub.ChannelFollow) error { return nil })
	eventsub.On(mux, func(context.Context, *eventsub.ChannelRaid) error { return nil })
	conditions, err := mux.Conditions(eventsub.Own{BroadcasterID: "1001", UserID: "1002"})
	if err != nil {
		fmt.Println(err)
	}
	for _, c := range conditions {
		fmt.Println(c)
	}
	// Output:
	// channel.follow v2 broadcaster_user_id=1001 moderator_user_id=1002
	// channel.raid v1 to_broadcaster_user_id=1001
}
