package daemon_test

import (
	"bytes"
	"context"
	"log/slog"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/oauth"
)

// patience is how long a test waits for a condition, in the bubble's time.
const patience = 5 * time.Minute

// A running bot, inside a synctest bubble, with its notes and its log.
type running struct {
	t     *testing.T
	stop  context.CancelFunc
	ready chan struct{}
	ended chan struct{}

	mu    sync.Mutex
	err   error        // guarded by mu; what Run returned
	notes []string     // guarded by mu
	chat  []string     // guarded by mu; messages, and in brackets who knew of them
	log   bytes.Buffer // guarded by mu
}

// Write records the log.
func (r *running) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.log.Write(p)
}

func (r *running) note(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.notes = append(r.notes, text)
}

func (r *running) reads(m *chat.Message) {
	text := m.Chatter.Login + ": " + m.Text
	if m.Raw != "" {
		text += " [irc]"
	}
	if m.Broadcaster.Name != "" { // IRC does not send it
		text += " [eventsub]"
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.chat = append(r.chat, text)
}

// said returns everything that an operator could see.
func (r *running) said() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	text := strings.Join(r.notes, "\n") + "\n" + r.log.String()
	if r.err != nil {
		text += r.err.Error()
	}
	return text
}

// start starts a bot; tokens may be nil.
func start(t *testing.T, tw *emulator.Server, cfg *daemon.Config, tokens oauth.Store) *running {
	t.Helper()
	return startWith(t, cfg, daemon.Options{Addresses: addresses(tw), Tokens: tokens, HTTPClient: tw.HTTPClient(), Dial: tw.DialContext})
}

// startWith starts a bot with options; it replaces their Observer.
func startWith(t *testing.T, cfg *daemon.Config, o daemon.Options) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r := &running{t: t, stop: cancel, ready: make(chan struct{}), ended: make(chan struct{})}
	o.Logger = slog.New(slog.NewTextHandler(r, &slog.HandlerOptions{Level: slog.LevelDebug}))
	o.Observer = daemon.Observer{Ready: func() { close(r.ready) }, Note: r.note, Chat: r.reads}
	go func() {
		defer close(r.ended)
		err := daemon.Run(ctx, cfg, o)
		r.mu.Lock()
		r.err = err
		r.mu.Unlock()
	}()
	t.Cleanup(func() { cancel(); <-r.ended })
	return r
}

// up waits until the bot is ready.
func (r *running) up() {
	r.t.Helper()
	select {
	case <-r.ready:
	case <-r.ended:
		r.t.Fatalf("the bot ended:\n%s", r.said())
	case <-time.After(patience):
		r.t.Fatalf("the bot is not up:\n%s", r.said())
	}
}

// down ends the bot as Ctrl-C does: within two seconds and without an error.
func (r *running) down() {
	r.t.Helper()
	r.stop()
	select {
	case <-r.ended:
	case <-time.After(2 * time.Second):
		r.t.Fatal("the bot runs on two seconds after its context ended")
	}
	if r.err != nil {
		r.t.Errorf("the bot ended with %v, want no error", r.err)
	}
}

// fails waits until the bot ends by itself and returns why.
func (r *running) fails() string {
	r.t.Helper()
	select {
	case <-r.ended:
	case <-time.After(patience):
		r.t.Fatalf("the bot did not end:\n%s", r.said())
	}
	if r.err == nil {
		r.t.Fatal("the bot ended without an error")
	}
	return r.err.Error()
}

// until waits for a condition, in the bubble's time.
func (r *running) until(what string, holds func() bool) {
	r.t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			r.t.Fatalf("%s: not within %s; it said:\n%s", what, patience, r.said())
		}
	}
}

func (r *running) saysUntil(text string) {
	r.t.Helper()
	r.until("it says "+text, func() bool { return strings.Contains(r.said(), text) })
}

// hides fails if one of the secrets was shown.
func (r *running) hides(secrets ...string) {
	r.t.Helper()
	for _, secret := range secrets {
		if said := r.said(); secret != "" && strings.Contains(said, secret) {
			r.t.Errorf("%q is shown in:\n%s", secret, said)
		}
	}
}

// bot is a configuration with the variables ID, SECRET, CODE, BOT_CODE, CHANNEL.
const bot = `
connectors:
  twitch:
    client-id: ${ID}
    client-secret: ${SECRET}
    code: ${CODE:-}
    bot-code: ${BOT_CODE:-}
    channel: ${CHANNEL}
    always-listening: true
skills:
  hello:
    match: {command: '!hello'}
    do: [{say: 'Hello {event.user_name}'}]
  thanks:
    on: channel.follow
    do: [{say: 'Thank you {event.user_name}'}]
  spam:
    match: {regex: spam}
    do: [{ban: '{event.user_id}'}]
`

// configure reads the configuration above, with the emulator's client and the
// channel ada unless vars say otherwise.
func configure(t *testing.T, tw *emulator.Server, vars map[string]string) *daemon.Config {
	t.Helper()
	all := map[string]string{"ID": tw.ClientID(), "SECRET": tw.ClientSecret(), "CHANNEL": "ada"}
	maps.Copy(all, vars)
	cfg, err := daemon.Load("bot.yaml", []byte(bot), daemon.LoadOptions{LookupEnv: func(name string) (string, bool) {
		value, ok := all[name]
		return value, ok
	}})
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// codeOf returns a new code of an account that has granted all scopes the bot needs.
func codeOf(t *testing.T, tw *emulator.Server, login string) string {
	t.Helper()
	return tw.AuthorizationCode(login, "http://localhost", configure(t, tw, nil).Scopes().All()...)
}
