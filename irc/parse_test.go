package irc_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/irc"
)

func TestParseParts(t *testing.T) {
	type parts struct {
		Tags, Source, Nick, Command, Channel, Text string
		Params                                     []string
	}
	rows := []struct {
		line string
		want parts
	}{
		{"PING :tmi.twitch.tv\r\n", parts{Command: "PING", Text: "tmi.twitch.tv", Params: []string{"tmi.twitch.tv"}}},
		{"PING", parts{Command: "PING"}},
		{
			"@a=b;c :ada!ada@ada.tmi.twitch.tv PRIVMSG #grace :hi :) there",
			parts{Tags: "a=b;c", Source: "ada!ada@ada.tmi.twitch.tv", Nick: "ada", Command: "PRIVMSG", Channel: "grace", Text: "hi :) there", Params: []string{"#grace", "hi :) there"}},
		},
		{
			":tmi.twitch.tv 353 larkspur = #ada :x y",
			parts{Source: "tmi.twitch.tv", Command: "353", Channel: "ada", Text: "x y", Params: []string{"larkspur", "=", "#ada", "x y"}},
		},
		{":tmi.twitch.tv CAP * ACK :twitch.tv/tags", parts{Source: "tmi.twitch.tv", Command: "CAP", Text: "twitch.tv/tags", Params: []string{"*", "ACK", "twitch.tv/tags"}}},
		{"@a  :s  JOIN   #ada", parts{Tags: "a", Source: "s", Command: "JOIN", Channel: "ada", Params: []string{"#ada"}}},
		{"PRIVMSG #ada :", parts{Command: "PRIVMSG", Channel: "ada", Params: []string{"#ada", ""}}},
		{"HELLO # :#no channel", parts{Command: "HELLO", Text: "#no channel", Params: []string{"#", "#no channel"}}},
	}
	for _, row := range rows {
		m, err := irc.Parse(row.line)
		if err != nil {
			t.Errorf("%q: %v", row.line, err)
			continue
		}
		got := parts{string(m.Tags), m.Source, m.Nick(), m.Command, m.Channel(), m.Text(), slices.Collect(m.Params())}
		if diff := cmp.Diff(row.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", row.line, diff)
		}
	}
}

func TestParseErrorsSayWhatIsWrong(t *testing.T) {
	rows := []struct{ line, want string }{
		{"", "irc: parse: empty line (at byte 0)"},
		{"\r\n", "irc: parse: empty line (at byte 0)"},
		{"@a=b", "irc: parse: no command after the tags (at byte 4)"},
		{":source", "irc: parse: no command after the source (at byte 7)"},
		{"@a=b :source ", "irc: parse: no command (at byte 13)"},
		{"PRIV-MSG #a :b", "irc: parse: command is neither letters nor three digits (at byte 4)"},
		{"01 x", "irc: parse: command is neither letters nor three digits (at byte 2)"},
		{"1x1 x", "irc: parse: command is neither letters nor three digits (at byte 1)"},
		{"0001", "irc: parse: command is neither letters nor three digits (at byte 3)"},
		{"PRIVMSG #a :b\nQUIT", "irc: parse: line end or NUL inside the line (at byte 13)"},
		{"PRIVMSG #a :b\x00", "irc: parse: line end or NUL inside the line (at byte 13)"},
	}
	for _, row := range rows {
		_, err := irc.Parse(row.line)
		if _, ok := errors.AsType[*irc.ParseError](err); !ok || err.Error() != row.want {
			t.Errorf("%q: got %v, want %s", row.line, err, row.want)
		}
	}
}

