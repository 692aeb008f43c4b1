// Package heat receives the clicks that viewers make on a stream with the Heat
// extension (heat.j38.net), which is not part of Twitch.
//
//	h := heat.New(broadcasterID, heat.Options{})
//	err := h.Run(ctx, func(ctx context.Context, c heat.Click) error {
//		fmt.Printf("%s clicked at %.0f%% from the left\n", c.ID, 100*c.X)
//		return nil
//	})
//
// The extension's server needs no login. It identifies only viewers who have shared
// their identity: see [Click.UserID].
//
// Clicks are handled one after another, in order of arrival. If the handler is too slow,
// clicks are dropped, which is logged: a click of a minute ago is of no use. A lost
// connection is replaced, with growing waits; clicks made meanwhile are lost.
package heat
