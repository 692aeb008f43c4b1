package helix_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/helix"
)

// inChat runs a test in a bubble with a Sender that writes as mod over Helix.
func inChat(t *testing.T, o chat.SenderOptions, test func(t *testing.T, s *emulator.Server, sender *chat.Sender, ada chat.User)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.Channel("bob"), emulator.User("larkspur"))
		id := s.UserID("larkspur")
		tw := helix.New(s.ClientID(), helix.StaticToken(id, s.UserToken("larkspur", "user:write:chat")), helix.Options{HTTPClient: s.HTTPClient(), BaseURL: s.HelixURL()})
		test(t, s, chat.NewSender(tw.Chat.Carrier(id), o), chat.User{ID: s.UserID("ada")})
	})
}

func TestSenderOverHelix(t *testing.T) {
	inChat(t, chat.SenderOptions{Evade: true}, func(t *testing.T, s *emulator.Server, sender *chat.Sender, ada chat.User) {
		parent := s.Say("ada", "grace", "hello?")
		sent, err := sender.Send(t.Context(), chat.Outgoing{Channel: ada, Text: strings.Repeat("word ", 150), ReplyTo: parent, Split: true})
		if err != nil || len(sent.IDs) != 2 || !s.HasMessage("ada", sent.IDs[1]) {
			t.Errorf("got %v, %v, want two messages", sent, err)
		}
		if all := s.Chat("ada"); all[1].ReplyTo != parent || all[2].ReplyTo != "" {
			t.Errorf("got %+v, want the first part and no other to be a reply", all)
		}
		for range 3 {
			if _, err := sender.Act(t.Context(), ada, "waves to all"); err != nil {
				t.Error(err)
			}
		}
		for _, want := range []string{"waves to all", "waves  to all", "waves to  all"} {
			if m := s.WantChat(t, "ada", want); !m.Action {
				t.Errorf("%q is no action", want)
			}
		}
		s.FailRequests(emulator.RequestFault{Path: "/helix/chat/messages", Status: 503})
		if _, err := sender.Say(t.Context(), ada, "unknown"); !errors.Is(err, chat.ErrUnknownOutcome) || !errors.Is(err, helix.ErrUnknownOutcome) {
			t.Errorf("got %v, want %v", err, chat.ErrUnknownOutcome)
		}
		s.Ban("ada", "larkspur", "")
		if _, err := sender.Say(t.Context(), ada, "banned"); !errors.Is(err, helix.ErrForbidden) {
			t.Errorf("got %v, want %v", err, helix.ErrForbidden)
		}
	})
}

// The answer is lost, and the bot's own message arrives.
func TestLostAnswerOverHelix(t *testing.T) {
	inChat(t, chat.SenderOptions{}, func(t *testing.T, s *emulator.Server, sender *chat.Sender, ada chat.User) {
		own := chat.Chatter{User: chat.User{ID: s.UserID("larkspur")}}
		sender.Observe(&chat.Message{ID: "before", Broadcaster: ada, Chatter: own})
		for _, shown := range []bool{true, false} {
			s.FailRequests(emulator.RequestFault{Path: "/helix/chat/messages", Lost: true})
			time.AfterFunc(2*time.Second, func() {
				if all := s.Chat("ada"); shown {
					m := all[len(all)-1]
					sender.Observe(&chat.Message{ID: m.ID, Text: m.Text, Broadcaster: ada, Chatter: own})
				}
			})
			sent, err := sender.Say(t.Context(), ada, fmt.Sprint("shown: ", shown))
			if shown && (err != nil || len(sent.IDs) != 1 || !s.HasMessage("ada", sent.IDs[0])) || !shown && !errors.Is(err, chat.ErrUnknownOutcome) {
				t.Errorf("got %v, %v", sent, err)
			}
		}
		if n := len(s.Chat("ada")); n != 2 {
			t.Errorf("got %d messages, want each once", n)
		}
	})
}

// The emulator drops what exceeds Twitch's limits.
func TestSenderKeepsTheLimitsOverHelix(t *testing.T) {
	inChat(t, chat.SenderOptions{TTL: time.Hour, Queue: 1000}, func(t *testing.T, s *emulator.Server, sender *chat.Sender, ada chat.User) {
		var calls sync.WaitGroup
		for i := range 60 {
			for _, channel := range []chat.User{ada, {ID: s.UserID("bob")}} {
				calls.Go(func() {
					if _, err := sender.Say(t.Context(), channel, fmt.Sprint("message ", i)); err != nil {
						t.Error(err)
					}
				})
			}
		}
		calls.Wait()
		if a, b := len(s.Chat("ada")), len(s.Chat("bob")); a != 60 || b != 60 {
			t.Errorf("got %d and %d messages, want 60 in each channel", a, b)
		}
	})
}
