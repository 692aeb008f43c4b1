package irc_test

import (
	"fmt"

	"github.com/larkspur-dev/larkspur/irc"
)

// The parser needs no connection.
func ExampleParse() {
	m, err := irc.Parse("@badges=vip/1;display-name=Grace;emotes=25:6-10;id=1 :grace!grace@grace.tmi.twitch.tv PRIVMSG #ada :hello Kappa")
	if err != nil {
		fmt.Println(err)
		return
	}
	var p irc.PrivMsg
	if err := p.Decode(&m); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s in %s: %s\n", p.DisplayName, p.Channel, p.Text)
	for e := range p.Emotes.All() {
		fmt.Println("emote", e.ID, e.In(p.Text))
	}
	// Output:
	// Grace in ada: hello Kappa
	// emote 25 Kappa
}
