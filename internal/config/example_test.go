package config_test

import (
	"fmt"

	"github.com/larkspur-dev/larkspur/internal/config"
)

func ExampleParse() {
	root, problems := config.Parse("larkspur.yaml", []byte(`
connectors:
  twitch:
    client-id: ${ID}
    chanel: ada
    always-listening: sometimes
`), config.Options{LookupEnv: func(string) (string, bool) { return "abc", true }})
	twitch := root.Section(&problems, "connectors").Section("connectors").Section("twitch", "client-id", "channel", "always-listening")
	fmt.Println(twitch.NeedString("client-id"))
	twitch.NeedString("channel")
	twitch.Bool("always-listening", false)
	fmt.Println(problems)
	// Output:
	// abc
	// larkspur.yaml:5:5: connectors.twitch: unknown key "chanel"; did you mean "channel"?
	// larkspur.yaml:6:23: connectors.twitch.always-listening: want true or false, this is text
}
