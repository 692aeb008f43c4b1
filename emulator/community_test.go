package emulator_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	twitch "github.com/larkspur-dev/larkspur/helix"
)

func TestCommunity(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.Channel("ada"), emulator.User("grace"), emulator.InMemory())
		ada, grace := tw.UserID("ada"), tw.UserID("grace")
		client := func(scopes ...string) *twitch.Client {
			return twitch.New(tw.ClientID(), twitch.StaticToken(ada, tw.UserToken("ada", scopes...)), twitch.Options{
				HTTPClient: tw.HTTPClient(), BaseURL: tw.HelixURL(),
			})
		}

		tw.StartPoll("ada", "Tea?", time.Minute, "yes", "no")
		tw.Vote("ada", "grace", "yes")
		time.Sleep(time.Minute)
		polls, err := client("channel:read:polls").Polls.Get(t.Context(), twitch.GetPollsParams{BroadcasterID: ada})
		if err != nil || len(polls.Items) != 1 || polls.Items[0].Status != "COMPLETED" || polls.Items[0].Choices[0].Votes != 1 {
			t.Errorf("got %+v %v, want a completed poll with a vote", polls, err)
		}

		id := tw.StartPrediction("ada", "Won?", time.Minute, "yes", "no")
		tw.PlacePrediction("ada", "grace", "no", 10)
		predictions, err := client("channel:read:predictions").Predictions.Get(t.Context(), twitch.GetPredictionsParams{BroadcasterID: ada})
		if err != nil || len(predictions.Items) != 1 || predictions.Items[0].ID != id || predictions.Items[0].Outcomes[1].ChannelPoints != 10 {
			t.Errorf("got %+v %v, want a prediction with 10 points", predictions, err)
		}

		tw.BlockTerm("ada", "secret*")
		if got := tw.Say("ada", "grace", "my secrets"); got != "" {
			t.Errorf("got message %s, want it held", got)
		}
		tw.SetAutoMod("ada", 4)
		if got := tw.Say("ada", "grace", "you idiot"); got != "" {
			t.Errorf("got message %s, want it held", got)
		}
		held := tw.HeldMessages("ada")
		if len(held) != 2 {
			t.Fatalf("got %v, want two held messages", held)
		}
		err = client("moderator:manage:automod").Moderation.ManageHeldMessage(t.Context(), twitch.ManageHeldAutoModMessagesParams{UserID: ada, MessageID: held[0], Action: "ALLOW"})
		if err != nil || !tw.HasMessage("ada", held[0]) {
			t.Errorf("got %v and message %v, want it in chat", err, tw.HasMessage("ada", held[0]))
		}

		_, err = client("moderator:manage:warnings").Moderation.Warn(t.Context(), twitch.WarnChatUserParams{BroadcasterID: ada, ModeratorID: ada, UserID: grace, Reason: "no"})
		if err != nil || tw.Say("ada", "grace", "but") != "" {
			t.Errorf("got %v, want grace warned", err)
		}
		tw.AcknowledgeWarning("ada", "grace")
		if tw.Say("ada", "grace", "fine") == "" {
			t.Error("got no message, want one after the acknowledgement")
		}

		tw.Ban("ada", "grace", "")
		request := tw.RequestUnban("ada", "grace", "sorry")
		_, err = client("moderator:manage:unban_requests").Moderation.ResolveUnbanRequest(t.Context(), twitch.ResolveUnbanRequestsParams{
			BroadcasterID: ada, ModeratorID: ada, UnbanRequestID: request, Status: "approved",
		})
		if err != nil || tw.IsBanned("ada", "grace") {
			t.Errorf("got %v and banned %v, want unbanned", err, tw.IsBanned("ada", "grace"))
		}

		tw.ShareChat("ada", "grace")
		shared, err := client().Chat.GetSharedSession(t.Context(), twitch.GetSharedChatSessionParams{BroadcasterID: grace})
		if err != nil || shared.HostBroadcasterID != ada {
			t.Errorf("got %+v %v, want ada's session", shared, err)
		}
		tw.LeaveSharedChat("ada")
	})
}

func TestCommunityControl(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"))
	for _, row := range []struct {
		verb, body string
		status     int
	}{
		{"poll", `{"broadcaster":"ada","text":"Tea?","seconds":60,"choices":["yes","no"]}`, 200},
		{"poll", `{"broadcaster":"ada","text":"Tea?","seconds":60,"choices":["yes","no"]}`, 400},
		{"vote", `{"broadcaster":"ada","user":"grace","text":"yes"}`, 200},
		{"vote", `{"broadcaster":"ada","user":"grace","text":"maybe"}`, 400},
		{"prediction", `{"broadcaster":"ada","text":"Won?","seconds":60,"choices":["yes","no"]}`, 200},
		{"prediction", `{"broadcaster":"ada","text":"Won?","choices":["yes","no"]}`, 400},
		{"predict", `{"broadcaster":"ada","user":"grace","text":"no","points":10}`, 200},
		{"predict", `{"broadcaster":"ada","user":"grace","text":"no"}`, 400},
		{"request-unban", `{"broadcaster":"ada","user":"grace"}`, 400},
		{"ban", `{"broadcaster":"ada","user":"grace"}`, 200},
		{"request-unban", `{"broadcaster":"ada","user":"grace","text":"sorry"}`, 200},
		{"acknowledge-warning", `{"broadcaster":"ada","user":"grace"}`, 400},
		{"block-term", `{"broadcaster":"ada","text":"spam"}`, 200},
		{"automod", `{"broadcaster":"ada","level":3}`, 200},
		{"share-chat", `{"broadcaster":"ada","user":"linus"}`, 200},
		{"leave-shared-chat", `{"broadcaster":"linus"}`, 200},
		{"leave-shared-chat", `{"broadcaster":"linus"}`, 400},
		{"phone", `{"user":"linus","deny":true}`, 200},
	} {
		if status, answer := post(t, tw.HTTPClient(), tw.URL()+"/larkspur/"+row.verb, row.body); status != row.status {
			t.Errorf("%s %s: got %d %v, want %d", row.verb, row.body, status, answer, row.status)
		}
	}
	if _, answer := post(t, tw.HTTPClient(), tw.URL()+"/larkspur/say", `{"broadcaster":"ada","user":"linus","text":"spam"}`); answer["dropped"] != "msg_rejected_mandatory" {
		t.Errorf("got %v, want msg_rejected_mandatory", answer)
	}
}
