package skill_test

import (
	"strings"
	"testing"
)

// What when: and do: are checked for, the functions of scripts are checked for, too.
func TestUnknownAttributesInScripts(t *testing.T) {
	for _, row := range []struct{ name, src, want string }{
		{"of the call", "def act(call):\n    call.dance()\non_message('x', act)", `x.star:2:10: call has no attribute "dance"`},
		{"of the event", "def act(call):\n    call.say(call.event.user_nam)\non_event('channel.follow', act)", `x.star:2:25: channel.follow has no attribute "user_nam"; did you mean "user_name"?`},
		{"of a message", "def act(call):\n    call.say(call.event.txt)\non_message('x', act)", `x.star:2:25: a chat message has no attribute "txt"; did you mean "text"?`},
		{"of the channel", "def act(call):\n    call.say(call.channel.tittle)\non_message('x', act)", `x.star:2:27: channel has no attribute "tittle"; did you mean "title"?`},
		{"deep inside", "def act(call):\n    call.say(call.event.message.txt)\non_event('channel.chat.message', act)", `x.star:2:33: channel.chat.message.message has no attribute "txt"; did you mean "text"?`},
		{"of a text", "def act(call):\n    call.say(call.user.uper())\non_message('x', act)", `x.star:2:24: text has no attribute "uper"; did you mean "upper"?`},
		{"of the arguments", "def act(call, name):\n    name.uper()\non_command('!x {name}', act)", `x.star:2:10: text has no attribute "uper"; did you mean "upper"?`},
		{"of a local name", "def act(call):\n    e = call.event\n    if e.user_nam:\n        pass\non_event('channel.follow', act)", `x.star:3:10: channel.follow has no attribute "user_nam"`},
		{"of a loop's name", "def act(call):\n    for b in call.event.badges:\n        if b.set == 'x':\n            pass\non_event('channel.chat.message', act)", `x.star:3:14: channel.chat.message.badges has no attribute "set"`},
		{"in a comprehension", "def act(call):\n    x = [b.set for b in call.event.badges]\non_event('channel.chat.message', act)", `x.star:2:12: channel.chat.message.badges has no attribute "set"`},
		{"in a helper", "def name(event):\n    return event.user_nam\ndef act(call):\n    call.say(name(call.event))\non_event('channel.follow', act)", `x.star:2:18: channel.follow has no attribute "user_nam"`},
		{"in a helper's argument by name", "def name(x, event = None):\n    return event.user_nam\ndef act(call):\n    call.say(name(1, event = call.event))\non_event('channel.follow', act)", `x.star:2:18: channel.follow has no attribute "user_nam"`},
		{"in a nested function", "def act(call):\n    def f():\n        return call.event.user_nam\n    call.say(f())\non_event('channel.follow', act)", `x.star:3:27: channel.follow has no attribute "user_nam"`},
		{"in a lambda", "on_event('channel.follow', lambda call: call.event.user_nam)", `x.star:1:52: channel.follow has no attribute "user_nam"`},
		{"in one of two events", "def act(call):\n    call.event.user_name\non_event('channel.follow', act)\non_event('stream.online', act)", `x.star:2:16: stream.online has no attribute "user_name"`},
		{"of opsdroid's event", "def act(call):\n    call.event.folower\non_event('UserFollowed', act)", `x.star:2:16: UserFollowed has no attribute "folower"; did you mean "follower"?`},
		{"of memory", "def act(call):\n    memory.gett('x')\non_message('x', act)", `x.star:2:12: memory has no attribute "gett"; did you mean "get"?`},
		{"in an assignment's target", "def act(call):\n    d = {}\n    d[call.event.user_nam] = 1\non_event('channel.follow', act)", `x.star:3:18: channel.follow has no attribute "user_nam"`},
		{"assigned", "def act(call):\n    call.x = 1\non_message('x', act)", "x.star:2:9: attributes cannot be assigned; use a name or a dict"},
		{"assigned and added", "def act(call):\n    (call.x) += 1\non_message('x', act)", "x.star:2:10: attributes cannot be assigned"},
		{"assigned with others", "def act(call):\n    a, [b, call.x] = 1, [2, 3]\non_message('x', act)", "x.star:2:16: attributes cannot be assigned"},
		{"assigned by a loop", "def act(call):\n    for call.x in [1]:\n        pass\non_message('x', act)", "x.star:2:13: attributes cannot be assigned"},
	} {
		_, err := parseScript(t, row.src+"\n")
		if err == nil || !strings.Contains(strings.Replace(err.Error(), " skills.s.script:", "", 1), row.want) {
			t.Errorf("%s: got %v, want %s", row.name, err, row.want)
		}
	}
}

// What may be right must not be reported.
func TestAttributesInScriptsThatMayExist(t *testing.T) {
	for _, src := range []string{
		"def act(call):\n    e = call.event\n    e = {'x': 1}\n    e.items()\non_event('channel.follow', act)",
		"def act(call):\n    if hasattr(call.event, 'viewers'):\n        call.say(call.event.viewers)\non_event('channel.follow', act)\non_event('channel.raid', act)",
		"def act(call):\n    call.say(getattr(call.event, 'viewers', 0))\non_event('channel.follow', act)",
		"def act(call):\n    for e in [call.event, {}]:\n        e.anything\non_event('channel.follow', act)",
		"def act(call):\n    f = lambda call: call.anything\non_event('channel.follow', act)",
		"def act(call):\n    call = {}\n    call.get('x')\non_event('channel.follow', act)",
		"memory = {}\ndef act(call):\n    memory.items()\non_event('channel.follow', act)",
		"def name(e):\n    return e.anything\ndef act(call):\n    name = lambda e: 1\n    name(call.event)\non_event('channel.follow', act)",
		"def name(e):\n    return e.anything\ndef act(call):\n    name(*[call.event])\non_event('channel.follow', act)",
		"def name(*e):\n    return e[0].user_name\ndef act(call):\n    name(call.event, 1)\non_event('channel.follow', act)",
		"def a(e, n):\n    return b(e, n)\ndef b(e, n):\n    return a(e, n)\ndef act(call):\n    if False:\n        a(call.event, 1)\non_event('channel.follow', act)",
		"def act(call, n):\n    n.anything\non_command('!x {n:int}', act)",
	} {
		if _, err := parseScript(t, src+"\n"); err != nil {
			t.Errorf("got %v, want no mistake in\n%s", err, src)
		}
	}
}
