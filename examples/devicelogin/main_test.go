package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
)

// user confirms the code that is shown.
type user struct {
	strings.Builder
	tw *emulator.Server
}

func (u *user) Write(p []byte) (int, error) {
	if words := strings.Fields(string(p)); words[0] == "Open" {
		u.tw.ApproveDevice(words[4], "ada", true)
	}
	return u.Builder.Write(p)
}

func TestDeviceLogin(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.DevicePoll(time.Second))
	env := map[string]string{"TWITCH_CLIENT_ID": tw.ClientID(), "TWITCH_SERVER": tw.URL()}
	tokens := filepath.Join(t.TempDir(), "tokens.json")
	for i, shown := range []int{1, 0} { // the second start needs no code
		u := &user{tw: tw}
		me, err := newAccount(func(name string) string { return env[name] }, tokens, u)
		if err == nil {
			err = logIn(t.Context(), me, u)
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := u.String(); strings.Count(got, "Open ") != shown || !strings.Contains(got, "You are ada. Scopes: user:read:chat user:write:chat") {
			t.Errorf("start %d: got %q", i, got)
		}
	}
}
