package helix_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/helix"
)

// What docs/guides/calling-the-api.md shows, in one program.
func Example_guide() {
	twitch := emulator.New(emulator.Channel("ada"), emulator.User("larkspur_bot"), emulator.Live("ada"), emulator.InMemory())
	defer twitch.Close()
	botID := twitch.UserID("larkspur_bot")
	tokens := logins{
		"":                   sameForAll(twitch.AppToken()),
		botID:                sameForAll(twitch.UserToken("larkspur_bot", "user:write:chat")),
		twitch.UserID("ada"): sameForAll(twitch.UserToken("ada", "channel:manage:broadcast")),
	}
	tw := helix.New(twitch.ClientID(), tokens, helix.Options{HTTPClient: twitch.HTTPClient(), BaseURL: twitch.HelixURL()})
	if err := guide(context.Background(), tw, botID); err != nil {
		fmt.Println(err)
	}
	fmt.Println(twitch.Title("ada"))
	// Output:
	// ada plays Just Chatting
	// true
	// Chess until I lose
}

func guide(ctx context.Context, tw *helix.Client, botID string) error {
	user, err := tw.Users.ByLogin(ctx, "ada")
	if err != nil {
		return err
	}
	for stream, err := range helix.Max(tw.Streams.All(ctx, helix.GetStreamsParams{GameIDs: []string{"509658"}}), 500) {
		if err != nil {
			return err
		}
		fmt.Println(stream.UserName, "plays", stream.GameName)
	}
	sent, err := tw.Chat.SendMessage(ctx, helix.SendChatMessageParams{
		BroadcasterID: user.ID, SenderID: botID, Message: "hello",
	})
	if err != nil {
		return err
	}
	fmt.Println(sent.IsSent)
	err = tw.Channels.Modify(ctx, helix.ModifyChannelInformationParams{
		BroadcasterID: user.ID, Title: new("Chess until I lose"),
	})
	switch {
	case errors.Is(err, helix.ErrNotFound): // there is no user with that name
	case errors.Is(err, helix.ErrForbidden): // for example, the bot is not a moderator there
	case errors.Is(err, helix.ErrUnknownOutcome): // the request was sent, but no response arrived: check before you send it again
	}
	if e, ok := errors.AsType[*helix.Error](err); ok && e.TokenValid {
		fmt.Println("the login is valid, but:", e.Message) // a 401 for another reason, such as a missing verified phone number
	}
	if missing, ok := errors.AsType[*helix.ScopeError](err); ok {
		fmt.Println("please log in again with", missing.Missing.Minimal()) // nothing was sent
	}
	return err
}

var goBlock = regexp.MustCompile("(?s)```go\n(.*?)```")

// Every line of Go in the guide is in the program above.
func TestGuideIsWhatTheExampleRuns(t *testing.T) {
	text, err := os.ReadFile("../docs/guides/calling-the-api.md")
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile("guide_test.go")
	if err != nil {
		t.Fatal(err)
	}
	blocks := goBlock.FindAllStringSubmatch(string(text), -1)
	if len(blocks) < 5 {
		t.Fatalf("got %d blocks of Go, want more", len(blocks))
	}
	for _, block := range blocks {
		for line := range strings.Lines(block[1]) {
			line = strings.TrimSpace(line)
			if line == `tw := helix.New(clientID, tokens, helix.Options{})` {
				continue // the example adds the address of its Twitch
			}
			if !strings.Contains(string(program), line) {
				t.Errorf("the guide's line %q is not in the example", line)
			}
		}
	}
}
