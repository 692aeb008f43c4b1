package skill_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/skill"
)

// parseScript loads a configuration of one script.
func parseScript(t *testing.T, src string) (*skill.Set, error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "x.star"), []byte(src), 0o600); err != nil {
		t.Fatal(err)
	}
	return skill.Parse("l.yaml", []byte("skills: {s: {script: x.star}}"), skill.LoadOptions{Dir: dir})
}

func TestMistakesInScripts(t *testing.T) {
	const act = "def act(call):\n    pass\n\n"
	for _, row := range []struct{ src, want string }{
		{act + "on_command('!x')", "x.star:4:11: on_command: missing argument for function"},
		{act + "on_command('!x', 1)", "x.star:4:11: on_command: for parameter function: got int, want function"},
		{act + "on_command('{x}', act)", "x.star:4:11: a command must begin with a fixed word such as !title"},
		{act + "on_command('!x', act, roles = ['mods'])", `x.star:4:11: unknown role "mods"; want broadcaster, staff, admin, lead_moderator, moderator, vip, founder, subscriber or everyone`},
		{act + "on_command('!x', act, cooldown = -1)", `x.star:4:11: -1 is not a duration; want seconds, or text such as "10m"`},
		{act + "on_command('!x', act, cooldown = 'soon')", `x.star:4:11: "soon" is not a duration; want seconds, or text such as "10m"`},
		{act + "on_command('!x', act, user_cooldown = 9999999999)", `x.star:4:11: 9999999999 is not a duration; want seconds, or text such as "10m"`},
		{act + "on_command('!x', act, user_cooldown = 1.5)", `x.star:4:11: 1.5 is not a duration; want seconds, or text such as "10m"`},
		{act + "on_message('(', act)", "x.star:4:11: not a regular expression: missing closing ): `(`"},
		{act + "on_message('x', act, condition = 'some')", `x.star:4:11: unknown condition "some"; want search, match, fullmatch or findall`},
		{act + "on_message(act)", "x.star:4:11: on_message: for parameter regex: got function, want string"},
		{act + "on_event('channel.folow', act)", `x.star:4:9: unknown event "channel.folow"; did you mean "channel.follow"?`},
		{act + "on_event('stream.online', act, roles = ['vip'])", "x.star:4:9: stream.online names no user, so allow and deny cannot be checked"},
		{act + "on_event(1, act)", "x.star:4:9: on_event: for parameter event: got int, want string"},
		{"def act(*args):\n    pass\non_command('!x', act)", "x.star:3:11: act cannot have * parameters"},
		{"def act(call, **more):\n    pass\non_command('!x', act)", "x.star:3:11: act cannot have * parameters"},
		{"def act():\n    pass\non_command('!x', act)", "x.star:3:11: act needs a parameter for the call: def act(call)"},
		{"def act(call, nam):\n    pass\non_command('!x {name}', act)", `x.star:3:11: no value for the parameter "nam" of act; did you mean "name"?`},
		{act + "memory.get('x')\non_command('!x', act)", "x.star:4:11: memory is available inside functions only"},
		{act + "fail('no')\non_command('!x', act)", "x.star:4:5: fail: no"},
		{act + "break\non_command('!x', act)", "x.star:4:1: break not in a loop"},
		{act + "x = (\n", "x.star:5:1: not Starlark: got end of file, want primary expression"},
		{strings.Repeat("(", 201) + strings.Repeat(")", 201), "x.star:1:1: the brackets are nested too deeply"},
		{act, "x.star registers no function; call on_command, on_message or on_event"},
		{strings.Repeat("#", 256<<10+1), `"x.star" is larger than 256 KiB`},
		{act + "def f():\n    on_command('!x')\nf()", "x.star:5:15: on_command: missing argument for function"},
	} {
		_, err := parseScript(t, row.src)
		if err == nil || !strings.Contains(strings.Replace(err.Error(), " skills.s.script:", "", 1), row.want) {
			t.Errorf("got %v, want %s\n%.200s", err, row.want, row.src)
		}
	}
}

func TestMistakesInCommandsOfScripts(t *testing.T) {
	for _, command := range []string{"!" + strings.Repeat("x", 1000), "", "{x}", "!a {x}{y}", "!a{x}", "!a {x", "!a {event}", "!a {x} {x}", "!a {x?} {y}", "!a {x...} {y}", "!a {x?} b", "!a {x:flot}", "!a {x:int...}", "!a {1}", "!a {for}"} {
		if _, err := parseScript(t, "def act(call):\n    pass\non_command('"+command+"', act)\n"); err == nil {
			t.Errorf("%.40s: got no mistake in the command", command)
		}
	}
}

func TestLargestScript(t *testing.T) {
	src := "def act(call):\n    call.say(" + strings.Repeat("[", 50) + "1" + strings.Repeat("]", 50) + "[0])\non_command('!x', act)\n"
	src += strings.Repeat("#", 256<<10-len(src))
	if _, err := parseScript(t, src); err != nil {
		t.Errorf("got %v, want none", err)
	}
	src = "def act(call):\n    x = [" + strings.Repeat("[1],", 500) + "]\non_command('!x', act)\n"
	if _, err := parseScript(t, src); err != nil {
		t.Errorf("got %v, want none: brackets beside each other are not nested", err)
	}
}

