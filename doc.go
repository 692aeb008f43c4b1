// Package larkspur lists the packages of a toolkit for Twitch: a library, a program
// that runs a bot from a YAML file, and an emulator of Twitch on localhost.
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
