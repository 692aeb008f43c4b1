// Package catchup fetches through Helix the events that were missed while a connection
// to Twitch was lost or the program was not running.
//
//	session := eventsub.NewSession(tw, mux, eventsub.SessionOptions{
//		CatchUp:    catchup.New(tw, catchup.Options{}),
//		Watermarks: store,
//	})
//
// Twitch keeps some events completely, of others only the result, and of others
// nothing. What a [Catchup] fetches, and with which calls:
//
//   - channel.follow: Get Channel Followers. All but those who followed and unfollowed.
//
// All other types are reported as lost. The calls use the token that the subscription
// uses, with the lowest priority. A missing scope or role is not an error: the type is
// reported as lost, with the reason.
//
// Recovered events have the same semantic keys as delivered ones, so [eventsub.Dedup]
// removes those that were delivered as well.
package catchup
