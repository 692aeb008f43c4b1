package chat_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/larkspur-dev/larkspur/emulator/internal/chat"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// sharing makes a stage on which ada's chat is shared with mod's channel, and grace listens
// in both.
func sharing(t *testing.T) (s *stage, p *peer) {
	t.Helper()
	s = newStage(t, chat.Config{})
	if err := s.world.ShareChat("1", "2"); err != nil {
		t.Fatal(err)
	}
	return s, s.login("grace", "ada", "mod")
}

func TestSharedMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, p := sharing(t)
		if err := s.world.StartSubscription("2", "4", ""); err != nil { // a badge in one of the two
			t.Fatal(err)
		}
		p.take()
		s.say("hello both")
		const tail = `;tmi-sent-ts=<ts>;turbo=0;user-id=4;user-type= :bob!bob@bob.tmi.twitch.tv PRIVMSG #`
		const source = "source-badge-info=;source-badges=;source-id=<id>;source-only=0;source-room-id=1"
		got := p.take()
		if len(got) != 2 {
			t.Fatalf("got %q, want two lines", got)
		}
		original, copied := tagsOf(got[0]), tagsOf(got[1])
		if original["source-id"] != original["id"] || copied["source-id"] != original["id"] || copied["id"] == original["id"] {
			t.Errorf("got the ids of %q and %q", original, copied)
		}
		for i, want := range []string{
			"@badge-info=;badges=;color=#FF0000;display-name=Bob;emotes=;first-msg=1;flags=;id=<id>;mod=0;returning-chatter=0;room-id=1;" + source + ";subscriber=0" + tail + "ada :hello both",
			"@badge-info=subscriber/1;badges=subscriber/0;color=#FF0000;display-name=Bob;emotes=;flags=;id=<id>;mod=0;room-id=2;" + source + ";subscriber=1" + tail + "mod :hello both",
		} {
			for _, c := range changing {
				got[i] = c.ReplaceAllString(got[i], c.to)
			}
			if got[i] != want {
				t.Errorf("got  %q\nwant %q", got[i], want)
			}
		}

		// A reply in the other channel is copied back as a reply to the original.
		if _, err := s.world.PostChat(world.Post{BroadcasterID: "2", SenderID: "2", Text: "hello back", ReplyTo: copied["id"]}); err != nil {
			t.Fatal(err)
		}
		for _, line := range p.take() {
			want := original["id"]
			if strings.Contains(line, " PRIVMSG #mod ") {
				want = copied["id"]
			}
			if got := tagsOf(line)["reply-parent-msg-id"]; got != want {
				t.Errorf("%q: got a reply to %s, want %s", line, got, want)
			}
		}
	})
}

func TestWhatIsNotShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, p := sharing(t)
		if _, err := s.world.PostChat(world.Post{BroadcasterID: "1", SenderID: "4", Text: "for ada only", SourceOnly: true}); err != nil {
			t.Fatal(err)
		}
		if got := p.take(); len(got) != 1 || tagsOf(got[0])["source-only"] != "1" || tagsOf(got[0])["source-room-id"] != "1" {
			t.Errorf("only here: got %q", got)
		}
		if err := s.world.AnnounceIn("1", "1", "for ada only", "", true); err != nil {
			t.Fatal(err)
		}
		if got := p.take(); len(got) != 1 || tagsOf(got[0])["msg-id"] != "announcement" {
			t.Errorf("an announcement only here: got %q", got)
		}
		if err := s.world.Notify("1", world.NewNotice{Kind: "viewermilestone", UserID: "4"}); err != nil {
			t.Fatal(err)
		}
		if got := p.take(); len(got) != 1 {
			t.Errorf("watch streak: got %q, want it in one channel", got)
		}
		if _, err := s.world.Ban("2", "2", "4", 0, ""); err != nil {
			t.Fatal(err)
		}
		p.take()
		s.say("banned in the other channel")
		if got := p.take(); len(got) != 1 {
			t.Errorf("banned there: got %q, want it in one channel", got)
		}
		if err := s.world.LeaveSharedChat("2"); err != nil {
			t.Fatal(err)
		}
		s.say("alone again")
		if got := p.take(); len(got) != 1 || strings.Contains(got[0], "source-") {
			t.Errorf("after the session: got %q", got)
		}
	})
}

func TestSharedNotices(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, p := sharing(t)
		for kind, do := range map[string]func() error{
			"raid":         func() error { return s.world.Raid("4", "1", 5) },
			"sub":          func() error { return s.world.StartSubscription("1", "4", "") },
			"announcement": func() error { return s.world.Announce("1", "1", "hear, hear", "") },
			"modiversary":  func() error { return s.world.Notify("1", world.NewNotice{Kind: "modiversary", UserID: "4"}) },
		} {
			if err := do(); err != nil {
				t.Fatal(err)
			}
			got := p.take()
			if len(got) != 2 {
				t.Fatalf("%s: got %q, want two lines", kind, got)
			}
			original, copied := tagsOf(got[0]), tagsOf(got[1])
			for tag, want := range map[string][2]string{
				"msg-id": {kind, "sharedchatnotice"}, "source-msg-id": {kind, kind}, "room-id": {"1", "2"}, "source-room-id": {"1", "1"},
				"source-id": {original["id"], original["id"]}, "system-msg": {original["system-msg"], original["system-msg"]},
			} {
				if original[tag] != want[0] || copied[tag] != want[1] {
					t.Errorf("%s: got %s %q and %q, want %q", kind, tag, original[tag], copied[tag], want)
				}
			}
			if copied["id"] == original["id"] || len(paramsOf(got[0])) != len(paramsOf(got[1])) || !strings.Contains(got[1], " USERNOTICE #mod") {
				t.Errorf("%s: got %q", kind, got)
			}
		}
	})
}
