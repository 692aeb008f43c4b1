package irc_test

import (
	"strings"
	"testing"
)

func checkTags(t *testing.T, tags string) {
	t.Helper()
	checkLine(t, "@"+tags+" :x!x@x PRIVMSG #ada :hi")
}

// Every tag, with values of every length, at every distance from the end.
func TestTagsAreReadInAnyPosition(t *testing.T) {
	keys := []string{
		"id", "room-id", "user-id", "display-name", "color", "badges", "badge-info", "emotes", "mod", "subscriber", "turbo", "vip",
		"first-msg", "returning-chatter", "emote-only", "tmi-sent-ts", "bits", "flags", "user-type", "msg-id", "custom-reward-id",
		"reply-parent-msg-id", "reply-parent-msg-body", "reply-thread-parent-user-login", "source-id", "source-room-id", "source-only", "client-nonce", "x", "badge", "badges2", "a-key-that-is-unknown",
	}
	for _, key := range keys {
		for n := range 20 {
			for _, value := range []string{strings.Repeat("1", n), strings.Repeat("0", n), strings.Repeat("\u00e9=", n), strings.Repeat(`\s\\\:`, n)} {
				for _, tail := range []string{"", ";", ";;", ";mod", ";mod=1", ";turbo=1;", ";user-type=;id=" + strings.Repeat("7", 36)} {
					checkTags(t, key+"="+value+tail)
				}
			}
			checkTags(t, strings.Repeat("k", n)+key)
			checkTags(t, key+"=1;"+key+strings.Repeat(";", n))
			checkTags(t, strings.Repeat(";", n)+key+"=1")
		}
	}
}

// The end of a value is looked for in several bytes at once, and so are escapes.
func TestValuesEndAtAnyByte(t *testing.T) {
	const size = 44
	for _, key := range []string{"id", "color", "display-name", "badges", "emotes"} {
		for i := range size {
			for j := range size {
				value := []byte(strings.Repeat("a", size))
				value[i], value[j] = ';', ';'
				checkTags(t, key+"="+string(value))
				value[i], value[j] = '\\', ';'
				checkTags(t, key+"="+string(value))
			}
		}
	}
}

// A time has 13 digits, which are read eight at once.
func TestTimesAreReadDigitByDigit(t *testing.T) {
	const digits = "1234567890987"
	for i := range len(digits) + 1 {
		for c := range byte(128) {
			if c == ' ' || c == '\\' {
				continue
			}
			checkTags(t, "tmi-sent-ts="+digits[:i]+string(rune(c))+digits[min(i+1, len(digits)):]+";user-id=1")
		}
	}
	for _, value := range []string{"9999999999999", "0000000000000", "99999999999999", "999999999999", "-170000000000", "+170000000000"} {
		checkTags(t, "tmi-sent-ts="+value+";user-id=1")
		checkTags(t, "tmi-sent-ts="+value)
	}
}

func FuzzTags(f *testing.F) {
	f.Add(strings.TrimPrefix(benchLine[:strings.IndexByte(benchLine, ' ')], "@"))
	f.Add("mod=1;mod=0;id;id=;tmi-sent-ts=+5;bits=99999999999999999999")
	f.Add("display-name=a\\sb;color=;=x;;flags")
	f.Fuzz(func(t *testing.T, tags string) {
		checkTags(t, tags)
	})
}
