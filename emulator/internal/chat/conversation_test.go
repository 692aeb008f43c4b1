package chat_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/chat"
)

const (
	roomState  = "@emote-only=0;followers-only=-1;r9k=0;room-id=1;slow=0;subs-only=0 :tmi.twitch.tv ROOMSTATE #ada"
	graceState = "@badge-info=;badges=;color=#FF0000;display-name=Grace;emote-sets=0;mod=0;subscriber=0;turbo=0;user-type= :tmi.twitch.tv USERSTATE #ada"
	modState   = "@badge-info=;badges=moderator/1;color=#FF0000;display-name=Mod;emote-sets=0;mod=1;subscriber=0;turbo=0;user-type=mod :tmi.twitch.tv USERSTATE #ada"
	graceSent  = "@badge-info=;badges=;color=#FF0000;display-name=Grace;emote-sets=0;id=<id>;mod=0;subscriber=0;turbo=0;user-type= :tmi.twitch.tv USERSTATE #ada"
)

// graceSays is a message of grace as others see it, with more tags between
// emotes, id and user-type.
func graceSays(text string) string {
	return "@badge-info=;badges=;color=#FF0000;display-name=Grace;emotes=;first-msg=1;flags=;id=<id>;mod=0;returning-chatter=0;room-id=1;" +
		"subscriber=0;tmi-sent-ts=<ts>;turbo=0;user-id=3;user-type= :grace!grace@grace.tmi.twitch.tv PRIVMSG #ada :" + text
}

func TestJoinAndPart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		p := s.login("grace")
		p.send("JOIN #Ada", "JOIN #ada", "JOIN ada", "JOIN #nobody_here")
		p.want(
			":grace!grace@grace.tmi.twitch.tv JOIN #ada",
			":grace.tmi.twitch.tv 353 grace = #ada :grace",
			":grace.tmi.twitch.tv 366 grace #ada :End of /NAMES list",
			graceState, roomState,
		)
		if got := s.world.Chatters("1"); len(got) != 1 || got[0].Login != "grace" {
			t.Errorf("got chatters %v, want grace", got)
		}
		p.send("PART #ada,#bob,#nobody_here", "PART #ada")
		p.want(":grace!grace@grace.tmi.twitch.tv PART #ada")
		if got := s.world.Chatters("1"); len(got) != 0 {
			t.Errorf("got chatters %v, want none", got)
		}

		plain := s.dial()
		plain.send("NICK justinfan7", "JOIN #ada,#bob")
		plain.take()
		anonymous := s.dial()
		anonymous.send("CAP REQ twitch.tv/commands", "NICK justinfan8", "JOIN #ada,#bob")
		if got := len(anonymous.take()); got != 1+7+2*4 {
			t.Errorf("got %d lines, want no USERSTATE", got)
		}
	})
}

func TestMembership(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		watcher := s.dial()
		s.login("mod", "ada")
		watcher.send("CAP REQ :twitch.tv/membership", "PASS oauth:grace", "NICK grace", "JOIN #ada")
		got := watcher.take()
		names := []string{":grace.tmi.twitch.tv 353 grace = #ada :mod", ":grace.tmi.twitch.tv 353 grace = #ada :grace"}
		if got := got[len(got)-3 : len(got)-1]; !slices.Equal(got, names) {
			t.Errorf("got names %q, want %q", got, names)
		}
		first, second := s.login("bob", "ada"), s.login("bob", "ada")
		watcher.want(":bob!bob@bob.tmi.twitch.tv JOIN #ada")
		first.send("PART #ada")
		watcher.want()
		_ = second.conn.Close()
		watcher.want(":bob!bob@bob.tmi.twitch.tv PART #ada")
	})
}

func TestPrivmsg(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		sender, other, own := s.login("grace", "ada"), s.login("bob", "ada"), s.login("grace", "ada")
		plain := s.dial()
		plain.send("NICK justinfan1", "JOIN #ada")
		plain.take()

		sender.send("PRIVMSG #ada :Hello  ada ")
		sender.want(graceSent)
		other.want(graceSays("Hello  ada"))
		own.want(graceSays("Hello  ada"))
		plain.want(":grace!grace@grace.tmi.twitch.tv PRIVMSG #ada :Hello  ada")

		sender.send("@client-nonce=n1 PRIVMSG #ada :\x01ACTION waves Kappa, Kappa Kappa\x01")
		sender.want(strings.Replace(graceSent, "badges=;", "badges=;client-nonce=n1;", 1))
		want := strings.Replace(graceSays("\x01ACTION waves Kappa, Kappa Kappa\x01"), "badges=;", "badges=;client-nonce=n1;", 1)
		want = strings.Replace(want, "first-msg=1", "first-msg=0", 1)
		want = strings.Replace(want, "emotes=", "emotes=25:13-17,19-23", 1)
		other.want(want)

		sender.send("PRIVMSG #ada :/me dances")
		sender.want(graceSent)
		other.want(strings.Replace(graceSays("\x01ACTION dances\x01"), "first-msg=1", "first-msg=0", 1))
		own.take()

		first := s.world.Messages("1")[0]
		plain.take()
		other.send("@reply-parent-msg-id=" + first.ID + " PRIVMSG #ada :back; at \\you")
		sender.want("@badge-info=;badges=;color=#FF0000;display-name=Bob;emotes=;first-msg=1;flags=;id=<id>;mod=0;" +
			`reply-parent-display-name=Grace;reply-parent-msg-body=Hello\s\sada;reply-parent-msg-id=<id>;reply-parent-user-id=3;reply-parent-user-login=grace;` +
			"reply-thread-parent-display-name=Grace;reply-thread-parent-msg-id=<id>;reply-thread-parent-user-id=3;reply-thread-parent-user-login=grace;" +
			`returning-chatter=0;room-id=1;subscriber=0;tmi-sent-ts=<ts>;turbo=0;user-id=4;user-type= :bob!bob@bob.tmi.twitch.tv PRIVMSG #ada :back; at \you`)
		other.take()

		sender.send("@reply-parent-msg-id=00000000-0000-4000-8000-000000000000 PRIVMSG #ada :to nobody")
		other.want(strings.Replace(graceSays("to nobody"), "first-msg=1", "first-msg=0", 1))
		sender.take()
		sender.send("PRIVMSG #bob :not joined")
		sender.want(strings.Replace(graceSent, "#ada", "#bob", 1))
	})
}

func TestPrivmsgDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		p, other := s.login("grace", "ada"), s.login("mod", "ada")
		p.send("PRIVMSG #ada :once", "PRIVMSG #ada :once")
		p.want(graceSent, "@msg-id=msg_duplicate :tmi.twitch.tv NOTICE #ada :Your message was not sent because it is identical to the previous one you sent, less than 30 seconds ago.")
		p.send("PRIVMSG #ada :/ban bob", "PRIVMSG #ada :.timeout bob 1")
		p.want(
			"@msg-id=unrecognized_cmd :tmi.twitch.tv NOTICE #ada :Unrecognized command: /ban",
			"@msg-id=unrecognized_cmd :tmi.twitch.tv NOTICE #ada :Unrecognized command: .timeout")
		p.send("PRIVMSG #nobody_here :x", "PRIVMSG #ada", "PRIVMSG #ada :", "PRIVMSG", "PRIVMSG grace :x")
		p.want()
		p.send("PRIVMSG #ada :...", "PRIVMSG #ada :/ slash")
		p.want(graceSent, graceSent)
		if _, err := s.world.Ban("1", "2", "3", time.Minute, ""); err != nil {
			t.Fatal(err)
		}
		p.take()
		p.send("PRIVMSG #ada :let me")
		p.want("@msg-id=msg_timedout :tmi.twitch.tv NOTICE #ada :You are timed out for 60 more seconds.")

		mute := s.dial()
		mute.send("CAP REQ twitch.tv/commands", "PASS oauth:bob-mute", "NICK bob")
		mute.take()
		mute.send("PRIVMSG #ada :x")
		mute.want(":tmi.twitch.tv NOTICE #ada :You don't have permission to perform that action.")
		fan := s.dial()
		fan.send("CAP REQ :twitch.tv/commands twitch.tv/tags", "NICK justinfan1", "JOIN #ada")
		fan.take()
		other.take()
		fan.send("PRIVMSG #ada :hello?")
		fan.want()
		other.want()
	})
}

func TestLongMessageIsCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		p, other := s.login("grace", "ada"), s.login("bob", "ada")
		p.send("PRIVMSG #ada :" + strings.Repeat("ü", 600))
		p.want(graceSent)
		other.want(graceSays(strings.Repeat("ü", 500)))
		p.send("PRIVMSG #ada :"+strings.Repeat("x", 20_000), "PING :still there")
		p.want(":tmi.twitch.tv PONG tmi.twitch.tv :still there")
		other.want()
	})
}

func TestRateLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		p := s.login("grace", "ada")
		for range 20 {
			p.send("JOIN #bob", "PART #bob")
		}
		p.take()
		p.send("JOIN #bob") // the first one went to #ada
		p.want()
		time.Sleep(10 * time.Second)
		p.send("JOIN #bob")
		if got := len(p.take()); got != 5 {
			t.Errorf("got %d lines after the limit's time, want 5", got)
		}
		for i := range 21 {
			p.send("PRIVMSG #ada :" + strings.Repeat("a", i+1))
		}
		if got := p.take(); len(got) != 20 {
			t.Errorf("got %d answers, want 20: Twitch says nothing about messages over the limit", len(got))
		}
	})
}

func TestBannedUserMayNotJoin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		if _, err := s.world.Ban("1", "2", "3", 0, "spam"); err != nil {
			t.Fatal(err)
		}
		p := s.login("grace")
		p.send("JOIN #ada", "PRIVMSG #ada :x")
		p.want(
			"@msg-id=msg_banned :tmi.twitch.tv NOTICE #ada :You are permanently banned from talking in ada.",
			"@msg-id=msg_banned :tmi.twitch.tv NOTICE #ada :You are permanently banned from talking in ada.")
	})
}

func TestModeratorState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		p := s.login("mod")
		p.send("JOIN #ada")
		got := p.take()
		if got[3] != modState {
			t.Errorf("got %q, want %q", got[3], modState)
		}
		if err := s.world.SetColor("2", "blue"); err != nil {
			t.Fatal(err)
		}
		p.send("PRIVMSG #ada :hi")
		p.want(strings.NewReplacer("color=#FF0000", "color=#0000FF", "emote-sets=0;", "emote-sets=0;id=<id>;").Replace(modState))
	})
}
