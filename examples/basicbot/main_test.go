package main

import (
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/examples/internal/stage"
)

func TestBasicBot(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.User("larkspur", "Grace"), emulator.Moderator("ada", "larkspur"), emulator.DevicePoll(time.Second))
	stage.Start(t, tw, "larkspur", map[string]string{"TWITCH_CHANNEL": "ada"}, newAccount)
	tw.GoLive("ada")
	tw.WantChat(t, "ada", "Welcome to the stream of ada!")
	for _, row := range [][3]string{
		{"grace", "!hi", "Hello Grace!"},
		{"grace", "!dice 1", "1 of 1"},
		{"grace", "!dice 0", "a dice needs a side"},
		{"ada", "!say what a day", "what a day"},
		{"grace", "!links", "!links shop, !links video"},
		{"grace", "!links shop", "https://shop.example.org"},
	} {
		tw.Say("ada", row[0], row[1])
		tw.WantChat(t, "ada", row[2])
	}
}
