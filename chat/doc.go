// Package chat says what a chat message on Twitch is, whatever carried it: who
// wrote it and with which rights, what it is made of, and what a text must look
// like to be sent.
//
// Messages arrive over IRC (irc.PrivMsg) or EventSub (eventsub.ChannelChatMessage);
// the Chat method of both returns a [Message]. Code that works on messages is
// written once:
//
//	func greet(m *chat.Message) string {
//		if m.Chatter.CanModerate() {
//			return "hello boss"
//		}
//		return "hello " + m.Chatter.Name
//	}
//
// Roles are decided from badges and ids, never from names: see [RolesOf].
//
// # Text
//
// A message is one line of at most [MaxLength] characters. [Clean] prepares any text
// for sending: it removes line breaks and invisible characters, and prevents a text
// from being read as a command of Twitch ("/ban"). [Split] splits a long text into
// messages. [Trim] prepares a text that was received: it removes the invisible
// characters that chat clients append.
//
// # Sending
//
// A [Sender] writes to chat as one account, over Helix or IRC: it stays below Twitch's
// limits, queues, splits, and says of every message what became of it.
//
// The package does no input or output itself; only a Sender keeps state. Everything in it
// may be called from several goroutines at once.
package chat
