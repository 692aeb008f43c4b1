// Package irc reads and writes Twitch chat over IRC. It has a fast parser and a client
// that stays connected.
//
// Start with
//
//	c := irc.New(irc.Options{Channels: []string{"ada"}}) // reads without an account
//	irc.On(c, func(ctx context.Context, m *irc.PrivMsg) error {
//		fmt.Println(m.DisplayName, m.Text)
//		return nil
//	})
//	err := c.Run(ctx)
//
// With Options.Token the client can write too: [Client.Say], [Client.Reply]. It asks Twitch
// which account the token belongs to, unless Options.Login says so.
//
// # What it promises
//
// [Client.Run] stays connected to chat until its context ends: it detects a dead
// connection within 45 seconds, follows Twitch's RECONNECT without missing a message, backs
// off when Twitch is unreachable, and rejoins its channels. It opens one connection for every
// 50 channels (Options.ChannelsPerConnection). A channel keeps its connection; a connection
// without channels is closed. Together the connections stay below Twitch's limits of joins
// and logins of the account, and only one of them asks for another token.
//
// Run ends with a [*LoginError] when Twitch accepts no token any more until a person logs in
// again. With Options.WaitForLogin the client waits instead, and is back within ten seconds
// of another token being available.
//
// Each change is reported to Options.OnState, with the number of the connection.
// [Client.NotJoined] lists the channels that are not joined and why: one that does not exist,
// a ban, or Twitch's rule of 100 channels, for example. [Client.Stats] has the figures of each
// connection.
//
// Messages of one channel are handled one after another, in order of arrival. Handlers of
// one message run in the order in which they were registered. An error is logged, a panic
// is recovered and logged with its stack; neither stops other handlers.
//
// A handler that returns within a millisecond runs in the goroutine that reads. If it
// takes longer, another goroutine goes on reading, a millisecond or two later, and the
// messages of its channel wait for it; those of other channels do not. So handlers of
// different channels may run in parallel, and do so while they are slow.
//
// When Options.Backlog messages of one channel wait for a slow handler, the oldest or the
// newest is dropped (Options.Overflow) and counted ([Client.Stats]); other channels are not
// affected. A handler that has not returned for ten seconds is logged with its name and
// reported as [HandlerStuck].
//
// [On] gives each handler a message of its own, which it may keep. [OnReused] allocates
// nothing for a message: it and its strings are valid until the handler returns, and
// [PrivMsg.Keep] copies one.
//
// Sending stays below Twitch's rate limits; Twitch mutes an account that exceeds them
// for half an hour. See [Client.Say].
//
// # The parser alone
//
// [Parse] reads a line, [Message.Tags] and the typed messages ([PrivMsg],
// [UserNotice] …) read its contents. Strings are substrings of the line, so nothing
// is allocated except for values with escapes:
//
//	var p irc.PrivMsg
//	m, err := irc.Parse(line)
//	err = p.Decode(&m)
//
// Decode overwrites the whole value: decode each line into the same value to allocate
// nothing, or into a new one to keep it, which is one allocation. A copy of a value is
// independent of it. Its strings keep the line in memory that was parsed, and stay valid.
//
// What only some messages have is read by methods, from the line: [PrivMsg.Reply],
// [PrivMsg.Shared], and for each kind of [UserNotice] one such as [UserNotice.Raid].
//
// [Message.String] writes a message as a line; [Parts] makes one of its parts.
package irc
