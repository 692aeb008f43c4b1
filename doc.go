// Package larkspur has a constructor for each of the usual programs, and lists the
// packages of a toolkit for Twitch.
//
// An [Account] is your own account on Twitch, which receives the events of its channel:
//
//	me := larkspur.NewAccount(clientID, clientSecret, store, larkspur.AccountOptions{})
//	eventsub.On(me.Mux, func(ctx context.Context, e *eventsub.ChannelFollow) error { … })
//	err := me.Run(ctx)
//
// An [App] is a program for many channels, on a conduit or, after [NewWebhookApp], on a
// webhook. Their owners may log in at any
// time, on a page that the App serves, and leave when they like:
//
//	app := larkspur.NewConduitApp(clientID, clientSecret, store, larkspur.AppOptions{
//		RedirectURI: "https://bot.example/oauth/callback",
//		Listen:      "localhost:4343", // behind a proxy
//	})
//	eventsub.On(app.Mux, func(ctx context.Context, e *eventsub.StreamOnline) error { … })
//	err := app.Run(ctx)
//
// Both can have a bot, which is made before the login and answers in the chat of the
// channel, or of all channels: see [Account.NewBot] and [App.NewBot].
//
//	b := me.NewBot(bot.Options{})
//	err := bot.Command(b, "hello", hello)
//
// What both promise:
//
//   - Run logs in, subscribes to each type of event that has a handler, and keeps it
//     subscribed. Which ids go into the conditions, and which scopes the login needs,
//     follows from the handlers.
//   - The program is ready when it is logged in and everything wanted is subscribed or
//     refused: Ready waits for that, and OnReady is called then. A refusal ends nothing;
//     the results have Twitch's reason.
//   - Failures of the network are waited out. Run returns an error if waiting cannot help:
//     a mistake in the options, a wrong client secret, or a login that Twitch no longer
//     accepts. The error says what to do, and has a method LoginRequired() bool that
//     tells the last case from the others. The lost login of one channel of many ends
//     nothing: the channel is removed and reported.
//   - They consist of the packages below, which are their fields and can be used
//     directly.
//
// # Packages
//
// The toolkit is a library, a program that runs a bot from a YAML file, and an emulator
// of Twitch on localhost.
//
//   - [github.com/larkspur-dev/larkspur/chat] has the type of a chat message, and
//     cleans and splits text.
//   - [github.com/larkspur-dev/larkspur/helix] calls Twitch's API: a service per
//     group of Twitch's reference, a method per endpoint.
//   - [github.com/larkspur-dev/larkspur/oauth] logs users in, stores and renews tokens.
//   - [github.com/larkspur-dev/larkspur/eventsub] receives events, typed.
//   - [github.com/larkspur-dev/larkspur/irc] reads and writes chat over IRC.
//   - [github.com/larkspur-dev/larkspur/bot] turns chat messages into commands.
//   - [github.com/larkspur-dev/larkspur/watch] polls what Twitch does not push.
//   - [github.com/larkspur-dev/larkspur/heat] receives clicks of the Heat extension.
//   - [github.com/larkspur-dev/larkspur/skill] runs skills from YAML and Starlark.
//   - [github.com/larkspur-dev/larkspur/emulator] is Twitch on localhost, for tests.
//
// The program is in cmd/larkspur; start with `go run ./cmd/larkspur demo`.
//
// A package imports only packages in lower rows of the table in
// docs/decisions/0001-the-house.md, so you can use each one without the rest.
package larkspur
