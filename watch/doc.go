// Package watch polls for what Twitch does not push, or pushes late or not at all
// when nobody may subscribe: the state of streams. It needs no permission of a
// broadcaster; any token will do, that of the app too.
//
//	w := watch.New(tw, []string{broadcasterID}, watch.Options{
//		OnChange: func(ctx context.Context, c watch.Change) error {
//			fmt.Println(c.BroadcasterID, c.Kind, c.Fields)
//			return nil
//		},
//	})
//	err := w.Run(ctx)
//
// The first poll reports every broadcaster, [Online] or [Offline], with Initial set;
// from then on only what differs is reported. Changes are reported one after another;
// those of one poll in the order in which the broadcasters were added. An error of
// Twitch changes nothing and is no end of a stream.
package watch
