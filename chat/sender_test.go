package chat_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/chat"
)

// A wire is a carrier that records what it sends.
type wire struct {
	mu      sync.Mutex
	lines   []string                     // guarded by mu; "channel text"
	at      []time.Time                  // guarded by mu; when each came
	answers []error                      // guarded by mu; of the next messages; nil when there are none
	takes   time.Duration                // guarded by mu; until the answer
	down    bool                         // guarded by mu; not connected
	roles   map[string]chat.Roles        // guarded by mu; by login
	changed chan struct{}                // guarded by mu
	onCarry func(m chat.Outgoing) string // returns the id, if there is a function
}

func newWire() *wire { return &wire{roles: map[string]chat.Roles{}, changed: make(chan struct{})} }

func (w *wire) set(f func(w *wire)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f(w)
	close(w.changed)
	w.changed = make(chan struct{})
}

func (w *wire) Carry(_ context.Context, m chat.Outgoing) (string, error) {
	w.mu.Lock()
	if w.down {
		w.mu.Unlock()
		return "", chat.ErrNotReady
	}
	line := m.Channel.Login + " " + m.Text
	if m.ReplyTo != "" {
		line += " ^" + m.ReplyTo
	}
	w.lines, w.at = append(w.lines, line), append(w.at, time.Now())
	id := fmt.Sprint("m", len(w.lines))
	var err error
	if len(w.answers) > 0 {
		err, w.answers = w.answers[0], w.answers[1:]
	}
	takes, onCarry := w.takes, w.onCarry
	w.mu.Unlock()
	if onCarry != nil {
		id = onCarry(m)
	}
	if takes > 0 {
		time.Sleep(takes)
	}
	if err != nil {
		return "", err
	}
	return id, nil
}

func (w *wire) Ready(channel chat.User) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case channel.Login == "elsewhere":
		return errElsewhere
	case w.down:
		return chat.ErrNotReady
	}
	return nil
}

var errElsewhere = errors.New("not in that channel")

func (w *wire) Changed() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.changed
}

func (w *wire) Roles(channel chat.User) (chat.Roles, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	roles, ok := w.roles[channel.Login]
	return roles, ok
}

func (*wire) Account() chat.User { return chat.User{ID: "7", Login: "larkspur"} }

// sent returns the lines so far, and forgets them.
func (w *wire) sent() []string {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	lines := w.lines
	w.lines, w.at = nil, nil
	return lines
}

func to(login string) chat.User {
	if login == "larkspur" {
		return chat.User{ID: "7", Login: login}
	}
	return chat.User{ID: "id-" + login, Login: login}
}

// A flow sends messages in the background, each in a goroutine of its own, in order.
type flow struct {
	t     *testing.T
	s     *chat.Sender
	group sync.WaitGroup
	mu    sync.Mutex
	errs  map[string]error // guarded by mu; by text
}

func newFlow(t *testing.T, s *chat.Sender) *flow {
	return &flow{t: t, s: s, errs: map[string]error{}}
}

func (f *flow) send(m chat.Outgoing) {
	f.group.Go(func() {
		_, err := f.s.Send(f.t.Context(), m)
		f.mu.Lock()
		f.errs[m.Text] = err
		f.mu.Unlock()
	})
	synctest.Wait()
}

func (f *flow) say(login, text string, p chat.Priority) {
	f.send(chat.Outgoing{Channel: to(login), Text: text, Priority: p})
}

// err returns the error of a message that has ended.
func (f *flow) err(text string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	err, ended := f.errs[text]
	if !ended {
		f.t.Errorf("the message %q has not ended", text)
	}
	return err
}

