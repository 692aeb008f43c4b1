package irc_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/irc"
)

// The size of the day: 300 channels over five connections of 60. The client moderates in 250.
const (
	dayChannels  = 300
	dayModerated = 250
	dayShare     = 60
	dayToken     = 3 * time.Hour // life of a token

	// A channel is back so soon after its connection was found dead: dials are refused for
	// a while and tried again a little later, another connection may need
	// the limit of joins as well, and the window of joins may be full already.
	dayRefused = 15 * time.Second
	dayRejoin  = dayRefused + 15*time.Second + 2*dayShare/2*time.Second + 11*time.Second
	dayFound   = 45 * time.Second
)

// A day is a client over a day, or a part of it, with a fault of one connection each minute.
type day struct {
	t    *testing.T
	tw   *emulator.Server
	rand *rand.Rand
	wire *tally

	mu       sync.Mutex
	number   map[string]int       // of the connection that a channel belongs to
	healthy  map[string]bool      // the channel is joined and its connection has no fault
	lost     map[string]time.Time // since when a channel is to be joined again
	down     map[int]time.Time    // since when a connection is dead without the client knowing
	expected map[int]bool         // messages that must be handled
	handled  map[int]int
	slowest  struct{ found, rejoined time.Duration }
	losses   int
}

func (d *day) fail(format string, args ...any) {
	d.t.Errorf("at %v: "+format, append([]any{time.Now().Format("15:04:05.000")}, args...)...)
}

// state follows what the client says.
func (d *day) state(st irc.State) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := time.Now()
	switch st.Kind {
	case irc.Joined:
		d.number[st.Channel] = st.Connection
		if since, ok := d.lost[st.Channel]; ok {
			took := now.Sub(since)
			if d.slowest.rejoined = max(d.slowest.rejoined, took); took > dayRejoin {
				d.fail("%s was joined after %v, want %v at most", st.Channel, took, dayRejoin)
			}
			delete(d.lost, st.Channel)
		}
		d.healthy[st.Channel] = true
	case irc.Connected:
		delete(d.down, st.Connection)
	case irc.Disconnected:
		d.losses++
		if since, ok := d.down[st.Connection]; ok {
			took := now.Sub(since)
			if d.slowest.found = max(d.slowest.found, took); took > dayFound {
				d.fail("connection %d was found dead after %v, want %v at most", st.Connection, took, dayFound)
			}
			delete(d.down, st.Connection)
		}
		for channel, number := range d.number {
			if number == st.Connection {
				d.healthy[channel] = false
				if _, ok := d.lost[channel]; !ok {
					d.lost[channel] = now
				}
			}
		}
	case irc.JoinFailed:
		d.fail("%v", st)
	case irc.Connecting, irc.Moving, irc.Parted, irc.HandlerStuck:
	}
}

// settled reports whether a connection can have a fault.
func (d *day) settled(channels []string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(channels) == dayShare && !slices.ContainsFunc(channels, func(c string) bool { return !d.healthy[c] })
}

// fault picks a connection without a fault and disturbs it.
func (d *day) fault() string {
	var ids []string
	var shares [][]string
	for _, c := range d.tw.ChatConnections() {
		if d.settled(c.Channels) {
			ids, shares = append(ids, c.ID), append(shares, c.Channels)
		}
	}
	// Two connections in one channel: one replaces the other.
	for i, share := range shares {
		if slices.IndexFunc(shares, func(s []string) bool { return s[0] == share[0] }) != i {
			return "none"
		}
	}
	if len(ids) == 0 {
		return "none"
	}
	i := d.rand.IntN(len(ids))
	kinds := []string{"drop", "close", "cut", "half-open", "silent", "reconnect", "refused", "slow"}
	kind := kinds[d.rand.IntN(len(kinds))]
	if kind != "reconnect" && kind != "slow" {
		d.mu.Lock()
		for _, c := range shares[i] {
			d.healthy[c] = false
		}
		if kind != "cut" { // which happens with the next line
			d.down[d.number[shares[i][0]]] = time.Now()
		}
		d.mu.Unlock()
	}
	switch kind {
	case "drop":
		d.tw.DropChat(ids[i])
	case "close":
		d.tw.CloseChat(ids[i])
	case "cut":
		d.tw.CutChat(ids[i])
	case "half-open":
		d.tw.HalfOpenChat(ids[i])
	case "silent":
		d.tw.SilenceChat(false, ids[i])
	case "reconnect":
		d.tw.ReconnectChat(100*time.Second, ids[i])
	case "refused":
		d.wire.refuse(dayRefused)
		d.tw.DropChat(ids[i])
	case "slow":
		d.tw.SlowChat(5, ids[i])
		time.AfterFunc(20*time.Second, func() { d.tw.SlowChat(0, ids[i]) })
	}
	return kind
}

