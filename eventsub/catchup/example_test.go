package catchup_test

import (
	"context"
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/eventsub/catchup"
	"github.com/larkspur-dev/larkspur/helix"
)

// A bot that thanks followers, also those who came while it was not running, unless that
// was long ago.
func Example() {
	ctx := context.Background()
	tw := helix.New("client id", helix.StaticToken("1001", "token"), helix.Options{})
	mux := eventsub.NewMux()
	mux.Use(eventsub.Dedup(10 * time.Minute))
	eventsub.On(mux, func(_ context.Context, e *eventsub.ChannelFollow) error {
		if e.Meta.Recovered && time.Since(e.FollowedAt) > time.Hour {
			return nil
		}
		fmt.Println("Thank you,", e.UserName)
		return nil
	})
	eventsub.On(mux, func(_ context.Context, e *eventsub.Gap) error {
		fmt.Println("missed from", e.From, "to", e.To, "lost:", e.Lost)
		return nil
	})
	session := eventsub.NewSession(tw, mux, eventsub.SessionOptions{
		CatchUp:    catchup.New(tw, catchup.Options{}),
		Watermarks: eventsub.NewMemoryWatermarkStore(), // a program keeps them in a file or a database
	})
	session.Want(eventsub.ChannelFollowCondition{BroadcasterUserID: "1001", ModeratorUserID: "1001"})
	if err := session.Run(ctx); err != nil {
		fmt.Println(err)
	}
}
