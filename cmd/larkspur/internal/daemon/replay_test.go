package daemon_test

import (
	"bufio"
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/irc"
	"github.com/larkspur-dev/larkspur/skill"
)

// corpus is the directory of recorded chat, outside this repository.
const corpus = "../../../../../shared/corpus/irc.txt"

// Real and synthetic chat passes through emulator, client and skills without a loss.
// Lines about the connection (PING, RECONNECT, CAP, numerics …) would affect the client
// under test; they are not replayed, but counted and parsed separately.
func TestReplayLosesNothing(t *testing.T) {
	file, err := os.Open(corpus)
	if err != nil {
		t.Skipf("the corpus is not beside the checkout: %v", err)
	}
	defer file.Close()
	want, connection := countCommands(t, file)
	if _, err := file.Seek(0, 0); err != nil {
		t.Fatal(err)
	}

	var sent, reported atomic.Int64 // by a skill, once for each message; the relay's queue is bounded
	counter := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { sent.Add(1) }))
	defer counter.Close()
	tw := emulator.Start(t, emulator.NoLimits(), emulator.Channel("ada"))
	runBot(t, tw, `
connectors:
  twitch: {client-id: "${ID}", client-secret: "${SECRET}", code: "${CODE}", channel: ada, always-listening: true}
  counter: {url: "`+counter.URL+`", allow-private: true}
skills:
  count:
    match: {regex: ''}
    do:
      - send: {to: counter, text: x}
`, func(o *daemon.Options) { o.Observer.Did = func(skill.Report) { reported.Add(1) } })

	// A second client counts what arrives, by command.
	var mu sync.Mutex
	got := map[string]int{}
	joined := make(chan struct{})
	client := irc.New(irc.Options{Addr: tw.IRCAddr(), Channels: []string{"ada"}, OnState: func(s irc.State) {
		if s.Kind == irc.Joined {
			close(joined)
		}
	}})
	client.OnAny(func(_ context.Context, m irc.Message) error {
		mu.Lock()
		defer mu.Unlock()
		got[m.Command]++
		return nil
	})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = client.Run(ctx) }()
	defer func() { cancel(); <-ended }()
	<-joined
	settle(t, func() bool { mu.Lock(); defer mu.Unlock(); return got["ROOMSTATE"] > 0 })
	mu.Lock()
	before := maps.Clone(got)
	mu.Unlock()

	stats, err := tw.Replay(t.Context(), file, emulator.ReplayOptions{Channel: "ada", SkipConnection: true})
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, n := range want {
		total += n
	}
	if stats.Lines != total || stats.Skipped != connection {
		t.Errorf("replayed %d and left out %d lines, want %d and %d", stats.Lines, stats.Skipped, total, connection)
	}
	seen := func() map[string]int {
		mu.Lock()
		defer mu.Unlock()
		diff := map[string]int{}
		for command, n := range got {
			if n -= before[command]; n > 0 {
				diff[command] = n
			}
		}
		return diff
	}
	settle(t, func() bool { return maps.Equal(seen(), want) && int(reported.Load()) == want["PRIVMSG"] })
	if got := seen(); !maps.Equal(got, want) {
		t.Errorf("the client saw %v, want %v", got, want)
	}
	if n := int(reported.Load()); n != want["PRIVMSG"] || sent.Load() == 0 {
		t.Errorf("the skill ran %d times and sent %d messages, want %d runs", n, sent.Load(), want["PRIVMSG"])
	}
	if n := client.Stats().Unparsed; n != 0 {
		t.Errorf("%d lines were no IRC messages, want 0", n)
	}
}

// countCommands counts the lines of a file without our parser: those that name a
// channel by command, and all others.
func countCommands(t *testing.T, file *os.File) (byCommand map[string]int, others int) {
	t.Helper()
	byCommand = map[string]int{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := lines.Text()
		if _, err := irc.Parse(line); err != nil {
			t.Errorf("parse error: %v in %q", err, line)
		}
		if strings.HasPrefix(line, "@") {
			_, line, _ = strings.Cut(line, " ")
		}
		if strings.HasPrefix(line, ":") {
			_, line, _ = strings.Cut(line, " ")
		}
		params, _, _ := strings.Cut(line, " :")
		command, rest, _ := strings.Cut(params, " ")
		if strings.Contains(rest, "#") {
			byCommand[command]++
		} else {
			others++
		}
	}
	return byCommand, others
}

// settle waits until a condition holds or time runs out; the test then checks it again.
func settle(t *testing.T, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !holds() && time.Now().Before(deadline); {
		select {
		case <-time.After(5 * time.Millisecond):
		case <-t.Context().Done():
			return
		}
	}
}

// runBot runs a configuration as ada, and returns when the bot is up. The
// variables ID, SECRET and CODE are set.
func runBot(t *testing.T, tw *emulator.Server, src string, o func(*daemon.Options)) {
	t.Helper()
	cfg := load(t, tw, src)
	ctx, cancel := context.WithCancel(t.Context())
	ready, ended := make(chan struct{}), make(chan error, 1)
	options := daemon.Options{
		Addresses:  addresses(tw),
		HTTPClient: tw.HTTPClient(), Dial: tw.DialContext,
		Observer: daemon.Observer{Ready: func() { close(ready) }, Note: func(text string) { t.Log(text) }},
	}
	if o != nil {
		o(&options)
	}
	go func() { ended <- daemon.Run(ctx, cfg, options) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the bot ended with %v, want no error", err)
		}
	})
	select {
	case <-ready:
	case err := <-ended:
		ended <- nil
		t.Fatalf("the bot ended with %v", err)
	}
}

func addresses(tw *emulator.Server) daemon.Addresses {
	return daemon.Addresses{Helix: tw.HelixURL(), OAuth: tw.OAuthURL(), EventSub: tw.EventSubURL(), IRC: tw.IRCAddr()}
}

func load(t *testing.T, tw *emulator.Server, src string) *daemon.Config {
	t.Helper()
	variables := map[string]string{"ID": tw.ClientID(), "SECRET": tw.ClientSecret(), "CODE": ""}
	lookup := func(name string) (string, bool) { value, ok := variables[name]; return value, ok }
	read := func() *daemon.Config {
		cfg, err := daemon.Load("bot.yaml", []byte(src), daemon.LoadOptions{LookupEnv: lookup})
		if err != nil {
			t.Fatal(err)
		}
		return cfg
	}
	variables["CODE"] = tw.AuthorizationCode("ada", "http://localhost", read().Scopes().All()...)
	return read()
}
