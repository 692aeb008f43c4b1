package main

import (
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/examples/internal/stage"
)

func TestModules(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.User("robin"), emulator.Moderator("ada", "robin"), emulator.DevicePoll(time.Second))
	stage.Start(t, tw, "ada", map[string]string{"OWNER_ID": tw.UserID("robin")}, newAccount)
	for _, row := range [][3]string{
		{"robin", "!hug", "that was hug 1"},
		{"robin", "!module load polls", "modules: fun, polls"},
		{"robin", "!poll tea milk", "Vote: tea or milk"},
		{"robin", "!module load polls", `bot: component "polls": the name is taken`},
		{"robin", "!module reload fun", "modules: fun, polls"},
		{"robin", "!hug", "that was hug 1"},
		{"robin", "!module unload polls", "modules: fun"},
		{"robin", "!module unload cats", "I have no module cats"},
		{"robin", "!help", "commands: !help !module !hug"},
	} {
		tw.Say("ada", row[0], row[1])
		tw.WantChat(t, "ada", row[2])
	}
}
