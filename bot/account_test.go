package bot_test

import (
	"context"
	"testing"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// A bot whose account is not known yet runs nothing: it could answer itself.
func TestBotWithoutItsAccount(t *testing.T) {
	b := bot.New(helix.New("id", helix.StaticToken("1", "t"), helix.Options{}), eventsub.NewMux(eventsub.MuxOptions{}), bot.Options{UserLater: true})
	calls := 0
	err := bot.Command(b, "count", func(context.Context, *bot.Call, struct{}) error {
		calls++
		return nil
	}, bot.Require(b.IsOwner))
	if err != nil {
		t.Fatal(err)
	}
	say := func(userID string) {
		t.Helper()
		m := &chat.Message{Text: "!count", Broadcaster: chat.User{ID: "9"}, Chatter: chat.Chatter{User: chat.User{ID: userID}}}
		if err := b.Invoke(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	say("2")
	if calls != 0 {
		t.Error("the command ran before the account was known")
	}
	b.SetUser("1", "2")
	say("1") // the bot itself
	say("2")
	say("3") // not the owner
	if calls != 1 {
		t.Errorf("got %d calls, want only the one of the owner", calls)
	}
	if panicOf(func() { b.SetUser("4", "") }) == nil {
		t.Error("the second SetUser did not panic")
	}
}
