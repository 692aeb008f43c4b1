// Package heat receives the clicks that viewers make on a stream with the Heat
// extension (heat.j38.net), which is not part of Twitch.
//
//	h := heat.New(broadcasterID, heat.Options{})
//	err := h.Run(ctx, func(ctx context.Context, c heat.Click) error {
//		fmt.Printf("%s clicked at %.0f%% from the left\n", c.ID, 100*c.X)
//		return nil
//	})
//
// The extension's server needs no login. It tells who clicked only of viewers who
// have shared their identity: see [Click.UserID].
//
// Clicks are handled one after another, in order of arrival. A handler that is
// slower than its viewers loses clicks, which is logged: nobody wants those of a
// minute ago. A lost connection is made again, with growing waits; clicks made
// meanwhile are gone.
package heat
