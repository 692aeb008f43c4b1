package bot_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/irc"
)

// A merged is a stream of the channel ada, from IRC and from EventSub.
type merged struct {
	t       *testing.T
	tw      *emulator.Server
	client  *helix.Client
	irc     *irc.Client
	session *eventsub.Session
	stream  *bot.Stream
	started time.Time

	mu  sync.Mutex
	got []string // guarded by mu; what was handed on
}

// merging runs a test in a bubble, with both sources running and settled.
func merging(t *testing.T, test func(s *merged)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &merged{t: t}
		s.tw = emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.Channel("bob"), emulator.User("larkspur", "grace"), emulator.Moderator("ada", "larkspur"))
		token := s.tw.UserToken("larkspur", "user:read:chat", "user:write:chat", "chat:read", "chat:edit")
		id := s.tw.UserID("larkspur")
		s.client = helix.New(s.tw.ClientID(), helix.StaticToken(id, token), helix.Options{
			HTTPClient: &http.Client{Transport: s.tw.HTTPClient().Transport}, BaseURL: s.tw.HelixURL(),
		})
		s.irc = irc.New(irc.Options{
			Login: "larkspur", Dial: s.tw.DialContext, Addr: s.tw.IRCAddr(), Channels: []string{"ada"},
			Token: func(context.Context) (string, error) { return token, nil },
		})
		mux := eventsub.NewMux()
		s.session = eventsub.NewSession(s.client, mux, eventsub.SessionOptions{UserID: id, URL: s.tw.EventSubURL(), HTTPClient: s.tw.HTTPClient()})
		s.session.Want(eventsub.ChannelChatMessageCondition{BroadcasterUserID: s.tw.UserID("ada"), UserID: id})
		s.stream = bot.NewStream(bot.StreamOptions{})
		s.stream.IRC(s.irc)
		s.stream.EventSub(mux, s.session)
		s.stream.On(func(_ context.Context, m *chat.Message) error { s.note(m); return nil })
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { _ = s.irc.Run(ctx) })
		running.Go(func() { _ = s.session.Run(ctx) })
		defer func() {
			cancel()
			running.Wait()
			if err := s.stream.Drain(t.Context()); err != nil {
				t.Error(err)
			}
			if err := mux.Drain(t.Context()); err != nil {
				t.Error(err)
			}
		}()
		s.settle()
		test(s)
	})
}

// settle waits until connections and subscriptions are there.
func (s *merged) settle() {
	time.Sleep(10 * time.Second)
	synctest.Wait()
}

// note records a message: what it says, which sources it has, and when it came.
func (s *merged) note(m *chat.Message) {
	var parts []string
	if m.Raw != "" {
		parts = append(parts, "irc")
	}
	if m.Broadcaster.Name != "" { // IRC does not send it
		parts = append(parts, "eventsub")
	}
	if m.FirstMessage {
		parts = append(parts, "first")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got = append(s.got, fmt.Sprintf("%s [%s] %v", m.Text, strings.Join(parts, " "), time.Since(s.started)))
}

// says writes as grace, and returns what was handed on within a second.
func (s *merged) says(texts ...string) []string {
	s.t.Helper()
	s.mu.Lock()
	s.got, s.started = nil, time.Now()
	s.mu.Unlock()
	for _, text := range texts {
		s.tw.Say("ada", "grace", text)
	}
	time.Sleep(time.Second)
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.got)
}

func (s *merged) want(texts []string, want ...string) {
	s.t.Helper()
	if diff := cmp.Diff(want, s.says(texts...)); diff != "" {
		s.t.Errorf("%v (-want +got):\n%s\n%+v", texts, diff, s.stream.Stats())
	}
}

func TestMessagesOfBothSourcesAreMerged(t *testing.T) {
	merging(t, func(s *merged) {
		s.want([]string{"one", "two"}, "one [irc eventsub first] 0s", "two [irc eventsub] 0s")
		if st := s.stream.Stats(); st.Messages != 2 || st.Merged != 2 || st.Late+st.Alone+st.Duplicates != 0 || st.Held != 0 || st.Channels != 1 {
			t.Errorf("got %+v, want two messages, both merged", st)
		}
	})
}

