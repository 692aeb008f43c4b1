package daemon_test

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/oauth"
)

// A tunnel is the way from Twitch to the bot's web server, in memory.
type tunnel struct {
	conns  chan net.Conn
	closed chan struct{}
}

func newTunnel() *tunnel { return &tunnel{conns: make(chan net.Conn)} }

func (l *tunnel) listen(context.Context, string, string) (net.Listener, error) {
	l.closed = make(chan struct{})
	return l, nil
}

func (l *tunnel) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *tunnel) Close() error {
	close(l.closed)
	return nil
}

func (l *tunnel) Addr() net.Addr { return &net.TCPAddr{} }

// client returns what Twitch calls the bot with.
func (l *tunnel) client() *http.Client {
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		select {
		case l.conns <- theirs:
			return ours, nil
		case <-time.After(time.Second):
			return nil, net.ErrClosed
		}
	}}}
}

const webhookBot = `
connectors:
  twitch:
    client-id: ${ID}
    client-secret: ${SECRET}
    channel: ada
    forward-url: http://127.0.0.1:9999
    always-listening: true
    name: my bot
skills:
  thank: {on: channel.follow, do: [say: 'Thank you {event.user_name}! recovered={event.recovered}']}
  gone: {on: stream.offline, do: [say: 'Bye']}
`

// With a forward-url, events come by webhook, and what was
// missed between two runs is fetched.
func TestEventsByWebhook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := newTunnel()
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.User("grace"), emulator.User("bob"), emulator.WebhookClient(net.client()))
		cfg, err := daemon.Load("bot.yaml", []byte(webhookBot), daemon.LoadOptions{LookupEnv: func(name string) (string, bool) {
			return map[string]string{"ID": tw.ClientID(), "SECRET": tw.ClientSecret()}[name], true
		}})
		if err != nil {
			t.Fatal(err)
		}
		store := oauth.NewMemoryStore()
		signedIn(t, tw, store, "ada", "moderator:read:followers", "chat:read", "chat:edit", "user:read:chat")
		o := daemon.Options{
			Addresses: addresses(tw), Tokens: store, HTTPClient: tw.HTTPClient(), Dial: tw.DialContext, Listen: net.listen,
			Stores: daemon.EventStores{
				Inbox: eventsub.NewMemoryInbox(eventsub.MemoryInboxOptions{}), Seen: eventsub.NewMemorySeenStore(1000),
				Watermarks: eventsub.NewMemoryWatermarkStore(),
			},
		}
		bot := startWith(t, cfg, o)
		bot.up()
		tw.Follow("ada", "grace")
		tw.WantChat(t, "ada", "Thank you grace! recovered=False")
		if n := len(tw.EventSubSessions()); n != 0 {
			t.Errorf("got %d WebSocket sessions, want none", n)
		}
		bot.down()

		tw.Follow("ada", "bob")
		time.Sleep(time.Hour)
		bot = startWith(t, cfg, o)
		bot.up()
		tw.WantChat(t, "ada", "Thank you bob! recovered=True")
		bot.saysUntil("events may have been missed")
		bot.down()
		if strings.Contains(bot.said(), "secret=") {
			t.Error("the log has a secret")
		}
	})
}
