package daemon_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/skill"
)

const everything = `
connectors:
  twitch: {client-id: "${ID}", client-secret: "${SECRET}", code: "${CODE}", channel: ada, always-listening: LISTEN}
skills:
  names: {match: {command: '!ban {who}'}, do: [{ban: {user: '{who}', reason: rude}}]}
  rest:  {match: {command: '!rest {who}'}, do: [{timeout: {user: '{who}', for: 10m}}]}
  title: {match: {command: '!title {title...}'}, do: [{title: '{title}'}]}
  clip:  {match: {command: '!clip'}, do: [{clip: }, {say: 'clipped'}]}
  about: {match: {command: '!about'}, do: [{reply: '{channel.title} {channel.live} {channel.login}'}]}
  raid:  {on: channel.raid, do: [{say: 'Welcome {event.from_broadcaster_user_name}'}]}
  hello: {on: stream.online, do: [{say: 'We are live'}]}
  bye:   {on: stream.offline, do: [{say: 'That was it'}]}
`

// reports collects the reports of skills.
type reports struct {
	mu  sync.Mutex
	all []skill.Report // guarded by mu
}

func (r *reports) add(report skill.Report) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, report)
}

// of waits for the report of a skill.
func (r *reports) of(t *testing.T, name string) skill.Report {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		r.mu.Lock()
		for _, report := range r.all {
			if report.Skill == name {
				r.mu.Unlock()
				return report
			}
		}
		r.mu.Unlock()
	}
	t.Fatalf("the skill %s did nothing", name)
	return skill.Report{}
}

func runEverything(t *testing.T, tw *emulator.Server, listen string) *reports {
	t.Helper()
	did := &reports{}
	runBot(t, tw, strings.ReplaceAll(everything, "LISTEN", listen), func(o *daemon.Options) { o.Observer.Did = did.add })
	return did
}

// Every action that is sent to Twitch has its effect there.
func TestActions(t *testing.T) {
	bubble(t, "in a bubble", func(t *testing.T, tw *emulator.Server) {
		did := runEverything(t, tw, "true")
		tw.Say("ada", "mallory", "hello")
		tw.Say("ada", "eve", "hello")

		tw.Say("ada", "grace", "!ban Mallory")
		if r := did.of(t, "names"); r.Err != nil || !tw.IsBanned("ada", "mallory") {
			t.Errorf("got %v, want mallory banned by login", r.Err)
		}
		tw.Say("ada", "grace", "!rest @eve")
		if r := did.of(t, "rest"); r.Err != nil || !tw.IsBanned("ada", "eve") {
			t.Errorf("got %v, want eve timed out", r.Err)
		}
		tw.Say("ada", "grace", "!title Chess until I lose")
		if r := did.of(t, "title"); r.Err != nil || tw.Title("ada") != "Chess until I lose" {
			t.Errorf("got %v, want the title changed", r.Err)
		}
		tw.Say("ada", "grace", "!clip")
		tw.WantChat(t, "ada", "clipped")
		if n := len(tw.Clips("ada")); n != 1 {
			t.Errorf("got %d clips, want 1", n)
		}
		tw.Say("ada", "grace", "!about")
		tw.WantChat(t, "ada", "Chess until I lose True ada")
	})
}

// The bot reports an action that Twitch refuses, and continues.
func TestRefusedActions(t *testing.T) {
	bubble(t, "in a bubble", func(t *testing.T, tw *emulator.Server) {
		did := runEverything(t, tw, "true")
		tw.GoOffline("ada")
		tw.Say("ada", "grace", "!ban nobody_at_all")
		if r := did.of(t, "names"); r.Err == nil {
			t.Error("got no error for a user who does not exist")
		}
		tw.Say("ada", "grace", "!clip")
		if r := did.of(t, "clip"); r.Err == nil {
			t.Error("got no error for a clip of an offline channel")
		}
	})
}

// Without always-listening the bot is in chat while the stream is live, says
// goodbye before it leaves, and says why it cannot talk while it is away.
func TestLiveState(t *testing.T) {
	bubble(t, "in a bubble", func(t *testing.T, tw *emulator.Server) {
		tw.GoOffline("ada")
		did := runEverything(t, tw, "false")
		if tw.IsInChat("ada", "ada") {
			t.Error("the bot is in chat before the stream starts")
		}
		tw.Raid("grace", "ada", 42)
		if r := did.of(t, "raid"); r.Err == nil || !strings.Contains(r.Err.Error(), "always-listening is false") {
			t.Errorf("got %v, want it to name always-listening", r.Err)
		}
		tw.GoLive("ada")
		tw.WantChat(t, "ada", "We are live")
		tw.GoOffline("ada")
		tw.WantChat(t, "ada", "That was it")
		for deadline := time.Now().Add(patience); tw.IsInChat("ada", "ada"); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("the bot is in chat after the stream ended")
			}
		}
	})
}
