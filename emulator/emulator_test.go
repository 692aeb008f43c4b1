package emulator_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/larkspur-dev/larkspur/emulator"
)

// patience is how long a test waits for what comes at once, on a machine that is busy
// with others.
const patience = time.Minute

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// irc is a raw connection to chat.
type irc struct {
	t    *testing.T
	conn net.Conn
	r    *bufio.Reader
}

func newIRC(t *testing.T, conn net.Conn) *irc {
	t.Helper()
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(patience))
	return &irc{t, conn, bufio.NewReader(conn)}
}

func (c *irc) send(format string, args ...any) {
	c.t.Helper()
	if _, err := fmt.Fprintf(c.conn, format+"\r\n", args...); err != nil {
		c.t.Fatal(err)
	}
}

// want reads until a line has part in it, and returns it.
func (c *irc) want(part string) string {
	c.t.Helper()
	for {
		line, err := c.r.ReadString('\n')
		if err != nil {
			c.t.Fatalf("got %v, want a line with %q", err, part)
		}
		if strings.Contains(line, part) {
			return strings.TrimRight(line, "\r\n")
		}
	}
}

// enter logs in and joins.
func (c *irc) enter(token, login, channel string) {
	c.t.Helper()
	c.send("CAP REQ :twitch.tv/tags twitch.tv/commands")
	c.send("PASS oauth:%s", token)
	c.send("NICK %s", login)
	c.want(" 001 ")
	c.send("JOIN #%s", channel)
	c.want("ROOMSTATE #" + channel)
}

func TestOnePortForEverything(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"))
	addr := strings.TrimPrefix(tw.IRCAddr(), "irc://")
	encrypted := &tls.Config{RootCAs: tw.CertPool(), ServerName: "localhost", MinVersion: tls.VersionTLS12}

	if status, _ := get(t, tw.HTTPClient(), tw.URL()+"/larkspur/state"); status != http.StatusOK {
		t.Errorf("HTTP: got %d, want 200", status)
	}
	if status, _ := get(t, tw.HTTPClient(), "https://"+addr+"/larkspur/state"); status != http.StatusOK {
		t.Errorf("HTTPS: got %d, want 200", status)
	}
	var d net.Dialer
	plain, err := d.DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	newIRC(t, plain).enter(tw.UserToken("grace", "chat:read"), "grace", "ada")
	secret, err := (&tls.Dialer{Config: encrypted}).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	newIRC(t, secret).enter(tw.UserToken("grace", "chat:read"), "grace", "ada")
}

func TestClientThatSpellsSlowly(t *testing.T) {
	tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
	conn, err := tw.DialContext(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	c := newIRC(t, conn)
	for _, b := range []byte("PASS oauth:" + tw.UserToken("grace", "chat:read") + "\r\nNICK grace\r\n") {
		if _, err := conn.Write([]byte{b}); err != nil {
			t.Fatal(err)
		}
	}
	c.want(" 001 grace ")
}

func TestSilentConnectionIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory())
		conn, err := tw.DialContext(t.Context(), "", "")
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		_, err = conn.Read(make([]byte, 1))
		if took := time.Since(start); err == nil || took != 30*time.Second {
			t.Errorf("got %v after %v, want the end after 30 s", err, took)
		}
	})
}

// TestInMemory is a quarrel in a bubble: seen through Helix, IRC
// and control alike.
func TestInMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.Live("ada"))
		conn, err := tw.DialContext(t.Context(), "", "")
		if err != nil {
			t.Fatal(err)
		}
		chat := newIRC(t, conn)
		_ = conn.SetDeadline(time.Time{})
		chat.enter(tw.UserToken("grace", "chat:read", "chat:edit"), "grace", "ada")

		tw.Say("ada", "linus", "hello")
		chat.want("PRIVMSG #ada :hello")
		chat.send("PRIVMSG #ada :hello yourself")
		if m := tw.WantChat(t, "ada", "hello yourself"); m.User != "grace" {
			t.Errorf("got a message of %s, want grace", m.User)
		}

		token := tw.UserToken("ada", "moderator:manage:banned_users")
		body := `{"data":{"user_id":"` + tw.UserID("grace") + `","duration":60}}`
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
			tw.HelixURL()+"/moderation/bans?broadcaster_id="+tw.UserID("ada")+"&moderator_id="+tw.UserID("ada"), strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Client-Id", tw.ClientID())
		resp, err := tw.HTTPClient().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK || !tw.IsBanned("ada", "grace") {
			t.Fatalf("got %s, banned %v", resp.Status, tw.IsBanned("ada", "grace"))
		}
		if line := chat.want("CLEARCHAT"); !strings.Contains(line, "ban-duration=60") || !strings.HasSuffix(line, "#ada :grace") {
			t.Errorf("got %q, want a CLEARCHAT of grace for 60 s", line)
		}
		chat.send("PRIVMSG #ada :but why")
		chat.want("msg-id=msg_timedout")

		time.Sleep(time.Minute)
		chat.send("PRIVMSG #ada :I am back")
		tw.WantChat(t, "ada", "I am back")
	})
}

