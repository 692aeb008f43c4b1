package cli

import (
	"encoding/json"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/irc"
)

// lineOf formats a line of IRC as text, without the time.
func lineOf(t *testing.T, depth colorDepth, line string) string {
	t.Helper()
	p := &chatPainter{depth: depth, layout: "", several: func() bool { return false }}
	return strings.TrimPrefix(strings.TrimPrefix(p.line(eventOf(t, line)), "\x1b[2m\x1b[0m"), "  ")
}

func eventOf(t *testing.T, line string) *chatEvent {
	t.Helper()
	m, err := irc.Parse(line)
	if err != nil {
		t.Fatal(err)
	}
	decode := func(e irc.Event) {
		if err := e.Decode(&m); err != nil {
			t.Fatal(err)
		}
	}
	switch m.Command {
	case "PRIVMSG":
		var p irc.PrivMsg
		decode(&p)
		return messageEvent(&p)
	case "USERNOTICE":
		var u irc.UserNotice
		decode(&u)
		return noticeEvent(&u)
	case "CLEARCHAT":
		var c irc.ClearChat
		decode(&c)
		return clearEvent(&c)
	case "CLEARMSG":
		var c irc.ClearMsg
		decode(&c)
		return deletedEvent(&c)
	case "WHISPER":
		var w irc.Whisper
		decode(&w)
		return whisperEvent(&w)
	case "ROOMSTATE":
		r := &irc.RoomState{}
		decode(r)
		return &chatEvent{kind: chatModes, channel: r.Channel, modes: r, at: time.Now()}
	}
	t.Fatalf("%s is not shown", m.Command)
	return nil
}

const fromAda = ":ada!ada@ada.tmi.twitch.tv PRIVMSG #grace :"

