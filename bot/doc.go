// Package bot answers commands in chat.
//
// Start with
//
//	b := bot.New(tw, mux, bot.Options{UserID: botID})
//	err := bot.Command(b, "hello", func(ctx context.Context, c *bot.Call, _ struct{}) error {
//		return c.Reply(ctx, "hello %s!", c.Chatter.Name)
//	})
//	session.Want(b.Wants(channelID)...)
//
// Chat arrives as channel.chat.message through the [eventsub.Mux], answers go out
// with Send Chat Message, so that the bot knows whether they were sent.
//
// The arguments of a command are a struct. Its fields are parsed, checked and
// described from that one declaration:
//
//	type giveArgs struct {
//		To      bot.User // "@grace", "grace" or an ID
//		Amount  int
//		Message string `arg:"rest,optional"`
//	}
//
// is used as "!give <to> <amount> [message]", which is what the chatter reads when
// something is missing, and what "!help give" shows.
//
// # What it promises
//
// Commands of one channel run one after another in order of arrival, because the
// mux promises that. An error made by [Sorry] is told to the chatter; any other, and
// a panic, is logged, and the chatter only learns that something went wrong. The bot never
// answers itself, nor what was written in another channel of a shared chat
// session.
package bot
