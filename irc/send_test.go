package irc_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/irc"
)

func TestSayKeepsBelowTheLimits(t *testing.T) {
	for _, mod := range []bool{false, true} {
		t.Run(fmt.Sprintf("mod=%t", mod), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newServer(t)
				channels := []string{"a", "b", "c"}
				for _, ch := range channels {
					s.mods[ch] = mod
				}
				c := start(t, s.options(irc.Options{Channels: channels, TTL: time.Hour, Queue: 1000}))
				var senders sync.WaitGroup
				for _, ch := range channels {
					senders.Go(func() {
						for i := range 80 {
							if err := c.Say(t.Context(), ch, fmt.Sprint("text ", i)); err != nil {
								t.Error(err)
							}
						}
					})
				}
				senders.Wait()
				conn := s.last(1)
				limit, all := 20, 240
				if mod {
					limit = 100
				}
				times := conn.times("PRIVMSG")
				if len(times) != all {
					t.Fatalf("got %d messages, want %d", len(times), all)
				}
				for i := limit; i < len(times); i++ {
					if d := times[i].Sub(times[i-limit]); d < 30*time.Second {
						t.Fatalf("messages %d to %d came within %v", i-limit, i, d)
					}
				}
				if took := times[all-1].Sub(times[0]); took > time.Duration(all/limit)*31*time.Second {
					t.Errorf("took %v, which is slower than needed", took)
				}
				one := conn.times("PRIVMSG #a ")
				for i := 1; i < len(one); i++ {
					if d := one[i].Sub(one[i-1]); !mod && d < time.Second {
						t.Fatalf("two messages to one channel within %v", d)
					}
				}
			})
		})
	}
}

func TestSayCleansText(t *testing.T) {
	rows := []struct{ name, text, want string }{
		{"plain", "hello there", "hello there"},
		{"line end", "a\r\nPRIVMSG #b :c", "a  PRIVMSG #b :c"},
		{"NUL and bell", "a\x00b\x07c", "abc"},
		{"action", "\x01ACTION waves\x01", "ACTION waves"},
		{"slash", "/ban grace", "\u2215ban grace"},
		{"dot behind space", " .me waves", "\u2024me waves"},
		{"bad UTF-8", "a\xffb", "a\ufffdb"},
		{"500", strings.Repeat("é", 500), strings.Repeat("é", 500)},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newServer(t)
				c := start(t, s.options(irc.Options{Channels: []string{"ada"}}))
				if err := c.Say(t.Context(), "Ada", row.text); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff([]string{"PRIVMSG #ada :" + row.want}, s.last(1).lines("PRIVMSG")); diff != "" {
					t.Errorf("lines (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestSayRefusesWhatCannotBeSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := start(t, s.options(irc.Options{Channels: []string{"ada"}}))
		rows := []struct {
			login, text string
			want        error
		}{
			{"ada", "\r\n", chat.ErrEmpty},
			{"ada", strings.Repeat("é", 501), chat.ErrTooLong},
			{"grace", "hi", irc.ErrNotWanted},
			{"ada :x\r\nQUIT", "hi", irc.ErrBadLogin},
		}
		for _, row := range rows {
			if err := c.Say(t.Context(), row.login, row.text); !errors.Is(err, row.want) {
				t.Errorf("got %v, want %v", err, row.want)
			}
		}
		if got := s.last(1).lines("PRIVMSG"); len(got) != 0 {
			t.Errorf("got %q, want nothing sent", got)
		}
	})
}

func TestReplyAndAct(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := start(t, s.options(irc.Options{Channels: []string{"ada"}}))
		if err := c.Reply(t.Context(), "ada", "id;x y", "hi"); err != nil {
			t.Fatal(err)
		}
		if err := c.Act(t.Context(), "ada", "waves"); err != nil {
			t.Fatal(err)
		}
		conn := s.last(1)
		if diff := cmp.Diff([]string{"PRIVMSG #ada :hi", "PRIVMSG #ada :\x01ACTION waves\x01"}, conn.lines("PRIVMSG")); diff != "" {
			t.Errorf("lines (-want +got):\n%s", diff)
		}
		i := slices.IndexFunc(conn.got, func(l string) bool { return strings.Contains(l, "PRIVMSG") })
		m, err := irc.Parse(conn.got[i])
		if err != nil || m.Tags.Get("reply-parent-msg-id") != "id;x y" {
			t.Errorf("got %q, %v, want the parent's id", conn.got[i], err)
		}
	})
}