func TestErrorsOfScriptFunctions(t *testing.T) {
	for body, want := range map[string]string{
		"call.timeout('linus', '337h')": "x.star:2: a timeout must be between 1 second and 2 weeks, not 337h0m0s",
		"call.timeout('linus', 0)":      "x.star:2: a timeout must be between 1 second and 2 weeks, not 0s",
		"call.timeout('linus')":         "x.star:2: timeout: missing argument for length",
		"call.ban('@')":                 "x.star:2: there is no user: the text is empty",
		"call.say('')":                  "x.star:2: the text is empty",
		"call.say(None)":                "x.star:2: the text is empty",
		"call.title(' ')":               "x.star:2: the text is empty",
		"call.delete('')":               "x.star:2: there is no message to delete",
		"memory.put('x', 1) or memory.put('x', 'a' * 70000)": "x.star:2: memory: a value can have 64 KiB at most",
		"memory.put('n', 'text') or memory.incr('n')":        `x.star:2: memory: "n" is not an integer`,
		"memory.get('a' * 501)":                              "x.star:2: memory: the key is too long",
		"memory.put('f', lambda: 1)":                         "x.star:2: memory: ",
		"1 // 0":                                             "x.star:2: floored division by zero",
	} {
		set, err := parseScript(t, "def act(call):\n    "+body+"\non_message('x', act)\n")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		host := &fakeHost{}
		e := skill.NewEngine(set, skill.EngineOptions{Host: host, Report: func(r skill.Report) {
			if r.Err != nil && r.Action == "" {
				got = append(got, r.Err.Error())
			}
		}})
		if err := e.Message(t.Context(), message("x")); err == nil {
			t.Errorf("%s: got no error", body)
		}
		if len(got) != 1 || !strings.HasPrefix(got[0], want) || len(host.lines) != 0 {
			t.Errorf("%s: got %q and %q done, want %q", body, got, host.lines, want)
		}
	}
}

// The top-level statements run whenever a configuration is checked.
func TestScriptCannotBlockConfigCheck(t *testing.T) {
	for _, src := range []string{
		"d = {'x': 'a'}\nd['x'] *= 1000000000\n",
		"t = (1,)\nfor i in range(60):\n    t = (t, t)\n",
		"t = (1,)\nfor i in range(60):\n    t = (t, t)\nd = {t: 1}\n",
		"f = 1\ndef pair(a, b):\n    return lambda: [a, b]\nfor i in range(60):\n    f = pair(f, f)\n",
	} {
		began := time.Now()
		_, err := parseScript(t, src+"def act(call):\n    pass\non_message('x', act)\n")
		if err == nil || !strings.Contains(err.Error(), "too large") || time.Since(began) > time.Minute {
			t.Errorf("got %v after %v, want that it is too large\n%s", err, time.Since(began), src)
		}
	}
}

func TestScriptCannotFloodTheChat(t *testing.T) {
	set, err := parseScript(t, "def act(call):\n    for i in range(100000):\n        call.say('x')\n\non_message('x', act)\n")
	if err != nil {
		t.Fatal(err)
	}
	host := &fakeHost{}
	err = skill.NewEngine(set, skill.EngineOptions{Host: host}).Message(t.Context(), message("x"))
	if err == nil || !strings.Contains(err.Error(), "x.star:3: stopped: more than 50 actions for one event") || len(host.lines) != 50 {
		t.Errorf("got %v after %d lines, want it stopped after 50", err, len(host.lines))
	}
}

func TestMemoryOfScripts(t *testing.T) {
	set, err := parseScript(t, `
def act(call):
    memory.put("k", {"a": [1, 2.5, None, True, "x"]})
    call.say(memory.get("k")["a"])
    call.say([memory.get("none"), memory.get("none", 7), memory.incr("n"), memory.incr("n", 5), memory.incr("n", by = -2)])
    memory.delete("k")
    memory.delete("never there")
    call.say(memory.get("k", "gone"))
    memory.put("k" * 500, 1)

on_message("x", act)
`)
	if err != nil {
		t.Fatal(err)
	}
	host := &fakeHost{}
	if err := skill.NewEngine(set, skill.EngineOptions{Host: host}).Message(t.Context(), message("x")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{`say [1, 2.5, None, True, "x"]`, "say [None, 7, 1, 6, 4]", "say gone"}, host.lines); diff != "" {
		t.Error(diff)
	}
}

func TestReplyToAnEventIsSaid(t *testing.T) {
	set, err := parseScript(t, "def act(call):\n    call.reply(call.event.user_name)\n    call.say([call.args, call.match])\non_event('channel.follow', act)\n")
	if err != nil {
		t.Fatal(err)
	}
	p := &fixture{set: set, fakeHost: &fakeHost{}}
	p.Engine = skill.NewEngine(set, skill.EngineOptions{Host: p.fakeHost})
	p.event(t, "channel.follow", "2", follow)
	p.want(t, "say Grace", "say [None, None]")
}

// Starlark grows a list in place, so its other names see it.
func TestListsGrowInPlace(t *testing.T) {
	set, err := parseScript(t, `
def act(call):
    a = [1]
    b = a
    a += [2]
    a += (3,)
    a += a
    text = "x"
    text += "y"
    text *= 2
    n = 7
    n %= 4
    n += 1
    call.say("%s %s %s" % (b, text, n))

on_message("x", act)
`)
	if err != nil {
		t.Fatal(err)
	}
	host := &fakeHost{}
	if err := skill.NewEngine(set, skill.EngineOptions{Host: host}).Message(t.Context(), message("x")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"say [1, 2, 3, 1, 2, 3] xyxy 4"}, host.lines); diff != "" {
		t.Error(diff)
	}
}
