package chat_test

import (
	"bufio"
	"context"
	"net"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
	"github.com/larkspur-dev/larkspur/emulator/internal/chat"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A stage is a server over a small world: ada (1) broadcasts, mod (2) moderates
// her channel, grace (3) and bob (4) watch.
type stage struct {
	t      *testing.T
	world  *world.World
	server *chat.Server
	wg     sync.WaitGroup
}

// newStage must be called inside a bubble, or with NoLimits outside.
func newStage(t *testing.T, cfg chat.Config) *stage {
	t.Helper()
	return newStageIn(t, cfg, world.Options{NoChatLimits: cfg.NoLimits})
}

func newStageIn(t *testing.T, cfg chat.Config, o world.Options) *stage {
	t.Helper()
	o.Seed = 1
	w := world.New(o)
	for i, login := range []string{"ada", "mod", "grace", "bob"} {
		u := world.User{ID: string(rune('1' + i)), Login: login, DisplayName: strings.ToUpper(login[:1]) + login[1:], Color: "#FF0000"}
		if login == "ada" {
			u.BroadcasterType = "affiliate"
		}
		if _, err := w.AddUser(u); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.AddRole("1", world.Moderator, "2"); err != nil {
		t.Fatal(err)
	}
	cfg.World = w
	if cfg.Auth == nil {
		cfg.Auth = tokens
	}
	s := &stage{t: t, world: w, server: chat.New(cfg)}
	t.Cleanup(s.close)
	return s
}

func (s *stage) close() {
	s.server.Close()
	s.wg.Wait()
}

// tokens knows tokens that look like "grace", "grace-mute" and "grace-other".
func tokens(token string) (auth.Grant, bool) {
	login, kind, _ := strings.Cut(token, "-")
	ids := map[string]string{"ada": "1", "mod": "2", "grace": "3", "bob": "4", "stranger": "99"}
	g := auth.Grant{ClientID: "client", UserID: ids[login], Login: login, Scopes: []string{"chat:read", "chat:edit"}}
	switch kind {
	case "mute":
		g.Scopes = []string{"chat:read"}
	case "other":
		g.Scopes = []string{"user:read:email"}
	}
	return g, g.UserID != ""
}

// A peer is a client that a test drives line by line, inside a bubble.
type peer struct {
	t    *testing.T
	conn net.Conn
	mu   sync.Mutex
	got  []string // guarded by mu
	gone bool     // guarded by mu
}

// dial connects over a pipe.
func (s *stage) dial() *peer {
	client, server := net.Pipe()
	s.wg.Go(func() { s.server.ServeConn(context.WithoutCancel(s.t.Context()), server) })
	p := &peer{t: s.t, conn: client}
	s.wg.Go(p.read)
	s.t.Cleanup(func() { _ = client.Close() })
	return p
}

// login dials and logs in with all capabilities; what came of it is read away.
func (s *stage) login(login string, channels ...string) *peer {
	s.t.Helper()
	p := s.dial()
	p.send("CAP REQ :twitch.tv/tags twitch.tv/commands", "PASS oauth:"+login, "NICK "+login)
	for _, channel := range channels {
		p.send("JOIN #" + channel)
	}
	p.take()
	return p
}

func (p *peer) read() {
	r := bufio.NewReader(p.conn)
	for {
		s, err := r.ReadString('\n')
		p.mu.Lock()
		if err != nil {
			p.gone = true
			p.mu.Unlock()
			return
		}
		if !strings.HasSuffix(s, "\r\n") {
			p.t.Errorf("got a line without CR LF: %q", s)
		}
		p.got = append(p.got, strings.TrimSuffix(s, "\r\n"))
		p.mu.Unlock()
	}
}

func (p *peer) send(lines ...string) {
	p.t.Helper()
	if _, err := p.conn.Write([]byte(strings.Join(lines, "\r\n") + "\r\n")); err != nil {
		p.t.Errorf("send: %v", err)
	}
}

// take waits until nothing moves any more and returns the lines since the last take.
func (p *peer) take() []string {
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	got := p.got
	p.got = nil
	return got
}

func (p *peer) isGone() bool {
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.gone
}

var changing = []struct {
	*regexp.Regexp
	to string
}{
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`), "<id>"},
	{regexp.MustCompile(`tmi-sent-ts=\d+`), "tmi-sent-ts=<ts>"},
	{regexp.MustCompile(`(community-gift-id|origin-id)=\d+`), "$1=<gift>"},
	{regexp.MustCompile(`jtv_user_pictures/\w+-`), "jtv_user_pictures/<n>-"},
}

// want compares the lines since the last take, with ids and times blotted out.
func (p *peer) want(lines ...string) {
	p.t.Helper()
	got := p.take()
	for i := range got {
		for _, c := range changing {
			got[i] = c.ReplaceAllString(got[i], c.to)
		}
	}
	if diff := cmp.Diff(slices.Concat([]string{}, lines), slices.Concat([]string{}, got)); diff != "" {
		p.t.Errorf("got other lines (-want +got):\n%s", diff)
	}
}
