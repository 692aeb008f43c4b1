package irc_test

import (
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/irc"
)

// events returns a value of every type there is.
func events() []irc.Event {
	return []irc.Event{
		&irc.PrivMsg{}, &irc.UserNotice{}, &irc.ClearChat{}, &irc.ClearMsg{}, &irc.Notice{}, &irc.Whisper{}, &irc.RoomState{},
		&irc.UserState{}, &irc.GlobalUserState{}, &irc.Join{}, &irc.Part{}, &irc.Ping{}, &irc.Reconnect{}, &irc.Numeric{},
	}
}

func FuzzParse(f *testing.F) {
	f.Add(benchLine)
	f.Add("@a=\\;b :x PRIVMSG #ada :\x01ACTION")
	f.Add("@badges=/,/1;emotes=:-,1:2-3 :!@ USERNOTICE #x")
	f.Add(":tmi.twitch.tv 353 a = #b :c d")
	f.Add("@ban-duration=-1 CLEARCHAT #a :b")
	f.Fuzz(func(t *testing.T, line string) {
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
			for e := range p.Emotes.All() {
				if !strings.Contains(p.Text, e.In(p.Text)) {
					t.Errorf("%v is not in %q", e, p.Text)
				}
			}
			var text strings.Builder
			for _, fragment := range p.Chat().Fragments {
				text.WriteString(fragment.Text)
			}
			if text.String() != p.Text {
				t.Errorf("got the fragments %q, want %q", text.String(), p.Text)
			}
		}
		again, err := irc.Parse(m.Line)
		if err != nil || again != m {
			t.Errorf("got %v, %v from the line, want the same message", again, err)
		}
	})
}
