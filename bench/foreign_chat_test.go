package bench

import (
	"fmt"
	"strings"
	"testing"
	"time"

	twitch "github.com/gempir/go-twitch-irc/v4"

	"github.com/larkspur-dev/larkspur/emulator"
)

func TestGoTwitchIRCWorksWithTheEmulator(t *testing.T) {
	for _, row := range []struct {
		name  string
		login bool
	}{{"with a token", true}, {"anonymously", false}} {
		t.Run(row.name, func(t *testing.T) {
			tw := emulator.Start(t, emulator.Channel("ada"), emulator.User("grace", "hedy"))
			c := twitch.NewAnonymousClient()
			if row.login {
				c = twitch.NewClient("bot", "oauth:"+tw.UserToken("bot", "chat:read", "chat:edit"))
			}
			c.IrcAddress, c.TLS = strings.TrimPrefix(tw.IRCAddr(), "irc://"), false
			lines := make(chan string, 1000)
			show := func(values ...any) { lines <- fmt.Sprintln(values...) }
			want := func(values ...any) {
				t.Helper()
				timeout, line := time.After(30*time.Second), fmt.Sprintln(values...)
				var seen []string
				for {
					select {
					case got := <-lines:
						if got == line {
							return
						}
						seen = append(seen, got)
					case <-timeout:
						t.Fatalf("got %q, want %q", seen, line)
					}
				}
			}
			c.OnSelfJoinMessage(func(m twitch.UserJoinMessage) { show("joined", m.Channel) })
			c.OnPrivateMessage(func(m twitch.PrivateMessage) { show("chat", m.Channel, m.User.Name, m.Message) })
			c.OnUserNoticeMessage(func(m twitch.UserNoticeMessage) { show(m.MsgID, m.Channel, m.User.Name) })
			c.OnClearChatMessage(func(m twitch.ClearChatMessage) { show("clear", m.Channel, m.TargetUsername, m.BanDuration) })
			c.OnClearMessage(func(m twitch.ClearMessage) { show("deleted", m.Channel, m.Login, m.Message) })
			c.Join("ada")
			done := make(chan error, 1)
			go func() { done <- c.Connect() }()
			t.Cleanup(func() {
				_ = c.Disconnect()
				<-done
			})

			want("joined", "ada")
			id := tw.Say("ada", "grace", "hello")
			want("chat", "ada", "grace", "hello")
			if row.login {
				c.Say("ada", "welcome")
				tw.WantChat(t, "ada", "welcome")
				c.Reply("ada", id, "hi grace")
				if m := tw.WantChat(t, "ada", "hi grace"); m.ReplyTo != id {
					t.Errorf("got a reply to %q, want %q", m.ReplyTo, id)
				}
			}
			tw.Subscribe("ada", "hedy", "1000")
			want("sub", "ada", "hedy")
			tw.DeleteMessage("ada", id)
			want("deleted", "ada", "grace", "hello")
			tw.Timeout("ada", "grace", 10*time.Minute, "")
			want("clear", "ada", "grace", 600)
			tw.Ban("ada", "grace", "")
			want("clear", "ada", "grace", 0)
			tw.ClearChat("ada")
			want("clear", "ada", "", 0)

			tw.ReconnectChat(time.Second)
			want("joined", "ada")
			tw.Say("ada", "hedy", "after RECONNECT")
			want("chat", "ada", "hedy", "after RECONNECT")
			tw.DropChat()
			want("joined", "ada")
			tw.Say("ada", "hedy", "after a lost connection")
			want("chat", "ada", "hedy", "after a lost connection")
		})
	}
}
