package irc_test

import (
	"fmt"

	"github.com/larkspur-dev/larkspur/irc"
)

// Each kind of notice has a method that returns its parameters.
func ExampleUserNotice() {
	for _, line := range []string{
		"@display-name=Grace;login=grace;msg-id=raid;msg-param-displayName=Grace;msg-param-login=grace;msg-param-viewerCount=42;user-id=2 :tmi.twitch.tv USERNOTICE #ada",
		"@display-name=Bob;login=bob;msg-id=resub;msg-param-cumulative-months=8;msg-param-sub-plan=Prime;user-id=3 :tmi.twitch.tv USERNOTICE #ada :hi again",
	} {
		m, err := irc.Parse(line)
		if err != nil {
			fmt.Println(err)
			return
		}
		var n irc.UserNotice
		if err := n.Decode(&m); err != nil {
			fmt.Println(err)
			return
		}
		if r, ok := n.Raid(); ok {
			fmt.Println(r.From.DisplayName, "raids with", r.Viewers)
		}
		if s, ok := n.Sub(); ok {
			fmt.Println(n.DisplayName, "subscribes in month", s.Months, "with", s.Plan)
		}
	}
	// Output:
	// Grace raids with 42
	// Bob subscribes in month 8 with Prime
}

// Tools and tests make messages of their parts.
func ExampleParts() {
	m, err := irc.Parts{
		Tags:    []irc.Tag{{Key: "display-name", Value: "Ada L"}},
		Source:  "ada!ada@ada.tmi.twitch.tv",
		Command: "PRIVMSG",
		Params:  []string{"#ada"},
		Text:    "hello",
	}.Message()
	fmt.Println(m, err)
	// Output:
	// @display-name=Ada\sL :ada!ada@ada.tmi.twitch.tv PRIVMSG #ada :hello <nil>
}