func TestSentMessageHasItsID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire()
		s := chat.NewSender(w, chat.SenderOptions{})
		sent, err := s.Reply(t.Context(), &chat.Message{ID: "m0", Broadcaster: to("ada")}, "\u200b/ban grace")
		if diff := cmp.Diff(chat.Sent{IDs: []string{"m1"}}, sent); err != nil || diff != "" {
			t.Errorf("got %v, sent (-want +got):\n%s", err, diff)
		}
		if _, err := s.Act(t.Context(), to("ada"), "waves"); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff([]string{"ada \u2215ban grace ^m0", "ada waves"}, w.sent()); diff != "" {
			t.Errorf("lines (-want +got):\n%s", diff)
		}
		if got, want := s.Stats(), (chat.SenderStats{Accepted: 2}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
}

func TestWhatCannotBeSent(t *testing.T) {
	s := chat.NewSender(newWire(), chat.SenderOptions{Queue: 2})
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, row := range []struct {
		name string
		ctx  context.Context
		m    chat.Outgoing
		want error
	}{
		{"nothing", t.Context(), chat.Outgoing{Channel: to("ada"), Text: " \u200b"}, chat.ErrEmpty},
		{"too long", t.Context(), chat.Outgoing{Channel: to("ada"), Text: strings.Repeat("é", 501)}, chat.ErrTooLong},
		{"too long an action", t.Context(), chat.Outgoing{Channel: to("ada"), Text: strings.Repeat("é", 492), Action: true}, chat.ErrTooLong},
		{"more parts than wait", t.Context(), chat.Outgoing{Channel: to("ada"), Text: strings.Repeat("é", 1001), Split: true}, chat.ErrQueueFull},
		{"cancelled", ended, chat.Outgoing{Channel: to("ada"), Text: "hi"}, context.Canceled},
		{"not there", t.Context(), chat.Outgoing{Channel: to("elsewhere"), Text: "hi"}, errElsewhere},
	} {
		if _, err := s.Send(row.ctx, row.m); !errors.Is(err, row.want) {
			t.Errorf("%s: got %v, want %v", row.name, err, row.want)
		}
	}
	if got := s.Stats(); got.Accepted != 0 || got.Waiting != 0 || got.Crowded != 3 || got.Failed != 1 {
		t.Errorf("got %+v, want three crowded out and one failed", got)
	}
}

func TestFloodInOneChannelKeepsNoOtherOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire()
		s := chat.NewSender(w, chat.SenderOptions{})
		f := newFlow(t, s)
		for i := range 500 {
			f.say("ada", fmt.Sprint("spam ", i), chat.PriorityNormal)
		}
		if got := s.Stats(); got.Waiting != 100-1 && got.Waiting != 100 || got.Crowded < 399 {
			t.Errorf("got %+v, want 100 waiting", got)
		}
		f.say("bob", "answer to bob", chat.PriorityNormal)
		f.say("ada", "notice", chat.PriorityHigh)
		f.say("ada", "small talk", chat.PriorityLow)
		time.Sleep(time.Second)
		if diff := cmp.Diff([]string{"ada spam 0", "bob answer to bob", "ada notice"}, w.sent()); diff != "" {
			t.Errorf("lines (-want +got):\n%s", diff)
		}
		time.Sleep(time.Minute)
		var want []string
		for i := range 17 {
			want = append(want, fmt.Sprint("ada spam ", i+1))
		}
		if diff := cmp.Diff(want, w.sent()[:17]); diff != "" {
			t.Errorf("lines (-want +got):\n%s", diff)
		}
		f.group.Wait()
		if err := f.err("small talk"); !errors.Is(err, chat.ErrQueueFull) {
			t.Errorf("got %v, want %v", err, chat.ErrQueueFull)
		}
		if got := s.Stats(); got.Accepted+got.Expired+got.Crowded != 503 || got.Waiting != 0 {
			t.Errorf("got %+v, want all 503 accounted for", got)
		}
	})
}

