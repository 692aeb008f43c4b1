package chat_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/chat"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// Each row prepares the world and says which NOTICE grace gets for her message in #ada.
func TestWhyMessagesAreRefused(t *testing.T) {
	set := func(edit func(*world.ChatSettings)) func(*world.World) error {
		return func(w *world.World) error {
			_, err := w.ModifyChatSettings("1", "1", edit)
			return err
		}
	}
	attribute := func(user string, a world.Attribute) func(*world.World) error {
		return func(w *world.World) error { return w.SetAttribute(user, a, true) }
	}
	for _, row := range []struct {
		id, text string // the NOTICE
		prepare  func(*world.World) error
		say      string
	}{
		{"", "", func(*world.World) error { return nil }, "all is well"},
		{"msg_timedout", "You are timed out for 60 more seconds.", func(w *world.World) error {
			_, err := w.Ban("1", "2", "3", time.Minute, "")
			return err
		}, "x"},
		{"msg_banned", "You are permanently banned from talking in ada.", func(w *world.World) error {
			_, err := w.Ban("1", "2", "3", 0, "")
			return err
		}, "x"},
		{"msg_suspended", "You don't have permission to perform that action.", attribute("3", world.Suspended), "x"},
		{"msg_suspended", "You don't have permission to perform that action.", attribute("3", world.TermsViolated), "x"},
		{"msg_channel_suspended", "This channel does not exist or has been suspended.", attribute("1", world.Suspended), "x"},
		{"tos_ban", "The community has closed channel ada due to Terms of Service violations.", attribute("1", world.TermsViolated), "x"},
		{"msg_channel_blocked", "Your account is not in good standing in this channel.", func(w *world.World) error { return w.Block("1", "3") }, "x"},
		{"msg_requires_verified_phone_number", "A verified phone number is required to chat in this channel. Please visit https://www.twitch.tv/settings/security to verify your phone number.", func(w *world.World) error {
			_ = w.RequireVerified("1", true, false)
			return w.SetAttribute("3", world.NoPhone, true)
		}, "x"},
		{"", "", func(w *world.World) error { return w.RequireVerified("1", true, true) }, "has both"},
		{"msg_verified_email", "This room requires a verified account to chat. Please verify your account at https://www.twitch.tv/settings/security.", func(w *world.World) error {
			_ = w.RequireVerified("1", false, true)
			return w.SetAttribute("3", world.NoEmail, true)
		}, "x"},
		{"msg_bad_characters", "Your message contained too many unsupported characters and was not sent.", func(*world.World) error { return nil }, "\ue000\ue001\x02a"},
		{"", "", func(*world.World) error { return nil }, "\ue000ab"},
		{"msg_emoteonly", "This room is in emote-only mode. You can find your currently available emoticons using the smiley in the chat text area.", set(func(s *world.ChatSettings) { s.EmoteOnly = true }), "words"},
		{"", "", set(func(s *world.ChatSettings) { s.EmoteOnly = true }), "Kappa LUL"},
		{"msg_subsonly", "This room is in subscribers only mode. To talk, purchase a channel subscription at https://www.twitch.tv/products/ada/ticket?ref=subscriber_only_mode_chat.", set(func(s *world.ChatSettings) { s.SubscribersOnly = true }), "x"},
		{"msg_followersonly", "This room is in 10 minutes followers-only mode. Follow ada to join the community!", set(func(s *world.ChatSettings) { s.FollowersOnly, s.FollowersDuration = true, 10*time.Minute }), "x"},
		{"msg_followersonly_zero", "This room is in followers-only mode. Follow ada to join the community!", set(func(s *world.ChatSettings) { s.FollowersOnly = true }), "x"},
		{"msg_followersonly_followed", "This room is in 10 minutes followers-only mode. You have been following for 0 seconds. Continue following to chat!", func(w *world.World) error {
			_ = w.Follow("1", "3")
			return set(func(s *world.ChatSettings) { s.FollowersOnly, s.FollowersDuration = true, 10*time.Minute })(w)
		}, "x"},
		{"msg_r9k", "This room is in unique-chat mode and the message you attempted to send is not unique.", func(w *world.World) error {
			_, _ = w.PostChat(world.Post{BroadcasterID: "1", SenderID: "4", Text: "said before by bob"})
			return set(func(s *world.ChatSettings) { s.UniqueChat = true })(w)
		}, "said before by bob"},
		{"msg_slowmode", "This room is in slow mode and you are sending messages too quickly. You will be able to talk again in 30 seconds.", func(w *world.World) error {
			_, _ = w.PostChat(world.Post{BroadcasterID: "1", SenderID: "3", Text: "first"})
			return set(func(s *world.ChatSettings) { s.Slow = 30 * time.Second })(w)
		}, "second"},
		{"msg_duplicate", "Your message was not sent because it is identical to the previous one you sent, less than 30 seconds ago.", func(w *world.World) error {
			_, err := w.PostChat(world.Post{BroadcasterID: "1", SenderID: "3", Text: "again"})
			return err
		}, "again"},
		{"msg_rejected", "Your message is being checked by mods and has not been sent.", func(w *world.World) error {
			return w.SetAutoMod("1", "1", world.OverallAutoMod(4))
		}, "what an idiot"},
		{"msg_rejected_mandatory", "Your message wasn't posted due to conflicts with the channel's moderation settings.", func(w *world.World) error {
			_, err := w.AddBlockedTerm("1", "1", "cabbage")
			return err
		}, "cabbage soup"},
		{"unrecognized_cmd", "Unrecognized command: /slow", func(*world.World) error { return nil }, "/slow 30"},
	} {
		t.Run(row.id+" "+row.say, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, chat.Config{})
				p := s.login("grace")
				if err := row.prepare(s.world); err != nil {
					t.Fatal(err)
				}
				p.send("PRIVMSG #ada :" + row.say)
				if row.id == "" {
					p.want(graceSent)
					return
				}
				p.want("@msg-id=" + row.id + " :tmi.twitch.tv NOTICE #ada :" + row.text)
			})
		})
	}
}

func TestJoinsThatAreRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		for _, err := range []error{s.world.SetAttribute("1", world.Suspended, true), s.world.SetAttribute("4", world.TermsViolated, true)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.world.Ban("2", "2", "3", 0, ""); err != nil {
			t.Fatal(err)
		}
		p := s.login("grace")
		p.send("JOIN #ada,#bob,#mod,#never_there")
		p.want(
			"@msg-id=msg_channel_suspended :tmi.twitch.tv NOTICE #ada :This channel does not exist or has been suspended.",
			"@msg-id=tos_ban :tmi.twitch.tv NOTICE #bob :The community has closed channel bob due to Terms of Service violations.",
			"@msg-id=msg_banned :tmi.twitch.tv NOTICE #mod :You are permanently banned from talking in mod.",
		)
	})
}

func TestBannedUserIsPutOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		watcher := s.login("mod")
		watcher.send("CAP REQ twitch.tv/membership", "JOIN #ada")
		first, second := s.login("grace", "ada"), s.login("grace", "ada", "bob")
		watcher.take()
		if _, err := s.world.Ban("1", "2", "3", 0, ""); err != nil {
			t.Fatal(err)
		}
		cleared := "@room-id=1;target-user-id=3;tmi-sent-ts=<ts> :tmi.twitch.tv CLEARCHAT #ada :grace"
		left := ":grace!grace@grace.tmi.twitch.tv PART #ada"
		for _, p := range []*peer{first, second, watcher} {
			p.want(cleared, left)
		}
		s.say("grace does not get this")
		first.want()
		second.want()
		_ = second.conn.Close()
		synctest.Wait()
		if got := s.world.Chatters("1"); len(got) != 1 || got[0].Login != "mod" {
			t.Errorf("got chatters %v, want mod only", got)
		}
		watcher.take()
		if _, err := s.world.Ban("1", "2", "4", time.Minute, ""); err != nil {
			t.Fatal(err)
		}
		if got := watcher.take(); len(got) != 1 {
			t.Errorf("got %q, want CLEARCHAT only: a timeout puts nobody out", got)
		}
	})
}

func TestLargeRoomHasNoMembership(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		for i := range 1000 {
			u, err := s.world.AddUser(world.User{Login: fmt.Sprintf("viewer_%03d", i)})
			if err == nil {
				err = s.world.JoinChat("1", u.ID)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		names := func(p *peer) (n int) {
			p.send("CAP REQ twitch.tv/membership", "JOIN #ada")
			for _, line := range p.take() {
				if _, list, found := strings.Cut(line, " = #ada :"); found {
					n += len(strings.Fields(list))
				}
			}
			return n
		}
		p := s.login("grace")
		if got := names(p); got != 1001 {
			t.Errorf("got %d names with 1,000 others, want all", got)
		}
		if got := names(s.login("mod")); got != 1 {
			t.Errorf("got %d names with more than 1,000 users, want one", got)
		}
		p.want()
		s.login("bob", "ada").send("PART #ada")
		p.want() // neither JOIN nor PART
	})
}

