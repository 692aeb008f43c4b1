package irc_test

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/irc"
)

// plain is a line that was parsed the way the specification tells it, in as many steps.
// The tests compare the parser with it.
type plain struct {
	tags            [][2]string // in order; values have their escapes
	source, command string
	params          []string
	hasText         bool // the last parameter stood behind a colon
}

var plainCommand = regexp.MustCompile(`^([A-Za-z]+|[0-9]{3})$`)

func plainParse(line string) (p plain, ok bool) {
	rest := strings.TrimRight(line, "\r\n")
	if strings.ContainsAny(rest, "\r\n\x00") {
		return p, false
	}
	if strings.HasPrefix(rest, "@") {
		var tags string
		if tags, rest, ok = strings.Cut(rest[1:], " "); !ok {
			return p, false
		}
		for tag := range strings.SplitSeq(tags, ";") {
			if key, value, _ := strings.Cut(tag, "="); key != "" {
				p.tags = append(p.tags, [2]string{key, value})
			}
		}
		rest = strings.TrimLeft(rest, " ")
	}
	if strings.HasPrefix(rest, ":") {
		if p.source, rest, ok = strings.Cut(rest[1:], " "); !ok {
			return p, false
		}
		rest = strings.TrimLeft(rest, " ")
	}
	p.command, rest, _ = strings.Cut(rest, " ")
	if !plainCommand.MatchString(p.command) {
		return p, false
	}
	for rest = strings.TrimLeft(rest, " "); rest != ""; rest = strings.TrimLeft(rest, " ") {
		if strings.HasPrefix(rest, ":") {
			p.params, p.hasText = append(p.params, rest[1:]), true
			break
		}
		var param string
		param, rest, _ = strings.Cut(rest, " ")
		p.params = append(p.params, param)
	}
	return p, true
}

func plainUnescape(s string) string {
	var out []byte
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			out = append(out, s[i])
			continue
		}
		if i++; i == len(s) {
			break
		}
		c, special := map[byte]byte{':': ';', 's': ' ', 'r': '\r', 'n': '\n'}[s[i]]
		if !special {
			c = s[i]
		}
		out = append(out, c)
	}
	return string(out)
}

// tag returns the last value of a tag, or "". Most fields have it as it is: Twitch sends
// no escapes in them.
func (p plain) tag(key string) (value string) {
	for _, tag := range p.tags {
		if tag[0] == key {
			value = tag[1]
		}
	}
	return value
}

func (p plain) isSet(key string) bool { return p.tag(key) == "1" }

