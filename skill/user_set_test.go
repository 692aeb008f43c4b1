package skill_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/skill"
)

// Chat that arrives over EventSub has the bot's own messages in it.
func TestBotDoesNotAnswerItself(t *testing.T) {
	const yaml = `
skills:
  echo: {on: channel.chat.message, do: [say: '{event.message.text}']}
  notice: {on: channel.chat.notification, do: [say: '{event.notice_type}']}
`
	for _, row := range []struct {
		name, botID, event, body string
		want                     []string
	}{
		{"its own message", "7", "channel.chat.message", `{"chatter_user_id":"7","message":{"text":"hi"}}`, nil},
		{"of another user", "7", "channel.chat.message", `{"chatter_user_id":"77","message":{"text":"hi"}}`, []string{"say hi"}},
		{"no message", "7", "channel.chat.notification", `{"chatter_user_id":"7","notice_type":"raid"}`, []string{"say raid"}},
		{"the bot is unknown", "", "channel.chat.message", `{"chatter_user_id":"","message":{"text":"hi"}}`, []string{"say hi"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := start(t, yaml)
			engine := skill.NewEngine(p.set, skill.EngineOptions{Host: p.fakeHost, UserID: row.botID})
			if err := engine.Event(t.Context(), eventsub.Notification{
				Type: eventsub.Type{Name: row.event, Version: "1"}, Event: json.RawMessage(row.body),
			}); err != nil {
				t.Fatal(err)
			}
			p.want(t, row.want...)
		})
	}
}

func TestRolesComeFromTheEvent(t *testing.T) {
	const body = `{"chatter_user_id":%q,"chatter_user_login":"grace","broadcaster_user_id":%q,"message":{"text":"hi"},"badges":[%s]}`
	for _, row := range []struct{ allow, chatter, broadcaster, badge, want string }{
		{"roles: [broadcaster]", "42", "1", "", "s denied"},
		{"roles: [broadcaster]", "1", "1", "", "s done say"},
		{"roles: [broadcaster]", "", "", "", "s denied"},
		{"roles: [broadcaster]", "42", "1", "broadcaster", "s done say"},
		{"roles: [moderator]", "1", "1", "", "s done say"}, // what moderators may, the broadcaster may
		{"roles: [moderator]", "42", "1", "lead_moderator", "s done say"},
		{"roles: [moderator]", "42", "1", "vip", "s denied"},
		{"roles: [vip, subscriber]", "42", "1", "founder", "s done say"},
		{"roles: [everyone]", "42", "1", "", "s done say"},
		{"users: [linus]", "1", "1", "", "s denied"}, // no role, so not the broadcaster either
		{"users: [Grace]", "42", "1", "", "s done say"},
		{"users: ['42']", "42", "1", "", "s done say"},
	} {
		p := start(t, "skills: {s: {on: channel.chat.message, allow: {"+row.allow+"}, do: [say: hi]}}")
		badge := ""
		if row.badge != "" {
			badge = fmt.Sprintf(`{"set_id":%q,"id":"1"}`, row.badge)
		}
		p.event(t, "channel.chat.message", "1", fmt.Sprintf(body, row.chatter, row.broadcaster, badge))
		if diff := cmp.Diff([]string{row.want}, p.outcomes()); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", row, diff)
		}
	}
}

func TestDenyEveryone(t *testing.T) {
	p := start(t, "skills: {s: {match: {regex: .*}, deny: {roles: [everyone]}, do: [say: hi]}}")
	p.say(t, message("x"))
	p.want(t)
}

// Those who come and go have a login and no id.
func TestCooldownOfUsersWhoJoin(t *testing.T) {
	p := start(t, "skills: {hello: {on: JoinRoom, cooldown: {per-user: 1h}, do: [say: 'hello {event.user}']}}")
	for _, login := range []string{"grace", "linus", "grace"} {
		p.Join(t.Context(), skill.Membership{UserLogin: login, BroadcasterLogin: "ada"})
	}
	p.want(t, "say hello grace", "say hello linus")
}

