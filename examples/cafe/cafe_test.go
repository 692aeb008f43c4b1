package main

import (
	"context"
	"log/slog"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/oauth"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	guidePath = "../../docs/guides/writing-a-bot.md"
	redirect  = "http://localhost"
)

// A scene is the channel of ada with the bot robin, in a synctest bubble.
type scene struct {
	t  *testing.T
	tw *emulator.Server

	mu  sync.Mutex
	log strings.Builder // guarded by mu
}

// Write makes a scene the output of a logger.
func (s *scene) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(b)
}

func (s *scene) logged() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.String()
}

func inCafe(t *testing.T, test func(s *scene)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &scene{t: t, tw: emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.Channel("Linus"), emulator.User("robin", "Grace"),
			emulator.Moderator("ada", "robin"), emulator.VIP("ada", "grace"), emulator.Live("ada"))}
		t.Cleanup(s.tw.HTTPClient().CloseIdleConnections)
		store := oauth.NewMemoryStore()
		o := larkspur.AccountOptions{
			Channel: "ada", Server: s.tw.URL(), HTTPClient: s.tw.HTTPClient(), RedirectURI: redirect, Logger: slog.New(slog.NewTextHandler(s, nil)),
			Code: oauth.Secret(s.tw.AuthorizationCode("robin", redirect, "user:read:chat", "user:write:chat", "moderator:manage:shoutouts",
				"moderator:manage:announcements", "moderator:manage:banned_users", "moderator:read:followers")),
		}
		me, err := newAccount(s.tw.ClientID(), s.tw.ClientSecret(), store, o)
		if err != nil {
			t.Fatal(err)
		}
		s.play(me.Run, me.Ready, test)
	})
}

// play runs a program during a test.
func (s *scene) play(run, ready func(ctx context.Context) error, test func(s *scene)) {
	ctx, stop := context.WithCancel(s.t.Context())
	done := make(chan error, 1)
	go func() { done <- run(ctx) }()
	if err := ready(ctx); err != nil {
		s.t.Fatal(err)
	}
	test(s)
	stop()
	if err := <-done; err != nil {
		s.t.Errorf("run: got %v, want none", err)
	}
}

// does lets something happen and returns what was written besides, as "user: text".
func (s *scene) does(what func()) []string {
	before := len(s.tw.Chat("ada"))
	what()
	time.Sleep(time.Second)
	synctest.Wait()
	var lines []string
	for _, m := range s.tw.Chat("ada")[before:] {
		text := m.Text
		if m.Action {
			text = "/me " + text
		}
		lines = append(lines, m.User+": "+errorID.ReplaceAllString(text, "wrong (k3xq7)"))
	}
	return lines
}

var errorID = regexp.MustCompile(`wrong \([a-z2-7]{5}\)$`)

// says lets a user write, and returns the answers of the bot.
func (s *scene) says(user, text string) (answers []string) {
	for _, line := range s.does(func() { s.tw.Say("ada", user, text) }) {
		if answer, ok := strings.CutPrefix(line, "robin: "); ok {
			answers = append(answers, answer)
		}
	}
	return answers
}

func guide(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(guidePath)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
