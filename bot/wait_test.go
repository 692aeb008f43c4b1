package bot_test

import (
	"context"
	"crypto/rand"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// reset asks before it does something.
func reset(ctx context.Context, c *bot.Call, _ struct{}) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	answer, err := c.Ask(ctx, "%s?", "really")
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return bot.Sorry("too late")
	case err != nil:
		return err
	case answer.Text != "yes":
		return bot.Sorry("as you like")
	}
	return c.Reply(ctx, "done")
}

func TestCommandWaitsForAnAnswer(t *testing.T) {
	inRoom(t, func(b *bot.Bot) error {
		return errors.Join(bot.Command(b, "reset", reset), bot.Command(b, "hello", hello))
	}, func(r *room) {
		r.want("grace", "!reset", "really?")
		r.want("bob", "yes") // not the one who was asked
		r.want("bob", "!hello", "hello bob!")
		r.want("grace", "yes", "done")
		r.want("grace", "!reset", "really?")
		r.want("grace", "!hello", "as you like") // an answer, and no command
		r.want("grace", "!reset", "really?")
		time.Sleep(11 * time.Second)
		r.want("grace", "!hello", "hello grace!")
	})
}

// Calls that wait must not take the workers of others.
func TestWaitingCallsHoldNoWorkers(t *testing.T) {
	inRoom(t, func(b *bot.Bot) error {
		return errors.Join(bot.Command(b, "hello", hello), bot.Command(b, "wait", func(ctx context.Context, c *bot.Call, _ struct{}) error {
			_, err := c.WaitFor(ctx, func(m *chat.Message) bool { return m.Text == "go on" })
			return err
		}))
	}, func(r *room) {
		for i := range 200 {
			r.bot.Handle(r.t.Context(), from(r, i, "!wait"))
		}
		r.want("grace", "!hello", "hello grace!")
		for range 200 {
			r.bot.Handle(r.t.Context(), from(r, 999, "go on"))
		}
		if err := r.bot.Drain(r.t.Context()); err != nil {
			t.Fatal(err)
		}
		if log := r.log.String(); log != "" {
			t.Errorf("got the log %q, want none", log)
		}
	})
}

// asker asks new followers something, in the handler of an event: messages of the channel
// are not handled before it returns, and are seen nevertheless.
type asker struct {
	bot *bot.Bot
	got chan string
}

func (a asker) Setup(s *bot.Setup) error {
	bot.On(s, func(ctx context.Context, e *eventsub.ChannelFollow) error {
		ctx, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		m, err := a.bot.WaitFor(ctx, e.BroadcasterUserID, func(m *chat.Message) bool { return m.Chatter.Login == e.UserLogin })
		if err != nil {
			a.got <- err.Error()
			return nil
		}
		a.got <- m.Text
		return nil
	})
	return nil
}

func TestEventHandlerWaitsForAMessage(t *testing.T) {
	inRoom(t, func(b *bot.Bot) error { return bot.Command(b, "hello", hello) }, func(r *room) {
		a := asker{r.bot, make(chan string, 1)}
		if err := r.bot.Add(r.t.Context(), "asker", a); err != nil {
			t.Fatal(err)
		}
		follow := func() {
			if err := r.mux.Dispatch(r.t.Context(), eventsub.Notification{
				Meta: eventsub.Meta{MessageID: rand.Text()}, Type: eventsub.ChannelFollow{}.Type(),
				Event: []byte(`{"broadcaster_user_id":"` + r.tw.UserID("ada") + `","user_login":"grace"}`),
			}); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		follow()
		r.tw.Say("ada", "bob", "not me")
		r.tw.Say("ada", "grace", "!hello")
		if got := <-a.got; got != "!hello" {
			t.Errorf("got %q, want the message of the follower", got)
		}
		time.Sleep(time.Second)
		if said := r.tw.Chat("ada"); len(said) != 3 || said[2].Text != "hello grace!" {
			t.Errorf("got %+v, want that the message is handled as usual besides", said)
		}
		follow()
		if got, want := <-a.got, "bot: wait for a message: context deadline exceeded"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestMessagesOfAnotherTransportAreWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := alone(t, bot.Options{})
		got := make(chan *chat.Message)
		go func() {
			m, err := b.WaitFor(t.Context(), "2", nil)
			if err != nil {
				t.Error(err)
			}
			got <- m
		}()
		synctest.Wait()
		own, other := message("2", "own"), message("3", "in another channel")
		own.Chatter.ID = "1"
		for _, m := range []*chat.Message{own, other, message("2", "hi"), message("2", "second")} {
			b.Handle(t.Context(), m)
		}
		if m := <-got; m == nil || m.Text != "hi" {
			t.Errorf("got %+v, want the first message of the channel", m)
		}
	})
}
