package irc_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/irc"
)

func TestRawLineIsSentAsItIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := start(t, s.options(irc.Options{Channels: []string{"ada"}}))
		began := time.Now()
		lines := []string{
			"PRIVMSG #ada :\u200bhi ",
			"@client-nonce=mine;reply-parent-msg-id=m0 PRIVMSG #ada :hi",
			"PRIVMSG #ada :/me waves", "PRIVMSG #ada :.ME waves",
			"PRIVMSG #ada :\x01ACTION waves\x01",
		}
		for _, line := range lines {
			err := c.Raw(t.Context(), line)
			if hasNonce := strings.HasPrefix(line, "@"); hasNonce && err != nil || !hasNonce && !errors.Is(err, chat.ErrUnknownOutcome) {
				t.Errorf("%q: got %v", line, err) // the server answers with a nonce or not at all
			}
		}
		conn := s.last(1)
		conn.mu.Lock()
		got := conn.got[len(conn.got)-len(lines):]
		conn.mu.Unlock()
		if diff := cmp.Diff(lines, got); diff != "" {
			t.Errorf("lines (-want +got):\n%s", diff)
		}
		if took := time.Since(began); took < 4*time.Second {
			t.Errorf("took %v, want one message a second at most", took)
		}
	})
}

func TestRawLineThatIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := start(t, s.options(irc.Options{Channels: []string{"ada"}}))
		for line, want := range map[string]error{
			"":                                irc.ErrBadLine,
			"PRIVMSG":                         irc.ErrBadLine,
			"PRIVMSG #ada :a\r\nQUIT":         irc.ErrBadLine,
			"PRIVMSG #ada :a\x00b":            irc.ErrBadLine,
			"PRIVMSG #ada :a\xff":             irc.ErrBadLine,
			"PRIVMSG ada":                     irc.ErrBadLine,
			":ada!x PRIVMSG #ada :hi":         irc.ErrBadLine,
			"JOIN #bob":                       irc.ErrBadLine,
			"PASS oauth:x":                    irc.ErrBadLine,
			"@a=" + strings.Repeat("x", 8200): irc.ErrBadLine,
			"PRIVMSG #ada : ":                 chat.ErrEmpty,
			"PRIVMSG #ada :" + strings.Repeat("x", 501): chat.ErrTooLong,
			"PRIVMSG #bob :hi":                          irc.ErrNotWanted,
		} {
			if err := c.Raw(t.Context(), line); !errors.Is(err, want) {
				t.Errorf("%.30q: got %v, want %v", line, err, want)
			}
		}
		for text, want := range map[string]irc.CommandError{
			"/ban bob":              {Command: "/ban", Instead: "Moderation.Ban"},
			".Timeout bob 1":        {Command: ".timeout", Instead: "Moderation.Ban"},
			" /w bob hi":            {Command: "/w", Instead: "Whispers.Send"},
			"/announceblue hello":   {Command: "/announceblue", Instead: "Chat.SendAnnouncement"},
			"/host bob":             {Command: "/host"},
			"/men are from mars":    {Command: "/men"},
			"...":                   {Command: "..."},
			"/commercial":           {Command: "/commercial", Instead: "Ads.StartCommercial"},
			"/unraid":               {Command: "/unraid", Instead: "Raids.Cancel"},
			"/marker a good moment": {Command: "/marker", Instead: "Streams.CreateMarker"},
		} {
			err := c.Raw(t.Context(), "PRIVMSG #ada :"+text)
			e, ok := errors.AsType[*irc.CommandError](err)
			if !ok || *e != want || !strings.Contains(err.Error(), want.Command) || !strings.Contains(err.Error(), want.Instead) {
				t.Errorf("%q: got %v, want %+v", text, err, want)
			}
		}
		if got := s.last(1).lines("PRIVMSG"); len(got) != 0 {
			t.Errorf("got %q, want nothing sent", got)
		}
	})
}

// The methods that CommandErrors name exist, for every command that Twitch removed and
// replaced.
func TestReplacementsOfChatCommandsExist(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := start(t, s.options(irc.Options{Channels: []string{"ada"}}))
		client := reflect.TypeFor[helix.Client]()
		for command := range strings.FieldsSeq("announce announceblue announcegreen announceorange announcepurple ban timeout unban untimeout clear delete color " +
			"commercial emoteonly emoteonlyoff followers followersoff slow slowoff subscribers subscribersoff uniquechat uniquechatoff r9kbeta r9kbetaoff " +
			"marker mod unmod mods vip unvip vips raid unraid shoutout w") {
			e, _ := errors.AsType[*irc.CommandError](c.Raw(t.Context(), "PRIVMSG #ada :/"+command+" x"))
			if e == nil {
				t.Errorf("/%s is sent", command)
				continue
			}
			service, method, _ := strings.Cut(e.Instead, ".")
			field, ok := client.FieldByName(service)
			if !ok {
				t.Errorf("/%s: there is no service %q", command, service)
				continue
			}
			if _, ok := field.Type.MethodByName(method); !ok {
				t.Errorf("/%s: there is no method %q", command, e.Instead)
			}
		}
	})
}
