package irc_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/irc"
)

// writtenLines have every command, with every tag that Twitch is known to send with it.
// Those of USERNOTICE are in noticeRows.
var writtenLines = []struct {
	line string
	got  irc.Event // the type of the line; nil if it has none
}{
	{
		`@animation-id=simmer;badge-info=subscriber/14;badges=moderator/1,subscriber/12;bits=100;client-nonce=n;color=#1E90FF;custom-reward-id=r;display-name=Grace;` +
			`emote-only=1;emotes=25:0-4,6-10;first-msg=1;flags=0-4:P.3;id=m1;mod=1;msg-id=animated-message;returning-chatter=1;room-id=100;subscriber=1;` +
			`tmi-sent-ts=1700000000123;turbo=1;user-id=2;user-type=mod;vip=1 :grace!grace@grace.tmi.twitch.tv PRIVMSG #ada :Kappa Kappa`, &irc.PrivMsg{},
	},
	{
		`@reply-parent-msg-id=p;reply-parent-user-id=3;reply-parent-user-login=bob;reply-parent-display-name=Bob;reply-parent-msg-body=a\sb\:;` +
			`reply-thread-parent-msg-id=q;reply-thread-parent-user-id=4;reply-thread-parent-user-login=eve;reply-thread-parent-display-name=Eve;` +
			`room-id=100;source-id=s;source-room-id=200;source-badges=vip/1;source-badge-info=;source-only=0;historical=1;rm-received-ts=1700000000125;` +
			`pinned-chat-paid-amount=1400;pinned-chat-paid-canonical-amount=1400;pinned-chat-paid-currency=USD;pinned-chat-paid-exponent=2;` +
			`pinned-chat-paid-is-system-message=0;pinned-chat-paid-level=TWO :grace!grace@grace.tmi.twitch.tv PRIVMSG #ada :@Bob hi`, &irc.PrivMsg{},
	},
	{"@ban-duration=600;room-id=100;target-user-id=2;tmi-sent-ts=1700000000123 :tmi.twitch.tv CLEARCHAT #ada :grace", &irc.ClearChat{}},
	{"@login=grace;room-id=;target-msg-id=m1;tmi-sent-ts=1700000000123 :tmi.twitch.tv CLEARMSG #ada :bad words", &irc.ClearMsg{}},
	{"@emote-only=0;followers-only=10;r9k=1;room-id=100;slow=30;subs-only=1 :tmi.twitch.tv ROOMSTATE #ada", &irc.RoomState{}},
	{
		"@badge-info=;badges=moderator/1;client-nonce=n;color=;display-name=Larkspur;emote-sets=0,33;id=m1;mod=1;subscriber=0;turbo=0;user-type=mod " +
			":tmi.twitch.tv USERSTATE #ada", &irc.UserState{},
	},
	{"@badge-info=;badges=;color=;display-name=Larkspur;emote-sets=0;turbo=0;user-id=9;user-type= :tmi.twitch.tv GLOBALUSERSTATE", &irc.GlobalUserState{}},
	{"@msg-id=slow_on;target-user-id=2 :tmi.twitch.tv NOTICE #ada :This room is now in slow mode.", &irc.Notice{}},
	{
		"@badges=;color=;display-name=Grace;emotes=;message-id=3;thread-id=1_2;turbo=0;user-id=2;user-type= :grace!grace@grace.tmi.twitch.tv " +
			"WHISPER larkspur :psst", &irc.Whisper{},
	},
	{":grace!grace@grace.tmi.twitch.tv JOIN #ada", &irc.Join{}},
	{":grace!grace@grace.tmi.twitch.tv PART #ada", &irc.Part{}},
	{":larkspur.tmi.twitch.tv 353 larkspur = #ada :larkspur grace", &irc.Numeric{}},
	{":larkspur.tmi.twitch.tv 366 larkspur #ada :End of /NAMES list", &irc.Numeric{}},
	{":tmi.twitch.tv 421 larkspur WHO :Unknown command", &irc.Numeric{}},
	{":tmi.twitch.tv 001 larkspur :Welcome, GLHF!", &irc.Numeric{}},
	{"PING :tmi.twitch.tv", &irc.Ping{}},
	{":tmi.twitch.tv PONG tmi.twitch.tv :x", &irc.Pong{}},
	{":tmi.twitch.tv RECONNECT", &irc.Reconnect{}},
	{":tmi.twitch.tv CAP * ACK :twitch.tv/tags twitch.tv/commands", &irc.Cap{}},
	{"CAP * NAK :foo", &irc.Cap{}},
	{":tmi.twitch.tv HOSTTARGET #ada :grace 12", &irc.HostTarget{}},
	{":jtv MODE #ada +o grace", &irc.ModeChange{}},
	{"@new=1 :tmi.twitch.tv SOMETHING #ada a :b c", nil},
}

