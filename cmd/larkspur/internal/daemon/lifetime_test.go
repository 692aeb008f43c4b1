package daemon_test

import (
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
)

// The bot says hello and goodbye, and its timers run.
func TestSkillsWithoutAnEvent(t *testing.T) {
	bubble(t, "in a bubble", func(t *testing.T, tw *emulator.Server) {
		const src = `
connectors:
  twitch: {client-id: "${ID}", client-secret: "${SECRET}", code: "${CODE}", channel: ada, always-listening: true}
skills:
  hello: {on: start, do: [{say: I am here}]}
  bye:   {on: stop, do: [{say: Good night}]}
  drink: {every: 15m, live: true, do: [{say: 'Drink something, {channel.login}'}]}
`
		r := start(t, tw, load(t, tw, src), nil)
		r.up()
		tw.WantChat(t, "ada", "I am here")
		time.Sleep(15 * time.Minute)
		tw.WantChat(t, "ada", "Drink something, ada")
		r.down()
		tw.WantChat(t, "ada", "Good night")
	})
}
