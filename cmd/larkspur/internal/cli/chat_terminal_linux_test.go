package cli_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
)

// sees waits until the screen contains a text.
func (tt *terminal) sees(text string) {
	tt.t.Helper()
	tt.until(text, func() bool { return strings.Contains(tt.screen(), text) })
}

// becomes waits until something holds.
func becomes(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %s", what, patience)
		}
	}
}

// What the user types is not torn by messages, and is sent. Commands moderate.
func TestChatAtTerminal(t *testing.T) {
	t.Parallel()
	tw, tt, state := emulator.Start(t, emulator.Channel("ada"), emulator.Channel("hedy"), emulator.NoLimits()), openTerminal(t), t.TempDir()
	storeLogin(t, tw, state, "ada", "chat:read", "user:write:chat", "moderator:manage:banned_users", "moderator:manage:chat_messages", "moderator:manage:chat_settings")
	code := tt.at(tw, state, "chat", "ada", "--log", state+"/chat.log")
	tt.sees("in the chat of ada")
	tt.sees("#ada> ")

	tt.types("hel")
	tt.sees("hel")
	tw.Say("ada", "grace", "interrupting")
	tt.sees(": interrupting")
	tt.until("the line is drawn again", func() bool {
		_, after, _ := strings.Cut(tt.screen(), ": interrupting")
		return strings.Contains(after, "#ada> hel")
	})
	tt.types("lo\r")
	becomes(t, "the message", said(tw, "ada", "ada", "hello"))

	// Tab, twice: names in the order in which they wrote.
	tw.Say("ada", "greta", "me too")
	tt.sees(": me too")
	tt.types("@g\t")
	tt.sees("@greta ")
	tt.types("\thi\r")
	becomes(t, "the second name", said(tw, "ada", "ada", "@grace hi"))
	tt.types("/rep\tgr\thello back\r")
	becomes(t, "the answer", func() bool {
		for _, m := range tw.Chat("ada") {
			if strings.HasSuffix(m.Text, "hello back") && m.ReplyTo != "" {
				return true
			}
		}
		return false
	})
	tt.types("/me waves\r")
	tt.sees("\x1b[3mwaves")

	tt.types("/timeout grace 10m too loud\r")
	tt.sees("- grace was timed out for 10m")
	tt.types("/unban grace\r")
	becomes(t, "the unban", func() bool { return !tw.IsBanned("ada", "grace") })
	tt.types("/slow 10s\r")
	tt.sees("- chat: slow 10s")
	tt.types("/slow off\r")
	tt.sees("- chat: slow off")
	tt.types("/delete greta\r")
	tt.sees("- a message of greta was deleted:")
	tt.types("/announce hear hear\r")
	tt.sees("! /announce: ada has not granted moderator:manage:announcements; to grant it, run:")
	tt.sees("  larkspur login --user ada --add-scopes moderator:manage:announcements")
	tt.types("/raid\r")
	tt.sees("! usage: /raid NAME")
	tt.types("/tiemout grace\r")
	tt.sees("! unknown command /tiemout; did you mean /timeout?")
	tt.types("/ban no_such_user\r")
	tt.sees(`! /ban: there is no user "no_such_user" on Twitch`)
	tt.types("/help\r")
	tt.sees("/unmod NAME")

	// A connection that is lost while the user types.
	tt.types("/join #hedy\r")
	tt.sees("in the chat of hedy")
	tt.types("still ")
	tw.DropChat()
	tt.sees("connected to chat again")
	tt.types("typing\r")
	becomes(t, "the message in the other channel", said(tw, "hedy", "ada", "still typing"))
	tt.types("/channel nobody\r")
	tt.sees("! /channel: nobody is not one of the channels; to enter it, use /join nobody")
	tt.types("/channel ada\r")
	tw.Ban("hedy", "ada", "")
	tt.until("the channel that the user is banned from", func() bool {
		tt.types("/channels\r")
		return strings.Contains(tt.screen(), "ada (you write here)") && strings.Contains(tt.screen(), "hedy: not joined: ")
	})
	tt.types("/part\r/part\r/part\r")
	tt.sees("! /part: ")
	tt.types("into the void\r")
	tt.sees("! no channel is left; enter one with /join CHANNEL")

	tt.types("\x03")
	if got := <-code; got != 0 || !tt.echoes() {
		t.Errorf("got exit code %d, echo %t; want 0, true\n%s", got, tt.echoes(), tt.screen())
	}
	log := readText(t, state+"/chat.log")
	if !strings.Contains(log, "grace: interrupting\n") || strings.Contains(log, "\x1b") {
		t.Errorf("got the log %q", log)
	}
}

