package catchup_test

import (
	"context"
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/eventsub/catchup"
	"github.com/larkspur-dev/larkspur/helix"
)

// A bot that thanks followers, also those who came while it was not running, unless that
// was long ago. It runs against the emulator; without the addresses it runs against
// Twitch.
func Example() {
	twitch := emulator.New(emulator.Channel("ada"))
	defer twitch.Close()
	if err := twitch.Listen("127.0.0.1:0"); err != nil {
		fmt.Println(err)
		return
	}
	ada := twitch.UserID("ada")
	tw := helix.New(twitch.ClientID(), helix.StaticToken(ada, twitch.UserToken("ada", "moderator:read:followers")), helix.Options{BaseURL: twitch.HelixURL()})
	marks := eventsub.NewMemoryWatermarkStore() // a program keeps them in a file or a database

	run := func(session func(s *eventsub.Session)) {
		ctx, stop := context.WithCancel(context.Background())
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
			fmt.Println("fetched afterwards:", e.RecoveredCount)
			stop()
			return nil
		})
		s := eventsub.NewSession(tw, mux, eventsub.SessionOptions{
			URL: twitch.EventSubURL(), CatchUp: catchup.New(tw, catchup.Options{}), Watermarks: marks,
		})
		s.Want(eventsub.ChannelFollowCondition{BroadcasterUserID: ada, ModeratorUserID: ada})
		go func() {
			if s.Ready(ctx) == nil && session != nil {
				session(s)
				stop()
			}
		}()
		if err := s.Run(ctx); err != nil {
			fmt.Println(err)
		}
		_ = mux.Drain(context.Background())
	}
	run(func(*eventsub.Session) {}) // subscribed, and stopped again
	twitch.Follow("ada", "Grace")
	run(nil) // the next start of the program
	// Output:
	// Thank you, Grace
	// fetched afterwards: 1
}
