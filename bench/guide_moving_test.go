package bench_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	twitch "github.com/gempir/go-twitch-irc/v4"
)

// movingFrom is the old code of docs/guides/from-go-twitch-irc.md. It is compiled, not
// called: it would connect to Twitch.
func movingFrom(token, renewed string, message twitch.PrivateMessage, show func(channel, user, text string)) error {
	client := twitch.NewAnonymousClient()
	client.OnPrivateMessage(func(message twitch.PrivateMessage) {
		show(message.Channel, message.User.DisplayName, message.Message)
	})
	client.Join("ada", "hedy")
	err := client.Connect()
	if err == nil {
		client := twitch.NewClient("bot", "oauth:"+token)
		client.SetIRCToken("oauth:" + renewed)
	}
	client.OnUserNoticeMessage(func(message twitch.UserNoticeMessage) {
		if message.MsgID == "raid" {
			show(message.Channel, message.User.DisplayName, message.MsgParams["msg-param-viewerCount"])
		}
	})
	client.OnClearChatMessage(func(message twitch.ClearChatMessage) {
		show(message.Channel, message.TargetUsername, fmt.Sprint(message.BanDuration))
	})
	client.OnRoomStateMessage(func(message twitch.RoomStateMessage) {
		if seconds, ok := message.State["slow"]; ok {
			show(message.Channel, "slow", fmt.Sprint(seconds))
		}
	})
	client.Say("ada", "hello")
	client.Reply("ada", message.ID, "hello to you")
	client.Join("ada")
	client.Depart("ada")
	client.Say("ada", "/timeout mallory 600 links")
	return err
}

var _ = movingFrom

// The old code of the guide is that of movingFrom.
func TestGuideFromGoTwitchIRCCompilesWithIt(t *testing.T) {
	guide, err := os.ReadFile("../docs/guides/from-go-twitch-irc.md")
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile("guide_moving_test.go")
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for line := range strings.Lines(string(program)) {
		have[strings.TrimSpace(line)] = true
	}
	before, lines := false, 0
	for line := range strings.Lines(string(guide)) {
		switch line = strings.TrimSpace(line); {
		case line == "// before":
			before = true
		case line == "// after":
			before = false
		case before && line != "":
			if lines++; !have[line] {
				t.Errorf("the line %q of the guide is not in this file", line)
			}
		}
	}
	if lines < 20 {
		t.Errorf("the guide has %d lines of old code", lines)
	}
}