func TestSecondCopyIsWaitedForAndDroppedWhenItIsLate(t *testing.T) {
	merging(t, func(s *merged) {
		if err := s.tw.DisturbEventSub(emulator.EventFault{Delay: 200 * time.Millisecond}); err != nil {
			t.Fatal(err)
		}
		s.want([]string{"in time"}, "in time [irc eventsub first] 200ms")
		if err := s.tw.DisturbEventSub(emulator.EventFault{Delay: 300 * time.Millisecond}); err != nil {
			t.Fatal(err)
		}
		s.want([]string{"too late"}, "too late [irc] 250ms")
		s.want([]string{"not waited for"}, "not waited for [irc] 0s")
		if st := s.stream.Stats(); st.Late != 2 || st.Alone != 1 {
			t.Errorf("got %+v, want two late copies and one that was waited for in vain", st)
		}
		s.tw.HealEventSub()
		s.says("back")
		s.want([]string{"merged"}, "merged [irc eventsub] 0s")
	})
}

func TestLostSourceIsNotWaitedFor(t *testing.T) {
	for name, lose := range map[string]struct {
		fault  func(s *merged)
		source string
	}{
		"irc":      {func(s *merged) { s.tw.HalfOpenChat() }, "eventsub"},
		"eventsub": {func(s *merged) { s.tw.HalfOpenEventSub() }, "irc"},
	} {
		t.Run(name, func(t *testing.T) {
			merging(t, func(s *merged) {
				s.want([]string{"both"}, "both [irc eventsub first] 0s")
				lose.fault(s)
				s.want([]string{"a", "b"}, "a ["+lose.source+"] 250ms", "b ["+lose.source+"] 250ms")
				s.want([]string{"c"}, "c ["+lose.source+"] 0s")
				s.settle()
				time.Sleep(2 * time.Minute) // until both are connected again
				s.says("d")
				s.want([]string{"e"}, "e [irc eventsub] 0s")
			})
		})
	}
}

func TestOwnMessagesDoNotWaitForIRC(t *testing.T) {
	merging(t, func(s *merged) {
		s.want([]string{"both"}, "both [irc eventsub first] 0s")
		s.mu.Lock()
		s.got, s.started = nil, time.Now()
		s.mu.Unlock()
		if err := s.irc.Say(s.t.Context(), "ada", "hello"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if diff := cmp.Diff([]string{"hello [eventsub] 0s"}, s.got); diff != "" {
			t.Errorf("own message (-want +got):\n%s", diff)
		}
		s.want([]string{"both again"}, "both again [irc eventsub] 0s")
	})
}

// During a shared chat session every channel gets a copy of each message, with an id of
// its own: each channel hands on its copy once.
func TestSharedChatIsMergedInEachChannel(t *testing.T) {
	merging(t, func(s *merged) {
		if err := s.irc.Join(s.t.Context(), "bob"); err != nil {
			t.Fatal(err)
		}
		s.session.Want(eventsub.ChannelChatMessageCondition{BroadcasterUserID: s.tw.UserID("bob"), UserID: s.tw.UserID("larkspur")})
		s.tw.ShareChat("ada", "bob")
		s.settle()
		got := s.says("to both")
		slices.Sort(got)
		if diff := cmp.Diff([]string{"to both [irc eventsub first] 0s", "to both [irc eventsub] 0s"}, got); diff != "" {
			t.Errorf("chat of both channels (-want +got):\n%s", diff)
		}
		if st := s.stream.Stats(); st.Channels != 2 || st.Merged != 2 {
			t.Errorf("got %+v, want one merged message in each of two channels", st)
		}
	})
}

func TestBotOnAStreamAnswersOnce(t *testing.T) {
	merging(t, func(s *merged) {
		b := bot.New(s.client, s.stream, bot.Options{UserID: s.tw.UserID("larkspur")})
		defer b.Close()
		if err := bot.Command(b, "hello", hello); err != nil {
			t.Fatal(err)
		}
		got := s.says("!hello")
		if len(got) != 2 || got[0] != "!hello [irc eventsub first] 0s" || !strings.HasPrefix(got[1], "hello grace! [") {
			t.Errorf("got %q, want the command and one answer", got)
		}
	})
}
