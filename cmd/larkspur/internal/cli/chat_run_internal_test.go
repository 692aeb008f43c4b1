package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
)

// A chatScreen is what a conversation prints.
type chatScreen struct {
	mu  sync.Mutex
	all bytes.Buffer // guarded by mu
}

func (s *chatScreen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all.Write(p)
}

func (s *chatScreen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all.String()
}

// anonymous starts to read chat without an account. The code is sent when it ends.
func anonymous(ctx context.Context, tw *emulator.Server, f *chatFlags, out, errOut io.Writer, logins ...string) <-chan error {
	p := Process{Stdout: out, Stderr: errOut, Started: time.Now(), Getenv: func(string) (string, bool) { return "", false }}
	ended := make(chan error, 1)
	go func() {
		ended <- runChat(ctx, p, f, &chatAccount{addr: tw.IRCAddr(), dial: tw.DialContext}, asChannels(logins))
	}()
	return ended
}

// For days, a message is printed and logged once, whatever happens to the connection, and
// there is no more than the last files.
func TestChatForDays(t *testing.T) {
	const days, kept = 5, 3
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(toMidnight())
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.Channel("hedy"), emulator.NoLimits())
		ctx, cancel := context.WithCancel(t.Context())
		var out, notes chatScreen
		f := &chatFlags{log: filepath.Join(dir, "chat.log"), logSize: 1, logFiles: kept}
		ended := anonymous(ctx, tw, f, &out, &notes, "ada", "hedy")
		time.Sleep(time.Minute)
		begun := time.Now()
		for hour := range days * 24 {
			tw.Say("ada", "grace", fmt.Sprintf("at hour %d.", hour))
			tw.Say("hedy", "grace", fmt.Sprintf("there at hour %d.", hour))
			synctest.Wait()
			switch hour % 3 {
			case 0:
				tw.DropChat()
			case 1:
				tw.ReconnectChat(10 * time.Second)
			}
			time.Sleep(time.Hour)
		}
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want %v", err, context.Canceled)
		}
		shown := out.String()
		for hour := range days * 24 {
			for _, text := range []string{fmt.Sprintf(": at hour %d.\n", hour), fmt.Sprintf(": there at hour %d.\n", hour)} {
				if n := strings.Count(shown, text); n != 1 {
					t.Errorf("got %q %d times, want once", text, n)
				}
			}
		}
		if n := strings.Count(notes.String(), "connected to chat again"); n < days*24/3 {
			t.Errorf("got %d new connections, want %d at least\n%s", n, days*24/3, notes.String())
		}
		files, err := filepath.Glob(dir + "/*")
		if err != nil || len(files) != kept {
			t.Errorf("got %v (%v), want %d files", files, err, kept)
		}
		var logged strings.Builder
		for _, back := range []int{3, 2} {
			logged.WriteString(read(t, f.log+"."+begun.AddDate(0, 0, days-back).Local().Format(time.DateOnly)))
		}
		logged.WriteString(read(t, f.log))
		for hour := (days - kept) * 24; hour < days*24; hour++ {
			if n := strings.Count(logged.String(), fmt.Sprintf("#hedy grace: there at hour %d.\n", hour)); n != 1 {
				t.Errorf("hour %d is logged %d times, want once", hour, n)
			}
		}
	})
}

// toMidnight returns how long it is until the next day begins.
func toMidnight() time.Duration {
	now := time.Now()
	return time.Date(now.Year(), now.Month(), now.Day()+1, 0, 0, 0, 0, time.Local).Sub(now)
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Error(err)
	}
	return string(text)
}

// Ctrl-C ends the program while nothing reads its output.
func TestChatEndsWhileOutputIsBlocked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.NoLimits())
		ctx, cancel := context.WithCancel(t.Context())
		reader, blocked := io.Pipe()
		var notes chatScreen
		ended := anonymous(ctx, tw, &chatFlags{}, blocked, &notes, "ada")
		time.Sleep(time.Minute)
		for i := range 10 {
			tw.Say("ada", "grace", fmt.Sprint(i))
		}
		synctest.Wait()
		stopped := time.Now()
		cancel()
		<-ended
		if took := time.Since(stopped); took > 2*time.Second {
			t.Errorf("it took %s", took)
		}
		reader.Close() // lets the blocked handler go
		time.Sleep(time.Minute)
	})
}

// A problem that lasts is told again now and then, with how long it has lasted.
func TestChatRemindsOfAProblem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
		tw.Close()
		ctx, cancel := context.WithTimeout(t.Context(), 150*time.Minute)
		defer cancel()
		var out, notes chatScreen
		<-anonymous(ctx, tw, &chatFlags{}, &out, &notes, "ada")
		if n := strings.Count(notes.String(), "! no connection to chat"); n != 1 {
			t.Errorf("got the problem %d times, want once:\n%s", n, notes.String())
		}
		if n := strings.Count(notes.String(), "! still no connection to chat, for "); n != 5 {
			t.Errorf("got %d reminders in 2.5 hours, want 5: after 1, 5 and 15 minutes, 1 and 2 hours:\n%s", n, notes.String())
		}
	})
}

// A program that was never connected says so when its time is up.
func TestChatThatNeverConnects(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
		tw.Close()
		var out, notes chatScreen
		err := <-anonymous(t.Context(), tw, &chatFlags{length: time.Minute}, &out, &notes, "ada")
		if err == nil || !strings.HasPrefix(err.Error(), "there was no connection to chat: ") {
			t.Errorf("got %v, want an error that says so", err)
		}
	})
}

// A connection that is lost and replaced is written to the log.
func TestChatLogsTheConnection(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.NoLimits())
		ctx, cancel := context.WithCancel(t.Context())
		var out, notes chatScreen
		f := &chatFlags{log: filepath.Join(dir, "chat.log"), logSize: 1, logFiles: 2}
		ended := anonymous(ctx, tw, f, &out, &notes, "ada")
		time.Sleep(time.Minute)
		tw.DropChat()
		time.Sleep(time.Minute)
		tw.ReconnectChat(10 * time.Second)
		time.Sleep(time.Minute)
		cancel()
		<-ended
		log := read(t, f.log)
		if strings.Count(log, "- connected to chat\n") != 2 || strings.Count(log, "- the connection to chat was lost: ") != 1 {
			t.Errorf("got the log\n%s", log)
		}
		if !strings.Contains(notes.String(), "moved to a new connection; nothing was missed") {
			t.Errorf("the move is not told:\n%s", notes.String())
		}
	})
}

// While nothing reads what the program tells, it goes on reading chat.
func TestChatReadsWhileTheTerminalIsStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.NoLimits())
		ctx, cancel := context.WithCancel(t.Context())
		var out chatScreen
		reader, stopped := io.Pipe()
		ended := anonymous(ctx, tw, &chatFlags{}, &out, stopped, "ada")
		time.Sleep(time.Minute)
		for range 3 {
			tw.DropChat()
			time.Sleep(time.Minute)
		}
		tw.Say("ada", "grace", "still there?")
		synctest.Wait()
		if !strings.Contains(out.String(), "still there?") {
			t.Errorf("got %q, want the message", out.String())
		}
		reader.Close()
		cancel()
		<-ended
	})
}