func TestTagEscapes(t *testing.T) {
	rows := []struct{ raw, want string }{
		{`plain`, "plain"},
		{`a\sb`, "a b"},
		{`a\:b`, "a;b"},
		{`a\\b`, `a\b`},
		{`\\s`, `\s`},
		{`\\\s`, `\ `},
		{`\r\n`, "\r\n"},
		{`\x\y`, "xy"},
		{`end\`, "end"},
		{``, ""},
	}
	for _, row := range rows {
		m, err := irc.Parse("@x=1;v=" + row.raw + ";y=2 PING")
		if err != nil {
			t.Fatal(err)
		}
		if got := m.Tags.Get("v"); got != row.want {
			t.Errorf("%s: got %q, want %q", row.raw, got, row.want)
		}
	}
	tags := irc.Tags("a;b=;c=d=e;;b=2")
	if v, ok := tags.Lookup("a"); v != "" || !ok {
		t.Errorf("got %q, %t, want an empty tag", v, ok)
	}
	if _, ok := tags.Lookup("z"); ok {
		t.Error("got a tag that is not there")
	}
	if got := tags.Get("c"); got != "d=e" {
		t.Errorf("got %q, want d=e", got)
	}
	var keys []string
	for k := range tags.All() {
		keys = append(keys, k)
	}
	if got := strings.Join(keys, " "); got != "a b c b" {
		t.Errorf("got %q, want a b c b", got)
	}
}

func TestBadgesAndEmotes(t *testing.T) {
	b := irc.Badges(`broadcaster/1,subscriber/3012,,predictions/a\sb,odd`)
	want := []irc.Badge{{"broadcaster", "1"}, {"subscriber", "3012"}, {"predictions", "a b"}, {"odd", ""}}
	if diff := cmp.Diff(want, slices.Collect(b.All())); diff != "" {
		t.Errorf("badges (-want +got):\n%s", diff)
	}
	if !b.Has("moderator", "broadcaster") || b.Has("moderator") || b.Version("subscriber") != "3012" {
		t.Errorf("got other answers than %q gives", b)
	}
	e := irc.Emotes("25:0-4,12-16/emotesv2_x:6-10/bad:5,7-x,9-3,/:1-2/30:14-99999999999999999999")
	emotes := []irc.Emote{{"25", 0, 5}, {"25", 12, 17}, {"emotesv2_x", 6, 11}}
	if diff := cmp.Diff(emotes, slices.Collect(e.All())); diff != "" {
		t.Errorf("emotes (-want +got):\n%s", diff)
	}
	rows := []struct {
		e          irc.Emote
		text, want string
	}{
		{irc.Emote{Start: 2, End: 7}, "é Kappa!", "Kappa"},
		{irc.Emote{Start: 2, End: 70}, "é Kappa", "Kappa"},
		{irc.Emote{Start: 20, End: 70}, "é", ""},
		{irc.Emote{Start: 0, End: 1}, "", ""},
	}
	for _, row := range rows {
		if got := row.e.In(row.text); got != row.want {
			t.Errorf("%v in %q: got %q, want %q", row.e, row.text, got, row.want)
		}
	}
}

// decode parses a line and reads it as the type of e.
func decode(t *testing.T, line string, e irc.Event) {
	t.Helper()
	m, err := irc.Parse(line)
	if err != nil {
		t.Fatal(err)
	}
	if m.Command != e.Command() && e.Command() != "NUMERIC" {
		t.Fatalf("got command %s, want %s", m.Command, e.Command())
	}
	if err := e.Decode(&m); err != nil {
		t.Fatal(err)
	}
}

var ignoreRaw = cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Raw" }, cmp.Ignore())

func TestTypedMessages(t *testing.T) {
	sent := time.UnixMilli(1700000000123).UTC()
	rows := []struct {
		name, line string
		got, want  irc.Event
	}{
		{
			"chat message",
			`@badge-info=subscriber/14;badges=moderator/1,subscriber/12;bits=100;client-nonce=n;color=#1E90FF;custom-reward-id=r;display-name=Gr\sace;emote-only=1;` +
				`emotes=25:0-4;first-msg=1;id=m1;mod=1;msg-id=highlighted-message;returning-chatter=1;room-id=100;subscriber=1;tmi-sent-ts=1700000000123;turbo=1;user-id=2;` +
				`user-type=mod;vip=1;reply-parent-msg-id=p;reply-parent-user-id=3;reply-parent-user-login=bob;reply-parent-display-name=Bob;reply-parent-msg-body=a\sb\:;` +
				`reply-thread-parent-msg-id=q;reply-thread-parent-user-login=eve;source-id=s;source-room-id=200;source-badges=vip/1;source-badge-info=;source-only=1` +
				" :grace!grace@grace.tmi.twitch.tv PRIVMSG #ada :Kappa",
			&irc.PrivMsg{},
			&irc.PrivMsg{
				Chatter: irc.Chatter{
					UserID: "2", Login: "grace", DisplayName: "Gr ace", Color: "#1E90FF", Badges: "moderator/1,subscriber/12", BadgeInfo: "subscriber/14",
					UserType: "mod", Moderator: true, Subscriber: true, VIP: true, Turbo: true,
				},
				ID: "m1", Channel: "ada", BroadcasterID: "100", Text: "Kappa", SentAt: sent, Emotes: "25:0-4", EmoteOnly: true, Bits: 100, FirstMessage: true,
				Returning: true, Kind: "highlighted-message", RewardID: "r",
			},
		},
		{
			"action, no display name, bad numbers",
			"@display-name=;bits=many;tmi-sent-ts=now :grace!grace@x PRIVMSG #ada :\x01ACTION waves\x01",
			&irc.PrivMsg{},
			&irc.PrivMsg{Chatter: irc.Chatter{Login: "grace", DisplayName: "grace"}, Channel: "ada", Text: "waves", Action: true},
		},
		{
			"subscription in another channel",
			`@display-name=Grace;id=u;login=grace;msg-id=sharedchatnotice;source-msg-id=resub;source-room-id=200;room-id=100;system-msg=Grace\ssubscribed;msg-param-cumulative-months=7 ` +
				":tmi.twitch.tv USERNOTICE #ada :thanks",
			&irc.UserNotice{},
			&irc.UserNotice{
				Chatter: irc.Chatter{Login: "grace", DisplayName: "Grace"}, ID: "u", Kind: "resub", Channel: "ada", BroadcasterID: "100",
				System: "Grace subscribed", Text: "thanks",
			},
		},
		{
			"timeout", "@ban-duration=600;room-id=100;target-user-id=2;tmi-sent-ts=1700000000123 :tmi.twitch.tv CLEARCHAT #ada :grace", &irc.ClearChat{},
			&irc.ClearChat{Channel: "ada", BroadcasterID: "100", Login: "grace", UserID: "2", Duration: 10 * time.Minute, SentAt: sent},
		},
		{"cleared", "@room-id=100 :tmi.twitch.tv CLEARCHAT #ada", &irc.ClearChat{}, &irc.ClearChat{Channel: "ada", BroadcasterID: "100"}},
		{
			"deleted", "@login=grace;room-id=;target-msg-id=m1;tmi-sent-ts=1700000000123 :tmi.twitch.tv CLEARMSG #ada :bad words", &irc.ClearMsg{},
			&irc.ClearMsg{MessageID: "m1", Channel: "ada", Login: "grace", Text: "bad words", SentAt: sent},
		},
		{
			"notice", "@msg-id=slow_on :tmi.twitch.tv NOTICE #ada :This room is now in slow mode.", &irc.Notice{},
			&irc.Notice{Kind: "slow_on", Channel: "ada", Text: "This room is now in slow mode."},
		},
		{"notice before login", ":tmi.twitch.tv NOTICE * :Invalid NICK", &irc.Notice{}, &irc.Notice{Text: "Invalid NICK"}},
		{
			"whisper", "@badges=;color=;display-name=Grace;emotes=;message-id=3;thread-id=1_2;user-id=2 :grace!grace@x WHISPER larkspur :psst", &irc.Whisper{},
			&irc.Whisper{Chatter: irc.Chatter{UserID: "2", Login: "grace", DisplayName: "Grace"}, ID: "3", To: "larkspur", Text: "psst", ThreadID: "1_2"},
		},
		{
			"room", "@emote-only=0;followers-only=10;r9k=1;room-id=100;slow=30;subs-only=1 :tmi.twitch.tv ROOMSTATE #ada", &irc.RoomState{},
			&irc.RoomState{Channel: "ada", BroadcasterID: "100", FollowersOnly: 10 * time.Minute, Unique: true, Slow: 30 * time.Second, SubsOnly: true},
		},
		{"room, followers off", "@followers-only=-1;room-id=100 :tmi.twitch.tv ROOMSTATE #ada", &irc.RoomState{}, &irc.RoomState{Channel: "ada", BroadcasterID: "100", FollowersOnly: -1}},
		{
			"own state", "@badges=moderator/1;client-nonce=n;display-name=Larkspur;emote-sets=0,33;id=m1;mod=1 :tmi.twitch.tv USERSTATE #ada", &irc.UserState{},
			&irc.UserState{
				Chatter: irc.Chatter{DisplayName: "Larkspur", Badges: "moderator/1", Moderator: true}, Channel: "ada",
				EmoteSets: []string{"0", "33"}, MessageID: "m1", Nonce: "n",
			},
		},
		{
			"global state", "@display-name=Larkspur;emote-sets=0;user-id=9 :tmi.twitch.tv GLOBALUSERSTATE", &irc.GlobalUserState{},
			&irc.GlobalUserState{Chatter: irc.Chatter{UserID: "9", DisplayName: "Larkspur"}, EmoteSets: []string{"0"}},
		},
		{"join", ":grace!grace@x JOIN #ada", &irc.Join{}, &irc.Join{Channel: "ada", Login: "grace"}},
		{"part", ":grace!grace@x PART #ada", &irc.Part{}, &irc.Part{Channel: "ada", Login: "grace"}},
		{"ping", "PING :tmi.twitch.tv", &irc.Ping{}, &irc.Ping{Text: "tmi.twitch.tv"}},
		{"reconnect", ":tmi.twitch.tv RECONNECT", &irc.Reconnect{}, &irc.Reconnect{}},
		{"number", ":tmi.twitch.tv 421 larkspur FOO :Unknown command", &irc.Numeric{}, &irc.Numeric{Code: 421, Text: "Unknown command"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			decode(t, row.line, row.got)
			if diff := cmp.Diff(row.want, row.got, ignoreRaw); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTypedMessageWithoutSubject(t *testing.T) {
	for _, e := range []irc.Event{&irc.PrivMsg{}, &irc.UserNotice{}, &irc.ClearChat{}, &irc.ClearMsg{}, &irc.RoomState{}, &irc.UserState{}, &irc.Join{}, &irc.Part{}} {
		m, err := irc.Parse(e.Command() + " :hello")
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Decode(&m); err == nil || err.Error() != "irc: parse: "+e.Command()+" without a channel" {
			t.Errorf("got %v, want an error about the channel", err)
		}
	}
}

func TestParametersOfNotices(t *testing.T) {
	var u irc.UserNotice
	decode(t, `@msg-id=raid;msg-param-displayName=Bob\sB;msg-param-viewerCount=42;room-id=1 :tmi.twitch.tv USERNOTICE #ada`, &u)
	if got := u.Param("displayName"); got != "Bob B" {
		t.Errorf("got %q, want Bob B", got)
	}
	if got := u.Number("viewerCount"); got != 42 {
		t.Errorf("got %d, want 42", got)
	}
	if u.FromShared() {
		t.Error("got a shared notice, want one of the channel")
	}
	var r irc.RoomState
	decode(t, "@room-id=1;slow=0 :tmi.twitch.tv ROOMSTATE #ada", &r)
	if !r.Has(irc.RoomSlow) || r.Has(irc.RoomUnique) {
		t.Error("got other modes than slow")
	}
}

func TestParsingDoesNotAllocate(t *testing.T) {
	var p irc.PrivMsg
	if n := testing.AllocsPerRun(100, func() {
		m, _ := irc.Parse(benchLine)
		_ = p.Decode(&m)
	}); n != 0 {
		t.Errorf("got %v allocations for a reused message, want 0", n)
	}
	var kept *irc.PrivMsg
	if n := testing.AllocsPerRun(100, func() {
		m, _ := irc.Parse(benchLine)
		kept = new(irc.PrivMsg)
		_ = kept.Decode(&m)
	}); n != 1 {
		t.Errorf("got %v allocations for a kept message, want 1", n)
	}
	_ = kept
	const escapes = `@display-name=Gr\sace;reply-parent-msg-body=a\sb :grace!grace@x PRIVMSG #ada :hi`
	if n := testing.AllocsPerRun(100, func() {
		m, _ := irc.Parse(escapes)
		_ = p.Decode(&m)
	}); n != 1 {
		t.Errorf("got %v allocations for a name with an escape, want 1", n)
	}
	_ = p.Decode(new(irc.Line(benchLine).Message()))
	if n := testing.AllocsPerRun(100, func() { _ = p.Chat() }); n > 4 {
		t.Errorf("got %v allocations for a chat.Message, want one each for it, its badges, its fragments and its emotes", n)
	}
	if n := testing.AllocsPerRun(100, func() {
		_, _ = p.Reply()
		_, _ = p.Shared()
		_ = p.Raw.Message()
		for range p.Badges.All() {
		}
		for range p.Emotes.All() {
		}
	}); n != 0 {
		t.Errorf("got %v allocations for what is read on demand, want 0", n)
	}
}

func TestTypedMessagesDoNotAllocate(t *testing.T) {
	for _, e := range []irc.Event{
		&irc.PrivMsg{}, &irc.UserNotice{}, &irc.ClearChat{}, &irc.ClearMsg{}, &irc.Notice{}, &irc.Whisper{}, &irc.RoomState{}, &irc.Join{}, &irc.Part{}, &irc.Ping{},
		&irc.Pong{}, &irc.Reconnect{}, &irc.HostTarget{}, &irc.ModeChange{},
	} {
		m, err := irc.Parse("@room-id=1;slow=5;user-id=2;tmi-sent-ts=1700000000123;msg-id=raid;system-msg=hi;msg-param-viewerCount=5 :grace!grace@x " + e.Command() + " #ada :hi")
		if err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(20, func() { err = e.Decode(&m) }); n != 0 || err != nil {
			t.Errorf("%s: got %v allocations, %v, want none", e.Command(), n, err)
		}
		if u, ok := e.(*irc.UserNotice); ok {
			if n := testing.AllocsPerRun(20, func() { _, _ = u.Raid(); _, _ = u.Goal(); _ = u.Number("viewerCount") }); n != 0 {
				t.Errorf("got %v allocations for the parameters of a notice, want none", n)
			}
		}
	}
}

// Commands are made of the letters a to z, both of them included, in either case.
func TestCommandsOfAllLetters(t *testing.T) {
	for _, command := range []string{"A", "Z", "a", "z", "ZAZ", "azAZ", "PRIVMSG", "PRIVMSGS", "PRIVMS", "000", "999"} {
		if m, err := irc.Parse(command + " #ada :hi"); err != nil || m.Command != command {
			t.Errorf("%q: got command %q, %v", command, m.Command, err)
		}
	}
	if m, err := irc.Parse("PRIVMSG"); err != nil || m.Command != "PRIVMSG" || m.Channel() != "" {
		t.Errorf("got %+v, %v, want a command without parameters", m, err)
	}
	for _, command := range []string{"@A", "[A", "`a", "{a", "A{", "a`", "Z[", "PRIV1", "1", "12", "1234", "12a", "/00", "0:0"} {
		if m, err := irc.Parse(command + " #ada :hi"); err == nil && m.Command == command {
			t.Errorf("%q was taken for a command", command)
		}
	}
}
