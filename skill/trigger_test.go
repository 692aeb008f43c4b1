package skill_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/skill"
)

// texts delivers messages of grace.
func (p *fixture) texts(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		p.say(t, message(text))
	}
}

func TestKindsOfMatchers(t *testing.T) {
	p := start(t, `
skills:
  words: {match: {keywords: [Buy Followers, cheap, é]}, do: [say: 'word {match[0]}']}
  part: {match: {keywords: [ANY], whole-words: false, case-sensitive: true}, do: [say: part]}
  parse: {match: {parse: 'say {text} {n:int} times'}, do: [say: '{text} {n * 2}']}
  all: {match: {regex: '#\w+', condition: findall}, do: [say: '{len(match)} tags, {match[1]}']}
`)
	p.texts(t, "BUY  followers", "buy followers now", "cheaper", "not cheap.", "MANY", "many", "SAY hello  there 3 times", "say x y times", "#a and #b", "caf é")
	p.want(t, "say word buy followers", "say word cheap", "say part", "say hello  there 6", "say 2 tags, #b", "say word é")
}

func TestCommandsInGroups(t *testing.T) {
	p := start(t, `
skills:
  show: {match: {command: '!quote {n:int?}', aliases: ['!q']}, do: [say: 'show {n or "any"}']}
  add: {match: {command: '!quote add {text...}', aliases: ['!q add', '!addquote']}, do: [say: 'add {text}']}
  give: {match: {command: '!give {what} {long:duration?} {side:left|right?}'}, do: [say: '{what}, {long} s, {side}']}
  switch: {match: {command: '!light {on:bool}'}, do: [say: '{on}']}
`)
	p.texts(t, "!quote", "!QUOTE 3", "!quote add hi there", "!q add x", "!addquote y", "!q 4", "!quote three",
		`!give "two words" 5m RIGHT`, "!give one", "!give one two", "!light OFF", "!light maybe")
	p.want(t, "say show any", "say show 3", "say add hi there", "say add x", "say add y", "say show 4",
		"say two words, 300 s, right", "say one,  s,", "say False")
}

func TestCatchAllAndStop(t *testing.T) {
	p := start(t, `
skills:
  guard: {match: {keywords: [spam]}, stop: true, do: [say: guarded]}
  refused: {match: {keywords: [secret]}, allow: {roles: [moderator]}, do: [say: secret]}
  every: {match: {regex: spam|hello}, do: [say: every]}
  rest: {otherwise: true, do: [say: 'what is {args}?']}
`)
	p.texts(t, "spam", "hello", "secret", "hm")
	p.want(t, "say guarded", "say every", "say what is secret?", "say what is hm?")
}

func TestSeveralTriggersOfOneSkill(t *testing.T) {
	p := start(t, `
skills:
  thanks:
    triggers:
      - on: channel.follow
      - on: {event: channel.cheer, where: {is_anonymous: false, bits: [100, 200]}}
      - match: {command: '!thanks'}
    do: [say: 'Thank you {event.user_name}!']
  both:
    triggers: [{match: {command: '!a {x}'}}, {match: {regex: 'b(?P<x>.)'}}]
    do: [say: '{x}']
`)
	p.event(t, "channel.follow", "2", follow)
	p.event(t, "channel.cheer", "1", `{"user_name":"Linus","is_anonymous":false,"bits":100}`)
	p.event(t, "channel.cheer", "1", `{"user_name":"Linus","is_anonymous":false,"bits":99}`)
	p.event(t, "channel.cheer", "1", `{"user_name":null,"is_anonymous":true,"bits":100}`)
	p.texts(t, "!thanks", "!a 1", "b2")
	p.want(t, "say Thank you Grace!", "say Thank you Linus!", "say Thank you Grace!", "say 1", "say 2")
}

func TestRewards(t *testing.T) {
	p := start(t, `
skills:
  hydrate: {reward: Hydrate!, do: [say: 'cheers {event.user_name}: {event.user_input}']}
  done: {reward: {reward: r2, status: fulfilled}, do: [say: done]}
`)
	const add, update = "channel.channel_points_custom_reward_redemption.add", "channel.channel_points_custom_reward_redemption.update"
	p.event(t, add, "1", `{"user_name":"Grace","user_input":"x","status":"unfulfilled","reward":{"id":"r1","title":"hydrate!"}}`)
	p.event(t, add, "1", `{"user_name":"Grace","status":"unfulfilled","reward":{"id":"r2","title":"Other"}}`)
	p.event(t, update, "1", `{"user_name":"Grace","status":"canceled","reward":{"id":"r2"}}`)
	p.event(t, update, "1", `{"user_name":"Grace","status":"fulfilled","reward":{"id":"r2"}}`)
	p.want(t, "say cheers Grace: x", "say done")
}