func readText(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Every command of moderators and broadcasters does what it says.
func TestChatCommandsAtTerminal(t *testing.T) {
	t.Parallel()
	tw, tt, state := emulator.Start(t, emulator.Channel("ada"), emulator.Channel("hedy"), emulator.Live("ada"), emulator.NoLimits()), openTerminal(t), t.TempDir()
	storeLogin(t, tw, state, "ada", "chat:read", "user:write:chat", "moderator:manage:banned_users", "moderator:manage:warnings", "moderator:manage:chat_messages",
		"moderator:manage:chat_settings", "moderator:manage:announcements", "moderator:manage:shoutouts", "user:manage:whispers", "user:manage:chat_color",
		"channel:manage:broadcast", "channel:edit:commercial", "channel:manage:raids", "channel:manage:vips", "channel:manage:moderators", "moderation:read", "channel:read:vips")
	code := tt.at(tw, state, "chat", "ada")
	tt.sees("in the chat of ada")
	tw.Say("ada", "mallory", "first")
	id := tw.Say("ada", "grace", "second")
	tt.sees(": second")
	for i, c := range []struct{ typed, sees string }{
		{"/ban mallory spam", "- mallory was banned"},
		{"/unban mallory", ""},
		{"/timeout mallory", "- mallory was timed out for 10m"},
		{"/untimeout @mallory", ""},
		{"/timeout mallory 1h", "- mallory was timed out for 1h"},
		{"/timeout mallory rude words", "- mallory was timed out for 10m"},
		{"/timeout mallory 90 rude", "- mallory was timed out for 1m30s"},
		{"/warn mallory be kind", ""},
		{"/delete grace", "was deleted:\x1b[0m \x1b[9msecond"},
		{"/clear", "- a moderator removed all messages"},
		{"/slow", "- chat: slow 30s"},
		{"/slowoff", "- chat: slow off"},
		{"/followers 3d", "- chat: followers only of 3d"},
		{"/followersoff", "- chat: followers only off"},
		{"/followers", "- chat: followers only\x1b"},
		{"/followers off", "- chat: followers only off"},
		{"/subscribers", "- chat: subscribers only\x1b"},
		{"/subscribers off", "- chat: subscribers only off"},
		{"/emoteonly", "- chat: emotes only\x1b"},
		{"/emoteonly off", "- chat: emotes only off"},
		{"/r9kbeta", "- chat: no repeated messages\x1b"},
		{"/uniquechat off", "- chat: no repeated messages off"},
		{"/announce hear hear", "* announcement"},
		{"/vip grace", ""},
		{"/vips", "VIPs: grace"},
		{"/unvip grace", ""},
		{"/mod grace", ""},
		{"/mods", "moderators: grace"},
		{"/unmod grace", ""},
		{"/mods", "moderators: none"},
		{"/color blue", ""},
		{"/commercial 60s", ""},
		{"/raid hedy", ""},
		{"/unraid", ""},
	} {
		tt.types(c.typed + "\r")
		done := func() bool { return strings.Count(tt.screen(), "  done") == i+1 }
		tt.until(c.typed, done)
		if c.sees != "" {
			tt.sees(c.sees)
		}
	}
	for _, c := range []struct{ typed, sees string }{
		{"/delete " + id, "! /delete: Twitch refused it (404)"},
		{"/slow soon", `! /slow: "soon": want a time such as 30s, 10m or 1d`},
		{"/slow 1h", "! /slow: want a time from 3s to 2m"},
		{"/timeout grace 10min", `! /timeout: "10min": want a time such as 30s, 10m or 1d`},
		{"/timeout grace 2 hours", `! /timeout: "2 hours": write the time as one word, such as 10m, 2h or 1d`},
		{"/timeout grace 0", "! /timeout: want a time from 1s to 14d"},
		{"/timeout grace -5", `! /timeout: "-5": want a time such as 30s, 10m or 1d`},
		{"/timeout grace 30d", "! /timeout: want a time from 1s to 14d"},
		{"/followers 100d", "! /followers: 100d is too long; at most 90d"},
		{"/timeout grace 30501w", `! /timeout: "30501w": want a time`},
		{"/timeout grace 2 hours, spam", "write the time as one word"},
		{"/slowoff banana", "! usage: /slow [TIME|off]"},
		{"/r9kbetaoff now", "! usage: /uniquechat [off]"},
		{"/subscribers of", "! usage: /subscribers [off]"},
		{"/uniquechat banana", "! usage: /uniquechat [off]"},
		{"/clear now", "! usage: /clear"},
		{"/unban grace mallory", "! usage: /unban NAME"},
		{"/help timeout", "for example: /timeout grace 10m too loud"},
		{"/help nothing", "! unknown command nothing; /help lists them"},
		{"/delete nobody", "! /delete: no message of nobody was seen in this channel"},
		{"/ban ada", "! /ban: Twitch refused it (400)"},
		{"/warn", "! usage: /warn NAME REASON"},
		{"/color red-green", "! /color: "},
	} {
		tt.types(c.typed + "\r")
		tt.sees(c.sees)
	}
	tt.types("//clear is a command\r")
	becomes(t, "the text with a slash", said(tw, "ada", "ada", "\u2215clear is a command"))
	tt.types("/quit\r")
	if got := <-code; got != 0 {
		t.Errorf("got exit code %d\n%s", got, tt.screen())
	}
}