func TestEveryCommandHasALine(t *testing.T) {
	for _, e := range events() {
		if e.Command() != "USERNOTICE" && !slices.ContainsFunc(writtenLines, func(l struct {
			line string
			got  irc.Event
		},
		) bool {
			return l.got != nil && l.got.Command() == e.Command()
		}) {
			t.Errorf("no line for %s", e.Command())
		}
	}
	for _, row := range writtenLines {
		if row.got != nil {
			decode(t, row.line, row.got)
		}
	}
}

// Every tag that a line has is read: the value of a field or of a method changes with it.
func TestRareTagsOfAMessage(t *testing.T) {
	var p irc.PrivMsg
	decode(t, writtenLines[0].line, &p)
	if p.Nonce() != "n" || p.Animation() != "simmer" || p.Kind != irc.KindAnimatedMessage || p.UserType != "mod" {
		t.Errorf("got nonce %q, animation %q, kind %q, user type %q", p.Nonce(), p.Animation(), p.Kind, p.UserType)
	}
	if diff := cmp.Diff([]irc.Flag{{Start: 0, End: 5, Category: "P", Level: 3}}, slices.Collect(p.Flags().All())); diff != "" {
		t.Errorf("flags (-want +got):\n%s", diff)
	}
	if _, ok := p.Reply(); ok || p.FromShared() {
		t.Error("got a reply or a message of another channel, want none")
	}
	if _, ok := p.Pinned(); ok {
		t.Error("got a payment, want none")
	}
	if _, ok := p.History(); ok {
		t.Error("got a message of the past, want one of now")
	}

	decode(t, writtenLines[1].line, &p)
	reply, ok := p.Reply()
	if diff := cmp.Diff(irc.Parent{
		ID: "p", UserID: "3", Login: "bob", DisplayName: "Bob", Text: "a b;", ThreadID: "q", ThreadUserID: "4", ThreadLogin: "eve", ThreadDisplayName: "Eve",
	}, reply); diff != "" || !ok {
		t.Errorf("reply, %t (-want +got):\n%s", ok, diff)
	}
	shared, ok := p.Shared()
	if diff := cmp.Diff(irc.Shared{MessageID: "s", BroadcasterID: "200", Badges: "vip/1"}, shared); diff != "" || !ok || !p.FromShared() {
		t.Errorf("shared chat, %t, %t (-want +got):\n%s", ok, p.FromShared(), diff)
	}
	pinned, ok := p.Pinned()
	if diff := cmp.Diff(irc.Pinned{Amount: 1400, Exponent: 2, Currency: "USD", Level: "TWO"}, pinned); diff != "" || !ok || pinned.Value() != 14 {
		t.Errorf("payment, %t (-want +got):\n%s", ok, diff)
	}
	if received, ok := p.History(); !ok || received.UnixMilli() != 1700000000125 {
		t.Errorf("got %v, %t, want a message of the past", received, ok)
	}
}

func TestFlagsOfAText(t *testing.T) {
	got := slices.Collect(irc.Flags("0-4:P.6/A.3,10-12:I,x:P.1,9-2:P.1,3-3:/.5/Z.x").All())
	want := []irc.Flag{{0, 5, "P", 6}, {0, 5, "A", 3}, {10, 13, "I", 0}, {3, 4, "Z", 0}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("flags (-want +got):\n%s", diff)
	}
	for range irc.Flags("0-4:P.6/A.3").All() {
		break // ends the search
	}
}

