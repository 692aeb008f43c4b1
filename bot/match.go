package bot

import (
	"context"
	"strings"

	"github.com/larkspur-dev/larkspur/chat"
)

// Handle starts the command that a message calls, if it calls one, and returns at once:
// calls run on their own goroutines, in the order that Options.Order says. A message that
// a call waits for goes to that call; see [Call.WaitFor]. The bot calls Handle for the
// messages of its mux or stream; call it yourself for messages that arrive another way.
//
// The bot's own messages call nothing. Those written in another channel of a shared chat
// session do only with Options.OtherChannels.
func (b *Bot) Handle(ctx context.Context, m *chat.Message) {
	if b.isOwn(m) {
		return
	}
	b.count(m)
	if b.waits.deliver(m) {
		return
	}
	c := b.match(m)
	if c == nil {
		return
	}
	b.handled.Add(1)
	if !b.start(ctx, c) {
		b.log.WarnContext(ctx, "call dropped: too many wait", "command", c.Command, "user_id", c.Chatter.ID, "broadcaster_id", c.BroadcasterID)
	}
}

// Invoke runs the command that a message calls, if it calls one, and returns when the
// command is done, with its error unless that was made by [Sorry]: then the chatter was
// told. It waits for no other call.
func (b *Bot) Invoke(ctx context.Context, m *chat.Message) error {
	if b.isOwn(m) {
		return nil
	}
	c := b.match(m)
	if c == nil {
		return nil
	}
	b.handled.Add(1)
	return b.run(ctx, c)
}

// isOwn reports whether a message is the bot's own, or not for it.
func (b *Bot) isOwn(m *chat.Message) bool {
	who := b.who.Load()
	if who == nil {
		return true // the bot could answer itself
	}
	if m.Chatter.ID == who.id {
		who.sender.Observe(m) // its badges decide the limits
		return true
	}
	return m.FromOtherChannel() && !b.o.OtherChannels
}

// match returns the call that a message is, nil if it is none.
func (b *Bot) match(m *chat.Message) *Call {
	whole := chat.Trim(m.Text)
	prefix, text, ok := b.cutPrefix(m, whole)
	if m.Reply != nil && !ok { // clients put the name in front
		if word, rest := cutWord(whole); strings.HasPrefix(word, "@") {
			prefix, text, ok = b.cutPrefix(m, rest)
		}
	}
	if !ok {
		return nil
	}
	cmd, alias, args := b.tree.Load().find(text)
	if cmd == nil {
		return nil
	}
	return &Call{
		Command: cmd.Name, Alias: alias, Args: args, Prefix: prefix,
		Message: m, Chatter: m.Chatter, BroadcasterID: m.Broadcaster.ID,
		bot: b, cmd: cmd,
	}
}

// start lets the pool run a call. It returns false if too many wait.
func (b *Bot) start(ctx context.Context, c *Call) bool {
	c.pooled, c.key, c.ctx.Context = true, b.orderKey(c), context.WithoutCancel(ctx)
	if b.pool.add(c) {
		return true
	}
	b.dropped.Add(1)
	return false
}

// orderKey returns the key of the calls that run one after another with c.
func (b *Bot) orderKey(c *Call) callKey {
	switch b.o.Order {
	case Unordered:
		return callKey{serial: b.serial.Add(1)}
	case ByChannel:
		return callKey{broadcasterID: c.BroadcasterID}
	default:
		return callKey{broadcasterID: c.BroadcasterID, chatterID: c.Chatter.ID}
	}
}
