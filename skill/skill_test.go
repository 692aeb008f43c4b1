package skill_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/skill"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestFollowerIsThanked(t *testing.T) {
	p := start(t, `
skills:
  thank:
    on: channel.follow
    do: [say: 'Thank you {event.user_name}!']
  opsdroid:
    on: UserFollowed
    do: [say: '{event.follower} ({event.user}, {event.user_id}) follows {event.target} since {event.followed_at}']
`)
	p.event(t, "channel.follow", "2", follow)
	p.want(t, "say Thank you Grace!", "say Grace (grace, 42) follows #ada since 2026-01-02T03:04:05Z")
}

func TestSpamIsBannedAndDeleted(t *testing.T) {
	p := start(t, `
skills:
  goodbye-spam-bot:
    match: {regex: 'famous\? Buy followers', case-sensitive: false}
    do:
      - ban: {user: '{event.user_id}', reason: spam}
      - delete: '{event.message_id}'
`)
	p.say(t, message("Wanna become FAMOUS? buy followers at example.org"))
	p.say(t, message("I am famous"))
	p.want(t, "ban id=42 login= for=0s reason=spam", "delete m1")
}

func TestTitleForSome(t *testing.T) {
	p := start(t, `
skills:
  title:
    match: {command: '!title {title...}'}
    allow: {users: [ada], roles: [moderator]}
    do: [title: '{title}']
`)
	p.say(t, message("!title Nope"))
	mod := message("!TITLE  Chess   until I lose ")
	mod.Chatter.Roles = chat.Moderator
	p.say(t, mod)
	ada := message("!title /etc/passwd\u034f")
	ada.Chatter.Login, ada.Chatter.ID = "Ada", "1"
	p.say(t, ada)
	ada.Text = "!title"
	p.say(t, ada)
	p.want(t, "title Chess   until I lose", "title /etc/passwd")
	want := []string{"title denied", "title done title", "title done title", "title usage"}
	if diff := cmp.Diff(want, p.outcomes()); diff != "" {
		t.Error(diff)
	}
}

func TestWhitelistInConfig(t *testing.T) {
	p := start(t, `
skills:
  title:
    match: {regex: '!title (.*)', condition: match}
    config: {whitelisted: [ada, grace]}
    when: event.user in config.whitelisted
    do: [title: '{match[1]}']
`)
	p.say(t, message("!title Go"))
	other := message("!title No")
	other.Chatter.Login = "mallory"
	p.say(t, other)
	p.say(t, message("so !title No"))
	p.want(t, "title Go")
}

func TestStreamStartIsAnnounced(t *testing.T) {
	p := start(t, `
skills:
  announce:
    on: stream.online
    when: event.type == "live"
    do: [send: {to: team, text: "I'm live, come and see {channel.title}"}]
  opsdroid:
    on: [StreamStarted, StreamEnded]
    do: [send: {to: team, text: '{event.target}'}]
  started:
    on: StreamStarted
    do: [send: {to: team, text: '{event.title} {event.viewers} {event.started_at}'}]
`)
	p.event(t, "stream.online", "1", `{"type":"live","broadcaster_user_login":"ada","started_at":"now"}`)
	p.event(t, "stream.online", "1", `{"type":"rerun","broadcaster_user_login":"ada","started_at":"now"}`)
	p.event(t, "stream.offline", "1", `{"broadcaster_user_login":"ada"}`)
	p.want(t, "send team: I'm live, come and see Chess", "send team: #ada", "send team: Chess 7 now",
		"send team: #ada", "send team: Chess 7 now", "send team: #ada")
}

func TestSubscriptionsUnderOpsdroidsNames(t *testing.T) {
	p := start(t, `
skills:
  sub:
    on: UserSubscribed
    do: [say: '{event.user} says {event.message or "nothing"}']
  gift:
    on: UserGiftedSubscription
    do: [say: '{event.gifter_name} to {event.gifted_named}']
`)
	p.event(t, "channel.subscribe", "1", `{"user_login":"grace"}`)
	p.event(t, "channel.subscription.message", "1", `{"user_login":"grace","message":{"text":"hi"}}`)
	p.event(t, "channel.chat.notification", "1", `{"notice_type":"raid"}`)
	p.event(t, "channel.chat.notification", "1",
		`{"notice_type":"sub_gift","chatter_user_name":"Grace","sub_gift":{"recipient_user_name":"Linus"}}`)
	p.want(t, "say grace says nothing", "say grace says hi", "say Grace to Linus")
}

func TestMembership(t *testing.T) {
	p := start(t, `
skills:
  hello: {on: JoinRoom, do: [say: 'hello {event.user} in {event.target}']}
  bye: {on: LeaveRoom, do: [say: 'bye {event.user}']}
`)
	p.Join(t.Context(), skill.Membership{UserLogin: "grace", BroadcasterLogin: "ada"})
	p.Part(t.Context(), skill.Membership{UserLogin: "grace", BroadcasterLogin: "ada"})
	p.want(t, "say hello grace in #ada", "say bye grace")
}