func TestChatText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ line, want string }{
		{"@display-name=Ada " + fromAda + "hello", "Ada: hello"},
		{fromAda + "hello", "ada: hello"},
		{"@badges=moderator/1,subscriber/3012,bits/1000,turbo/1;badge-info=subscriber/14;display-name=Ada " + fromAda + "hi", "[mod] [sub 14] [bits badge 1000] Ada: hi"},
		{"@badges=broadcaster/1,vip/1,founder/0 " + fromAda + "hi", "[broadcaster] [vip] [founder] ada: hi"},
		{"@display-name=ÄдА " + fromAda + "hi", "ÄдА (ada): hi"},
		{"@first-msg=1;bits=100 " + fromAda + "Cheer100", "[first message] [cheer 100] ada: Cheer100"},
		{"@returning-chatter=1;msg-id=highlighted-message " + fromAda + "x", "[returning] [highlighted] ada: x"},
		{"@custom-reward-id=7 " + fromAda + "x", "[reward] ada: x"},
		{"@room-id=1;source-room-id=2;source-id=x " + fromAda + "x", "[shared chat] ada: x"},
		{fromAda + "\x01ACTION waves\x01", "* ada waves"},
		{"@emotes=25:0-4,6-10 " + fromAda + "Kappa Kappa wow", "ada: :Kappa: :Kappa: wow"},
		{"@emotes=25:3-7 " + fromAda + "hi Kappa", "ada: hi :Kappa:"},
		{"@emotes=25:3-700,9-2 " + fromAda + "hi Kappa", "ada: hi :Kappa:"},
		{`@reply-parent-msg-id=1;reply-parent-display-name=Grace;reply-parent-user-login=grace;reply-parent-msg-body=is\sit\u202eon? ` + fromAda + "@Grace yes", "ada (to Grace: is itu202eon?): @Grace yes"},
		// What could harm the terminal, or the lines around.
		{fromAda + "\x1b]0;title\x07\x1b[2J\u009b31m\u202e\u2066\u200b\ufeffevil", "ada: ]0;title[2J31mevil"},
		{"@display-name=\x1b[31mAda\u202e " + fromAda + "x", "[31mAda (ada): x"},
		{fromAda + "e" + strings.Repeat("\u0301", 50), "ada: e\u0301\u0301\u0301"},
		{fromAda + "\xff\xfe\x9b2J", "ada: \ufffd2J"},
		{"@display-name=" + strings.Repeat("a", 300) + " " + fromAda + "x", strings.Repeat("a", 49) + "… (ada): x"},
		{fromAda + strings.Repeat("b", 900), "ada: " + strings.Repeat("b", 499) + "…"},
		{"@emotes=25:0-4 " + fromAda + "Kappa" + strings.Repeat("b", 900), "ada: Kappa" + strings.Repeat("b", 494) + "…"},
		{"@emotes=25:0-2 " + fromAda + "\u202e\u200b\x1b x", "ada: :: x"},
		// User notices.
		{`@msg-id=sub;login=ada;display-name=Ada;system-msg=Ada\ssubscribed\sat\sTier\s1. :tmi.twitch.tv USERNOTICE #grace`, "* Ada subscribed at Tier 1."},
		{`@msg-id=resub;login=ada;display-name=Ada;system-msg=Ada\sresubscribed.;emotes=25:0-4 :tmi.twitch.tv USERNOTICE #grace :Kappa yes`, "* Ada resubscribed. Ada: :Kappa: yes"},
		{`@msg-id=announcement;login=ada;display-name=Ada;system-msg= :tmi.twitch.tv USERNOTICE #grace :hear`, "* announcement Ada: hear"},
		{`@msg-id=new_thing;login=ada;display-name=Ada;system-msg= :tmi.twitch.tv USERNOTICE #grace`, "* Ada: new thing"},
		{`@msg-id=modiversary;login=ada;display-name=Ada;msg-param-months=9;system-msg=has\sbeen\sa\smoderator. :tmi.twitch.tv USERNOTICE #grace`, "* Ada has been a moderator."},
		{`@msg-id=raid;login=ada;display-name=Ada;system-msg=15\sraiders\x1b[2J\nfrom\sAda;room-id=1;source-room-id=2 :tmi.twitch.tv USERNOTICE #grace`, "* [shared chat] 15 raidersx1b[2J from Ada"},
		// Moderation and modes.
		{"@ban-duration=5400 :tmi.twitch.tv CLEARCHAT #grace :ada", "- ada was timed out for 1h30m"},
		{"@ban-duration=1209600 :tmi.twitch.tv CLEARCHAT #grace :ada", "- ada was timed out for 14d"},
		{"@ban-duration=1 :tmi.twitch.tv CLEARCHAT #grace :ada", "- ada was timed out for 1s"},
		{":tmi.twitch.tv CLEARCHAT #grace :ada", "- ada was banned"},
		{":tmi.twitch.tv CLEARCHAT #grace", "- a moderator removed all messages"},
		{"@login=ada :tmi.twitch.tv CLEARMSG #grace :" + strings.Repeat("c", 60), "- a message of ada was deleted: " + strings.Repeat("c", 39) + "…"},
		{"@slow=10 :tmi.twitch.tv ROOMSTATE #grace", "- chat: slow 10s"},
		{"@emote-only=1;followers-only=30;r9k=0;slow=0;subs-only=1 :tmi.twitch.tv ROOMSTATE #grace", "- chat: followers only of 30m, subscribers only, emotes only"},
		{"@followers-only=-1 :tmi.twitch.tv ROOMSTATE #grace", "- chat: followers only off"},
		{"@display-name=Ada :ada!ada@ada.tmi.twitch.tv WHISPER grace :psst", "[whisper] Ada: psst"},
	} {
		if got := lineOf(t, noColors, c.line); got != c.want {
			t.Errorf("%q:\ngot  %q\nwant %q", c.line, got, c.want)
		}
		for _, depth := range []colorDepth{colors256, colors24} {
			if got := codes.ReplaceAllString(lineOf(t, depth, c.line), ""); got != c.want {
				t.Errorf("%q:\ngot  %q in colours\nwant %q", c.line, got, c.want)
			}
		}
		line, err := jsonLine(eventOf(t, c.line))
		if err != nil || !json.Valid(line) || strings.ContainsFunc(strings.TrimSuffix(string(line), "\n"), isHidden) {
			t.Errorf("%q: got the JSON %q (%v)", c.line, line, err)
		}
	}
}

