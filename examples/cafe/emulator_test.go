package main

import (
	"testing"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/oauth"
)

func TestOrder(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.User("Grace"))
	me := larkspur.NewAccount(tw.ClientID(), tw.ClientSecret(), oauth.NewMemoryStore(), larkspur.AccountOptions{
		Server:      tw.URL(),
		Code:        oauth.Secret(tw.AuthorizationCode("ada", "http://localhost", "user:read:chat", "user:write:chat")),
		RedirectURI: "http://localhost",
	})
	if err := orders(me.NewBot(bot.Options{})); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- me.Run(t.Context()) }()
	t.Cleanup(func() { <-done }) // the context has ended
	if err := me.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	tw.Say("ada", "grace", "!order 2 tea")
	tw.WantChat(t, "ada", "2 x tea for Grace")
}
