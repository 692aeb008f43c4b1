package chat_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/chat"
)

func welcomeOf(login string) []string {
	return []string{
		":tmi.twitch.tv 001 " + login + " :Welcome, GLHF!",
		":tmi.twitch.tv 002 " + login + " :Your host is tmi.twitch.tv",
		":tmi.twitch.tv 003 " + login + " :This server is rather new",
		":tmi.twitch.tv 004 " + login + " :-",
		":tmi.twitch.tv 375 " + login + " :-",
		":tmi.twitch.tv 372 " + login + " :You are in a maze of twisty passages, all alike.",
		":tmi.twitch.tv 376 " + login + " :>",
	}
}

const globalState = "@badge-info=;badges=;color=#FF0000;display-name=Grace;emote-sets=0;turbo=0;user-id=3;user-type= :tmi.twitch.tv GLOBALUSERSTATE"

func TestLogin(t *testing.T) {
	tests := []struct {
		name string
		send []string
		want []string
		gone bool
	}{
		{
			"all capabilities",
			[]string{"CAP REQ :twitch.tv/membership twitch.tv/tags twitch.tv/commands", "PASS oauth:grace", "NICK Grace"},
			append(append([]string{":tmi.twitch.tv CAP * ACK :twitch.tv/membership twitch.tv/tags twitch.tv/commands"}, welcomeOf("grace")...), globalState),
			false,
		},
		{"no capabilities", []string{"PASS oauth:grace", "NICK grace"}, welcomeOf("grace"), false},
		{"commands without tags", []string{"CAP REQ twitch.tv/commands", "PASS oauth:grace", "NICK grace"}, append(append([]string{
			":tmi.twitch.tv CAP * ACK :twitch.tv/commands",
		}, welcomeOf("grace")...), ":tmi.twitch.tv GLOBALUSERSTATE"), false},
		{"the token's login counts", []string{"PASS oauth:grace", "NICK somebody"}, welcomeOf("grace"), false},
		{"generic client", []string{"CAP LS 302", "PASS oauth:grace", "NICK grace", "USER grace 0 * :Grace", "CAP REQ :twitch.tv/tags", "CAP LIST", "CAP END"}, append(append([]string{
			":tmi.twitch.tv CAP * LS :twitch.tv/commands twitch.tv/membership twitch.tv/tags",
		}, welcomeOf("grace")...),
			":tmi.twitch.tv CAP * ACK :twitch.tv/tags", ":tmi.twitch.tv CAP * LIST :twitch.tv/tags"), false},
		{"anonymous", []string{"NICK justinfan12345"}, welcomeOf("justinfan12345"), false},
		{"anonymous with a pass", []string{"CAP REQ :twitch.tv/commands", "PASS SCHMOOPIIE", "NICK justinfan1"}, append([]string{
			":tmi.twitch.tv CAP * ACK :twitch.tv/commands",
		}, welcomeOf("justinfan1")...), false},
		{"unknown capability", []string{"CAP REQ :twitch.tv/tags twitch.tv/nonsense", "CAP LIST"}, []string{
			":tmi.twitch.tv CAP * NAK :twitch.tv/nonsense", ":tmi.twitch.tv CAP * LIST :",
		}, false},
		{"capability given back", []string{"CAP REQ :twitch.tv/tags", "CAP REQ :-twitch.tv/tags", "CAP LIST"}, []string{
			":tmi.twitch.tv CAP * ACK :twitch.tv/tags", ":tmi.twitch.tv CAP * ACK :-twitch.tv/tags", ":tmi.twitch.tv CAP * LIST :",
		}, false},
		{"wrong token", []string{"PASS oauth:nobody", "NICK nobody"}, []string{":tmi.twitch.tv NOTICE * :Login authentication failed"}, true},
		{"token of a user who is gone", []string{"PASS oauth:stranger", "NICK stranger"}, []string{":tmi.twitch.tv NOTICE * :Login authentication failed"}, true},
		{"token without chat scopes", []string{"PASS oauth:grace-other", "NICK grace"}, []string{":tmi.twitch.tv NOTICE * :Login authentication failed"}, true},
		{"no oauth prefix", []string{"PASS grace", "NICK grace"}, []string{":tmi.twitch.tv NOTICE * :Improperly formatted auth"}, true},
		{"no pass", []string{"NICK grace"}, []string{":tmi.twitch.tv NOTICE * :Improperly formatted auth"}, true},
		{"bad nick", []string{"PASS oauth:grace", "NICK g!race"}, []string{":tmi.twitch.tv NOTICE * :Invalid NICK"}, true},
		{"ping before the login", []string{"PING :now"}, []string{":tmi.twitch.tv PONG tmi.twitch.tv :now"}, false},
		{"tmi.js gives up after 70 seconds: its PING has no parameter", []string{"PING"}, []string{"PONG :tmi.twitch.tv"}, false},
		{"join before the login", []string{"JOIN #ada"}, nil, false},
		{"unknown command", []string{"NICK justinfan1", "WHO #ada"}, append(welcomeOf("justinfan1"), ":tmi.twitch.tv 421 justinfan1 WHO :Unknown command"), false},
		{"quit", []string{"NICK justinfan1", "QUIT :bye"}, welcomeOf("justinfan1"), true},
		{"rubbish", []string{"", "   ", "@", "@a", ":", ":x", "@;;= :y", "\x00\xff"}, nil, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, chat.Config{})
				p := s.dial()
				p.send(test.send...)
				p.want(test.want...)
				if got := p.isGone(); got != test.gone {
					t.Errorf("got connection closed %v, want %v", got, test.gone)
				}
			})
		})
	}
}

func TestLoginLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		for range 20 {
			if s.login("grace").isGone() {
				t.Fatal("got a login refused below the limit")
			}
		}
		p := s.dial()
		p.send("PASS oauth:grace", "NICK grace")
		p.want(":tmi.twitch.tv NOTICE * :Login unsuccessful")
		time.Sleep(10 * time.Second)
		if s.login("grace").isGone() {
			t.Error("got a login refused after the limit's time")
		}
	})
}

func TestNoLoginInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newStage(t, chat.Config{}).dial()
		time.Sleep(59 * time.Second)
		if p.isGone() {
			t.Fatal("got closed too early")
		}
		time.Sleep(time.Second)
		if !p.isGone() {
			t.Error("got a connection that stays open without a login")
		}
	})
}

func TestPing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		answering, silent := s.login("grace"), s.login("bob")
		for range 3 {
			time.Sleep(5 * time.Minute)
			answering.want("PING :tmi.twitch.tv")
			answering.send("PONG :tmi.twitch.tv")
		}
		silent.want("PING :tmi.twitch.tv")
		if !silent.isGone() {
			t.Error("got a silent client kept")
		}
		if answering.isGone() {
			t.Error("got an answering client dropped")
		}
	})
}

func TestReconnectAndDrop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		p := s.login("grace", "ada")
		s.server.Reconnect(30 * time.Second)
		p.want(":tmi.twitch.tv RECONNECT")
		time.Sleep(29 * time.Second)
		if p.isGone() {
			t.Error("got closed before the grace was over")
		}
		time.Sleep(time.Second)
		if !p.isGone() {
			t.Error("got open after the grace was over")
		}
		q := s.login("grace", "ada")
		s.server.Drop()
		if !q.isGone() {
			t.Error("got open after Drop")
		}
		if got := s.server.Connections(); got != 0 {
			t.Errorf("got %d connections, want 0", got)
		}
		if got := fmt.Sprint(s.world.Chatters("1")); got != "[]" {
			t.Errorf("got chatters %v, want none", got)
		}
	})
}