func TestNamesAndUnknownCommands(t *testing.T) {
	var n irc.Numeric
	decode(t, ":x.tmi.twitch.tv 353 x = #ada :x grace", &n)
	if got := strings.Join(n.Names(), ","); got != "x,grace" || n.Channel != "ada" || n.Code != irc.NumericNames {
		t.Errorf("got names %q of %q, code %d", got, n.Channel, n.Code)
	}
	if _, ok := n.UnknownCommand(); ok {
		t.Error("got an unknown command of a list of names")
	}
	decode(t, ":tmi.twitch.tv 421 x WHO :Unknown command", &n)
	if got, ok := n.UnknownCommand(); got != "WHO" || !ok || n.Names() != nil {
		t.Errorf("got %q, %t, want WHO", got, ok)
	}
}

func TestRoomStateIsKeptUpToDate(t *testing.T) {
	var state irc.RoomState
	decode(t, "@emote-only=0;followers-only=-1;r9k=0;room-id=100;slow=0;subs-only=0 :tmi.twitch.tv ROOMSTATE #ada", &state)
	for _, tag := range []string{"slow=30", "r9k=1", "followers-only=0", "subs-only=1", "emote-only=1", "subs-only=0", "slow=-5", "followers-only=99999999999999999"} {
		var change irc.RoomState
		decode(t, "@"+tag+" :tmi.twitch.tv ROOMSTATE #ada", &change)
		change.Apply(&state)
	}
	want := irc.RoomState{Channel: "ada", BroadcasterID: "100", EmoteOnly: true, Unique: true, FollowersOnly: 1<<63 - 1}
	if diff := cmp.Diff(want, state, ignoreRaw); diff != "" {
		t.Errorf("state (-want +got):\n%s", diff)
	}
}

func TestLineOfATypedMessage(t *testing.T) {
	var p irc.PrivMsg
	decode(t, benchLine, &p)
	if m := p.Raw.Message(); m.Command != "PRIVMSG" || m.Tags != p.Raw.Tags() || m.Tags.Get("user-id") != "2002" {
		t.Errorf("got %+v from the line", m)
	}
	for _, line := range []irc.Line{"", "@", "PING", ":"} {
		if got := line.Tags(); got != "" {
			t.Errorf("%q: got tags %q, want none", line, got)
		}
	}
	if m := irc.Line("@").Message(); m.Command != "" {
		t.Errorf("got %+v, want nothing", m)
	}
}

// notices are the constants of NOTICE, which are compared with Twitch's current list.
var notices = []string{
	irc.NoticeEmoteOnlyOff, irc.NoticeEmoteOnlyOn, irc.NoticeFollowersOff, irc.NoticeFollowersOn, irc.NoticeFollowersOnZero, irc.NoticeBadCharacters, irc.NoticeBanned,
	irc.NoticeChannelBlocked, irc.NoticeChannelSuspended, irc.NoticeDuplicate, irc.NoticeEmoteOnly, irc.NoticeFollowersOnly, irc.NoticeFollowersOnlyFollowed,
	irc.NoticeFollowersOnlyZero, irc.NoticeUnique, irc.NoticeRateLimit, irc.NoticeHeld, irc.NoticeRejected, irc.NoticeVerifyPhone, irc.NoticeSlowMode, irc.NoticeSubsOnly,
	irc.NoticeSuspended, irc.NoticeTimedOut, irc.NoticeVerifyEmail, irc.NoticeSlowOff, irc.NoticeSlowOn, irc.NoticeSubsOff, irc.NoticeSubsOn, irc.NoticeClosedByTwitch,
	irc.NoticeUnknownCommand,
}

func TestEveryNoticeOfTheSheetHasAConstant(t *testing.T) {
	_, list, _ := strings.Cut(sheet(t), "Current list (P, all 30): ")
	list, _, _ = strings.Cut(list, ".")
	if diff := cmp.Diff(strings.Fields(list), notices); diff != "" {
		t.Errorf("notices (-sheet +constants):\n%s", diff)
	}
}