var codes = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// Colours: /me in italics, deleted texts struck through.
func TestChatTextStyles(t *testing.T) {
	t.Parallel()
	if got := lineOf(t, colors256, fromAda+"\x01ACTION waves\x01"); !strings.HasSuffix(got, " \x1b[3mwaves\x1b[0m") {
		t.Errorf("got %q", got)
	}
	if got := lineOf(t, colors24, "@login=ada :tmi.twitch.tv CLEARMSG #grace :gone"); !strings.HasSuffix(got, " \x1b[9mgone\x1b[0m") {
		t.Errorf("got %q", got)
	}
}

// A name in any colour is readable on a black and on a white background.
func TestChatNamesAreReadable(t *testing.T) {
	t.Parallel()
	colors := append([]string{"#000000", "#FFFFFF", "#0000FF", "#FFFF00", "#00FF00", "#010101", ""}, defaultColors...)
	for range 2000 {
		colors = append(colors, "#"+strconv.FormatInt(0x1000000+rand.Int64N(0x1000000), 16)[1:])
	}
	number := func(text string) uint64 {
		n, err := strconv.ParseUint(text, 10, 8)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		return n
	}
	contrast := func(what string, c rgb) {
		l := c.luminance()
		if onWhite, onBlack := 1.05/(l+0.05), (l+0.05)/0.05; onWhite < 3 || onBlack < 3 {
			t.Errorf("%s: got contrast %.2f on white and %.2f on black, want 3", what, onWhite, onBlack)
		}
	}
	for _, color := range colors {
		parts := strings.Split(nameCode(colors24, color, "ada"), ";")
		contrast(color, rgb{light(number(parts[3])), light(number(parts[4])), light(number(parts[5]))})
		parts = strings.Split(nameCode(colors256, color, "ada"), ";")
		i := int(number(parts[3])) - 16
		levels := [6]uint64{0, 95, 135, 175, 215, 255}
		contrast(color+" of 256", rgb{light(levels[i/36]), light(levels[i/6%6]), light(levels[i%6])})
	}
	if nameCode(colors24, "", "ada") != nameCode(colors24, "not a color", "ada") {
		t.Error("a name without a colour has two")
	}
}

// A JSON message has all fields of chat.Message.
func TestChatJSON(t *testing.T) {
	t.Parallel()
	line, err := jsonLine(eventOf(t, `@badges=vip/1;color=#1E90FF;display-name=Ada;emotes=25:0-4;first-msg=1;id=m1;room-id=2;user-id=1;tmi-sent-ts=1700000000000;`+
		`reply-parent-msg-id=m0;reply-parent-user-login=grace;reply-parent-msg-body=hm;source-room-id=3;source-id=s1;bits=5 `+fromAda+"Kappa <&\u202e"))
	want := `{"type":"message","time":"2023-11-14T22:13:20Z","channel":"grace","message":{"id":"m1","broadcaster":{"id":"2","login":"grace"},` +
		`"chatter":{"id":"1","login":"ada","name":"Ada","color":"#1E90FF","badges":[{"set":"vip","version":"1"}],"roles":["vip"]},` +
		`"text":"Kappa <&\u202e","fragments":[{"kind":"emote","text":"Kappa","emote_id":"25"},{"kind":"text","text":" <&\u202e"}],"kind":"text","action":false,"bits":5,` +
		`"first_message":true,"returning":false,"reply":{"message_id":"m0","chatter":{"login":"grace"},"text":"hm"},` +
		`"source":{"message_id":"s1","broadcaster_id":"3","only":false},"sent_at":"2023-11-14T22:13:20Z"}}` + "\n"
	if got := string(line); err != nil || got != want {
		t.Errorf("got  %s (%v)\nwant %s", got, err, want)
	}
}
