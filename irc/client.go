package irc

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/internal/limit"
)

// A Client is connected to chat as one account, or anonymously. Its methods are safe
// for concurrent use.
type Client struct {
	o        Options
	handlers handlers
	lanes    *lanes
	outbox   *outbox
	sender   *chat.Sender
	seen     seen
	joins    *limit.Window
	logins   *limit.Window
	unparsed atomic.Int64
	bad      error // what is wrong with the options' channels; Run returns it

	stuckMu sync.Mutex
	stuck   []StuckHandler // guarded by stuckMu

	roster *roster
	names  *names // a pointer, because it holds a token and fmt prints fields

	mu      sync.Mutex
	running bool    // guarded by mu
	links   []*link // guarded by mu; logged in, the newest last
}

// New returns a client that is not connected yet: call [Client.Run].
func New(o Options) *Client {
	o = o.withDefaults()
	o.guard()
	c := &Client{
		o:      o,
		joins:  limit.NewWindow(o.Limits.Joins, limitWindow),
		logins: limit.NewWindow(o.Limits.Logins, limitWindow),
		roster: newRoster(o.ChannelsPerConnection, o.Limits.Channels),
	}
	if o.Token == nil {
		c.roster.limit = 0 // each anonymous connection is a user of its own
	}
	c.names = &names{o: &c.o, turn: make(chan struct{}, 1)}
	c.lanes = newLanes(o.Backlog, o.Overflow, c.handle)
	c.outbox = newOutbox()
	c.sender = newSender(c)
	for _, channel := range o.Channels {
		if login, ok := cleanLogin(channel); ok {
			_, _, _ = c.roster.want(login, time.Now()) // Run is not running
		} else if c.bad == nil {
			c.bad = fmt.Errorf("%w: Options.Channels has %q", ErrBadLogin, channel)
		}
	}
	return c
}

// limitWindow is the ten seconds of Twitch's limits, and a little more: Twitch counts when
// lines arrive.
const limitWindow = 10*time.Second + 200*time.Millisecond

// Join adds channels to the set that the client keeps joined, also after a reconnect,
// until [Client.Part] removes them. While [Client.Run] is running, Join waits until
// Twitch has accepted or refused each of them, and returns the first refusal: a
// [*NoticeError] if Twitch gave a reason, [ErrNoAnswer] or [ErrTooManyChannels] if it gave
// none. A refused channel stays in the set and is tried again later, see
// [Client.NotJoined]; until then Join returns the refusal at once. While Run is not running,
// Join returns immediately.
//
// A channel belongs to one connection, which has at most Options.ChannelsPerConnection of
// them, until it is left. Join opens another connection when none has room.
func (c *Client) Join(ctx context.Context, logins ...string) error {
	clean, err := cleanLogins(logins)
	if err != nil {
		return err
	}
	type waiter struct {
		login  string
		answer <-chan error
	}
	var waiters []waiter
	var owners []*runner
	for _, login := range clean {
		owner, answer, refusal := c.roster.want(login, time.Now())
		if err == nil {
			err = refusal
		}
		if answer != nil {
			waiters = append(waiters, waiter{login, answer})
		}
		owners = append(owners, owner)
	}
	c.poke(owners)
	for i, w := range waiters {
		select {
		case e := <-w.answer:
			if err == nil {
				err = e
			}
		case <-ctx.Done():
			for _, w := range waiters[i:] {
				c.roster.forget(w.login, w.answer)
			}
			return fmt.Errorf("irc: join: %w", context.Cause(ctx))
		}
	}
	return err
}

// Part removes channels from the set that the client keeps joined, and leaves them. It
// does not wait for Twitch. A connection that has had no channel for half a minute is
// closed, unless it is the last one.
func (c *Client) Part(_ context.Context, logins ...string) error {
	clean, err := cleanLogins(logins)
	if err != nil {
		return err
	}
	var owners []*runner
	for _, login := range clean {
		owners = append(owners, c.roster.drop(login))
	}
	c.poke(owners)
	return nil
}

// Channels returns the logins of the channels that the client keeps joined, in the order of
// Join.
func (c *Client) Channels() []string { return c.roster.wanted() }

func cleanLogins(logins []string) ([]string, error) {
	clean := make([]string, 0, len(logins))
	for _, l := range logins {
		login, ok := cleanLogin(l)
		if !ok {
			return nil, fmt.Errorf("%w: %q", ErrBadLogin, l)
		}
		clean = append(clean, login)
	}
	return clean, nil
}

func (c *Client) wantedChannels() []string { return c.roster.wanted() }

func (c *Client) isWanted(login string) bool { return c.roster.isWanted(login) }

// poke tells connections that the set of desired channels changed.
func (c *Client) poke(owners []*runner) {
	c.mu.Lock()
	links := slices.Clone(c.links)
	c.mu.Unlock()
	for _, l := range links {
		if slices.Contains(owners, l.r) {
			l.poke()
		}
	}
	c.outbox.poke()
}

// linkIn returns the newest connection that is in the channel.
func (c *Client) linkIn(channel string) *link {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, l := range slices.Backward(c.links) {
		if l.isIn(channel) {
			return l
		}
	}
	return nil
}

// tell logs a change of state and reports it to Options.OnState.
func (c *Client) tell(ctx context.Context, st State) {
	st.Addr = shown(c.o.Addr)
	log := c.o.Logger
	switch st.Kind {
	case JoinFailed:
		log.WarnContext(ctx, "chat not joined", "channel", st.Channel, "error", st.Err, "retry_in", st.RetryIn)
	case Disconnected:
		log.WarnContext(ctx, "chat disconnected", "connection", st.Connection, "addr", st.Addr, "error", st.Err, "retry_in", st.RetryIn)
	case HandlerStuck:
		log.ErrorContext(ctx, "chat handler does not return", "channel", st.Channel, "handler", st.Stuck.Handler, "for", st.Stuck.For, "dropped", st.Stuck.Dropped)
	case Connecting, Connected, Joined, Parted, Moving:
		log.DebugContext(ctx, "chat", "state", st.Kind, "connection", st.Connection, "channel", st.Channel, "login", st.Login)
	}
	if c.o.OnState != nil {
		c.o.onState(ctx, st)
	}
}

// login returns the login of the account, "" if it is not known.
func (c *Client) login() string {
	if c.o.Login != "" {
		return c.o.Login
	}
	c.names.mu.Lock()
	defer c.names.mu.Unlock()
	return c.names.login
}