// Every tag that the sheet names for a command is in a line above.
func TestEveryTagOfTheSheetHasALine(t *testing.T) {
	have := map[string]bool{}
	add := func(line string) {
		m, err := irc.Parse(line)
		if err != nil {
			t.Fatal(err)
		}
		for k := range m.Tags.All() {
			have[k] = true
		}
	}
	for _, row := range writtenLines {
		add(row.line)
	}
	for _, row := range noticeRows {
		add(noticeLine(row.kind, row.params))
	}
	add(sharedNotice)
	_, text, _ := strings.Cut(sheet(t), "### PRIVMSG")
	messages, _, _ := strings.Cut(text, "## NOTICE")
	// Only words with a dash: the others cannot be told from prose.
	for _, tag := range regexp.MustCompile(`\b(?:[a-z0-9]+-)+[a-z0-9]+\b`).FindAllString(messages, -1) {
		known := have[tag] || have["msg-param-"+tag] || have["reply-parent-"+tag] || have["reply-thread-parent-"+tag] || have["source-"+tag] ||
			have["pinned-chat-paid-amount"] && tag == "pinned-chat-paid"
		if !known && !slices.Contains(notTags, tag) {
			t.Errorf("no line has the tag %q", tag)
		}
	}
}

// notTags are words with a dash that the sheet has beside the tags: parts of names, and
// values.
var notTags = []string{
	"reply-parent", "reply-thread-parent", "msg-param", "prior-gifter", "user-name", "to-login", "2022-10-03", "time-out", "rainbow-eclipse", "cosmic-abyss",
	"highlighted-message", "skip-subs-mode-message", "gigantified-emote-message", "animated-message", "watch-streak", "sub-gifter", "bot-badge",
}

func TestHostsAndModes(t *testing.T) {
	for line, want := range map[string]irc.Event{
		":tmi.twitch.tv HOSTTARGET #ada :grace 12":       &irc.HostTarget{Channel: "ada", Target: "grace", Viewers: 12},
		":tmi.twitch.tv HOSTTARGET #ada :grace -":        &irc.HostTarget{Channel: "ada", Target: "grace"},
		":tmi.twitch.tv HOSTTARGET #ada :- 0":            &irc.HostTarget{Channel: "ada"},
		":jtv MODE #ada +o grace":                        &irc.ModeChange{Channel: "ada", Login: "grace", Moderator: true},
		":jtv MODE #ada -o grace":                        &irc.ModeChange{Channel: "ada", Login: "grace"},
		":tmi.twitch.tv CAP * ACK :a b":                  &irc.Cap{Kind: "ACK", Capabilities: []string{"a", "b"}},
		"CAP * NAK :a":                                   &irc.Cap{Kind: "NAK", Capabilities: []string{"a"}},
		":tmi.twitch.tv PONG tmi.twitch.tv :x":           &irc.Pong{Text: "x"},
		"@target-user-id=2 :x NOTICE * :no":              &irc.Notice{TargetUserID: "2", Text: "no"},
		"@ban-duration=9999999999999999999 CLEARCHAT #a": &irc.ClearChat{Channel: "a"},
		"@ban-duration=999999999999999 CLEARCHAT #a":     &irc.ClearChat{Channel: "a", Duration: time.Duration(1<<63 - 1)},
		"@ban-duration=-5 CLEARCHAT #a":                  &irc.ClearChat{Channel: "a"},
	} {
		for _, got := range events() {
			if got.Command() != want.Command() {
				continue
			}
			decode(t, line, got)
			if diff := cmp.Diff(want, got, ignoreRaw); diff != "" {
				t.Errorf("%s (-want +got):\n%s", line, diff)
			}
		}
	}
}

// examples are Twitch's documented lines, which lie beside the repository.
func examples(t testing.TB) []string {
	t.Helper()
	const name = "../../shared/twitch/examples/irc/lines.txt"
	b, err := os.ReadFile(name)
	if err != nil {
		t.Skipf("%s is not there: Twitch's examples are not part of the repository", name)
	}
	return strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
}
