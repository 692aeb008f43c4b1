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
// A message has at most [MaxLength] characters on one line. [Clean] makes any text
// fit for sending: it removes what would end the line or hide something, and a
// text of a viewer does not become a command of Twitch's. [Split] cuts a long text
// into messages. [Trim] removes what chat clients append invisibly from a text that
// was received.
//
// The package does no input or output and keeps no state. All its functions may be
// called from several goroutines at once.
package chat
