package examples_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/emulator"
)

// readmeBlock returns the first code block of a language after a heading of the README.
func readmeBlock(t *testing.T, heading, language string) string {
	t.Helper()
	text, err := os.ReadFile("../../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(text), "\n## "+heading+"\n")
	if !found {
		t.Fatalf("the README has no heading %q", heading)
	}
	_, after, _ = strings.Cut(after, "```"+language+"\n")
	code, _, found := strings.Cut(after, "```")
	if !found {
		t.Fatalf("the README has no %s under %q", language, heading)
	}
	return code
}

// The YAML bot of the README answers.
func TestREADMEYAMLBot(t *testing.T) {
	src := readmeBlock(t, "The shortest bot in YAML", "yaml")
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.User("Grace"), emulator.Live("ada"))
		variables := map[string]string{
			"TWITCH_CLIENT_ID": tw.ClientID(), "TWITCH_CLIENT_SECRET": tw.ClientSecret(), "TWITCH_CHANNEL": "ada",
			"TWITCH_CODE": tw.AuthorizationCode("ada", "http://localhost", "chat:read", "chat:edit"),
		}
		cfg, err := daemon.Load("larkspur.yaml", []byte(src), daemon.LoadOptions{LookupEnv: func(name string) (string, bool) {
			value, ok := variables[name]
			return value, ok
		}})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		ready, ended := make(chan struct{}), make(chan error, 1)
		go func() {
			ended <- daemon.Run(ctx, cfg, daemon.Options{
				Addresses:  daemon.Addresses{Helix: tw.HelixURL(), OAuth: tw.OAuthURL(), EventSub: tw.EventSubURL(), IRC: tw.IRCAddr()},
				HTTPClient: tw.HTTPClient(), Dial: tw.DialContext,
				Observer: daemon.Observer{Ready: func() { close(ready) }},
			})
		}()
		<-ready
		tw.Say("ada", "grace", "!hello")
		tw.WantChat(t, "ada", "Hello Grace!")
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the bot ended with %v, want no error", err)
		}
	})
}
