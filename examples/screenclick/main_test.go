package main

import (
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/examples/internal/stage"
)

func TestScreenClick(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.User("Grace"), emulator.DevicePoll(time.Second))
	stage.Start(t, tw, "ada", map[string]string{"HEAT_SERVER": tw.HeatURL()}, newAccount)
	tw.Say("ada", "grace", "!start_track")
	tw.WantChat(t, "ada", "your clicks are tracked")
	for tw.HeatClick("ada", "grace", 0.9, 0.2, emulator.HeatKnown) == 0 {
		time.Sleep(10 * time.Millisecond) // the bot connects to the extension
	}
	tw.WantChat(t, "ada", "Grace clicked at the top right")
	tw.HeatClick("ada", "grace", 0.1, 0.7, emulator.HeatAnonymous)
	tw.HeatClick("ada", "grace", 0.1, 0.7, emulator.HeatKnown)
	tw.WantChat(t, "ada", "Grace clicked at the bottom left")
	tw.Say("ada", "grace", "!stop_track")
	tw.WantChat(t, "ada", "your clicks are no longer tracked")
}
