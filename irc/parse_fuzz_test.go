package irc_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/irc"
)

// events returns a value of every type there is.
func events() []irc.Event {
	return []irc.Event{
		&irc.PrivMsg{}, &irc.UserNotice{}, &irc.ClearChat{}, &irc.ClearMsg{}, &irc.Notice{}, &irc.Whisper{}, &irc.RoomState{},
		&irc.UserState{}, &irc.GlobalUserState{}, &irc.Join{}, &irc.Part{}, &irc.Ping{}, &irc.Pong{}, &irc.Reconnect{}, &irc.Cap{}, &irc.Numeric{},
		&irc.HostTarget{}, &irc.ModeChange{},
	}
}

func FuzzParse(f *testing.F) {
	f.Add(benchLine)
	f.Add("@a=\\;b :x PRIVMSG #ada :\x01ACTION")
	f.Add("@badges=/,/1;emotes=:-,1:2-3 :!@ USERNOTICE #x")
	f.Add(":tmi.twitch.tv 353 a = #b :c d")
	f.Add("@ban-duration=-1 CLEARCHAT #a :b")
	f.Add("@reply-parent-msg-body=\\s\\\\s;reply-thread-parent-msg-id=a;source-room-id=1;flags=1-2:P.3/A :x!x@x PRIVMSG a #b :c :d")
	for _, row := range writtenLines {
		f.Add(row.line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		checkLine(t, line)
		m, err := irc.Parse(line)
		if err != nil {
			if err.Error() == "" {
				t.Error("got an error without a text")
			}
			return
		}
		if strings.ContainsAny(m.Line, "\r\n\x00") {
			t.Errorf("got a line end inside %q", m.Line)
		}
		n := 0
		for p := range m.Params() {
			if m.Param(n) != p {
				t.Errorf("parameter %d: got %q, want %q", n, m.Param(n), p)
			}
			n++
		}
		for _, e := range events() {
			_ = e.Decode(&m) // whatever the command: no panic
		}
		var p irc.PrivMsg
		if p.Decode(&m) == nil {
			for range p.Badges.All() {
				n++
			}
			for f := range p.Flags().All() {
				n += f.Level
			}
			_, _ = p.Pinned()
			_, _ = p.History()
			for e := range p.Emotes.All() {
				if !strings.Contains(p.Text, e.In(p.Text)) {
					t.Errorf("%v is not in %q", e, p.Text)
				}
			}
			if diff := cmp.Diff(plainFragments(p.Emotes, p.Text), p.Chat().Fragments); diff != "" {
				t.Errorf("emotes %q of %q (-want +got):\n%s", p.Emotes, p.Text, diff)
			}
		}
		checkWriting(t, m)
		var u irc.UserNotice
		if u.Decode(&m) == nil {
			for _, row := range noticeRows { // the parameters of every kind
				u.Kind = row.kind
				_ = details(t, &u)
			}
			_, _ = u.Goal()
		}
		again, err := irc.Parse(m.Line)
		if err != nil || again != m {
			t.Errorf("got %v, %v from the line, want the same message", again, err)
		}
	})
}