func TestFirstMessages(t *testing.T) {
	p := start(t, `
skills:
  ever: {first-message: ever, do: [say: 'welcome {event.user_name}']}
  today: {first-message: stream, do: [say: 'hello again {event.user_name}']}
`)
	p.texts(t, "hi", "ho")
	p.want(t, "say welcome Grace", "say hello again Grace")
	p.event(t, "stream.online", "1", `{"type":"live"}`)
	p.texts(t, "hi", "ho")
	p.want(t, "say hello again Grace")
	m := message("hi")
	m.Raw, m.FirstMessage = "@x PRIVMSG", true
	p.say(t, m)
	p.want(t, "say welcome Grace")
}

func TestTimers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := start(t, `
skills:
  often: {every: 15m, do: [say: 'often {event.count}']}
  live: {every: 10m, live: true, min-lines: 2, do: [say: live]}
  daily: {cron: {cron: '0 20 * * *', zone: Europe/Berlin}, do: [say: daily]}
  lines: {after-lines: 3, do: [say: lines]}
`)
		ran := make(chan error, 1)
		ctx, cancel := context.WithCancel(t.Context())
		go func() { ran <- p.Run(ctx) }()
		time.Sleep(16 * time.Minute) // a bubble begins at midnight UTC
		p.want(t, "say often 1")
		p.mu.Lock()
		p.channel.Live = true
		p.mu.Unlock()
		p.event(t, "stream.online", "1", `{"type":"live"}`)
		p.texts(t, "a")
		time.Sleep(8 * time.Minute)
		p.want(t)
		p.texts(t, "b", "c")
		p.want(t, "say lines")
		time.Sleep(10 * time.Minute)
		p.want(t, "say often 2", "say live")
		time.Sleep(10 * time.Minute)
		p.want(t) // no lines since
		time.Sleep(20 * time.Hour)
		daily := 0
		for _, line := range p.did() {
			if line == "say daily" {
				daily++
			}
		}
		if daily != 1 {
			t.Errorf("got %d daily runs in a day, want 1", daily)
		}
		cancel()
		<-ran
	})
}

func TestStartAndEndOfTheBot(t *testing.T) {
	p := start(t, "skills: {hello: {on: start, do: [say: I am here]}, bye: {on: [stop], do: [say: 'bye ({event.name})']}}")
	_ = p.Start(t.Context())
	_ = p.Stop(t.Context())
	p.want(t, "say I am here", "say bye (stop)")
}

func TestChannelsOfASkill(t *testing.T) {
	p := start(t, "skills: {s: {match: {any: true}, channels: [Linus, '1'], do: [say: yes]}}")
	m := message("x")
	p.say(t, m)
	m.Broadcaster = chat.User{ID: "7", Login: "linus"}
	p.say(t, m)
	m.Broadcaster = chat.User{ID: "8", Login: "eve"}
	p.say(t, m)
	p.want(t, "say yes", "say yes")
}

// Cooldowns belong to an engine: two channels with the same skills do not share them.
func TestEnginesShareNoCooldown(t *testing.T) {
	p := start(t, "skills: {s: {match: {any: true}, cooldown: 1h, do: [say: yes]}}")
	p.texts(t, "a", "b")
	p.Engine = skill.NewEngine(p.set, skill.EngineOptions{Host: p.fakeHost})
	p.texts(t, "c")
	p.want(t, "say yes", "say yes")
}

// A reply knows the message that it answers.
func TestLinkedEvent(t *testing.T) {
	p := start(t, "skills: {s: {match: {any: true}, when: event.linked_event, do: [say: '{event.linked_event.user_name}: {event.linked_event.text}']}}")
	m := message("yes")
	p.say(t, m)
	m.Reply = &chat.Parent{MessageID: "m0", Text: "really?", Chatter: chat.User{ID: "7", Login: "linus", Name: "Linus"}}
	p.say(t, m)
	p.want(t, "say Linus: really?")
}

func TestTimersOfScripts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set, err := parseScript(t, `
def tick(call):
    call.say("tick %d" % call.event.count)

every("10m", tick)
cron("30 * * * *", tick, zone="UTC")
`)
		if err != nil {
			t.Fatal(err)
		}
		h := &fakeHost{}
		e := skill.NewEngine(set, skill.EngineOptions{Host: h})
		ctx, cancel := context.WithTimeout(t.Context(), 31*time.Minute)
		defer cancel()
		_ = e.Run(ctx)
		if diff := cmp.Diff([]string{"say tick 1", "say tick 2", "say tick 3", "say tick 1"}, h.lines); diff != "" {
			t.Error(diff)
		}
	})
}
