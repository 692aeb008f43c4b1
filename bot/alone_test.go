package bot_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

type carrier func(m chat.Outgoing)

func (c carrier) Carry(_ context.Context, m chat.Outgoing) (string, error) {
	c(m)
	return "", nil
}

// alone returns a bot without a network, for a test in a bubble, and a function that gives
// it a message and returns its answers.
func alone(t *testing.T, o bot.Options) (*bot.Bot, func(m *chat.Message) string) {
	t.Helper()
	var answers []string
	o.UserID = "1"
	o.Sender = chat.NewSender(carrier(func(m chat.Outgoing) {
		answers = append(answers, errorID.ReplaceAllString(chat.Trim(m.Text), "wrong (…)"))
	}),
		chat.SenderOptions{Limits: chat.Limits{Messages: 1000}})
	o.Sender.Observe(&chat.Message{Broadcaster: chat.User{ID: "2"}, Chatter: chat.Chatter{User: chat.User{ID: "1"}, Roles: chat.Moderator}})
	tw := helix.New("id", helix.StaticToken("1", "t"), helix.Options{HTTPClient: &http.Client{Transport: nobody{}}})
	b := bot.New(tw, eventsub.NewMux(), o)
	return b, func(m *chat.Message) string {
		answers = nil
		_ = b.Invoke(t.Context(), m)
		return strings.Join(answers, ", ")
	}
}

// nobody is a Twitch without users.
type nobody struct{}

func (nobody) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(`{"data":[]}`)), Request: req}, nil
}

// message returns a message of eve.
func message(channel, text string) *chat.Message {
	return &chat.Message{
		Broadcaster: chat.User{ID: channel, Login: "ada"}, Text: text,
		Chatter: chat.Chatter{User: chat.User{ID: "7", Login: "eve", Name: "Eve"}},
	}
}

func echoN(ctx context.Context, c *bot.Call, a struct{ N int }) error { return c.Send(ctx, "%d", a.N) }

func TestPrefixesOfAChannel(t *testing.T) { synctest.Test(t, prefixesOfAChannel) }

func prefixesOfAChannel(t *testing.T) {
	b, ask := alone(t, bot.Options{Prefixes: []string{"@larkspur "}})
	own, askOwn := alone(t, bot.Options{PrefixesFor: func(m *chat.Message) []string {
		return map[string][]string{"2": {"?", "hey "}, "3": {""}}[m.Broadcaster.ID]
	}})
	if err := errors.Join(bot.Command(b, "n", echoN), bot.Command(own, "n", echoN)); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		ask           func(m *chat.Message) string
		channel, text string
		reply         bool
		want          string
	}{
		{ask, "2", "!n 1", false, "1"},
		{ask, "2", "@Larkspur n 1", false, "1"},
		{ask, "2", "@Larkspur n 1", true, "1"}, // the name is a prefix, and not that of a reply
		{ask, "2", "@eve !n 1", true, "1"},
		{ask, "2", "@eve !n 1", false, ""},
		{askOwn, "2", "!n 1", false, ""},
		{askOwn, "2", "?n 1", false, "1"},
		{askOwn, "2", "?n", false, "usage: ?n <n>"},
		{askOwn, "2", "HEY n 1", false, "1"},
		{askOwn, "2", "?help", false, "commands: ?help ?n"},
		{askOwn, "2", "hey help hey n", false, "hey n <n>"},
		{askOwn, "3", "n 1", false, ""},
		{askOwn, "4", "?n 1", false, ""},
	} {
		m := message(tt.channel, tt.text)
		if tt.reply {
			m.Reply = &chat.Parent{MessageID: "1"}
		}
		if got := tt.ask(m); got != tt.want {
			t.Errorf("%q in channel %s: got %q, want %q", tt.text, tt.channel, got, tt.want)
		}
	}
}

func TestBotWritesOfItsOwnAccord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, ask := alone(t, bot.Options{})
		if err := bot.Command(b, "twice", func(ctx context.Context, _ *bot.Call, _ struct{}) error {
			return errors.Join(b.Say(ctx, "2", "%d\n%s", 1, "go"), b.Say(ctx, "2", "\n"), b.Say(ctx, "2", "two"))
		}); err != nil {
			t.Fatal(err)
		}
		if got := ask(message("2", "!twice")); got != "1 go, two" {
			t.Errorf("got %q, want two messages", got)
		}
	})
}