func TestSameTextAgainDiffers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.mods["grace"] = true
		c := start(t, s.options(irc.Options{Channels: []string{"ada", "grace"}}))
		say := func(login, text string) {
			t.Helper()
			if err := c.Say(t.Context(), login, text); err != nil {
				t.Error(err)
			}
		}
		for range 3 {
			say("ada", "gg")
		}
		say("grace", "gg")
		say("grace", "gg")           // moderators may repeat themselves
		time.Sleep(28 * time.Second) // the first is forgotten, the last not
		say("ada", "gg")
		say("ada", strings.Repeat("x", 500))
		say("ada", strings.Repeat("x", 500)) // no room for anything
		want := []string{
			"PRIVMSG #ada :gg", "PRIVMSG #ada :gg \u034f", "PRIVMSG #ada :gg \u034f\u034f",
			"PRIVMSG #grace :gg", "PRIVMSG #grace :gg", "PRIVMSG #ada :gg",
			"PRIVMSG #ada :" + strings.Repeat("x", 500), "PRIVMSG #ada :" + strings.Repeat("x", 500),
		}
		if diff := cmp.Diff(want, s.last(1).lines("PRIVMSG")); diff != "" {
			t.Errorf("lines (-want +got):\n%s", diff)
		}
	})
}

func TestSayWaitsForTheConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.down = true
		c := start(t, s.options(irc.Options{Channels: []string{"ada"}, Queue: 2, TTL: 10 * time.Minute}))
		var senders sync.WaitGroup
		for i := range 2 {
			senders.Go(func() {
				if err := c.Say(t.Context(), "ada", fmt.Sprint("in time ", i)); err != nil {
					t.Errorf("got %v, want it sent after reconnecting", err)
				}
			})
			synctest.Wait()
		}
		if err := c.Say(t.Context(), "ada", "one too many"); !errors.Is(err, chat.ErrQueueFull) {
			t.Errorf("got %v, want %v", err, chat.ErrQueueFull)
		}
		s.set(func(s *server) { s.down = false })
		senders.Wait()
		if diff := cmp.Diff([]string{"PRIVMSG #ada :in time 0", "PRIVMSG #ada :in time 1"}, s.last(1).lines("PRIVMSG")); diff != "" {
			t.Errorf("lines (-want +got):\n%s", diff)
		}
	})
}

func TestSayGivesUpInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.down = true
		c := start(t, s.options(irc.Options{Channels: []string{"ada"}}))
		begin := time.Now()
		if err := c.Say(t.Context(), "ada", "too late"); !errors.Is(err, chat.ErrExpired) || time.Since(begin) != 30*time.Second {
			t.Errorf("got %v after %v, want %v after 30 s", err, time.Since(begin), chat.ErrExpired)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := c.Say(ctx, "ada", "cancelled"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
		}
		s.set(func(s *server) { s.down = false })
		time.Sleep(5 * time.Minute)
		if got := s.last(1).lines("PRIVMSG"); len(got) != 0 {
			t.Errorf("got %q, want nothing: the messages were given up", got)
		}
	})
}

