package irc

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
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

	mu      sync.Mutex
	running bool                    // guarded by mu
	wanted  []string                // guarded by mu; logins of the desired channels, in the order of Join
	waiting map[string][]chan error // guarded by mu; callers of Join, by channel
	refused map[string]error        // guarded by mu; channels that were refused on this connection
	links   []*link                 // guarded by mu; logged in, the newest last
}

// New returns a client that is not connected yet: call [Client.Run].
func New(o Options) *Client {
	o = o.withDefaults()
	c := &Client{
		o:       o,
		joins:   limit.NewWindow(o.Limits.Joins, 10*time.Second),
		logins:  limit.NewWindow(o.Limits.Logins, 10*time.Second),
		waiting: make(map[string][]chan error),
		refused: make(map[string]error),
	}
	c.lanes = newLanes(o.Backlog, o.Overflow, c.handle)
	c.outbox = newOutbox()
	c.sender = newSender(c)
	for _, channel := range o.Channels {
		if login, ok := cleanLogin(channel); ok {
			c.want(login)
		} else if c.bad == nil {
			c.bad = fmt.Errorf("%w: Options.Channels has %q", ErrBadLogin, channel)
		}
	}
	return c
}

// Join adds channels to the set that the client keeps joined, also after a reconnect,
// until [Client.Part] removes them. While [Client.Run] is running, Join waits until
// Twitch has accepted or refused each of them, and returns the first refusal: a
// [*NoticeError] if Twitch gave a reason. A refused channel stays in the set and is
// tried again later; if it was refused earlier on this connection, Join returns that
// refusal at once. While Run is not running, Join returns immediately.
func (c *Client) Join(ctx context.Context, logins ...string) error {
	clean, err := cleanLogins(logins)
	if err != nil {
		return err
	}
	var answers []chan error
	c.mu.Lock()
	for _, login := range clean {
		c.wantLocked(login)
		if refusal := c.refused[login]; c.running && refusal != nil {
			if err == nil {
				err = refusal
			}
			continue
		}
		if c.running && !c.isInLocked(login) {
			answer := make(chan error, 1)
			c.waiting[login] = append(c.waiting[login], answer)
			answers = append(answers, answer)
		}
	}
	c.mu.Unlock()
	c.poke()
	for _, answer := range answers {
		select {
		case e := <-answer:
			if err == nil {
				err = e
			}
		case <-ctx.Done():
			return fmt.Errorf("irc: join: %w", context.Cause(ctx))
		}
	}
	return err
}

// Part removes channels from the set that the client keeps joined, and leaves them. It
// does not wait for Twitch.
func (c *Client) Part(_ context.Context, logins ...string) error {
	clean, err := cleanLogins(logins)
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.wanted = slices.DeleteFunc(c.wanted, func(l string) bool { return slices.Contains(clean, l) })
	maps.DeleteFunc(c.refused, func(l string, _ error) bool { return slices.Contains(clean, l) })
	c.mu.Unlock()
	for _, login := range clean {
		c.answer(login, ErrNotWanted)
	}
	c.poke()
	return nil
}

// Channels returns the logins of the channels that the client keeps joined.
func (c *Client) Channels() []string { return c.wantedChannels() }

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

func (c *Client) want(login string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wantLocked(login)
}

func (c *Client) wantLocked(login string) {
	if !slices.Contains(c.wanted, login) {
		c.wanted = append(c.wanted, login)
	}
}

func (c *Client) wantedChannels() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.wanted)
}

func (c *Client) isWanted(login string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Contains(c.wanted, login)
}

// poke tells the connections that the set of desired channels changed.
func (c *Client) poke() {
	c.mu.Lock()
	links := slices.Clone(c.links)
	c.mu.Unlock()
	for _, l := range links {
		l.poke()
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

func (c *Client) isInLocked(channel string) bool {
	return slices.ContainsFunc(c.links, func(l *link) bool { return l.isIn(channel) })
}

// answer unblocks the calls of Join that wait for a channel.
func (c *Client) answer(channel string, err error) {
	c.mu.Lock()
	answers := c.waiting[channel]
	delete(c.waiting, channel)
	c.mu.Unlock()
	for _, a := range answers {
		a <- err
	}
}

// remember keeps the refusals of the current connection for later calls of Join.
func (c *Client) remember(st State) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch st.Kind {
	case JoinFailed:
		c.refused[st.Channel] = st.Err
	case Joined:
		delete(c.refused, st.Channel)
	case Connected, Disconnected:
		clear(c.refused)
	default:
	}
}

// tell logs a change of state and reports it to Options.OnState.
func (c *Client) tell(ctx context.Context, st State) {
	st.Addr = shown(c.o.Addr)
	c.remember(st)
	switch st.Kind {
	case Joined:
		c.answer(st.Channel, nil)
	case JoinFailed:
		c.answer(st.Channel, st.Err)
	default:
	}
	log := c.o.Logger
	switch st.Kind {
	case JoinFailed:
		log.WarnContext(ctx, "chat not joined", "channel", st.Channel, "error", st.Err, "retry_in", st.RetryIn)
	case Disconnected:
		log.WarnContext(ctx, "chat disconnected", "addr", st.Addr, "error", st.Err, "retry_in", st.RetryIn)
	case HandlerStuck:
		log.ErrorContext(ctx, "chat handler does not return", "channel", st.Channel, "handler", st.Stuck.Handler, "for", st.Stuck.For, "dropped", st.Stuck.Dropped)
	case Connecting, Connected, Joined, Parted, Moving:
		log.DebugContext(ctx, "chat", "state", st.Kind, "channel", st.Channel, "login", st.Login)
	}
	if c.o.OnState != nil {
		c.o.OnState(st)
	}
}

// nick returns the login to log in with.
func (c *Client) nick() string {
	if c.o.Token == nil {
		return fmt.Sprintf("justinfan%d", 10000+rand.IntN(80000)) // anonymous; Twitch accepts any number
	}
	return strings.ToLower(c.o.Login)
}