// One skill's refusal, failure or panic must not keep others from running.
func TestSkillsAreIndependent(t *testing.T) {
	p := start(t, `
skills:
  refused: {match: {regex: hi}, allow: {users: [nobody]}, do: [say: refused]}
  unsure: {match: {regex: hi}, when: 1 // 0 == 1, do: [say: unsure]}
  failing: {match: {regex: hi}, do: [{title: x}, {say: never}]}
  panics: {match: {regex: hi}, do: [{ban: grace}]}
  good: {match: {regex: hi}, do: [say: good]}
`)
	p.fail["title"] = errors.New("no")
	p.panics = true
	p.say(t, message("hi"))
	p.want(t, "say good")
	want := []string{
		"refused denied", "unsure failed: when: floored division by zero", "failing failed title: do[0]: no",
		"panics failed: the skill panicked; the log has the stack trace", "good done say",
	}
	if diff := cmp.Diff(want, p.outcomes()); diff != "" {
		t.Error(diff)
	}
}

func TestChatTextStaysData(t *testing.T) {
	tests := []struct{ name, text, chat, want string }{
		{"not evaluated again", "you said {event.text}", "{event.user_id} {{1+1}}", "you said {event.user_id} {{1+1}}"},
		{"no chat command", "{event.text}", "/ban ada", "∕ban ada"},
		{"nor the old sign", "{event.text}", ".ban ada", "․ban ada"},
		{"nor another bot's", "{event.text}", "!title x", "ǃtitle x"},
		{"nor behind invisible ones", " {event.text}", "\u200b \u034f/ban ada", "∕ban ada"},
		{"nor by choosing the word", "/{event.text}", "ban ada", "∕ban ada"},
		{"nor by adding to it", "/me{event.text}", "mod mallory", "∕memod mallory"},
		{"but ours is meant", "/me waves at {event.text}", "/ban", "/me waves at /ban"},
		{"nor behind a fixed invisible word", "\u200b {event.text}", "/me is mallory", "∕me is mallory"},
		{"nor behind a fixed blank", "\u200b\u034f {event.text}", "!title x", "ǃtitle x"},
		{"no line break", "hello {event.text}", "x\r\nPRIVMSG #ada :/ban ada\x00", "hello x  PRIVMSG #ada :/ban ada"},
		{"one message long", "{event.text * 100}", "ééééé", strings.Repeat("é", 500)},
		{"doubled braces", "{{}} {event.text}", "x", "{} x"},
		{"nothing", "{event.raw_event}", "x", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			yaml, err := json.Marshal(map[string]any{"skills": map[string]any{"s": map[string]any{
				"match": map[string]any{"regex": ".*"}, "do": []any{map[string]any{"say": tt.text}},
			}}})
			if err != nil {
				t.Fatal(err)
			}
			p := start(t, string(yaml))
			m := message(tt.chat)
			p.say(t, m)
			if tt.want == "" {
				p.want(t)
				return
			}
			p.want(t, "say "+tt.want)
		})
	}
}

// Skills can ask for what IRC alone knows; over EventSub alone it is false.
func TestFirstMessageOverEitherSource(t *testing.T) {
	p := start(t, "skills: {greet: {match: {regex: .}, when: event.first_message or event.returning, do: [say: 'Welcome to {event.broadcaster_user_name}']}}")
	m := message("hi")
	m.FirstMessage, m.Broadcaster.Name = true, ""
	p.say(t, m)
	p.say(t, message("hi"))
	p.want(t, "say Welcome to ada")
}

func TestOwnMessagesTriggerNothing(t *testing.T) {
	p := start(t, "skills: {echo: {match: {regex: .*}, do: [say: '{event.text}']}}")
	p.Engine = skill.NewEngine(p.set, skill.EngineOptions{Host: p.fakeHost, UserID: "42"})
	p.say(t, message("hello"))
	p.want(t)
}

func TestAllowKnowsEveryRole(t *testing.T) {
	p := start(t, "skills: {s: {match: {regex: .*}, allow: {roles: [lead_moderator, founder, staff]}, do: [say: '{event.roles}']}}")
	for _, badge := range []string{"moderator", "lead_moderator", "subscriber", "founder", "staff", "admin"} {
		m := message("x")
		m.Chatter.Roles = chat.RolesOf("42", "1", []chat.Badge{{Set: badge}})
		p.say(t, m)
	}
	p.want(t, `say ["lead_moderator", "moderator"]`, `say ["founder", "subscriber"]`, `say ["staff"]`)
}