// A channel that the account moderates may have 100 messages, all of which count against
// the 20 of the others.
func TestFloodInAModeratedChannelKeepsNoOtherOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire()
		w.roles["ada"] = chat.Moderator
		s := chat.NewSender(w, chat.SenderOptions{Queue: 1000})
		f := newFlow(t, s)
		for i := range 50 {
			f.say("ada", fmt.Sprint("spam ", i), chat.PriorityNormal)
		}
		if n := len(w.sent()); n != 50 {
			t.Errorf("got %d messages at once, want 50", n)
		}
		for i := range 300 { // ten in a second
			f.say("ada", fmt.Sprint("more spam ", i), chat.PriorityNormal)
			if i == 10 {
				f.say("bob", "answer", chat.PriorityNormal)
			}
			time.Sleep(100 * time.Millisecond)
		}
		f.group.Wait()
		if err := f.err("answer"); err != nil {
			t.Errorf("got %v, want the answer sent", err)
		}
		if n := s.Stats().Accepted; n < 100 {
			t.Errorf("got %d messages sent, want more", n)
		}
	})
}

// Where the limit is short, channels get the same share of it, however many messages wait.
func TestChannelsTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire()
		s := chat.NewSender(w, chat.SenderOptions{Limits: chat.Limits{Messages: 4}, TTL: time.Hour, Queue: 1000})
		f := newFlow(t, s)
		for login, n := range map[string]int{"ada": 100, "bob": 20, "eve": 20} {
			for i := range n {
				f.say(login, fmt.Sprint(login, i), chat.PriorityNormal)
			}
		}
		time.Sleep(149 * time.Second)
		got := map[string]int{}
		for _, line := range w.sent() {
			login, _, _ := strings.Cut(line, " ")
			got[login]++
		}
		for login, n := range got {
			if n < 6 || n > 7 {
				t.Errorf("%s: got %d of 20 messages, want 6 or 7", login, n)
			}
		}
		f.group.Wait()
	})
}

func TestNothingIsSentWhileNotConnected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire()
		w.down = true
		s := chat.NewSender(w, chat.SenderOptions{TTL: 10 * time.Second})
		f := newFlow(t, s)
		began := time.Now()
		f.say("ada", "stale", chat.PriorityNormal)
		f.send(chat.Outgoing{Channel: to("ada"), Text: "patient", TTL: time.Minute})
		time.Sleep(15 * time.Second)
		if err := f.err("stale"); !errors.Is(err, chat.ErrExpired) || !errors.Is(err, chat.ErrNotReady) {
			t.Errorf("got %v, want %v and why", err, chat.ErrExpired)
		}
		w.set(func(w *wire) { w.down = false })
		f.group.Wait()
		if took := time.Since(began); took != 15*time.Second || f.err("patient") != nil {
			t.Errorf("got %v after %v, want it sent at once", f.err("patient"), took)
		}
		if diff := cmp.Diff([]string{"ada patient"}, w.sent()); diff != "" {
			t.Errorf("lines (-want +got):\n%s", diff)
		}
	})
}

func TestPartsStayTogetherAndTheFirstReplies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire()
		s := chat.NewSender(w, chat.SenderOptions{})
		f := newFlow(t, s)
		word := strings.Repeat("x", 300)
		f.send(chat.Outgoing{Channel: to("ada"), Text: word + " " + word + " " + word, Split: true, ReplyTo: "m0"})
		f.say("ada", "later", chat.PriorityNormal)
		f.say("ada", "urgent", chat.PriorityHigh)
		f.group.Wait()
		want := []string{"ada " + word + " ^m0", "ada urgent", "ada " + word, "ada " + word, "ada later"}
		if diff := cmp.Diff(want, w.sent()); diff != "" {
			t.Errorf("lines (-want +got):\n%s", diff)
		}
	})
}

func TestErrorOfAPartEndsTheRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire()
		w.answers = []error{nil, &chat.DroppedError{Code: "msg_rejected"}}
		s := chat.NewSender(w, chat.SenderOptions{})
		sent, err := s.Send(t.Context(), chat.Outgoing{Channel: to("ada"), Text: strings.Repeat("x", 1500), Split: true})
		if e, ok := errors.AsType[*chat.DroppedError](err); !ok || e.Code != "msg_rejected" || !strings.Contains(err.Error(), "message 2 of 3") {
			t.Errorf("got %v, want why the second was dropped", err)
		}
		if diff := cmp.Diff([]string{"m1"}, sent.IDs); diff != "" {
			t.Errorf("ids (-want +got):\n%s", diff)
		}
		if got, want := s.Stats(), (chat.SenderStats{Accepted: 1, Dropped: 1, Failed: 1}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
}

func TestRepetitionIsVaried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire()
		s := chat.NewSender(w, chat.SenderOptions{Evade: true})
		say := func(login, text string) {
			t.Helper()
			if _, err := s.Say(t.Context(), to(login), text); err != nil {
				t.Error(err)
			}
		}
		say("ada", "good game")
		say("ada", "good game")
		say("ada", "good game")
		say("bob", "good game")
		say("larkspur", "good game") // its own channel
		say("larkspur", "good game")
		w.set(func(w *wire) { w.answers = []error{&chat.DroppedError{Code: "msg_duplicate"}} })
		say("bob", "gg") // another program of the account said it before
		time.Sleep(29 * time.Second)
		say("ada", "good game")
		want := []string{
			"ada good game", "ada good  game", "ada good game \u034f", "bob good game", "larkspur good game", "larkspur good game",
			"bob gg", "bob gg \u034f", "ada good game",
		}
		if diff := cmp.Diff(want, w.sent()); diff != "" {
			t.Errorf("lines (-want +got):\n%s", diff)
		}
	})
}

func TestLostAnswerIsFoundInChat(t *testing.T) {
	own := func(id, text string) *chat.Message {
		return &chat.Message{ID: id, Text: text, Broadcaster: to("ada"), Chatter: chat.Chatter{User: chat.User{ID: "7"}}}
	}
	for _, row := range []struct {
		name    string
		observe func(s *chat.Sender)
		id      string
		after   time.Duration
	}{
		{"not observed", nil, "", 0},
		{"not seen", func(*chat.Sender) {}, "", 5 * time.Second},
		{"seen", func(s *chat.Sender) { s.Observe(own("m9", "hi \u034f")) }, "m9", time.Second},
		{"another text", func(s *chat.Sender) { s.Observe(own("m9", "ho")) }, "", 5 * time.Second},
		{"of before", func(s *chat.Sender) { s.Observe(own("m1", "hi")) }, "", 5 * time.Second},
		{"another chatter", func(s *chat.Sender) {
			m := own("m9", "hi")
			m.Chatter.ID = "8"
			s.Observe(m)
		}, "", 5 * time.Second},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWire()
				s := chat.NewSender(w, chat.SenderOptions{})
				if row.observe != nil {
					s.Observe(&chat.Message{Chatter: chat.Chatter{User: chat.User{ID: "8"}}})
				}
				if _, err := s.Say(t.Context(), to("ada"), "hi"); err != nil {
					t.Fatal(err)
				}
				time.Sleep(10 * time.Second)
				w.set(func(w *wire) { w.answers = []error{fmt.Errorf("%w: reset", chat.ErrUnknownOutcome)} })
				began := time.Now()
				if row.observe != nil {
					time.AfterFunc(time.Second, func() { row.observe(s) })
				}
				sent, err := s.Say(t.Context(), to("ada"), "hi")
				if found := err == nil && slices.Equal(sent.IDs, []string{row.id}); found != (row.id != "") || err != nil && !errors.Is(err, chat.ErrUnknownOutcome) {
					t.Errorf("got %v, %v, want the id %q", sent, err, row.id)
				}
				if took := time.Since(began); took != row.after {
					t.Errorf("took %v, want %v", took, row.after)
				}
			})
		})
	}
}

