package cli

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/eventsub"
)

var formField = regexp.MustCompile(`\{([^}]*)\}`)

// There is a sentence for every type, and each of its fields exists in a version of it.
// Outside of brackets, one of the alternatives exists in every version.
func TestSentencesFitTheTypes(t *testing.T) {
	known := map[string]bool{}
	for _, info := range eventsub.Types() {
		known[info.Type.Name] = true
		form, ok := sentences[info.Type.Name]
		if !ok {
			t.Errorf("%s has no sentence", info.Type.Name)
		}
		paths := pathsIn(eventFields(info), "")
		outside := regexp.MustCompile(`\[[^\]]*\]`).ReplaceAllString(form, "")
		for _, m := range formField.FindAllStringSubmatch(outside, -1) {
			names, _, _ := strings.Cut(m[1], ":")
			if !slices.ContainsFunc(strings.Split(names, "|"), func(name string) bool { return slices.Contains(paths, name) }) {
				t.Errorf("%s has no field %s", info.Type, names)
			}
		}
	}
	for name, form := range sentences {
		var paths []string
		for _, info := range eventsub.Types() {
			if info.Type.Name == name {
				paths = append(paths, pathsIn(eventFields(info), "")...)
			}
		}
		if !known[name] {
			t.Errorf("there is no type %s", name)
			continue
		}
		for _, m := range formField.FindAllStringSubmatch(form, -1) {
			names, _, _ := strings.Cut(m[1], ":")
			for field := range strings.SplitSeq(names, "|") {
				if !strings.HasPrefix(field, "'") && !slices.Contains(paths, strings.TrimPrefix(field, "?")) {
					t.Errorf("%s has no field %s", name, field)
				}
			}
		}
	}
}

func pathsIn(fields []eventField, before string) []string {
	var paths []string
	for _, f := range fields {
		paths = append(paths, before+f.Name)
		paths = append(paths, pathsIn(f.Fields, before+f.Name+".")...)
	}
	return paths
}

func TestSentence(t *testing.T) {
	for _, c := range []struct{ name, event, want string }{
		{"channel.follow", `{"user_name":"Grace"}`, "Grace follows"},
		{"channel.cheer", `{"user_name":null,"bits":100,"message":"go\n\tgo  go"}`, "an anonymous user cheers 100 bits: go go go"},
		{"channel.cheer", `{"user_name":"Grace","bits":0,"message":""}`, "Grace cheers 0 bits"},
		{"channel.subscribe", `{"user_name":"Grace","tier":"2000","is_gift":true}`, "Grace subscribes, tier 2, as a gift"},
		{"channel.subscribe", `{"user_name":"Grace","tier":"1000","is_gift":false}`, "Grace subscribes, tier 1"},
		{"channel.ad_break.begin", `{"duration_seconds":90}`, "an ad break of 1m30s begins"},
		{"channel.charity_campaign.donate", `{"user_name":"Grace","charity_name":"Cats","amount":{"value":5,"decimal_places":2,"currency":"USD"}}`, "Grace donates 0.05 USD to Cats"},
		{"channel.charity_campaign.donate", `{"user_name":"Grace","charity_name":"Cats","amount":{"value":1200,"decimal_places":0,"currency":"JPY"}}`, "Grace donates 1200 JPY to Cats"},
		{"channel.poll.end", `{"status":"completed","title":"Tea?","choices":[{"title":"yes","votes":3},{"title":"no","votes":0}]}`, "the poll is completed: Tea? (yes 3, no 0)"},
		{"channel.poll.begin", `{"title":"Tea?","choices":[{"title":"yes"},{"title":"no"}]}`, "a poll begins: Tea? (yes, no)"},
		{"channel.moderate", `{"moderator_user_name":"Ada","action":"shared_chat_ban","shared_chat_ban":{"user_name":"Spam","reason":"ads"}}`, "Ada: shared chat ban Spam: ads"},
		{"channel.moderate", `{"moderator_user_name":"Ada","action":"clear"}`, "Ada: clear"},
		{"channel.chat.message", `{"chatter_user_name":"Grace","message":{"text":"\u001b[31mred\u001b[0m\u009b2J\u0007"},"cheer":{"bits":5}}`, "Grace: [31mred[0m2J (5 bits)"},
		{"channel.chat_settings.update", `{"slow_mode":true,"emote_mode":false}`, "the chat settings change; slow mode"},
		{"channel.new_thing", `{"user_name":"Grace\u001b","bits":7}`, "user_name=Grace bits=7"},
		{"channel.follow", `[]`, ""},
		{"channel.follow", `{"user_name":{"a":1}}`, "follows"},
	} {
		if got := sentence(c.name, json.RawMessage(c.event)); got != c.want {
			t.Errorf("%s %s: got %q, want %q", c.name, c.event, got, c.want)
		}
	}
}

// Whatever an event holds, its sentence is one line without control characters.
func FuzzSentence(f *testing.F) {
	f.Add("channel.cheer", `{"bits":1,"message":"\u001b]0;x\u0007"}`)
	f.Add("channel.poll.end", `{"choices":[1,null,{"title":[]}],"status":{}}`)
	f.Add("channel.charity_campaign.donate", `{"amount":{"value":"x","decimal_places":9}}`)
	f.Fuzz(func(t *testing.T, name, event string) {
		got := sentence(name, json.RawMessage(event))
		if got != printable(got) || strings.Contains(got, "\n") {
			t.Errorf("got %q", got)
		}
	})
}