// probe is a test that may fail.
type probe struct {
	testing.TB
	failed string
}

func (p *probe) Helper()                           {}
func (p *probe) Errorf(format string, args ...any) { p.failed = fmt.Sprintf(format, args...) }
func (p *probe) Fatalf(format string, args ...any) { p.failed = fmt.Sprintf(format, args...) }

func TestWantChat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
		go func() {
			time.Sleep(5 * time.Second)
			tw.Say("ada", "grace", "late")
		}()
		tw.WantChat(t, "ada", "late")
		p := &probe{TB: t}
		tw.WantChat(p, "ada", "late") // the one message was found before
		if !strings.Contains(p.failed, `no message "late"`) || !strings.Contains(p.failed, "grace: late") {
			t.Errorf("got %q, want a failure that shows the chat", p.failed)
		}
	})
}

func TestMistakesInControlFailTheTest(t *testing.T) {
	p := &probe{TB: t}
	tw := emulator.Start(p, emulator.Channel("ada"), emulator.InMemory())
	tw.GoOffline("ada")
	if !strings.Contains(p.failed, "not live") {
		t.Errorf("got %q, want a failure", p.failed)
	}
}

func TestBadOptions(t *testing.T) {
	tw := emulator.New(emulator.Channel("a b"))
	defer tw.Close()
	if tw.Err() == nil || tw.Listen("127.0.0.1:0") == nil {
		t.Errorf("got %v, want an error for a login with a space", tw.Err())
	}
}

func TestClose(t *testing.T) {
	tw := emulator.New(emulator.Channel("ada"))
	if err := tw.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	conn, err := tw.DialContext(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	newIRC(t, conn).enter(tw.UserToken("grace", "chat:read"), "grace", "ada")
	silent, err := tw.DialContext(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	tw.Close()
	tw.Close()
	if took := time.Since(start); took > patience {
		t.Errorf("Close took %v", took)
	}
	if _, err := silent.Read(make([]byte, 1)); err == nil {
		t.Error("got an open connection after Close")
	}
	if _, err := tw.DialContext(t.Context(), "", ""); err == nil {
		t.Error("got a connection after Close")
	}
	if err := tw.Listen("127.0.0.1:0"); err == nil {
		t.Error("got a port after Close")
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	tw := emulator.New()
	go func() { ended <- tw.Run(ctx, "127.0.0.1:0") }()
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("got %v, want nil", err)
	}
}

func TestPortInUse(t *testing.T) {
	tw := emulator.Start(t)
	other := emulator.New()
	defer other.Close()
	if err := other.Listen(strings.TrimPrefix(tw.URL(), "http://")); err == nil || !strings.Contains(err.Error(), "emulator: ") {
		t.Errorf("got %v, want an error", err)
	}
}

func TestDisconnectKillsTokens(t *testing.T) {
	tw := emulator.Start(t, emulator.InMemory())
	token := tw.UserToken("grace", "chat:read")
	tw.Disconnect("grace")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tw.OAuthURL()+"/validate", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "OAuth "+token)
	resp, err := tw.HTTPClient().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("got %s, want 401", resp.Status)
	}
}

func TestPathsOfTheOfficialMock(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"))
	for _, path := range []string{"/mock/users", "/auth/validate"} {
		if status, body := get(t, tw.HTTPClient(), tw.URL()+path); status != http.StatusUnauthorized {
			t.Errorf("%s: got %d %s, want 401", path, status, body)
		}
	}
}
