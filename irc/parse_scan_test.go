package irc_test

import (
	"iter"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/irc"
)

// plainTags reads tags the way the specification tells it, in as many steps.
// Values keep their escapes.
func plainTags(s string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for one := range strings.SplitSeq(s, ";") {
			if key, value, _ := strings.Cut(one, "="); key != "" && !yield(key, value) {
				return
			}
		}
	}
}

func plainUnescape(s string) string {
	return strings.NewReplacer(`\:`, ";", `\s`, " ", `\r`, "\r", `\n`, "\n", `\\`, `\`).Replace(s)
}

// plainMsg is what PrivMsg.Decode makes of tags, by one step per tag.
func plainMsg(tags string) irc.PrivMsg {
	var p irc.PrivMsg
	for k, v := range plainTags(tags) {
		switch k {
		case "id":
			p.ID = v
		case "room-id":
			p.BroadcasterID = v
		case "user-id":
			p.UserID = v
		case "display-name":
			p.DisplayName = plainUnescape(v)
		case "color":
			p.Color = v
		case "badges":
			p.Badges = irc.Badges(v)
		case "badge-info":
			p.BadgeInfo = irc.Badges(v)
		case "emotes":
			p.Emotes = irc.Emotes(v)
		case "user-type":
			p.UserType = v
		case "mod":
			p.Moderator = v == "1"
		case "subscriber":
			p.Subscriber = v == "1"
		case "turbo":
			p.Turbo = v == "1"
		case "vip":
			p.VIP = v == "1"
		case "first-msg":
			p.FirstMessage = v == "1"
		case "returning-chatter":
			p.Returning = v == "1"
		case "emote-only":
			p.EmoteOnly = v == "1"
		case "tmi-sent-ts":
			p.SentAt = time.Time{}
			if n, err := strconv.ParseInt(v, 10, 64); err == nil {
				p.SentAt = time.UnixMilli(n).UTC()
			}
		case "bits":
			p.Bits = 0
			if n, err := strconv.Atoi(v); err == nil {
				p.Bits = n
			}
		}
	}
	return p
}

func checkTags(t *testing.T, tags string) {
	t.Helper()
	m, err := irc.Parse("@" + tags + " :x!x@x PRIVMSG #ada :hi")
	if err != nil || string(m.Tags) != tags {
		return // a space or a line end among the tags
	}
	type pair struct{ key, value string }
	var got, want []pair
	for k, v := range m.Tags.All() {
		got = append(got, pair{k, v})
	}
	for k, v := range plainTags(tags) {
		want = append(want, pair{k, plainUnescape(v)})
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(pair{})); diff != "" {
		t.Errorf("tags of %q (-want +got):\n%s", tags, diff)
	}
	var p irc.PrivMsg
	if err := p.Decode(&m); err != nil {
		t.Fatal(err)
	}
	msg := plainMsg(tags)
	if msg.DisplayName == "" {
		msg.DisplayName = "x"
	}
	msg.Login, msg.Channel, msg.Text, msg.Raw = p.Login, p.Channel, p.Text, p.Raw
	msg.Kind, msg.RewardID = p.Kind, p.RewardID
	if diff := cmp.Diff(msg, p); diff != "" {
		t.Errorf("message of %q (-want +got):\n%s", tags, diff)
	}
}

// Every tag, with values of every length, at every distance from the end.
func TestTagsAreReadInAnyPosition(t *testing.T) {
	keys := []string{
		"id", "room-id", "user-id", "display-name", "color", "badges", "badge-info", "emotes", "mod", "subscriber", "turbo", "vip",
		"first-msg", "returning-chatter", "emote-only", "tmi-sent-ts", "bits", "flags", "user-type", "x", "badge", "badges2", "a-key-that-is-unknown",
	}
	for _, key := range keys {
		for n := range 20 {
			for _, value := range []string{strings.Repeat("1", n), strings.Repeat("0", n), strings.Repeat("\u00e9=", n), strings.Repeat(`\s\\\:`, n)} {
				for _, tail := range []string{"", ";", ";;", ";mod", ";mod=1", ";turbo=1;", ";user-type=;id=" + strings.Repeat("7", 36)} {
					checkTags(t, key+"="+value+tail)
				}
			}
			checkTags(t, strings.Repeat("k", n)+key)
			checkTags(t, strings.Repeat(";", n)+key+"=1")
		}
	}
}

func FuzzTags(f *testing.F) {
	f.Add(strings.TrimPrefix(benchLine[:strings.IndexByte(benchLine, ' ')], "@"))
	f.Add("mod=1;mod=0;id;id=;tmi-sent-ts=+5;bits=99999999999999999999")
	f.Add("display-name=a\\sb;color=;=x;;flags")
	f.Fuzz(func(t *testing.T, tags string) {
		if strings.Contains(strings.ReplaceAll(tags, `\\`, ""), `\`) {
			return // escapes that are none: TestTagEscapes has them
		}
		checkTags(t, tags)
	})
}