func TestStrictNick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{Strict: true})
		for nick, want := range map[string]string{
			"grace": ":tmi.twitch.tv 001 grace :Welcome, GLHF!",
			"Grace": ":tmi.twitch.tv NOTICE * :Login authentication failed",
			"bob":   ":tmi.twitch.tv NOTICE * :Login authentication failed",
		} {
			p := s.dial()
			p.send("PASS oauth:grace", "NICK "+nick)
			if got := p.take(); got[0] != want {
				t.Errorf("%s: got %q, want %q", nick, got, want)
			}
		}
	})
}

// sendAll sends n different messages and returns how many were confirmed.
func (p *peer) sendAll(n int, channel string) (sent int) {
	p.t.Helper()
	for i := range n {
		p.send(fmt.Sprintf("PRIVMSG #%s :number %d", channel, i))
	}
	for _, line := range p.take() {
		if strings.Contains(line, " USERSTATE #"+channel) {
			sent++
		}
	}
	return sent
}

func TestMessageLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		grace, mod := s.login("grace"), s.login("mod")
		if got := grace.sendAll(30, "ada") + grace.sendAll(10, "bob"); got != 20 {
			t.Errorf("got %d messages through in 30 seconds, want 20 over all channels", got)
		}
		if got := mod.sendAll(110, "ada"); got != 100 {
			t.Errorf("got %d messages of a moderator through, want 100", got)
		}
		if got := mod.sendAll(1, "bob"); got != 0 {
			t.Error("got a message through where mod is no moderator: those elsewhere count")
		}
		time.Sleep(30*time.Second - time.Millisecond)
		if got := grace.sendAll(1, "bob"); got != 0 {
			t.Error("got a message through before 30 seconds were over")
		}
		time.Sleep(time.Millisecond)
		if got := grace.sendAll(30, "bob"); got != 20 {
			t.Errorf("got %d messages through after 30 seconds, want 20", got)
		}
	})
}

func TestVerifiedBotLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		for _, user := range []string{"2", "3"} {
			if err := s.world.SetAttribute(user, world.VerifiedBot, true); err != nil {
				t.Fatal(err)
			}
		}
		grace, mod := s.login("grace"), s.login("mod")
		if a, b := grace.sendAll(30, "ada"), grace.sendAll(30, "bob"); a != 20 || b != 20 {
			t.Errorf("got %d and %d messages through, want 20 in each channel", a, b)
		}
		if a, b := mod.sendAll(110, "ada"), mod.sendAll(30, "bob"); a != 100 || b != 20 {
			t.Errorf("got %d and %d messages through, want 100 where mod moderates and 20 elsewhere", a, b)
		}
		time.Sleep(30 * time.Second)
		total := 0
		for i := range 400 {
			u, err := s.world.AddUser(world.User{Login: fmt.Sprintf("room_%03d", i)})
			if err != nil {
				t.Fatal(err)
			}
			total += grace.sendAll(20, u.Login)
		}
		if total != 7500 {
			t.Errorf("got %d messages through in 400 channels, want 7500", total)
		}
		joined := 0
		for range 2100 {
			grace.send("JOIN #ada", "PART #ada")
		}
		for _, line := range grace.take() {
			if strings.HasSuffix(line, " JOIN #ada") {
				joined++
			}
		}
		if joined != 2000 {
			t.Errorf("got %d joins, want 2000", joined)
		}
		time.Sleep(time.Minute)
		logins := 0
		for range 210 {
			if !s.login("grace").isGone() {
				logins++
			}
		}
		if logins != 200 {
			t.Errorf("got %d logins, want 200", logins)
		}
	})
}

func TestPaceOfOrdinaryUsers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tests := []struct {
			login string
			want  int
		}{{"grace", 1}, {"mod", 3}, {"ada", 3}}
		s := newStageIn(t, chat.Config{}, world.Options{ChatPace: time.Second})
		for _, row := range tests {
			p := s.login(row.login, "ada")
			if got := p.sendAll(3, "ada"); got != row.want {
				t.Errorf("%s: got %d of three messages through at once, want %d", row.login, got, row.want)
			}
			time.Sleep(time.Second)
			p.send("PRIVMSG #ada :later", "PRIVMSG #bob :elsewhere", "PRIVMSG #ada :too soon")
			got := p.take()
			if row.login == "grace" && (len(got) != 3 || !strings.HasPrefix(got[2], "@msg-id=msg_ratelimit ")) {
				t.Errorf("%s: got %q, want the third refused", row.login, got)
			}
		}
	})
}
