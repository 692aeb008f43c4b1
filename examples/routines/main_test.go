package main

import (
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/examples/internal/stage"
)

func TestRoutines(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.User("grace"), emulator.Live("ada"), emulator.DevicePoll(time.Second))
	stage.Start(t, tw, "ada", map[string]string{"EVERY": "1s"}, newAccount)
	tw.Mod("ada", "robin")
	for _, row := range [][3]string{
		{"robin", "!reminder on", "that is so already"},
		{"grace", "!reminder off", "Time to drink something!"}, // not allowed, and the second message
		{"robin", "!reminder off", "as you wish"},
	} {
		tw.Say("ada", row[0], row[1])
		tw.WantChat(t, "ada", row[2])
	}
}