// Until the account is known to moderate, it counts as an ordinary one.
func TestRolesAreLearned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := chat.NewSender(struct{ chat.Carrier }{newWire()}, chat.SenderOptions{Account: chat.User{ID: "7"}})
		pace := func(login string, want time.Duration) {
			t.Helper()
			began := time.Now()
			for i := range 3 {
				if _, err := s.Say(t.Context(), to(login), fmt.Sprint(i)); err != nil {
					t.Error(err)
				}
			}
			if took := time.Since(began); took != want {
				t.Errorf("%s: took %v, want %v", login, took, want)
			}
			time.Sleep(time.Minute)
		}
		pace("ada", 2*time.Second)
		me := chat.Chatter{User: chat.User{ID: "7"}, Roles: chat.Moderator}
		s.Observe(&chat.Message{Broadcaster: chat.User{ID: "id-ada"}, Chatter: me})
		pace("ada", 0)
		pace("bob", 2*time.Second)
		me.Roles = chat.VIP
		s.Observe(&chat.Message{Broadcaster: chat.User{ID: "id-ada"}, Chatter: me})
		pace("ada", 2*time.Second)
		s = chat.NewSender(struct{ chat.Carrier }{newWire()}, chat.SenderOptions{Account: to("ada")})
		pace("ada", 0)
	})
}

// checkParts checks the texts that a long one is sent as: none is too long with what is
// added to it, and none can be split where people see one character.
func checkParts(t *testing.T, text string, action, evade bool) {
	w := newWire()
	s := chat.NewSender(w, chat.SenderOptions{Account: to("ada"), Limits: chat.Limits{ModMessages: 1 << 30}, Queue: 1 << 30})
	_, err := s.Send(t.Context(), chat.Outgoing{Channel: to("ada"), Text: text, Action: action, Evade: evade, Split: true, ReplyTo: "m0"})
	if empty := chat.Clean(text) == ""; empty != errors.Is(err, chat.ErrEmpty) || !empty && err != nil {
		t.Errorf("%q: got %v", text, err)
		return
	}
	most := chat.MaxLength
	if action {
		most -= len("\x01ACTION \x01")
	}
	w.mu.Lock()
	lines := w.lines
	w.mu.Unlock()
	for i, line := range lines {
		line = strings.TrimPrefix(line, "ada ")
		if reply := strings.HasSuffix(line, " ^m0"); reply != (i == 0) {
			t.Errorf("%q: message %d is a reply: %v", text, i, reply)
		}
		line = strings.TrimSuffix(line, " ^m0")
		if n := chat.Length(line); n == 0 || n > most {
			t.Errorf("%q: message %d has %d characters, want %d at most", text, i, n, most)
		}
		if _, ok := chat.Vary(line, 1); evade && len(lines) > 1 && !ok {
			t.Errorf("%q: message %d cannot be varied", text, i)
		}
		if chat.Clean(line) != line {
			t.Errorf("%q: message %d is %q, want %q", text, i, line, chat.Clean(line))
		}
	}
}

func FuzzSentParts(f *testing.F) {
	for _, text := range []string{"", "hello", strings.Repeat("x", 1200), strings.Repeat("word ", 300), strings.Repeat(family, 300), strings.Repeat("\u1112\u1161\u11ab", 200) + "/ban ada"} {
		f.Add(text, true, true)
		f.Add(text, false, false)
	}
	f.Fuzz(func(t *testing.T, text string, action, evade bool) {
		if len(text) > 20_000 {
			t.Skip()
		}
		checkParts(t, text, action, evade)
	})
}

func BenchmarkSender(b *testing.B) {
	w := struct{ chat.Carrier }{newWire()}
	s := chat.NewSender(w, chat.SenderOptions{Account: to("ada"), Limits: chat.Limits{ModMessages: 1 << 20, Account: 1 << 20}})
	ada := to("ada")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Say(b.Context(), ada, "hello there"); err != nil {
			b.Fatal(err)
		}
	}
}