func TestUserOfABan(t *testing.T) {
	for _, row := range []struct{ user, want string }{
		{"{event.user_name}", "id=42 login="},
		{" {event.user} ", "id=42 login="},
		{"GRACE", "id=42 login="},
		{"@Linus", "id= login=linus"},
		{"123", "id=123 login="},
		{"{event.broadcaster_user_login}", "id=1 login="},
	} {
		p := start(t, fmt.Sprintf("skills: {s: {match: {regex: spam}, do: [ban: {user: %q}]}}", row.user))
		p.say(t, message("spam"))
		p.want(t, "ban "+row.want+" for=0s reason=")
	}
	p := start(t, "skills: {s: {match: {command: '!x {who?}'}, do: [ban: '{who}']}}")
	p.say(t, message("!x"))
	p.say(t, message("!x @"))
	p.want(t)
	want := []string{"s failed ban: do[0]: there is no user: the text is empty", "s failed ban: do[0]: there is no user: the text is empty"}
	if diff := cmp.Diff(want, p.outcomes()); diff != "" {
		t.Error(diff)
	}
}

// A name that the event gives without an id beside it is a login like any other.
func TestNameWithoutAnIDIsALogin(t *testing.T) {
	p := start(t, "skills: {s: {on: channel.raid, do: [ban: {user: '{event.from_broadcaster_user_login}'}]}}")
	p.event(t, "channel.raid", "1", `{"from_broadcaster_user_id":"","from_broadcaster_user_login":"linus"}`)
	p.event(t, "channel.raid", "1", `{"from_broadcaster_user_id":"9","from_broadcaster_user_login":"Linus"}`)
	p.want(t, "ban id= login=linus for=0s reason=", "ban id=9 login= for=0s reason=")
}

func TestLengthOfATimeoutFromChat(t *testing.T) {
	p := start(t, "skills: {s: {match: {command: '!t {n}'}, do: [timeout: {for: '{n}'}]}}")
	for _, text := range []string{"1", "90s", "14d", "1209600", "336h", "0", "-5", "1209601", "337h", "soon", "0.5s"} {
		p.say(t, message("!t "+text))
	}
	p.want(t, "ban id=42 login= for=1s reason=", "ban id=42 login= for=1m30s reason=",
		"ban id=42 login= for=336h0m0s reason=", "ban id=42 login= for=336h0m0s reason=")
	refused := 0
	for _, r := range p.outcomes() {
		if r == "s failed timeout: do[0]: a timeout must be between 1 second and 2 weeks" {
			refused++
		}
	}
	if refused != 4 {
		t.Errorf("got %d refusals for the range, want 4", refused)
	}
}

// An expression that fails must not let its action happen with half a text.
func TestActionWhoseTextFailsDoesNothing(t *testing.T) {
	for _, action := range []string{
		"say: '{1 // 0}'", "reply: '{1 // 0}'", "send: {to: team, text: '{1 // 0}'}", "title: '{1 // 0}'", "delete: '{1 // 0}'",
		"ban: '{1 // 0}'", "ban: {user: grace, reason: '{1 // 0}'}", "timeout: {user: '{1 // 0}', for: 1m}",
		"timeout: {user: grace, for: '{1 // 0}'}", "timeout: {user: grace, for: 1m, reason: '{1 // 0}'}",
	} {
		p := start(t, "skills: {s: {match: {regex: x}, do: [{"+action+"}]}}")
		p.say(t, message("x"))
		p.want(t)
		if got := p.outcomes(); len(got) != 1 || !strings.HasSuffix(got[0], "do[0]: floored division by zero") {
			t.Errorf("%s: got %q, want it failed", action, got)
		}
	}
	p := start(t, "skills: {s: {match: {regex: x}, do: [clip: '{1 // 0}']}}")
	p.say(t, message("x"))
	p.want(t, "clip ") // made before the text is known to fail
}