// write has viewers write for a second.
func (d *day) write(next *int) {
	channel := dayName(d.rand.IntN(dayChannels))
	*next++
	d.mu.Lock()
	if d.healthy[channel] {
		d.expected[*next] = true
	}
	d.mu.Unlock()
	d.tw.Say(channel, "grace", fmt.Sprint("message ", *next))
}

func (d *day) message(text string) {
	number, _ := strings.CutPrefix(text, "message ")
	n, err := strconv.Atoi(number)
	if err != nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.handled[n]++
}

func dayName(n int) string { return fmt.Sprint("day", n) }

// A day of a client with 300 channels: what is lost is joined again as fast as the limit of
// joins allows, no message is handled twice, none is lost that was written while its connection
// was healthy, dead connections are found within 45 seconds, and no limit is exceeded.
// LARKSPUR_LONG makes it 24 hours.
func TestADayWithAFaultEachMinute(t *testing.T) {
	length := 20 * time.Minute
	if os.Getenv("LARKSPUR_LONG") != "" {
		length = 24 * time.Hour
	}
	seed := rand.Uint64()
	t.Log("seed", seed)
	began := time.Now()
	synctest.Test(t, func(t *testing.T) { aDay(t, seed, length) })
	t.Log("took", time.Since(began).Round(time.Millisecond))
}

func aDay(t *testing.T, seed uint64, length time.Duration) {
	options := []emulator.Option{emulator.InMemory(), emulator.User("larkspur"), emulator.TokenLife(dayToken), emulator.Seed(seed)}
	var channels []string
	for i := range dayChannels {
		channels = append(channels, dayName(i))
		options = append(options, emulator.Channel(dayName(i)))
		if i < dayModerated {
			options = append(options, emulator.Moderator(dayName(i), "larkspur"))
		}
	}
	// Each connection has some channels that the client does not moderate.
	rand.New(rand.NewPCG(seed, 1)).Shuffle(len(channels), func(i, j int) { channels[i], channels[j] = channels[j], channels[i] })
	tw := emulator.Start(t, options...)
	d := &day{
		t: t, tw: tw, rand: rand.New(rand.NewPCG(seed, 2)), wire: &tally{t: t, dial: tw.DialContext},
		number: map[string]int{}, healthy: map[string]bool{}, lost: map[string]time.Time{}, down: map[int]time.Time{},
		expected: map[int]bool{}, handled: map[int]int{},
	}
	token, renewals := tw.UserToken("larkspur", "chat:read", "chat:edit"), 0
	var tokens sync.Mutex
	c := irc.New(irc.Options{
		Channels: channels, ChannelsPerConnection: dayShare, OnState: d.state, Addr: tw.IRCAddr(), Dial: d.wire.connect, Queue: 1000,
		ValidateURL: tw.OAuthURL() + "/validate",
		Token: func(context.Context) (string, error) {
			tokens.Lock()
			defer tokens.Unlock()
			return token, nil
		},
		RenewToken: func(context.Context, string) (string, error) {
			tokens.Lock()
			defer tokens.Unlock()
			renewals++
			token = tw.UserToken("larkspur", "chat:read", "chat:edit")
			return token, nil
		},
	})
	irc.On(c, func(_ context.Context, m *irc.PrivMsg) error { d.message(m.Text); return nil })
	run(t, c)
	time.Sleep(dayChannels/2*time.Second + 10*time.Second)
	synctest.Wait()
	if missing := c.NotJoined(); len(missing) > 0 {
		t.Fatalf("got %d channels as not joined at the start, want none: %v", len(missing), missing[0])
	}

	var senders sync.WaitGroup
	accepted, kinds, next := 0, map[string]int{}, 0
	for minute := time.Duration(0); minute < length; minute += time.Minute {
		kinds[d.fault()]++
		for second := range 60 {
			if second%10 == 0 {
				d.speak(c, &senders, &accepted)
			}
			d.write(&next)
			time.Sleep(time.Second)
			synctest.Wait()
		}
	}
	time.Sleep(3 * time.Minute)
	senders.Wait()
	synctest.Wait()

	if missing := c.NotJoined(); len(missing) > 0 {
		t.Errorf("got %d channels as not joined at the end, want none: %v", len(missing), missing[0])
	}
	gone, twice := 0, 0
	for n := range next {
		if d.expected[n+1] && d.handled[n+1] == 0 {
			gone++
		}
		if d.handled[n+1] > 1 {
			twice++
		}
	}
	if gone > 0 || twice > 0 {
		t.Errorf("%d messages were lost and %d handled twice, of %d", gone, twice, next)
	}
	minutes := int(length / time.Minute)
	if d.wire.dials > 5+4*minutes {
		t.Errorf("got %d attempts to connect in %d minutes, want 4 a minute at most", d.wire.dials, minutes)
	}
	if most := int(length/dayToken) + 1; renewals > most {
		t.Errorf("got %d renewals, want %d at most", renewals, most)
	}
	t.Logf("faults %v; %d messages, %d while their connection was healthy; found within %v, joined again within %v; %d connections lost, %d dials, %d joins, %d renewals, %d messages accepted of %d written",
		kinds, next, len(d.expected), d.slowest.found, d.slowest.rejoined, d.losses, d.wire.dials, d.wire.joined, renewals, accepted, d.wire.sent)
}

