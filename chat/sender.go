package chat

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"
)

// A Sender writes to chat as one account, over Helix or IRC: see [Carrier]. Use one
// Sender for an account, because the limits apply to all that the account writes.
//
// # Limits
//
// A Sender stays below Twitch's limits, which depend on what the account is in the
// channel: see [Limits]. Where it is neither moderator nor broadcaster it also sends at
// most one message in a second. What it is comes from the carrier, from its own messages
// given to [Sender.Observe], and from [SenderOptions].Account; until it is known, the
// account counts as an ordinary one. No stretch of 30 seconds holds more messages than
// allowed, whenever Twitch counts them: a place is free again 30 seconds after the answer.
//
// # Order
//
// Messages to one channel are sent one after another, those with a higher [Priority]
// first, and those with the same priority in the order of the calls. Channels take turns:
// a channel that must wait delays no other. While a message to one channel waits for the
// lower limit, a channel that used more than half of that limit waits too.
//
// # Waiting
//
// All methods that send wait until Twitch has answered: nil means that the message was
// accepted, a [*DroppedError] that Twitch did not show it, and [ErrUnknownOutcome] that no
// answer came. A message that could not be sent in time is [ErrExpired].
//
// When [SenderOptions].Queue messages wait, one is given up with [ErrQueueFull]: one with
// the lowest priority, of these one for the channel with the most messages waiting, of
// these the last. That may be the new one. [Sender.Stats] counts them.
//
// The methods are safe for concurrent use. A Sender has no goroutine of its own: callers
// wait in their calls.
type Sender struct {
	carrier Carrier
	o       SenderOptions
	ready   readiness // nil if the carrier can always send
	roles   roleSource

	mu       sync.Mutex
	account  window           // guarded by mu
	byID     map[string]*room // guarded by mu
	byLogin  map[string]*room // guarded by mu
	rooms    map[*room]bool   // guarded by mu; every room once
	active   []*room          // guarded by mu; those with messages in their queue
	waiting  int              // guarded by mu; messages in all queues
	seq      uint64           // guarded by mu; of the latest entry
	turns    uint64           // guarded by mu; turns given
	timer    *time.Timer      // guarded by mu; calls dispatch; nil before it is needed
	observed bool             // guarded by mu; Observe was called
	stats    SenderStats      // guarded by mu; without Waiting
}

type readiness interface {
	Ready(channel User) error
	Changed() <-chan struct{}
}

type roleSource interface {
	Roles(channel User) (roles Roles, known bool)
}

// NewSender returns a Sender that sends through a carrier.
func NewSender(carrier Carrier, o SenderOptions) *Sender {
	s := &Sender{
		carrier: carrier, o: o.withDefaults(),
		byID: map[string]*room{}, byLogin: map[string]*room{}, rooms: map[*room]bool{},
	}
	s.ready, _ = carrier.(readiness)
	s.roles, _ = carrier.(roleSource)
	return s
}

// Say writes text to the chat of a channel.
func (s *Sender) Say(ctx context.Context, channel User, text string) (Sent, error) {
	return s.Send(ctx, Outgoing{Channel: channel, Text: text})
}

// Reply answers a message.
func (s *Sender) Reply(ctx context.Context, to *Message, text string) (Sent, error) {
	return s.Send(ctx, Outgoing{Channel: to.Broadcaster, ReplyTo: to.ID, Text: text})
}

// Act writes text to the chat of a channel as /me does.
func (s *Sender) Act(ctx context.Context, channel User, text string) (Sent, error) {
	return s.Send(ctx, Outgoing{Channel: channel, Text: text, Action: true})
}

// Send cleans the text of m as [Clean] does, and sends it. With Outgoing.Split a longer
// text is sent as several messages, only the first of which is a reply; Send stops at
// the first error and returns the ids of the messages that were sent.
func (s *Sender) Send(ctx context.Context, m Outgoing) (Sent, error) {
	m.Evade = m.Evade || s.o.Evade
	parts, err := split(m)
	if err != nil {
		return Sent{}, err
	}
	return s.send(ctx, &entry{m: m, parts: parts, carry: s.carrier.Carry})
}

// Do waits for the turn of m as Send does and then calls carry, which sends one message
// in a way that [Carrier] does not know. carry keeps the promises of Carrier.Carry. The
// text of m is neither cleaned nor varied.
func (s *Sender) Do(ctx context.Context, m Outgoing, carry func(ctx context.Context, m Outgoing) (messageID string, err error)) (Sent, error) {
	m.Evade = false
	return s.send(ctx, &entry{m: m, parts: []string{m.Text}, carry: carry})
}

// The room that is kept free in a message.
const (
	actionRoom = len("\x01ACTION \x01") // IRC's form of /me, which is the longer one
	evadeRoom  = 2                      // what the first variation of a text adds
)

// split returns the texts that m is sent as.
func split(m Outgoing) ([]string, error) {
	most := MaxLength
	if m.Action {
		most -= actionRoom
	}
	text := Clean(m.Text)
	switch {
	case text == "":
		return nil, ErrEmpty
	case Length(text) <= most:
		return []string{text}, nil
	case !m.Split:
		return nil, ErrTooLong
	}
	if m.Evade {
		most -= evadeRoom
	}
	return Split(m.Text, most), nil
}

// send puts an entry into the queue and sends its parts.
func (s *Sender) send(ctx context.Context, e *entry) (Sent, error) {
	var sent Sent
	if ctx.Err() != nil {
		return sent, interrupted(ctx)
	}
	e.turn = make(chan error, 1)
	e.m.TTL = cmp.Or(max(e.m.TTL, 0), s.o.TTL)
	if err := s.enter(e); err != nil {
		return sent, err
	}
	defer s.leave(e)
	for i, text := range e.parts {
		id, err := s.sendPart(ctx, e, text)
		if err != nil && len(e.parts) > 1 {
			err = fmt.Errorf("message %d of %d: %w", i+1, len(e.parts), err)
		}
		if err != nil {
			return sent, err
		}
		if id != "" {
			sent.IDs = append(sent.IDs, id)
		}
		e.m.ReplyTo = ""
	}
	return sent, nil
}
