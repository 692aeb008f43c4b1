package chat_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/chat"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// joins sends one JOIN after the other, slowly enough, and returns how many were
// answered.
func (p *peer) joins(channels ...string) int {
	p.t.Helper()
	n := 0
	for _, channel := range channels {
		p.send("JOIN #" + channel)
		for _, line := range p.take() {
			if strings.HasSuffix(line, " JOIN #"+channel) {
				n++
			}
		}
		time.Sleep(time.Second)
	}
	return n
}

func TestNobodyIsInMoreThanAHundredChannels(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		var channels []string
		for i := range 100 {
			u, err := s.world.AddUser(world.User{Login: fmt.Sprintf("channel_%d", i)})
			if err != nil {
				t.Fatal(err)
			}
			channels = append(channels, u.Login)
		}
		mod := s.login("mod")
		if got := mod.joins(channels...); got != 100 {
			t.Fatalf("got into %d channels, want 100", got)
		}
		for _, row := range []struct {
			name, channel string
			want          int
		}{
			{"one too many", "bob", 0},
			{"where the user moderates", "ada", 1},
			{"the user's own", "mod", 1},
			{"one too many again", "grace", 0},
		} {
			if got := mod.joins(row.channel); got != row.want {
				t.Errorf("%s: got into %d, want %d", row.name, got, row.want)
			}
		}
		second := s.login("mod") // another connection of the same user counts with the first
		if got := second.joins("bob", channels[0]); got != 1 {
			t.Errorf("got into %d channels over a second connection, want 1: the one that counts already", got)
		}
		mod.send("PART #" + channels[99])
		mod.take()
		if got := mod.joins("bob"); got != 1 {
			t.Errorf("got into %d channels after leaving one, want 1", got)
		}

		fan := s.dial()
		fan.send("NICK justinfan1")
		if got := fan.joins(append(channels, "bob")...); got != 100 {
			t.Errorf("anonymous: got into %d channels, want 100", got)
		}
	})
}

func TestJoinsAreTwentyInTenSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		p := s.login("grace")
		again := func() (n int) {
			for range 21 {
				p.send("JOIN #ada", "PART #ada")
			}
			for _, line := range p.take() {
				if strings.HasSuffix(line, " JOIN #ada") {
					n++
				}
			}
			return n
		}
		if got := again(); got != 20 {
			t.Errorf("got %d joins at once, want 20", got)
		}
		time.Sleep(10*time.Second - time.Millisecond)
		if got := again(); got != 0 {
			t.Errorf("got %d joins before ten seconds were over, want none", got)
		}
		time.Sleep(time.Millisecond)
		if got := again(); got != 20 {
			t.Errorf("got %d joins after ten seconds, want 20", got)
		}
	})
}
