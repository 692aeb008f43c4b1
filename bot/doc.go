// Package bot runs commands that viewers write in chat.
//
// Start with
//
//	b := bot.New(tw, mux, bot.Options{UserID: botID, Logger: logger})
//	err := bot.Command(b, "hello", func(ctx context.Context, c *bot.Call, _ struct{}) error {
//		return c.Reply(ctx, "hello %s!", c.Chatter.Name)
//	})
//	session.Want(b.Wants(channelID)...)
//
// Chat arrives as channel.chat.message through the [eventsub.Mux], over IRC too through a
// [Stream], which is passed to [New] in place of the mux, or from anywhere else through
// [Bot.Handle]. Replies are sent through a [chat.Sender], over Send Chat Message unless
// Options.Sender says otherwise, so that the bot knows whether Twitch accepted them and
// stays below its limits.
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
// an argument is missing, and what "!help give" shows.
//
// # Order
//
// Every call goes through the same stages, whatever the order of the options:
//
//  1. match: the text begins with the prefix and the name of a command;
//  2. checks ([Require], [ModsOnly] …): a call that is refused ends here;
//  3. arguments: a call with wrong ones is answered with the usage;
//  4. cooldown: a call that finds no room gets no reply;
//  5. middleware ([Bot.Use], [With]) around the command itself: that of the bot first, then
//     of the component, the groups and the command. Checks have the same order.
//
// A call that ends before stage 4 costs no use of the cooldown. "!help" lists the
// commands whose checks allow the asker.
//
// # What it promises
//
// A slow command does not delay those of other chatters: 64 calls run at the same time, and
// those of one chatter in a channel one after another in order of arrival (Options.Order).
// Calls wait in a bounded queue; what does not fit is dropped and counted. Each call has a
// deadline of 30 seconds ([Deadline]), after which its context ends. [Call.WaitFor] waits for
// the next message of the chatter, within a call, and does not delay others either.
//
// An error made by [Sorry] is the reply to the chatter, and the call is no use of its
// cooldowns. Any other error, and a panic, goes to Options.Logger with the name of the
// command and a short id; the chatter reads that something went wrong, and the id. The bot
// never answers itself, nor a message written in another channel of a shared chat session.
package bot
