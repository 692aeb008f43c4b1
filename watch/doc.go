// Package watch polls the state of streams, for channels whose broadcaster has granted
// nothing and for changes that Twitch does not push. Any token will do, including an app
// token.
//
//	w := watch.New(tw, []string{broadcasterID}, watch.Options{
//		OnChange: func(ctx context.Context, c watch.Change) error {
//			fmt.Println(c.BroadcasterID, c.Kind, c.Fields)
//			return nil
//		},
//	})
//	err := w.Run(ctx)
//
// The first poll reports every broadcaster as [Online] or [Offline], with Initial set;
// after that, only changes are reported. Changes are reported one after another, those of
// one poll in the order in which the broadcasters were added. A failed poll reports
// nothing: it does not end a stream.
package watch