func (p plain) number(key string) int64 {
	n, err := strconv.ParseInt(p.tag(key), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// channel returns the channel and the text.
func (p plain) channel() (channel, text string) {
	if p.hasText {
		text = p.params[len(p.params)-1]
	}
	for _, param := range p.params {
		if len(param) > 1 && param[0] == '#' && !strings.Contains(param, " ") {
			return param[1:], text
		}
	}
	return "", text
}

// privMsg is what PrivMsg.Decode makes of the line.
func (p plain) privMsg() (m irc.PrivMsg, ok bool) {
	m.Channel, m.Text = p.channel()
	m.Login, _, ok = strings.Cut(p.source, "!")
	if !ok {
		m.Login = ""
	}
	if text, ok := strings.CutPrefix(m.Text, "\x01ACTION"); ok {
		m.Text, m.Action = strings.TrimSuffix(strings.TrimPrefix(text, " "), "\x01"), true
	}
	m.ID, m.BroadcasterID, m.UserID = p.tag("id"), p.tag("room-id"), p.tag("user-id")
	m.DisplayName, m.Color, m.UserType = plainUnescape(p.tag("display-name")), p.tag("color"), p.tag("user-type")
	m.Badges, m.BadgeInfo, m.Emotes = irc.Badges(p.tag("badges")), irc.Badges(p.tag("badge-info")), irc.Emotes(p.tag("emotes"))
	m.Kind, m.RewardID = p.tag("msg-id"), p.tag("custom-reward-id")
	m.Moderator, m.Subscriber, m.VIP, m.Turbo = p.isSet("mod"), p.isSet("subscriber"), p.isSet("vip"), p.isSet("turbo")
	m.EmoteOnly, m.FirstMessage, m.Returning = p.isSet("emote-only"), p.isSet("first-msg"), p.isSet("returning-chatter")
	m.Bits = int(p.number("bits"))
	if _, err := strconv.ParseInt(p.tag("tmi-sent-ts"), 10, 64); err == nil {
		m.SentAt = time.UnixMilli(p.number("tmi-sent-ts")).UTC()
	}
	if m.DisplayName == "" {
		m.DisplayName = m.Login
	}
	return m, m.Channel != ""
}

// reply and shared are what the methods of PrivMsg return.
func (p plain) reply() irc.Parent {
	return irc.Parent{
		ID: p.tag("reply-parent-msg-id"), UserID: p.tag("reply-parent-user-id"), Login: p.tag("reply-parent-user-login"),
		DisplayName: plainUnescape(p.tag("reply-parent-display-name")), Text: plainUnescape(p.tag("reply-parent-msg-body")), ThreadID: p.tag("reply-thread-parent-msg-id"),
		ThreadUserID: p.tag("reply-thread-parent-user-id"), ThreadLogin: p.tag("reply-thread-parent-user-login"),
		ThreadDisplayName: plainUnescape(p.tag("reply-thread-parent-display-name")),
	}
}

func (p plain) shared() irc.Shared {
	return irc.Shared{
		MessageID: p.tag("source-id"), BroadcasterID: p.tag("source-room-id"), Badges: irc.Badges(p.tag("source-badges")),
		BadgeInfo: irc.Badges(p.tag("source-badge-info")), Kind: p.tag("source-msg-id"), Only: p.isSet("source-only"),
	}
}

// checkLine compares the parser with the plain one.
func checkLine(t *testing.T, line string) {
	t.Helper()
	want, ok := plainParse(line)
	m, err := irc.Parse(line)
	if ok != (err == nil) {
		t.Fatalf("%q: got error %v, want one: %t", line, err, !ok)
	}
	if !ok {
		return
	}
	got := plain{source: m.Source, command: m.Command, params: slices.Collect(m.Params()), hasText: want.hasText}
	i := 0
	for k, v := range m.Tags.All() {
		if i < len(want.tags) && v == plainUnescape(want.tags[i][1]) {
			v = want.tags[i][1]
		}
		got.tags = append(got.tags, [2]string{k, v})
		i++
	}
	if !reflect.DeepEqual(want, got) { // cmp.Diff is slow
		t.Errorf("%q (-want +got):\n%s", line, cmp.Diff(want, got, cmp.AllowUnexported(plain{})))
	}
	channel, text := want.channel()
	if m.Channel() != channel || m.Text() != text {
		t.Errorf("%q: got channel %q, text %q, want %q, %q", line, m.Channel(), m.Text(), channel, text)
	}
	msg, ok := want.privMsg()
	p := irc.PrivMsg{ID: "old", Bits: 7, Chatter: irc.Chatter{VIP: true}} // a reused value
	if err := p.Decode(&m); ok != (err == nil) {
		t.Fatalf("%q: got error %v, want one: %t", line, err, !ok)
	}
	if !ok {
		return
	}
	msg.Raw = irc.Line(m.Line)
	if msg != p {
		t.Errorf("%q (-want +got):\n%s", line, cmp.Diff(msg, p))
	}
	reply, _ := p.Reply()
	if want := want.reply(); want != reply {
		t.Errorf("%q: reply (-want +got):\n%s", line, cmp.Diff(want, reply))
	}
	shared, _ := p.Shared()
	if want := want.shared(); want != shared {
		t.Errorf("%q: shared chat (-want +got):\n%s", line, cmp.Diff(want, shared))
	}
}

func TestLinesAreReadLikeThePlainParserDoes(t *testing.T) {
	allLines(t, checkLine)
}
