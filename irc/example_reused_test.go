package irc_test

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/larkspur-dev/larkspur/irc"
)

// A statistic looks at every message and keeps none. Of the one message that it wants to
// keep it makes a copy.
func ExampleOnReused() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c := irc.New(irc.Options{Addr: "irc://chat.test", Dial: exampleServer(
		"@id=1;bits=100;display-name=Grace :grace!grace@x PRIVMSG #ada :Cheer100",
		"@id=2;bits=500;display-name=Linus :linus!linus@x PRIVMSG #ada :Cheer500 well done",
		"@id=3;bits=50;display-name=Bob :bob!bob@x PRIVMSG #ada :Cheer50",
	)})
	total, seen := 0, 0
	best := new(irc.PrivMsg)
	irc.OnReused(c, func(_ context.Context, m *irc.PrivMsg) error {
		total += m.Bits
		if m.Bits > best.Bits {
			best = m.Keep() // the next message is read into the memory of m
		}
		if seen++; seen == 3 {
			cancel()
		}
		return nil
	})
	if err := c.Run(ctx); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d bits; the most from %s: %s\n", total, best.DisplayName, best.Text)
	// Output: 650 bits; the most from Linus: Cheer500 well done
}

// exampleServer stands for Twitch: it sends the lines to each connection.
func exampleServer(lines ...string) func(context.Context, string, string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() {
			buf := make([]byte, 1024)
			if _, err := ours.Read(buf); err != nil { // the login
				return
			}
			for _, line := range append([]string{":tmi.twitch.tv 001 you :Welcome, GLHF!"}, lines...) {
				if _, err := fmt.Fprintf(ours, "%s\r\n", line); err != nil {
					return
				}
			}
		}()
		return theirs, nil
	}
}