// speak has the client write more than the limits allow at once.
func (d *day) speak(c *irc.Client, senders *sync.WaitGroup, accepted *int) {
	for range 30 {
		channel := dayName(d.rand.IntN(dayChannels))
		senders.Go(func() {
			if c.Say(d.t.Context(), channel, "hello") == nil {
				d.mu.Lock()
				*accepted++
				d.mu.Unlock()
			}
		})
	}
}

// A tally counts what a client writes, and refuses connections.
type tally struct {
	t    *testing.T
	dial func(ctx context.Context, network, addr string) (net.Conn, error)

	mu                                sync.Mutex
	until                             time.Time // connections are refused
	dials, joined, sent               int
	logins, joins, messages, ordinary []time.Time // the latest
}

func (y *tally) refuse(d time.Duration) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.until = time.Now().Add(d)
}

func (y *tally) connect(ctx context.Context, network, addr string) (net.Conn, error) {
	y.mu.Lock()
	y.dials++
	refused := time.Now().Before(y.until)
	y.mu.Unlock()
	if refused {
		return nil, errors.New("connection refused")
	}
	conn, err := y.dial(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	return &tapped{Conn: conn, y: y}, nil
}

type tapped struct {
	net.Conn
	y *tally
}

func (c *tapped) Write(b []byte) (int, error) {
	for line := range bytes.SplitSeq(bytes.TrimSuffix(b, []byte("\r\n")), []byte("\r\n")) {
		if m, err := irc.Parse(string(line)); err == nil {
			c.y.note(&m)
		}
	}
	return c.Conn.Write(b)
}

func (y *tally) note(m *irc.Message) {
	y.mu.Lock()
	defer y.mu.Unlock()
	now := time.Now()
	switch m.Command {
	case "NICK":
		y.count(&y.logins, "logins", now, 20, 10*time.Second)
	case "JOIN":
		for range strings.Count(m.Param(0), "#") {
			y.joined++
			y.count(&y.joins, "joins", now, 20, 10*time.Second)
		}
	case "PRIVMSG":
		y.sent++
		y.count(&y.messages, "messages", now, 100, 30*time.Second)
		if n, _ := strconv.Atoi(strings.TrimPrefix(m.Channel(), "day")); n >= dayModerated {
			y.count(&y.ordinary, "messages where the client does not moderate", now, 20, 30*time.Second)
		}
	}
}

// count fails if more than n things happened within a time.
func (y *tally) count(at *[]time.Time, what string, now time.Time, n int, d time.Duration) {
	if *at = append(*at, now); len(*at) > n {
		if got := now.Sub((*at)[len(*at)-n-1]); got < d {
			y.t.Errorf("got %d %s within %v", n+1, what, got)
		}
		*at = (*at)[len(*at)-n:]
	}
}
