package irc

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/larkspur-dev/larkspur/chat"
)

// An outbox knows which messages wait for Twitch's answer, and what the account is in each
// channel.
type outbox struct {
	mu      sync.Mutex
	closed  bool                  // guarded by mu; Run has ended
	changed chan struct{}         // guarded by mu; closed at the next change
	unsure  []*pending            // guarded by mu; sent and not answered by Twitch, oldest first
	roles   map[string]chat.Roles // guarded by mu; by channel
}

// A pending is a message that waits for Twitch's answer.
type pending struct {
	channel, nonce string
	answer         chan answer // receives one value at most, buffered
}

// An answer is the id of the message that Twitch accepted, or why it did not.
type answer struct {
	id  string
	err error
}

func newOutbox() *outbox {
	return &outbox{changed: make(chan struct{}), roles: make(map[string]chat.Roles)}
}

// poke tells senders that the channels in which the client is may have changed.
func (b *outbox) poke() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.pokeLocked()
}

func (b *outbox) pokeLocked() {
	close(b.changed)
	b.changed = make(chan struct{})
}

// change returns a channel that is closed at the next change.
func (b *outbox) change() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.changed
}

func (b *outbox) open() { b.setClosed(false) }

// close ends all waiting calls with ErrStopped and refuses new messages.
func (b *outbox) close() { b.setClosed(true) }

func (b *outbox) setClosed(closed bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = closed
	b.pokeLocked()
}

func (b *outbox) isClosed() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.closed
}

// rolesIn returns what the account is in a channel.
func (b *outbox) rolesIn(channel string) (roles chat.Roles, known bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	roles, known = b.roles[channel]
	return roles, known
}

// keepRoles drops the channels that are not wanted any more.
func (b *outbox) keepRoles(wanted []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	kept := make(map[string]chat.Roles, len(wanted))
	for _, channel := range wanted {
		if roles, ok := b.roles[channel]; ok {
			kept[channel] = roles
		}
	}
	b.roles = kept
}

func (b *outbox) expect(p *pending) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.unsure = append(b.unsure, p)
}

func (b *outbox) forget(p *pending) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.unsure = slices.DeleteFunc(b.unsure, func(other *pending) bool { return other == p })
}

// settle hands an answer to the oldest message to a channel, with a nonce to that one.
func (b *outbox) settle(channel, nonce string, a answer) {
	i := slices.IndexFunc(b.unsure, func(p *pending) bool { return p.channel == channel && (nonce == "" || p.nonce == nonce) })
	if i >= 0 {
		b.unsure[i].answer <- a
		b.unsure = slices.Delete(b.unsure, i, i+1)
	}
}

// userState records what the account is in a channel and, if the USERSTATE follows a
// message, that the message was accepted.
func (b *outbox) userState(m *Message) (channels int) {
	var u UserState
	if u.Decode(m) != nil {
		return 0
	}
	roles := chat.RolesOf("", "", u.Badges.chat(u.BadgeInfo)) | u.tagRoles()
	b.mu.Lock()
	defer b.mu.Unlock()
	if before, known := b.roles[u.Channel]; !known || before != roles {
		b.roles[strings.Clone(u.Channel)] = roles
		b.pokeLocked()
	}
	if u.Nonce != "" || u.MessageID != "" { // after a JOIN there is neither
		b.settle(u.Channel, u.Nonce, answer{id: strings.Clone(u.MessageID)})
	}
	return len(b.roles)
}

// refused records that Twitch did not accept the oldest message to a channel: it answers
// in order, and its notices name no message. ok is false if none waits.
func (b *outbox) refused(channel string, err error) (ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := len(b.unsure)
	b.settle(channel, "", answer{err: err})
	return len(b.unsure) < n
}

// take hands a message that may answer one of the client's own to the outbox.
func (c *Client) take(ctx context.Context, m *Message) {
	switch m.Command {
	case "USERSTATE":
		// Channels that were left are forgotten now and then.
		if n := c.outbox.userState(m); n > 100 {
			if wanted := c.wantedChannels(); n > 2*len(wanted) {
				c.outbox.keepRoles(wanted)
			}
		}
	case "NOTICE":
		id := m.Tags.Get("msg-id")
		channel, text := m.channelText()
		if !isRefusal(id) {
			return
		}
		err := &chat.DroppedError{Code: strings.Clone(id), Text: strings.Clone(text)}
		if !c.outbox.refused(channel, err) && c.linkIn(channel) != nil { // else it answers a JOIN
			c.o.Logger.WarnContext(ctx, "chat message refused", "channel", channel, "error", err)
		}
	}
}

// isRefusal reports whether a notice with the id may answer a message.
func isRefusal(id string) bool {
	switch id {
	case "tos_ban", "no_permission", "unrecognized_cmd":
		return true
	}
	return strings.HasPrefix(id, "msg_")
}
