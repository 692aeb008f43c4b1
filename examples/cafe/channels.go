package main

import (
	"errors"
	"strings"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/oauth"
)

func newApp(clientID, clientSecret string, store oauth.Store, o larkspur.AppOptions) (*larkspur.App, error) {
	app := larkspur.NewConduitApp(clientID, clientSecret, store, o)
	b := app.NewBot(bot.Options{PrefixesFor: prefixes})
	return app, errors.Join(register(b), rewards(b))
}

// prefixes returns what commands begin with in the channel of a message.
func prefixes(m *chat.Message) []string {
	if strings.HasSuffix(m.Broadcaster.Login, "_tv") {
		return []string{"?"}
	}
	return []string{"!"}
}
