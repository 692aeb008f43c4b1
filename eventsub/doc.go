// Package eventsub receives Twitch's events as typed Go values.
//
// Start with
//
//	mux := eventsub.NewMux()
//	mux.Use(eventsub.Dedup(10*time.Minute), eventsub.Log(logger))
//	eventsub.On(mux, func(ctx context.Context, e *eventsub.ChannelFollow) error {
//		return greet(ctx, e.UserName)
//	})
//	session := eventsub.NewSession(tw, mux, eventsub.SessionOptions{})
//	session.Want(eventsub.ChannelFollowCondition{BroadcasterUserID: ada, ModeratorUserID: bot})
//	err := session.Run(ctx)
//
// # What a Mux promises
//
// A [Mux] gets notifications from a transport, or from a test, through
// [Mux.Dispatch] or [Mux.Offer], and hands each to the handlers of its type.
//
//   - The notifications of one broadcaster are handled one after another, in the
//     order in which they were dispatched. Twitch itself promises no order.
//   - Different broadcasters are handled at the same time, on
//     [MuxOptions].Workers goroutines at most, in turns: a busy channel does not
//     starve a quiet one. Notifications about no broadcaster share one queue.
//   - The handlers of one notification run one after another in the order they
//     were registered, those of [Mux.OnAny] last. A slow handler delays the next
//     event of its broadcaster only, until all workers are busy.
//   - A handler that works on one notification for longer than
//     [MuxOptions].StuckAfter is logged by name, counted, listed by [Mux.Stuck],
//     and no longer counted as a worker.
//   - An error of a handler is counted and logged with the handler's name, and
//     stops neither the handlers after it nor anything else. The handler is not
//     called again. A panic is an error with a stack.
//   - The queue is bounded for each broadcaster, in total and in memory. Where it is
//     full, Dispatch waits and Offer drops: notifications of the same broadcaster
//     or, if the total is reached, of the busiest one. What is dropped is counted,
//     logged, and reported to handlers as a [Gap], by [Mux.Drain] at the latest. A
//     [Session] uses Offer: a stuck handler never holds up a connection.
//   - The context of a handler carries the values of Dispatch's context. It ends
//     only when [Mux.Drain] runs out of time.
//   - An idle Mux has no goroutines.
//
// Dispatch returns when a notification is queued, [Mux.Handle] when its handlers have
// returned, and [Mux.Accept] when it is stored in an [Inbox], from which a killed
// program takes it at its next start. [WaitFor] and [Chan] see notifications before they
// wait for their turn, so a handler may wait for an event of its own broadcaster.
// [Mux.Emit] dispatches events of the program's own.
//
// # What decoding promises
//
// Events are decoded leniently. A value of another JSON type than documented is
// converted where its meaning is clear: "30" for a number, 12345 for an id, "" for
// the zero time. A field whose value cannot be converted is left at its zero value,
// counted in [MuxStats].Unread and logged at Debug, and the event is delivered.
// [ParseFrame] and [ParseWebhook] do the same for the subscription around an event.
// Unknown fields are ignored, and so is the case of field names.
//
// The strings of an event share the memory of its text, about a kilobyte, which is freed
// when none of them is in use. A program that keeps a few of them for long, such as the
// ids of all viewers, keeps copies: strings.Clone(e.UserID).
//
// # What a Session promises
//
// A [Session] keeps a set of wanted conditions subscribed. The set changes only by
// [Session.Want] and [Session.Unwant]. A condition that Twitch refuses is retried
// without limit and with growing waits, also after the connection was replaced. A
// subscription that Twitch revokes (see [RevokedError]) is not retried until Want is
// called again. [Session.Results] returns the outcome of each condition, with the text
// of Twitch's error.
//
//   - Each user whose token is needed has connections of its own: one for up to 300
//     subscriptions, and three at most. No connection is opened for a user without a
//     token, or while nothing can be subscribed for the user.
//   - If no user is left whose token Twitch accepts, and only a login helps, Run ends
//     with an error that says so; see [Session.Run].
//   - Subscriptions of another program that uses the same account are left alone; see
//     [ConflictError] and [SessionOptions].TakeOver.
//   - A connection that receives no message for 1.2 times the keepalive time is
//     replaced, even if it still answers pings.
//   - When a connection is lost, its subscriptions are created again on a new one.
//     Twitch does not resend the events of the time in between: a [Gap] event names
//     the period and the types for which events may be missing.
//   - With [SessionOptions].CatchUp, what Twitch still knows of that time is fetched and
//     dispatched before the Gap, and with [SessionOptions].Watermarks also what happened
//     while the program was not running.
//   - When Twitch announces a reconnect, the old connection is read until the new one
//     has received its welcome, so no event is missed. Both may deliver events for a
//     moment.
//
// # What a Conduit promises
//
// A [Conduit] is for many channels: it has no limit of 300 subscriptions, uses the app
// token, and its subscriptions survive lost connections and restarts of up to 72 hours.
// It serves shards over WebSockets or over a callback.
//
//   - Each shard of the conduit is served by one process: [ConduitOptions].Owner divides
//     them. [FileShards] does so on one machine; a killed process is replaced by the
//     others within seconds.
//   - A shard is assigned directly after Twitch's welcome, and the assignment is checked,
//     also against Twitch's list, every 30 seconds. Whatever is found broken is assigned
//     again.
//   - While Twitch closes one shard at a time, no event is missed: Twitch sends it to
//     another shard. A [Gap] is dispatched if a connection went silent or broke, two
//     shards or all were down at the same time, or a process was killed.
//   - Subscriptions are not created again when a shard is lost. If Twitch has deleted the
//     conduit, another is created with all subscriptions, and a Gap is dispatched.
//   - A process that stops, and has another one beside it, hands over its shards before it
//     closes its connections.
//
// A program that decides itself which process serves which shard uses a [Shard].
//
// Twitch delivers at least once, so a handler may see an event twice unless [Dedup] or
// [DedupStore] is used. Events older than ten minutes are marked [Meta].Late and delivered.
//
// Nothing is ever written to a WebSocket, because Twitch closes the connections of
// clients that do.
//
// # What a Webhook promises
//
// A [Webhook] keeps the same kind of set subscribed over HTTPS callbacks, with the app
// token. A [Receiver] is its receiving half.
//
//   - Nothing of a request is parsed, logged or returned before its signature was verified.
//   - An event is acknowledged only after [Mux.Accept] has returned: with an [Inbox] it
//     survives the end of the program. Twitch repeats events that were not acknowledged
//     for some minutes.
//   - A repeated message is acknowledged and not handled again.
//   - Each subscription has a callback path and a secret of its own. Secrets, and the
//     callback address, can be changed without loss.
package eventsub
