package bot_test

import (
	"context"
	"fmt"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// What happens before and after each command is one function. The order is that of the
// layers: bot, component, group, command.
func ExampleMiddleware() {
	around := func(name string) bot.Middleware {
		return func(next bot.Handler) bot.Handler {
			return func(ctx context.Context, c *bot.Call) error {
				fmt.Println("before", name, c.Command)
				err := next(ctx, c)
				fmt.Println("after", name, c.Command, err)
				return err
			}
		}
	}
	tw := helix.New("client-id", helix.StaticToken("1", "token"), helix.Options{})
	b := bot.New(tw, eventsub.NewMux(), bot.Options{UserID: "1"})
	b.Use(around("bot"))
	err := bot.Command(b, "feed", func(_ context.Context, _ *bot.Call, a struct{ Animal string }) error {
		fmt.Println("feeding the", a.Animal)
		return nil
	}, bot.With(around("command")))
	if err != nil {
		fmt.Println(err)
	}
	_ = b.Invoke(context.Background(), &chat.Message{Text: "!feed cat"})
	// Output:
	// before bot feed
	// before command feed
	// feeding the cat
	// after command feed <nil>
	// after bot feed <nil>
}
