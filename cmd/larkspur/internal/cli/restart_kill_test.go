package cli_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/oauth"
)

// A killedBot is "larkspur run" on a state directory, killed again and again while
// events arrive.
type killedBot struct {
	t    *testing.T
	tw   *emulator.Server
	env  []string
	dir  string
	log  string
	runs int
}

// A happened is an event that the emulator sent.
type happened struct {
	kind string
	at   time.Time
}

// TestNoEventIsLostByKilledBots kills a bot while 60 events a second arrive. Each event
// that Twitch gives back has to be handled: once, or twice if the bot was killed while it
// handled the event. Each other event that was not handled has to lie in a reported gap.
func TestNoEventIsLostByKilledBots(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	kills := 4
	if os.Getenv("LARKSPUR_LONG") != "" {
		kills = 100
	}
	b := newKilledBot(t)
	random := rand.New(rand.NewPCG(9, 1)) //nolint:gosec // lifetimes
	sent := map[string]happened{}
	var mu sync.Mutex
	stop := make(chan struct{})
	var sending sync.WaitGroup

	bot := b.start()
	b.until(0, "EventSub: connected")
	sending.Go(func() {
		ticker := time.NewTicker(time.Second / 60)
		defer ticker.Stop()
		for i := 0; ; i++ {
			name := fmt.Sprintf("viewer%d", i)
			mu.Lock()
			if i%2 == 0 {
				sent[name] = happened{"channel.follow", time.Now()}
			} else {
				sent[name] = happened{"channel.raid", time.Now()}
			}
			mu.Unlock()
			if i%2 == 0 {
				b.tw.Follow("ada", name)
			} else {
				b.tw.Raid(name, "ada", 3)
			}
			select {
			case <-ticker.C:
			case <-stop:
				return
			}
		}
	})
	for range kills {
		time.Sleep(time.Duration(300+random.IntN(2500)) * time.Millisecond)
		_ = bot.Process.Kill()
		_ = bot.Wait()
		time.Sleep(time.Duration(random.IntN(1000)) * time.Millisecond)
		bot = b.start()
	}
	time.Sleep(time.Second)
	close(stop)
	sending.Wait()
	b.quiet(bot)
	b.check(sent, kills)
}

func newKilledBot(t *testing.T) *killedBot {
	t.Helper()
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.NoLimits())
	dir := t.TempDir()
	store, err := oauth.OpenFileStore(filepath.Join(dir, "tokens.json"))
	if err != nil {
		t.Fatal(err)
	}
	tokens := oauth.NewManager(tw.ClientID(), tw.ClientSecret(), store, oauth.Options{BaseURL: tw.OAuthURL()})
	token := tw.UserToken("ada", "moderator:read:followers", "chat:read", "chat:edit")
	if _, err := tokens.Add(t.Context(), oauth.Token{AccessToken: oauth.Secret(token)}); err != nil {
		t.Fatal(err)
	}
	config := fmt.Sprintf(`
connectors:
  twitch: {client-id: %s, client-secret: %s, channel: ada}
skills:
  thank: {on: channel.follow, when: event.age > 1000000, do: [say: thanks]}
  raided: {on: channel.raid, when: event.age > 1000000, do: [say: welcome]}
`, tw.ClientID(), tw.ClientSecret())
	if err := os.WriteFile(filepath.Join(dir, "bot.yaml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	return &killedBot{
		t: t, tw: tw, dir: dir, log: filepath.Join(dir, "log"),
		env: append(os.Environ(), "LARKSPUR_TWITCH="+tw.URL(), "LARKSPUR_STATE="+dir),
	}
}

// start starts the bot. Its log is appended to one file, which its death does not cut.
func (b *killedBot) start() *exec.Cmd {
	b.t.Helper()
	log, err := os.OpenFile(b.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		b.t.Fatal(err)
	}
	defer log.Close()
	bot := exec.Command("larkspur", "run", filepath.Join(b.dir, "bot.yaml"), "--log-format", "json", "--log-level", "debug")
	bot.Env, bot.Stderr = b.env, log
	if err := bot.Start(); err != nil {
		b.t.Fatal(err)
	}
	b.runs++
	b.t.Cleanup(func() {
		_ = bot.Process.Kill()
		_, _ = bot.Process.Wait()
	})
	return bot
}

// until waits until the log contains text after a position, and returns the log's size.
func (b *killedBot) until(from int, text string) int {
	b.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		log, err := os.ReadFile(b.log)
		if err == nil && strings.Contains(string(log[from:]), text) {
			return len(log)
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("no %q in the log:\n%s", text, log[from:])
		}
	}
}

// quiet waits until the bot has worked off everything, and ends it.
func (b *killedBot) quiet(bot *exec.Cmd) {
	b.t.Helper()
	for size, deadline := int64(-1), time.Now().Add(2*time.Minute); ; time.Sleep(4 * time.Second) {
		info, err := os.Stat(b.log)
		if err != nil {
			b.t.Fatal(err)
		}
		if info.Size() == size {
			break
		}
		if size = info.Size(); time.Now().After(deadline) {
			b.t.Error("the bot does not come to rest")
			break
		}
	}
	_ = bot.Process.Signal(os.Interrupt)
	if err := bot.Wait(); err != nil {
		b.t.Errorf("the last run ended with %v", err)
	}
}

// A loggedLine is what the test reads of the log.
type loggedLine struct {
	Msg, Type, Body string
	Recovered       any // what an event was fetched with, or how many a gap has
	From, To        time.Time
	Lost            []string
}

func (b *killedBot) check(sent map[string]happened, kills int) {
	b.t.Helper()
	f, err := os.Open(b.log)
	if err != nil {
		b.t.Fatal(err)
	}
	defer f.Close()
	handled, recovered := map[string]int{}, 0
	var gaps []loggedLine
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var l loggedLine
		if json.Unmarshal(lines.Bytes(), &l) != nil {
			continue // cut by a kill
		}
		switch l.Msg {
		case "event":
			var who struct {
				User string `json:"user_login"`
				From string `json:"from_broadcaster_user_login"`
			}
			if json.Unmarshal([]byte(l.Body), &who) == nil && who.User+who.From != "" {
				handled[who.User+who.From]++
				if l.Recovered != nil {
					recovered++
				}
			}
		case "events were missed", "events may have been missed":
			gaps = append(gaps, l)
		}
	}
	twice, lost, inGaps := 0, 0, 0
	for name, e := range sent {
		switch n := handled[name]; {
		case n == 1:
		case n > 1:
			twice++
			if n > 2 {
				b.t.Errorf("%s %s was handled %d times", e.kind, name, n)
			}
		case slices.ContainsFunc(gaps, func(g loggedLine) bool {
			return slices.Contains(g.Lost, e.kind+" v1") && !e.at.Before(g.From.Add(-time.Second)) && !e.at.After(g.To)
		}):
			inGaps++
		default:
			lost++
			b.t.Errorf("%s %s at %s was neither handled nor reported", e.kind, name, e.at.Format(time.TimeOnly+".000"))
		}
	}
	// A kill hits an event that is being handled now and then. Many would mean that what
	// was handled is not stored.
	if twice > kills {
		b.t.Errorf("%d events were handled twice in %d kills", twice, kills)
	}
	if recovered == 0 || inGaps == 0 {
		b.t.Errorf("got %d recovered events and %d in gaps, want some", recovered, inGaps)
	}
	b.t.Logf("%d events, %d kills: %d handled twice, %d recovered, %d in %d gaps, %d lost", len(sent), kills, twice, recovered, inGaps, len(gaps), lost)
}
