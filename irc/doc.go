// Package irc is Twitch chat over IRC: a parser that keeps up with any channel,
// and a client that stays connected.
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
// With Options.Login and Options.Token the client can write too: [Client.Say],
// [Client.Reply].
//
// # What it promises
//
// [Client.Run] keeps one connection to chat until its context ends: it notices a
// dead connection within 40 seconds, follows Twitch's RECONNECT without a hole,
// backs off when Twitch is unreachable, and joins again what it should be in.
// Each of these is told through Options.OnState.
//
// Handlers of one channel run one after another in order of arrival, those of
// different channels in parallel. Handlers of one message run in the order in
// which they were registered. An error is logged, a panic is recovered and
// logged with its stack; neither stops other handlers. When a channel's handlers
// fall behind, the client stops reading until they catch up: nothing is dropped.
//
// Sending stays below Twitch's limits, which Twitch punishes with half an hour of
// silence: see [Client.Say].
//
// # The parser alone
//
// [Parse] reads a line, [Message.Tags] and the typed messages ([PrivMsg],
// [UserNotice] …) read what is in it. Strings are cut out of the line and not
// copied, so nothing is allocated but for values with escapes:
//
//	var p irc.PrivMsg
//	m, err := irc.Parse(line)
//	err = p.Decode(&m)
package irc
