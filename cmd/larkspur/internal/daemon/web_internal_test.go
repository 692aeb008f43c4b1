package daemon

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// A busyPort is free after some time.
type busyPort struct {
	free time.Time
	err  error // while it is not
}

func (b *busyPort) listen(context.Context, string, string) (net.Listener, error) {
	if time.Now().Before(b.free) {
		return nil, b.err
	}
	return &idleListener{closed: make(chan struct{})}, nil
}

// An idleListener gets no connections.
type idleListener struct{ closed chan struct{} }

func (l *idleListener) Accept() (net.Conn, error) {
	<-l.closed
	return nil, net.ErrClosed
}

func (l *idleListener) Close() error {
	close(l.closed)
	return nil
}

func (l *idleListener) Addr() net.Addr { return &net.TCPAddr{} }

// A port that a bot before this one still uses is tried for some seconds.
func TestWebServerWaitsForABusyPort(t *testing.T) {
	used := &net.OpError{Op: "listen", Err: syscall.EADDRINUSE}
	for _, tt := range []struct {
		name string
		busy time.Duration
		err  error
		want string // why it ends; "": it serves until it is stopped
	}{
		{"free", 0, nil, ""},
		{"free soon", 3 * time.Second, used, ""},
		{"busy", time.Hour, used, "choose another address"},
		{"not allowed", 3 * time.Second, syscall.EACCES, "choose another address"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				port := &busyPort{free: time.Now().Add(tt.busy), err: tt.err}
				s := &webServer{address: "127.0.0.1:8477", routes: http.NewServeMux(), listen: port.listen, log: slog.New(slog.DiscardHandler)}
				ctx, stop := context.WithCancel(t.Context())
				ended := make(chan error, 1)
				go func() { ended <- s.run(ctx) }()
				time.Sleep(time.Minute)
				stop()
				switch err := <-ended; {
				case tt.want == "" && !errors.Is(err, context.Canceled):
					t.Errorf("got %v, want it to serve until it is stopped", err)
				case tt.want != "" && (!errors.Is(err, errSetup) || !strings.Contains(err.Error(), tt.want)):
					t.Errorf("got %v, want %q", err, tt.want)
				}
			})
		})
	}
}

// Twitch cannot reach an address in the local network; an emulator can.
func TestWebhookNeedsAReachableAddress(t *testing.T) {
	emulated, err := EmulatorAddresses("http://127.0.0.1:8080")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		forward string
		at      Addresses
		want    bool
	}{
		{"", TwitchAddresses(), false},
		{"https://bot.example.org", TwitchAddresses(), true},
		{"http://127.0.0.1:8477", TwitchAddresses(), false},
		{"http://192.168.1.5:8477", TwitchAddresses(), false},
		{"http://localhost:8477", TwitchAddresses(), false},
		{"http://127.0.0.1:8477", emulated, true},
	} {
		if got := usesWebhook(&Config{Twitch: Twitch{ForwardURL: tt.forward}}, Options{Addresses: tt.at}); got != tt.want {
			t.Errorf("%q: got %t, want %t", tt.forward, got, tt.want)
		}
	}
}
