package main

import (
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/examples/internal/stage"
)

func TestAlerts(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.User("Grace"), emulator.DevicePoll(time.Second))
	drink := tw.AddReward("ada", "Drink", 100)
	stage.Start(t, tw, "ada", nil, newAccount)
	tw.GoLive("ada")
	tw.WantChat(t, "ada", "ada is live!")
	tw.StartCharity("ada", "Tree Friends", 10_000)
	tw.Donate("ada", "grace", 1250)
	tw.WantChat(t, "ada", "Grace gave 12.50 USD to Tree Friends")
	tw.Redeem("ada", "grace", drink, "")
	tw.WantChat(t, "ada", "@Grace wants you to drink something")
}
