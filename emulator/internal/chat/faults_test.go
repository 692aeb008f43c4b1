package chat_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/larkspur-dev/larkspur/emulator/internal/chat"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// texts returns the texts of the chat messages since the last take.
func (p *peer) texts() []string {
	texts := []string{}
	for _, line := range p.take() {
		if _, text, found := strings.Cut(line, " PRIVMSG #ada :"); found {
			texts = append(texts, text)
		}
	}
	return texts
}

func (s *stage) say(texts ...string) {
	s.t.Helper()
	for _, text := range texts {
		if _, err := s.world.PostChat(world.Post{BroadcasterID: "1", SenderID: "4", Text: text, Unlimited: true}); err != nil {
			s.t.Fatal(err)
		}
	}
}

func TestConnectionsAreListed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		start := time.Now().UTC()
		s.login("grace", "bob", "ada")
		s.dial()
		synctest.Wait() // connections are numbered by the goroutines that serve them
		s.dial().send("NICK justinfan1", "JOIN #ada")
		synctest.Wait()
		want := []chat.Connection{
			{ID: "irc-1", Login: "grace", Channels: []string{"ada", "bob"}, ConnectedAt: start},
			{ID: "irc-2", Channels: []string{}, ConnectedAt: start},
			{ID: "irc-3", Login: "justinfan1", Anonymous: true, Channels: []string{"ada"}, ConnectedAt: start},
		}
		if diff := cmp.Diff(want, s.server.List()); diff != "" {
			t.Errorf("got other connections (-want +got):\n%s", diff)
		}
	})
}

// Each fault hits one of two connections; what it does to both is checked.
func TestConnectionFaults(t *testing.T) {
	for _, row := range []struct {
		name  string
		fault func(s *chat.Server) int
		lines []string // that the connection still gets: a chat message, and the answer to PING
		gone  bool     // at once
	}{
		{"end", func(s *chat.Server) int { return s.End("grace") }, nil, true},
		{"drop", func(s *chat.Server) int { return s.Drop("grace") }, nil, true},
		{"mute", func(s *chat.Server) int { return s.Mute(false, "grace") }, nil, false},
		{"mute with pings", func(s *chat.Server) int { return s.Mute(true, "grace") }, []string{":tmi.twitch.tv PONG tmi.twitch.tv :there?"}, false},
		{"half open", func(s *chat.Server) int { return s.HalfOpen("irc-1") }, nil, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, chat.Config{})
				p, other := s.login("grace", "ada"), s.login("mod", "ada")
				if got := row.fault(s.server); got != 1 {
					t.Errorf("got %d connections, want 1", got)
				}
				if got := p.isGone(); got != row.gone {
					t.Errorf("got connection closed %v, want %v", got, row.gone)
				}
				s.say("hello")
				if !row.gone {
					p.send("PING :there?")
				}
				p.want(row.lines...)
				if got := other.texts(); len(got) != 1 || other.isGone() {
					t.Errorf("the other connection got %q, want the message", got)
				}
			})
		})
	}
}

func TestHalfOpenIsGivenUpByTheServerOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		p := s.login("grace", "ada")
		s.server.HalfOpen()
		time.Sleep(6 * time.Minute)
		if got := s.world.Chatters("1"); len(got) != 0 || s.server.Connections() != 0 {
			t.Errorf("got chatters %v and %d connections after six minutes, want none", got, s.server.Connections())
		}
		if p.isGone() {
			t.Error("got a closed connection, want one that the client still takes for open")
		}
		p.send("PRIVMSG #ada :nobody hears this")
		_ = p.conn.Close()
		if got := s.world.Messages("1"); len(got) != 0 {
			t.Errorf("got messages %v, want none", got)
		}
	})
}

func TestSilenceIsNotEndedByPings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		p := s.login("grace", "ada")
		s.server.Mute(false)
		time.Sleep(time.Hour)
		p.want()
		if p.isGone() {
			t.Error("got a closed connection, want a silent one")
		}
		p.send("PRIVMSG #ada :still heard")
		p.want()
		if got := s.world.Messages("1"); len(got) != 1 {
			t.Errorf("got messages %v, want one", got)
		}
	})
}

func TestCutInTheMiddleOfALine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		p := s.login("grace", "ada")
		s.server.Tear()
		s.say("a message that does not arrive whole")
		if got := p.take(); len(got) != 0 || !p.isGone() {
			t.Errorf("got %q, want half of a line and a closed connection", got)
		}
	})
}

func TestReconnectOfOneConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		first, second := s.login("grace", "ada"), s.login("grace", "ada")
		if got := s.server.Reconnect(5*time.Second, "irc-2"); got != 1 {
			t.Errorf("got %d connections, want 1", got)
		}
		if first.want(); first.isGone() {
			t.Error("got the first connection closed")
		}
		second.want(":tmi.twitch.tv RECONNECT")
		time.Sleep(5 * time.Second)
		if !second.isGone() || first.isGone() {
			t.Error("got other connections closed than the second")
		}
	})
}

func TestSlowConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		p := s.login("grace", "ada")
		s.server.Slow(2)
		s.say("1", "2", "3", "4")
		time.Sleep(time.Second)
		if got := p.texts(); !slices.Equal(got, []string{"1", "2"}) {
			t.Errorf("got %q in the first second, want 1 and 2", got)
		}
		time.Sleep(time.Second)
		if got := p.texts(); !slices.Equal(got, []string{"3", "4"}) {
			t.Errorf("got %q in the second second, want 3 and 4", got)
		}
		s.server.Slow(0)
		s.say("5", "6", "7")
		if got := p.texts(); len(got) != 3 {
			t.Errorf("got %q, want three lines at once", got)
		}
	})
}

func TestRefusedLogins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		s.server.RefuseLogins(time.Minute, "Login unsuccessful")
		for _, lines := range [][]string{{"PASS oauth:grace", "NICK grace"}, {"NICK justinfan1"}} {
			p := s.dial()
			p.send(lines...)
			if p.want(":tmi.twitch.tv NOTICE * :Login unsuccessful"); !p.isGone() {
				t.Errorf("%q: got an open connection", lines)
			}
		}
		s.server.RefuseLogins(time.Minute, "")
		p := s.dial()
		p.send("NICK justinfan1")
		if p.want(); !p.isGone() {
			t.Error("got an open connection, want it closed without a line")
		}
		time.Sleep(time.Minute)
		if p := s.login("grace"); p.isGone() {
			t.Error("got a login refused after its time")
		}
		s.server.RefuseLogins(time.Minute, "x")
		s.server.Accept()
		if p := s.login("grace"); p.isGone() {
			t.Error("got a login refused after Accept")
		}
	})
}

func TestUnansweredLoginsAndJoins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		s.server.WithholdWelcomes(1)
		p := s.dial()
		p.send("NICK justinfan1")
		if p.want(); p.isGone() {
			t.Error("got a closed connection, want an open one without a welcome")
		}
		p = s.dial()
		p.send("NICK justinfan1")
		p.want(welcomeOf("justinfan1")...)
		s.server.IgnoreJoins(2)
		p.send("JOIN #ada,#bob", "JOIN #grace")
		if got := p.take(); len(got) != 3 || got[0] != ":justinfan1!justinfan1@justinfan1.tmi.twitch.tv JOIN #grace" {
			t.Errorf("got %q, want the third channel only", got)
		}
	})
}

func TestDisturbedLines(t *testing.T) {
	texts := make([]string, 200)
	for i := range texts {
		texts[i] = fmt.Sprint("line ", i)
	}
	disturbed := func(d chat.Disturbance) (at, later, other []string) {
		synctest.Test(t, func(t *testing.T) {
			s := newStage(t, chat.Config{})
			p, q := s.login("grace", "ada"), s.login("mod", "ada")
			s.server.Disturb(d)
			s.say(texts...)
			at, other = p.texts(), q.texts()
			time.Sleep(time.Minute)
			later = p.texts()
		})
		return at, later, other
	}
	if now, later, other := disturbed(chat.Disturbance{Delay: time.Second, Connection: "grace"}); len(now) != 0 || !slices.Equal(later, texts) || !slices.Equal(other, texts) {
		t.Errorf("delay: got %d lines at once and %d later, the other connection %d at once", len(now), len(later), len(other))
	}
	_, later, _ := disturbed(chat.Disturbance{Jitter: time.Second, Connection: "irc-1", Seed: 7})
	sorted := slices.Clone(later)
	if less := func(a, b string) bool { return a < b }; slices.Equal(later, texts) || !cmp.Equal(sorted, texts, cmpopts.SortSlices(less)) {
		t.Errorf("jitter: got %q, want all lines in another order", later)
	}
	if _, again, _ := disturbed(chat.Disturbance{Jitter: time.Second, Connection: "irc-1", Seed: 7}); !slices.Equal(later, again) {
		t.Error("jitter: got another order with the same seed")
	}
	if _, again, _ := disturbed(chat.Disturbance{Jitter: time.Second, Connection: "irc-1", Seed: 8}); slices.Equal(later, again) {
		t.Error("jitter: got the same order with another seed")
	}
	if now, _, _ := disturbed(chat.Disturbance{Duplicate: 0.5, BroadcasterID: "1"}); len(now) < 270 || len(now) > 330 {
		t.Errorf("duplicates: got %d lines of 200, want about 300", len(now))
	}
	if now, _, _ := disturbed(chat.Disturbance{Lost: 0.5}); len(now) < 70 || len(now) > 130 {
		t.Errorf("losses: got %d lines of 200, want about 100", len(now))
	}
	if now, _, _ := disturbed(chat.Disturbance{Lost: 1, BroadcasterID: "2"}); len(now) != 200 {
		t.Errorf("losses elsewhere: got %d lines of 200, want all", len(now))
	}
}

func TestAnswersToMessagesAreDisturbed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		p := s.login("grace", "ada")
		s.server.Disturb(chat.Disturbance{Lost: 1})
		p.send("PRIVMSG #ada :x", "PING :x")
		p.want(":tmi.twitch.tv PONG tmi.twitch.tv :x")
		s.server.Disturb(chat.Disturbance{})
		p.send("PRIVMSG #ada :y")
		p.want(graceSent)
	})
}
