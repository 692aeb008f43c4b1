// Package catchup fetches through Helix the events that were missed while a connection
// to Twitch was lost or the program was not running.
//
//	session := eventsub.NewSession(tw, mux, eventsub.SessionOptions{
//		CatchUp:    catchup.New(tw, catchup.Options{}),
//		Watermarks: store,
//	})
//
// Twitch keeps some events completely, of others only the result, and of others nothing.
//
//   - Follows, polls, predictions, unban requests, donations, and redemptions of rewards
//     that this application created come back.
//   - Moderators, VIPs, subscriptions, gifts and rewards are compared with those before.
//     What was done and undone meanwhile is not found, and not who did it.
//   - Of streams, ad breaks, bans, shield mode, shared chat, hype trains, goals and charity
//     campaigns, the current state or the last one is known, and of titles and chat
//     settings the current value. These types are listed as lost too, with what is
//     missing in [eventsub.GapDetail].Reason. Events about the end of something carry the
//     numbers that were known last.
//   - All other types, such as chat messages, cheers, raids and resubscriptions, are lost.
//
// Comparing needs a state, which is fetched when a condition is first subscribed, kept
// current by delivered events and stored with the watermark. Without one, as on the first
// start, the type is lost.
//
// The calls use the token that the subscription needs, with the lowest priority. A missing
// scope or role is not an error: the type is reported as lost, with the reason. Temporary
// errors are retried for two minutes.
//
// Recovered events have the same semantic keys as delivered ones, so [eventsub.Dedup]
// removes those that were delivered as well.
package catchup
