package daemon_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/emulator"
)

// hears has grace write a text, and returns the messages that the bot saw within a second,
// those of grace only.
func (r *running) hears(tw *emulator.Server, text string) []string {
	r.mu.Lock()
	r.chat = nil
	r.mu.Unlock()
	tw.Say("ada", "grace", text)
	time.Sleep(time.Second)
	synctest.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(r.chat), func(s string) bool { return !strings.HasPrefix(s, "grace: ") })
}

func (r *running) wantHears(tw *emulator.Server, text string, want ...string) {
	r.t.Helper()
	if diff := cmp.Diff(want, r.hears(tw, text)); diff != "" {
		r.t.Errorf("chat (-want +got):\n%s\n%s", diff, r.said())
	}
}

// Messages come over IRC and EventSub: the skills and the operator see each once, with
// what both know. When one source is lost, the other one goes on.
func TestChatOfBothSourcesIsReadOnce(t *testing.T) {
	bubble(t, "in a bubble", func(t *testing.T, tw *emulator.Server) {
		r := start(t, tw, configure(t, tw, nil), storeOf(t, tw, "ada", configure(t, tw, nil).Scopes().All()...))
		r.up()
		time.Sleep(5 * time.Second)
		r.wantHears(tw, "!hello", "grace: !hello [irc] [eventsub]")
		tw.WantChat(t, "ada", "Hello grace")
		before := len(tw.Chat("ada"))
		if before != 2 {
			t.Errorf("got %d messages in chat, want the command and one answer", before)
		}
		tw.HalfOpenChat()
		r.hears(tw, "the first one is waited for")
		r.wantHears(tw, "irc is gone", "grace: irc is gone [eventsub]")
		time.Sleep(2 * time.Minute)
		r.hears(tw, "irc is back")
		tw.HalfOpenEventSub()
		r.hears(tw, "the first one is waited for")
		r.wantHears(tw, "eventsub is gone", "grace: eventsub is gone [irc]")
		time.Sleep(2 * time.Minute)
		r.hears(tw, "eventsub is back")
		r.wantHears(tw, "both", "grace: both [irc] [eventsub]")
		if said := r.said(); strings.Contains(said, "channel.chat.message") && strings.Contains(said, "missed") {
			t.Errorf("got %s, want no word about missed messages: they came over IRC", said)
		}
		r.down()
	})
}

// A token made as opsdroid's documentation describes reads over IRC, and nothing else is
// asked for.
func TestChatWithTheScopesOfOpsdroid(t *testing.T) {
	bubble(t, "in a bubble", func(t *testing.T, tw *emulator.Server) {
		r := start(t, tw, botWith(t, tw, "''", "{match: {command: '!hello'}, do: [{say: 'Hello {event.user_name}'}]}"), storeOf(t, tw, "ada", "chat:read", "chat:edit"))
		r.up()
		r.wantHears(tw, "!hello", "grace: !hello [irc]")
		tw.WantChat(t, "ada", "Hello grace")
		if said := r.said(); strings.Contains(said, "user:read:chat") || strings.Contains(said, "larkspur login") {
			t.Errorf("got %s, want no new login asked for", said)
		}
		r.down()
	})
}

// Without chat:read the bot reads with EventSub alone, and over IRC too when that is granted.
func TestChatWithoutTheScopeOfIRC(t *testing.T) {
	bubble(t, "in a bubble", func(t *testing.T, tw *emulator.Server) {
		w := &wire{tw: tw}
		store := storeOf(t, tw, "ada", "user:read:chat", "user:write:chat")
		r := startWith(t, botWith(t, tw, "''", "{match: {command: '!hello'}, do: [{say: 'Hello {event.user_name}'}]}"), w.options(store))
		r.up()
		r.saysUntil("chat is read with EventSub only, because ada has not granted chat:read")
		time.Sleep(time.Second)
		r.wantHears(tw, "!hello", "grace: !hello [eventsub]")
		tw.WantChat(t, "ada", "Hello grace")
		if said := r.said(); strings.Contains(said, "connecting to chat") || strings.Contains(said, "larkspur login") {
			t.Errorf("got %s, want no connection to IRC and no new login asked for", said)
		}
		signedIn(t, tw, store, "ada") // what "larkspur login" does, in another process
		r.saysUntil("in the chat of ada")
		r.wantHears(tw, "both", "grace: both [irc] [eventsub]")
		r.down()
	})
}