func TestActions(t *testing.T) {
	p := start(t, `
skills:
  all:
    match: {command: '!all {n:int} {who:user?}'}
    do:
      - reply: 'n is {n + 1}'
      - ban
      - ban: '{event.user_name}'
      - ban: '{who}'
      - ban: {user: '99', reason: 'by {event.user}'}
      - timeout: {user: '@123', for: 10m}
      - timeout: {seconds: '{n}', reason: calm down}
      - delete
      - clip
      - clip: 'see {clip.url}'
      - clip: false
      - say: '{clip.url} {args}'
`)
	p.say(t, message("!all 60 @Linus"))
	p.want(t, "reply m1: n is 61", "ban id=42 login= for=0s reason=", "ban id=42 login= for=0s reason=",
		"ban id= login=linus for=0s reason=", "ban id=99 login= for=0s reason=by grace",
		"ban id= login=123 for=10m0s reason=", "ban id=42 login= for=1m0s reason=calm down", "delete m1",
		"clip ", "say https://clips.example/1", "clip ", "say see https://clips.example/1", "clip ",
		"say https://clips.example/1 60 @Linus")
}

// A viewer whose login is the digits of the id of another user must not get them banned.
func TestNumericLoginIsNotAnID(t *testing.T) {
	p := start(t, "skills: {s: {match: {regex: spam}, do: [ban: '{event.user}']}}")
	m := message("spam")
	m.Chatter.Login, m.Chatter.Name = "99", "99"
	p.say(t, m)
	p.want(t, "ban id=42 login= for=0s reason=")
}

func TestNumericLoginDoesNotMatchAnID(t *testing.T) {
	p := start(t, "skills: {s: {match: {regex: .*}, allow: {users: ['99', '@1234', 42x]}, do: [say: yes]}}")
	m := message("x")
	m.Chatter.Login = "99"
	p.say(t, m)
	p.want(t)
	m.Chatter.ID, m.Chatter.Login = "99", "other"
	p.say(t, m)
	m.Chatter.ID, m.Chatter.Login = "5", "1234"
	p.say(t, m)
	p.want(t, "say yes", "say yes")
}

func TestDeny(t *testing.T) {
	p := start(t, "skills: {s: {match: {regex: .*}, deny: {roles: [moderator, vip]}, do: [say: hi]}}")
	for _, badge := range []string{"moderator", "vip", "broadcaster", "subscriber"} {
		m := message("x")
		m.Chatter.Roles = chat.RolesOf("42", "1", []chat.Badge{{Set: badge}})
		p.say(t, m)
	}
	p.want(t, "say hi", "say hi")
}

func TestChatMessageOfEventSub(t *testing.T) {
	p := start(t, `
skills:
  s:
    on: channel.chat.message
    allow: {roles: [moderator]}
    when: event.message.text == "hi" and [b for b in event.badges if b.set_id == "moderator"]
    do: [reply: 'hi {event.chatter_user_name}', ban, delete]
`)
	body := `{"chatter_user_id":"42","chatter_user_login":"grace","chatter_user_name":"Grace","message_id":"m7",` +
		`"broadcaster_user_id":"1","message":{"text":"hi"},"badges":[{"set_id":"%s","id":"1"}],"cheer":null}`
	p.event(t, "channel.chat.message", "1", fmt.Sprintf(body, "moderator"))
	p.event(t, "channel.chat.message", "1", fmt.Sprintf(body, "vip"))
	p.want(t, "reply m7: hi Grace", "ban id=42 login= for=0s reason=", "delete m7")
}

func TestNotAnEvent(t *testing.T) {
	p := start(t, "skills: {s: {on: channel.follow, do: [say: x]}}")
	for _, body := range []string{"", "null", "[]", "{", `"x"`} {
		p.event(t, "channel.follow", "2", body)
	}
	p.want(t)
	if got := len(p.outcomes()); got != 5 {
		t.Errorf("got %d reports, want 5", got)
	}
}

func TestNeeds(t *testing.T) {
	set, err := skill.Parse("l.yaml", []byte(`
skills:
  a: {on: [channel.follow, StreamStarted], do: [send: {to: team, text: x}]}
  b: {match: {command: '!t'}, do: [title: x, say: y]}
  c: {on: JoinRoom, do: [ban: x]}
  d: {enabled: false, on: stream.offline, do: [clip]}
`), skill.LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := skill.Needs{
		Events: []eventsub.Type{{Name: "channel.follow", Version: "2"}, {Name: "stream.online", Version: "1"}},
		Chat:   true, Membership: true, Connectors: []string{"team"},
		Endpoints: []string{"modify-channel-information", "send-chat-message", "ban-user"},
	}
	if diff := cmp.Diff(want, set.Needs()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"a", "b", "c"}, set.Names()); diff != "" {
		t.Error(diff)
	}
}

func TestTimeoutEndsASkill(t *testing.T) {
	set, err := skill.Parse("l.yaml", []byte("skills: {s: {match: {regex: x}, do: [say: hi]}}"), skill.LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var got []skill.Report
	e := skill.NewEngine(set, skill.EngineOptions{
		Host: slow{}, Timeout: time.Millisecond, Report: func(r skill.Report) { got = append(got, r) },
	})
	e.Message(t.Context(), message("x"))
	if len(got) != 1 || !errors.Is(got[0].Err, context.DeadlineExceeded) {
		t.Errorf("got %v, want a deadline", got)
	}
}

// slow is a host that never gets done.
type slow struct{ *fakeHost }

func (slow) Do(ctx context.Context, _ skill.Effect) (map[string]any, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}
