package bench

import (
	"net/http"
	"testing"

	"github.com/nicklaw5/helix/v2"

	"github.com/larkspur-dev/larkspur/emulator"
)

// nicklaw5/helix sends every field of its structs, most of them empty, and fields of the
// body in the query: it works with Twitch, so it works here.
func TestNicklaw5HelixWorksWithTheEmulator(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.Live("ada"))
	client, err := helix.NewClient(&helix.Options{
		ClientID: tw.ClientID(), APIBaseURL: tw.HelixURL(),
		UserAccessToken: tw.UserToken("ada", "channel:manage:polls", "channel:manage:redemptions", "channel:edit:commercial", "channel:manage:broadcast"),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := func(what string, status int, got *helix.ResponseCommon, err error) {
		t.Helper()
		if err != nil || got.StatusCode != status {
			t.Errorf("%s: got %+v, %v, want %d", what, got, err, status)
		}
	}
	ada := tw.UserID("ada")
	reward, err := client.CreateCustomReward(&helix.ChannelCustomRewardsParams{BroadcasterID: ada, Title: "Stretch", Cost: 5, IsEnabled: true})
	want("reward", http.StatusOK, &reward.ResponseCommon, err)
	poll, err := client.CreatePoll(&helix.CreatePollParams{
		BroadcasterID: ada, Title: "Tea?", Duration: 60, Choices: []helix.PollChoiceParam{{Title: "yes"}, {Title: "no"}},
	})
	want("poll", http.StatusOK, &poll.ResponseCommon, err)
	marker, err := client.CreateStreamMarker(&helix.CreateStreamMarkerParams{UserID: ada, Description: "here"})
	want("marker", http.StatusOK, &marker.ResponseCommon, err)
	commercial, err := client.StartCommercial(&helix.StartCommercialParams{BroadcasterID: ada, Length: 60})
	want("commercial", http.StatusOK, &commercial.ResponseCommon, err)
	client.SetUserAccessToken("")
	client.SetAppAccessToken(tw.AppToken())
	sub, err := client.CreateEventSubSubscription(&helix.EventSubSubscription{
		Type: "stream.online", Version: "1", Condition: helix.EventSubCondition{BroadcasterUserID: ada},
		Transport: helix.EventSubTransport{Method: "webhook", Callback: "https://127.0.0.1/", Secret: "0123456789"},
	})
	want("subscription", http.StatusAccepted, &sub.ResponseCommon, err)
}
