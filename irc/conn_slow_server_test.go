package irc_test

import (
	"bufio"
	"context"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/irc"
)

// A server that reads nothing before its own lines are read must not be waited for:
// both would stand still.
func TestServerThatWritesBeforeItReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pongs := make(chan string, 10)
		var conns int
		c := irc.New(irc.Options{Addr: "irc://chat.test:6667", Dial: func(context.Context, string, string) (net.Conn, error) {
			conns++
			ours, theirs := net.Pipe()
			go func() {
				defer ours.Close()
				in := bufio.NewReader(ours)
				for {
					line, err := in.ReadString('\n')
					if err != nil {
						return
					}
					switch {
					case strings.HasPrefix(line, "CAP"):
						_, _ = ours.Write([]byte(":tmi.twitch.tv CAP * ACK :twitch.tv/tags twitch.tv/commands\r\n"))
					case strings.HasPrefix(line, "NICK"):
						_, _ = ours.Write([]byte(":tmi.twitch.tv 001 justinfan1 :Welcome, GLHF!\r\n:tmi.twitch.tv 376 justinfan1 :>\r\n"))
						for range 8 { // each is answered while the next is written
							_, _ = ours.Write([]byte("PING :one\r\n"))
						}
					case strings.HasPrefix(line, "PONG"):
						pongs <- strings.TrimSpace(line)
					}
				}
			}()
			return theirs, nil
		}})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- c.Run(ctx) }()
		time.Sleep(5 * time.Second) // of the bubble; a write gives up after ten
		answers := len(pongs)
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if answers != 8 || conns != 1 {
			t.Errorf("got %d answers over %d connections, want 8 over 1", answers, conns)
		}
	})
}
