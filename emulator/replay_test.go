package emulator_test

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/emulator"
)

const replayed = "@room-id=1;source-room-id=2;tmi-sent-ts=1000 :a!a@a.tmi.twitch.tv PRIVMSG #other :hi #other\n" +
	"PING :tmi.twitch.tv\r\n" +
	"\n" +
	"@room-id=1;tmi-sent-ts=61000 :tmi.twitch.tv CLEARCHAT #other :a\n"

func TestReplay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
		conn, err := tw.DialContext(t.Context(), "", "")
		if err != nil {
			t.Fatal(err)
		}
		c := newIRC(t, conn)
		_ = conn.SetDeadline(time.Time{})
		c.enter(tw.UserToken("grace", "chat:read"), "grace", "ada")

		lines := make(chan string, 3)
		go func() { // a pipe holds nothing: whoever does not read is dropped
			for range cap(lines) {
				line, _ := c.r.ReadString('\n')
				lines <- strings.TrimRight(line, "\r\n")
			}
		}()
		start := time.Now()
		stats, err := tw.Replay(t.Context(), strings.NewReader(replayed), emulator.ReplayOptions{Channel: "ada", Speed: 2})
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]int{"PRIVMSG": 1, "PING": 1, "CLEARCHAT": 1}
		if diff := cmp.Diff(want, stats.Commands); diff != "" || stats.Lines != 3 {
			t.Errorf("got %d lines, commands (-want +got):\n%s", stats.Lines, diff)
		}
		if took := time.Since(start); took != 30*time.Second {
			t.Errorf("got a replay of %v, want the minute in 30 s", took)
		}
		for _, want := range []string{
			"@room-id=" + tw.UserID("ada") + ";source-room-id=2;tmi-sent-ts=1000 :a!a@a.tmi.twitch.tv PRIVMSG #ada :hi #other",
			"PING :tmi.twitch.tv",
			"@room-id=" + tw.UserID("ada") + ";tmi-sent-ts=61000 :tmi.twitch.tv CLEARCHAT #ada :a",
		} {
			if got := <-lines; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		}
	})
}

func TestReplayInTheirChannels(t *testing.T) {
	tw := emulator.Start(t, emulator.InMemory())
	conn, err := tw.DialContext(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	tw.UserID("other")
	c := newIRC(t, conn)
	c.enter(tw.UserToken("grace", "chat:read"), "grace", "other")
	stats, err := tw.Replay(t.Context(), strings.NewReader(replayed), emulator.ReplayOptions{SkipConnection: true})
	if err != nil {
		t.Fatal(err)
	}
	if stats.Skipped != 1 || stats.Lines != 2 {
		t.Errorf("got %d lines and %d skipped, want 2 and 1", stats.Lines, stats.Skipped)
	}
	if got := c.want("PRIVMSG"); !strings.HasPrefix(got, "@room-id=1;") {
		t.Errorf("got %s, want the line as it was", got)
	}
}

// TestReplayCorpus plays thousands of lines at full speed: every line arrives,
// in order.
func TestReplayCorpus(t *testing.T) {
	f, err := os.Open("../../shared/corpus/irc.txt")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the corpus is not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	tw := emulator.Start(t, emulator.Channel("ada"))
	conn, err := tw.DialContext(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	c := newIRC(t, conn)
	c.enter(tw.UserToken("grace", "chat:read"), "grace", "ada")

	type outcome struct {
		stats emulator.ReplayStats
		err   error
	}
	played := make(chan outcome, 1)
	go func() {
		stats, err := tw.Replay(t.Context(), f, emulator.ReplayOptions{Channel: "ada"})
		tw.Say("ada", "linus", "the end")
		played <- outcome{stats, err}
	}()
	seen := 0
	for {
		line, err := c.r.ReadString('\n')
		if err != nil {
			t.Fatalf("after %d lines: %v", seen, err)
		}
		if strings.HasSuffix(line, "PRIVMSG #ada :the end\r\n") {
			break
		}
		seen++
	}
	end := <-played
	if end.err != nil || seen < end.stats.Lines {
		t.Errorf("got %d lines, want at least the %d that were played (%v)", seen, end.stats.Lines, end.err)
	}
	if _, err := f.Seek(0, 0); err != nil {
		t.Fatal(err)
	}
	lines := 0
	for s := bufio.NewScanner(f); s.Scan(); {
		lines++
	}
	if end.stats.Lines != lines {
		t.Errorf("got %d lines played, want %d", end.stats.Lines, lines)
	}
}

func FuzzReplay(f *testing.F) {
	f.Add(replayed)
	f.Add("@a :b C #d")
	f.Fuzz(func(t *testing.T, text string) {
		tw := emulator.New(emulator.Channel("ada"))
		defer tw.Close()
		_, _ = tw.Replay(t.Context(), strings.NewReader(text), emulator.ReplayOptions{Channel: "ada"})
	})
}

// TestCloseDuringReplay closes while the replay waits for a client that does
// not read.
func TestCloseDuringReplay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
		conn, err := tw.DialContext(t.Context(), "", "")
		if err != nil {
			t.Fatal(err)
		}
		c := newIRC(t, conn)
		_ = conn.SetDeadline(time.Time{})
		c.enter(tw.UserToken("grace", "chat:read"), "grace", "ada")
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			line := ":a!a@a.tmi.twitch.tv PRIVMSG #ada :" + strings.Repeat("x", 400) + "\n"
			_, _ = tw.Replay(t.Context(), strings.NewReader(strings.Repeat(line, 50_000)), emulator.ReplayOptions{Channel: "ada"})
		}()
		time.Sleep(time.Second)
		start := time.Now()
		tw.Close()
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("Close took %v", took)
		}
		<-ended
	})
}
