package main

import (
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/examples/internal/stage"
)

func TestCafe(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.User("robin", "Grace"), emulator.DevicePoll(time.Second))
	stage.Start(t, tw, "robin", map[string]string{"TWITCH_CHANNEL": "ada"}, newProgram)
	tw.Say("ada", "grace", "!order 1 tea")
	tw.WantChat(t, "ada", "1 x tea for Grace")
}
