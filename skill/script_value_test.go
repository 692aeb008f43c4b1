package skill_test

import (
	"testing"

	"github.com/larkspur-dev/larkspur/skill"
)

// What JSON has becomes what Starlark has, with all digits of ids and amounts.
func TestEveryKindOfJSONInAScript(t *testing.T) {
	const body = `{"i":42,"big":9007199254740993,"huge":1e400,"f":1.5,"neg":-7,"t":true,"n":null,"s":"x",` +
		`"list":[1,"a",null,[2]],"o":{"in":{"deep":1}}}`
	for expr, want := range map[string]string{
		`call.event["i"] + 1`:                        "43",
		`call.event["big"]`:                          "9007199254740993",
		`call.event["huge"] > 1000`:                  "True",
		`call.event["f"] * 2`:                        "3.0",
		`call.event["neg"]`:                          "-7",
		`call.event["t"]`:                            "True",
		`call.event["n"] == None`:                    "True",
		`call.event["s"] + "y"`:                      "xy",
		`call.event["list"]`:                         `[1, "a", None, [2]]`,
		`call.event["o"]["in"]["deep"]`:              "1",
		`call.event["o"]["in"]`:                      `{"deep":1}`,
		`type(call.event["o"])`:                      "object",
		`"i" in call.event`:                          "True",
		`"j" in call.event`:                          "False",
		`hasattr(call.event, "i")`:                   "True",
		`call.event.user_name == None`:               "True", // known, but left out
		`getattr(call.event, "nothing", "none")`:     "none",
		`sorted(dir(call.event))[0:2]`:               `["age", "big"]`,
		`bool(call.event) and bool(call.channel)`:    "True",
		`call.channel.tags`:                          `["a", "b"]`,
		`"title" in dir(call.channel)`:               "True",
		`getattr(call.channel, "nothing", "none")`:   "none",
		`type(call) + str(call) + str(call.channel)`: "callcallchannel",
		`"ban" in dir(call)`:                         "True",
	} {
		set, err := parseScript(t, "def act(call):\n    call.say("+expr+")\non_event('channel.follow', act)\n")
		if err != nil {
			t.Fatal(err)
		}
		p := &fixture{set: set, fakeHost: &fakeHost{channel: skill.ChannelInfo{Title: "Chess", Tags: []string{"a", "b"}}}}
		p.Engine = skill.NewEngine(set, skill.EngineOptions{Host: p.fakeHost})
		p.event(t, "channel.follow", "2", body)
		p.want(t, "say "+want)
	}
	for _, expr := range []string{`{call.event: 1}`, `{call: 1}`, `{call.channel: 1}`, `call.event[1]`, `call.event["none"]`} {
		set, err := parseScript(t, "def act(call):\n    call.say("+expr+")\non_event('channel.follow', act)\n")
		if err != nil {
			t.Fatal(err)
		}
		p := &fixture{set: set, fakeHost: &fakeHost{}}
		p.Engine = skill.NewEngine(set, skill.EngineOptions{Host: p.fakeHost, Report: func(r skill.Report) { p.reports = append(p.reports, r) }})
		p.event(t, "channel.follow", "2", body)
		p.want(t)
		if len(p.reports) != 1 || p.reports[0].Err == nil {
			t.Errorf("%s: got %v, want an error", expr, p.outcomes())
		}
	}
}
