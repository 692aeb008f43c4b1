package skill_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/skill"
)

func TestMemoryOfSkills(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := start(t, `
skills:
  deaths:
    match: {command: '!death {by:int?}'}
    do:
      - increment: {key: deaths, by: '{by or 1}'}
      - say: '{counter.value} deaths, {memory.deaths} in memory'
  other:
    match: {command: '!other'}
    do: [say: '{memory.deaths or "none"} here, {memory.channel.motto or "no motto"}, {memory.user.points or 0} points']
  motto:
    match: {command: '!motto {text...}'}
    do: [set: {key: motto, value: '{text}', scope: channel, for: 1h}]
  points:
    match: {command: '!points'}
    do: [increment: {key: points, by: 5, scope: user}]
  falsy:
    match: {command: '!falsy'}
    do:
      - set: {key: zero, value: 0}
      - set: {key: 'no', value: false}
      - set: {key: map, value: {name: '{event.user}', n: [1, '{1 + 1}']}}
      - say: '{memory.zero == 0} {memory.no == False} {memory.map.n[1] + 1} {memory.nothing == None}'
      - forget: zero
      - say: '{memory.zero == None}'
  quotes:
    match: {command: '!add {text...}'}
    do:
      - append: {list: quotes, value: '{text}', most: 2, scope: channel}
      - say: '{list.length}: {memory.channel.quotes[-1]}'
  unquote:
    match: {command: '!del {n:int}'}
    do: [remove: {list: quotes, at: '{n}', scope: channel}, say: '{removed.value} {removed.length}']
`)
		p.texts(t, "!death", "!death 2", "!other", "!motto Per aspera", "!points", "!other", "!falsy", "!add a", "!add b", "!add c", "!del 1")
		p.want(t, "say 1 deaths, 1 in memory", "say 3 deaths, 3 in memory", "say none here, no motto, 0 points",
			"say none here, Per aspera, 5 points", "say True True 3 True", "say True", "say 1: a", "say 2: b", "say 2: c", "say b 1")
		time.Sleep(time.Hour)
		p.texts(t, "!other")
		p.want(t, "say none here, no motto, 5 points")
	})
}

// Two channels with the same skills and one memory remember apart.
func TestMemoryOfChannels(t *testing.T) {
	p := start(t, "skills: {n: {match: {command: '!n'}, do: [increment: n, say: '{counter.value}']}}")
	m := &kept{memos: map[skill.Key]skill.Memo{}}
	for _, channel := range []string{"1", "2", "1"} {
		p.Engine = skill.NewEngine(p.set, skill.EngineOptions{Host: p.fakeHost, Memory: m, ChannelID: channel})
		p.texts(t, "!n")
	}
	p.want(t, "say 1", "say 1", "say 2")
}

func TestMemoryInScripts(t *testing.T) {
	set, err := parseScript(t, `
def act(call):
    memory.put("a", [1], scope="channel")
    memory.incr("n", scope="user", user="99")
    memory.incr("n", scope="user")
    call.say("%s %s %s" % (memory.get("a"), memory.get("a", scope="channel"), memory.get("n", scope="user")))
    call.set("b", True)
    call.say(memory.get("b"))

on_message("x", act)
`)
	if err != nil {
		t.Fatal(err)
	}
	h := &fakeHost{}
	e := skill.NewEngine(set, skill.EngineOptions{Host: h})
	if err := e.Message(t.Context(), message("x")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"say None [1] 1", "say True"}, h.lines); diff != "" {
		t.Error(diff)
	}
}

// kept is a memory that engines share.
type kept struct{ memos map[skill.Key]skill.Memo }

func (k *kept) Get(_ context.Context, key skill.Key) (skill.Memo, error) { return k.memos[key], nil }

func (k *kept) Update(_ context.Context, key skill.Key, f func(skill.Memo) (skill.Memo, error)) error {
	memo, err := f(k.memos[key])
	k.memos[key] = memo
	return err
}
