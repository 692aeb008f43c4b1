package chat_test

import (
	"fmt"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/chat"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// stuck logs in and then reads nothing any more.
func (s *stage) stuck(lines ...string) net.Conn {
	s.t.Helper()
	p := &peer{t: s.t}
	client, server := net.Pipe()
	p.conn = client
	s.wg.Go(func() { s.server.ServeConn(s.t.Context(), server) })
	p.send(append([]string{"NICK justinfan9"}, lines...)...)
	s.t.Cleanup(func() { _ = client.Close() })
	synctest.Wait()
	return client
}

func TestSlowClientDoesNotHoldUpOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{NoLimits: true})
		s.stuck("JOIN #ada")
		p := s.login("bob", "ada")
		start := time.Now()
		for i := range 20_000 {
			if _, err := s.world.PostChat(world.Post{BroadcasterID: "1", SenderID: "3", Text: fmt.Sprint(i)}); err != nil {
				t.Fatal(err)
			}
			if i%1000 == 0 {
				synctest.Wait() // lets bob read: the point is the one who does not
			}
		}
		if got := len(p.take()); got != 20_000 {
			t.Errorf("got %d messages, want 20000", got)
		}
		if waited := time.Since(start); waited != 0 {
			t.Errorf("got %v of waiting, want none", waited)
		}
		if got := s.server.Connections(); got != 1 {
			t.Errorf("got %d connections, want the slow one dropped", got)
		}
	})
}

func TestReplayWaitsForReaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const lines = 20_000
		s := newStage(t, chat.Config{NoLimits: true})
		p := s.login("bob", "ada")
		slow := s.stuck("JOIN #ada")
		read := 0
		s.wg.Go(func() { // a byte now and then: slow, but it reads
			b := make([]byte, 16<<10)
			for {
				time.Sleep(time.Second)
				n, err := slow.Read(b)
				if err != nil {
					return
				}
				for _, c := range b[:n] {
					if c == '\n' {
						read++
					}
				}
			}
		})
		for i := range lines {
			if err := s.world.Replay("1", fmt.Sprintf(":x!x@x PRIVMSG #ada :%d", i)); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Minute)
		if got := len(p.take()); got != lines {
			t.Errorf("got %d lines, want %d", got, lines)
		}
		if want := lines + 7 + 3; read != want { // and the welcome, and the JOIN
			t.Errorf("got %d lines on the slow connection, want %d", read, want)
		}
	})
}

func TestReplayGivesUpOnTheStalled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{NoLimits: true})
		s.stuck("JOIN #ada")
		start := time.Now()
		for i := range 10_000 {
			if err := s.world.Replay("1", fmt.Sprintf(":x!x@x PRIVMSG #ada :%d", i)); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if got := s.server.Connections(); got != 0 {
			t.Errorf("got %d connections, want none", got)
		}
		if got := time.Since(start); got > 15*time.Second {
			t.Errorf("got %v of waiting, want at most 15s", got)
		}
	})
}

func TestCloseDuringReplay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{NoLimits: true})
		s.stuck("JOIN #ada")
		s.wg.Go(func() {
			for range 10_000 {
				if err := s.world.Replay("1", "PING"); err != nil {
					t.Error(err)
				}
			}
		})
		synctest.Wait() // now the replay waits for the stuck client
		start := time.Now()
		s.close()
		if got := time.Since(start); got != 0 {
			t.Errorf("got %v until closed, want at once", got)
		}
	})
}
