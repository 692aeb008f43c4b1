package main

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/oauth"
)

func TestFirstBot(t *testing.T) {
	guide, err := os.ReadFile("../../docs/guides/writing-a-bot.md")
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := strings.Cut(string(program), "package main\n")
	if !strings.Contains(string(guide), "```go\npackage main\n"+body+"```") {
		t.Error("the first program of docs/guides/writing-a-bot.md is not main.go")
	}

	if !strings.Contains(string(guide), "```text\ngrace: !hello\nrobin: Hello Grace!\n```") {
		t.Error("the first conversation of the guide is another one")
	}
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.User("robin", "Grace"))
	t.Chdir(t.TempDir())
	t.Setenv("TWITCH_CLIENT_ID", tw.ClientID())
	t.Setenv("TWITCH_CLIENT_SECRET", tw.ClientSecret())
	t.Setenv("TWITCH_SERVER", tw.URL())
	t.Setenv("TWITCH_CHANNEL", "ada")
	store, err := oauth.OpenFileStore("tokens.json")
	if err != nil {
		t.Fatal(err)
	}
	const redirect = "http://localhost"
	logins := oauth.NewManager(tw.ClientID(), tw.ClientSecret(), store, oauth.Options{BaseURL: tw.OAuthURL()})
	if _, err := logins.AddCode(t.Context(), oauth.Secret(tw.AuthorizationCode("robin", redirect, "user:read:chat", "user:write:chat")), redirect); err != nil {
		t.Fatal(err)
	}
	me, err := newAccount()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- me.Run(ctx) }()
	if err := me.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	tw.Say("ada", "grace", "!hello")
	tw.WantChat(t, "ada", "Hello Grace!")
	stop()
	if err := <-done; err != nil {
		t.Errorf("run: got %v, want none", err)
	}
}
