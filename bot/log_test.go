package bot_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// wantLog checks that the log has a text once.
func (r *room) wantLog(text string) {
	r.t.Helper()
	if log := r.log.String(); strings.Count(log, text) != 1 {
		r.t.Errorf("got the log %q, want %q once", log, text)
	}
}

// down is a network that is down.
type down struct{}

func (down) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("network is down")
}

// offline returns a bot whose replies fail, with a command that fails and one that
// panics.
func offline(t *testing.T, o eventsub.MuxOptions, logger *slog.Logger) (*bot.Bot, *eventsub.Mux) {
	mux := eventsub.NewMux(o)
	tw := helix.New("id", helix.StaticToken("1", "t"), helix.Options{HTTPClient: &http.Client{Transport: down{}}})
	b := bot.New(tw, mux, bot.Options{UserID: "1", Logger: logger})
	if err := errors.Join(
		bot.Command(b, "broken", func(context.Context, *bot.Call, struct{}) error { return errors.New("secret detail") }),
		bot.Command(b, "oops", func(context.Context, *bot.Call, struct{}) error { panic("oops") }),
	); err != nil {
		t.Fatal(err)
	}
	return b, mux
}

// The mux had no logger, and the errors of commands went nowhere although the bot
// had one.
func TestErrorsReachTheLoggerOfTheBotWithoutOneOfTheMux(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &room{t: t}
		b, mux := offline(t, eventsub.MuxOptions{}, slog.New(slog.NewTextHandler(&r.log, nil)))
		for id, text := range map[string]string{"1": "!broken", "2": "!oops"} {
			if err := mux.Dispatch(t.Context(), eventsub.Notification{
				Meta: eventsub.Meta{MessageID: id}, Type: eventsub.ChannelChatMessage{}.Type(),
				Event: []byte(`{"broadcaster_user_id":"2","chatter_user_id":"7","message_id":"m` + id + `","message":{"text":"` + text + `"}}`),
			}); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(mux.Drain(t.Context()), b.Drain(t.Context())); err != nil {
			t.Fatal(err)
		}
		r.wantLog("command=broken user_id=7 broadcaster_id=2 message_id=m1 error=\"bot: command broken: secret detail\"")
		r.wantLog("command oops: panic: oops")
		r.wantLog("stack=")
	})
}

func TestErrorsAreReturnedByInvoke(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := offline(t, eventsub.MuxOptions{}, nil)
		m := &chat.Message{Chatter: chat.Chatter{User: chat.User{ID: "7"}}, Text: "!broken"}
		if err := b.Invoke(t.Context(), m); err == nil || err.Error() != "bot: command broken: secret detail" {
			t.Errorf("got %v, want the command's error", err)
		}
		m.Text = "!oops"
		if p, ok := errors.AsType[*eventsub.PanicError](b.Invoke(t.Context(), m)); !ok || p.Value != "oops" || len(p.Stack) == 0 {
			t.Errorf("got %v, want the panic with its stack", p)
		}
	})
}
