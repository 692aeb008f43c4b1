package main

import (
	"bufio"
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
)

// The program logs in on its first start only, and thanks followers in chat.
func TestThanksFollowers(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.DevicePoll(time.Second))
	env := map[string]string{"TWITCH_CLIENT_ID": tw.ClientID(), "TWITCH_CLIENT_SECRET": tw.ClientSecret(), "TWITCH_SERVER": tw.URL()}
	tokens := filepath.Join(t.TempDir(), "tokens.json")
	for i, follower := range []string{"Grace", "Robin"} {
		ctx, stop := context.WithCancel(t.Context())
		read, write := io.Pipe()
		done := make(chan error, 1)
		me, err := newAccount(func(name string) string { return env[name] }, tokens, write)
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			done <- me.Run(ctx)
			_ = write.Close()
		}()
		lines := bufio.NewScanner(read)
		if i == 0 {
			lines.Scan()
			words := strings.Fields(lines.Text())
			if !tw.ApproveDevice(words[len(words)-1], "ada", true) {
				t.Fatalf("got %q, want the code of a device", lines.Text())
			}
		}
		if lines.Scan(); !strings.HasSuffix(lines.Text(), ": subscribed") {
			t.Fatalf("got %q, want the subscription", lines.Text())
		}
		tw.Follow("ada", follower)
		tw.WantChat(t, "ada", "Thank you for the follow, "+follower+"!")
		stop()
		if err := <-done; err != nil {
			t.Errorf("run: got %v, want none", err)
		}
	}
}