func TestOutcomeOfAMessage(t *testing.T) {
	const notice = "@msg-id=%s :tmi.twitch.tv NOTICE #ada :No."
	for _, row := range []struct {
		name  string
		then  func(conn *serverConn)
		code  string // of the DroppedError
		want  error  // if there is no code
		after time.Duration
	}{
		{"no answer", func(*serverConn) {}, "", chat.ErrUnknownOutcome, 5 * time.Second},
		{"dropped", func(conn *serverConn) { conn.send(fmt.Sprintf(notice, "msg_slowmode")) }, "msg_slowmode", nil, 0},
		{"another notice", func(conn *serverConn) { conn.send(fmt.Sprintf(notice, "slow_on")) }, "", chat.ErrUnknownOutcome, 5 * time.Second},
		{"another channel's notice", func(conn *serverConn) {
			conn.send(strings.Replace(fmt.Sprintf(notice, "msg_slowmode"), "#ada", "#bob", 1))
		}, "", chat.ErrUnknownOutcome, 5 * time.Second},
		{"accepted without a nonce", func(conn *serverConn) { conn.send("@id=7;mod=0 :tmi.twitch.tv USERSTATE #ada") }, "", nil, 0},
		{"state after a join", func(conn *serverConn) { conn.send("@mod=0 :tmi.twitch.tv USERSTATE #ada") }, "", chat.ErrUnknownOutcome, 5 * time.Second},
		{"another program's nonce", func(conn *serverConn) { conn.send("@client-nonce=x;id=7;mod=0 :tmi.twitch.tv USERSTATE #ada") }, "", chat.ErrUnknownOutcome, 5 * time.Second},
		{"connection lost", func(conn *serverConn) { _ = conn.conn.Close() }, "", chat.ErrUnknownOutcome, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newServer(t)
				c := start(t, s.options(irc.Options{Channels: []string{"ada"}}))
				s.set(func(s *server) { s.mute = true })
				conn, began, done := s.last(1), time.Now(), make(chan error)
				go func() { done <- c.Say(t.Context(), "ada", "hi") }()
				synctest.Wait()
				row.then(conn)
				err := <-done
				if dropped, ok := errors.AsType[*chat.DroppedError](err); ok && dropped.Code != row.code || ok != (row.code != "") {
					t.Errorf("got %v, want the code %q", err, row.code)
				}
				if row.code == "" && !errors.Is(err, row.want) {
					t.Errorf("got %v, want %v", err, row.want)
				}
				if took := time.Since(began); took != row.after {
					t.Errorf("took %v, want %v", took, row.after)
				}
				s.set(func(s *server) { s.mute = false })
			})
		})
	}
}

func TestHandlersCanSayAndStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := irc.New(s.options(irc.Options{Channels: []string{"ada"}}))
		irc.On(c, func(ctx context.Context, m *irc.PrivMsg) error { return c.Reply(ctx, m.Channel, m.ID, "hi "+m.Login) })
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- c.Run(ctx) }()
		conn := s.last(1)
		conn.send(strings.TrimSuffix(strings.Repeat(hello+"\r\n", 25), "\r\n")) // more than the limit
		time.Sleep(5 * time.Second)
		begin := time.Now()
		cancel()
		if err := <-done; err != nil || time.Since(begin) > 0 {
			t.Errorf("got %v after %v, want Run to end at once", err, time.Since(begin))
		}
		if err := c.Say(t.Context(), "ada", "x"); !errors.Is(err, irc.ErrStopped) {
			t.Errorf("got %v, want %v", err, irc.ErrStopped)
		}
	})
}

// The zero-width space went out unchanged, and with it a command that the daemon's
// own cleaning would have stopped.
func TestZeroWidthSpaceBeforeBanIsNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := start(t, s.options(irc.Options{Channels: []string{"ada"}}))
		if err := errors.Join(
			c.Say(t.Context(), "ada", "\u200b/ban grace"),
			c.Reply(t.Context(), "ada", "id", "\U000e0000\u034f/ban grace"),
			c.Act(t.Context(), "ada", "\ufeff .ban grace"),
			c.SayLong(t.Context(), "ada", strings.Repeat("x", 498)+" \u2060/ban grace"),
		); err != nil {
			t.Fatal(err)
		}
		want := []string{
			"PRIVMSG #ada :\u2215ban grace", "PRIVMSG #ada :\u2215ban  grace", "PRIVMSG #ada :\x01ACTION \u2024ban grace\x01",
			"PRIVMSG #ada :" + strings.Repeat("x", 498), "PRIVMSG #ada :\u2215ban grace \u034f",
		}
		if diff := cmp.Diff(want, s.last(1).lines("PRIVMSG")); diff != "" {
			t.Errorf("lines (-want +got):\n%s", diff)
		}
	})
}

func TestSayLongSplitsBetweenWords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := start(t, s.options(irc.Options{Channels: []string{"ada"}}))
		word := strings.Repeat("ä", 99)
		if err := c.SayLong(t.Context(), "ada", strings.Repeat(word+" ", 12)+strings.Repeat("x", 1100)); err != nil {
			t.Fatal(err)
		}
		var lengths []int
		for _, line := range s.last(1).lines("PRIVMSG") {
			lengths = append(lengths, chat.Length(strings.TrimPrefix(line, "PRIVMSG #ada :")))
		}
		if diff := cmp.Diff([]int{399, 400, 400, 498, 500, 104}, lengths); diff != "" {
			t.Errorf("lengths (-want +got):\n%s", diff)
		}
		if err := c.SayLong(t.Context(), "ada", "\n"); !errors.Is(err, chat.ErrEmpty) {
			t.Errorf("got %v, want %v", err, chat.ErrEmpty)
		}
	})
}
