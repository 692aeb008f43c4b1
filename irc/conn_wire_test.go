package irc_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/irc"
)

// certificate makes a self-signed certificate for chat.test.
func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"chat.test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

func TestTLS(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cert, pool := certificate(t)
		s, st := newServer(t), &states{}
		o := s.options(irc.Options{Channels: []string{"ada"}, OnState: st.add, TLSConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}})
		o.Addr = "ircs://chat.test"
		o.Dial = func(_ context.Context, _, addr string) (net.Conn, error) {
			if addr != "chat.test:6697" {
				t.Errorf("got address %s, want chat.test:6697", addr)
			}
			ours, theirs := net.Pipe()
			c := &serverConn{s: s, conn: tls.Server(ours, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12})}
			s.set(func(s *server) { s.conns = append(s.conns, c) })
			go c.serve()
			return theirs, nil
		}
		start(t, o)
		s.last(1)
		if got, want := st.text(), "connecting \nconnected \njoined ada\n"; got != want {
			t.Errorf("got states %q, want %q", got, want)
		}
	})
}

func TestWebSocketCarriesSeveralLinesPerMessage(t *testing.T) {
	joined, said := make(chan struct{}), make(chan string, 10)
	ts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = conn.CloseNow() }()
		ctx := r.Context()
		for {
			_, b, err := conn.Read(ctx)
			if err != nil {
				return
			}
			for line := range strings.SplitSeq(string(b), "\r\n") {
				answer := ""
				switch command, _, _ := strings.Cut(strings.TrimPrefix(line, "@"), " "); command {
				case "NICK":
					answer = ":tmi.twitch.tv 001 larkspur :Welcome\r\n:tmi.twitch.tv 376 larkspur :>"
				case "JOIN":
					answer = ":larkspur!larkspur@x JOIN #ada\r\n" + hello + "\r\n" + hello
				case "CAP", "PASS":
				default:
					said <- line[strings.Index(line, "PRIVMSG"):]
				}
				if answer != "" {
					if err := conn.Write(ctx, websocket.MessageText, []byte(answer)); err != nil {
						return
					}
				}
			}
		}
	}))
	defer ts.Close()

	c := irc.New(irc.Options{
		Addr: strings.Replace(ts.URL, "http", "ws", 1), Login: "larkspur", Channels: []string{"ada"},
		Token: func(context.Context) (string, error) { return "secret", nil },
	})
	n := 0
	irc.On(c, func(ctx context.Context, _ *irc.PrivMsg) error {
		if n++; n == 2 {
			close(joined)
			return c.Say(ctx, "ada", "two")
		}
		return nil
	})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- c.Run(ctx) }()
	<-joined
	if diff := cmp.Diff("PRIVMSG #ada :two", <-said); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestLinesInPieces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := irc.New(s.options(irc.Options{Channels: []string{"ada"}}))
		var got []int
		irc.On(c, func(_ context.Context, m *irc.PrivMsg) error {
			got = append(got, len(m.Text))
			return nil
		})
		run(t, c)
		conn := s.last(1)
		for _, size := range []int{1, 5000, 40_000, 3} {
			line := "@id=x :grace!grace@x PRIVMSG #ada :" + strings.Repeat("x", size) + "\r\n"
			for len(line) > 0 {
				n := min(len(line), 1000)
				_, _ = conn.conn.Write([]byte(line[:n]))
				line = line[n:]
			}
		}
		// Two lines and a half at once.
		_, _ = conn.conn.Write([]byte(hello + "\n\r\n" + hello + "\r\n" + hello[:20]))
		conn.send(hello[20:])
		synctest.Wait()
		if diff := cmp.Diff([]int{1, 5000, 40_000, 3, 5, 5, 5}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		// A line without end is an end.
		_, _ = conn.conn.Write([]byte(strings.Repeat("x", 1<<20)))
		time.Sleep(5 * time.Second)
		s.last(2)
	})
}

func TestRunRefusesBadOptions(t *testing.T) {
	token := func(context.Context) (string, error) { return "secret", nil }
	rows := []struct {
		o    irc.Options
		want string
	}{
		{irc.Options{Addr: "http://x"}, `irc: address "http://x": the scheme must be ircs, irc, wss or ws`},
		{irc.Options{Addr: "chat.test:6667"}, `irc: address "chat.test:6667": want something like ircs://irc.chat.twitch.tv:6697`},
		{irc.Options{Login: "a b", Token: token}, `irc: not a login: Options.Login is "a b"`},
		{irc.Options{Channels: []string{"ada", "twitch.tv/bob"}}, `irc: not a login: Options.Channels has "twitch.tv/bob"`},
	}
	for _, row := range rows {
		if err := irc.New(row.o).Run(t.Context()); err == nil || err.Error() != row.want {
			t.Errorf("got %v, want %s", err, row.want)
		}
	}
}
