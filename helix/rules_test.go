package helix

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// The rules that tie parameters to others, on Twitch's own endpoints.
func TestRules(t *testing.T) {
	w := &wallet{
		tokens: map[string]string{"": "app", "7": "seven"},
		scopes: map[string][]string{"7": everyScope()},
	}
	jwt := func(context.Context, string) (string, error) { return "jwt", nil }
	noon := time.Unix(1_793_536_200, 0)
	websocket := EventSubTransport{Method: TransportMethodWebsocket}
	for want, do := range map[string]func(tw *Client) error{
		"winning_outcome_id is required when status is RESOLVED": func(tw *Client) error {
			_, err := tw.Predictions.End(t.Context(), EndPredictionParams{BroadcasterID: "7", ID: "1", Status: "RESOLVED"})
			return err
		},
		"transport.session_id is required when transport.method is websocket": func(tw *Client) error {
			_, err := tw.As("7").EventSub.CreateSubscription(t.Context(), CreateEventSubSubscriptionParams{
				Type: "channel.follow", Version: "2", Condition: map[string]string{"user_id": "7"}, Transport: websocket,
			})
			return err
		},
		"is_batching_enabled is required when type is drop.entitlement.grant": func(tw *Client) error {
			_, err := tw.EventSub.CreateSubscription(t.Context(), CreateEventSubSubscriptionParams{
				Type: "drop.entitlement.grant", Version: "1", Condition: map[string]string{"organization_id": "7"},
				Transport: EventSubTransport{Method: TransportMethodWebsocket, SessionID: "s"},
			})
			return err
		},
		"language is not allowed unless game_id is given": func(tw *Client) error {
			_, err := tw.Videos.Get(t.Context(), GetVideosParams{UserID: "1", Language: "de"})
			return err
		},
		"period is not allowed unless user_id or game_id is given": func(tw *Client) error {
			_, err := tw.Videos.Get(t.Context(), GetVideosParams{IDs: []string{"1"}, Period: "day"})
			return err
		},
		"period is required when started_at is given": func(tw *Client) error {
			_, err := tw.As("7").Bits.GetLeaderboard(t.Context(), GetBitsLeaderboardParams{StartedAt: noon})
			return err
		},
		"timezone is required when is_vacation_enabled is true": func(tw *Client) error {
			return tw.Schedule.Update(t.Context(), UpdateChannelStreamScheduleParams{
				BroadcasterID: "7", IsVacationEnabled: new(true), VacationStartTime: noon, VacationEndTime: noon,
			})
		},
		"pin, reply_parent_message_id exclude each other, at most one is allowed, 2 are set": func(tw *Client) error {
			_, err := tw.Chat.SendMessage(t.Context(), SendChatMessageParams{BroadcasterID: "1", SenderID: "7", Message: "x", Pin: true, ReplyTo: "m"})
			return err
		},
		"user_id is not allowed without an app token": func(tw *Client) error {
			_, err := tw.As("7").Entitlements.GetDrops(t.Context(), GetDropsEntitlementsParams{UserID: "1"})
			return err
		},
		"broadcaster_id is required when segment is broadcaster or developer": func(tw *Client) error {
			_, err := tw.Extensions.GetConfigurationSegment(t.Context(), GetExtensionConfigurationSegmentParams{ExtensionID: "e", Segments: []SegmentType{"global", "developer"}})
			return err
		},
		"broadcaster_id is not allowed when segment is global": func(tw *Client) error {
			_, err := tw.Extensions.GetConfigurationSegment(t.Context(), GetExtensionConfigurationSegmentParams{ExtensionID: "e", BroadcasterID: "1", Segments: []SegmentType{"global"}})
			return err
		},
		"broadcaster_id is required unless is_global_broadcast is true": func(tw *Client) error {
			return tw.Extensions.SendPubSubMessage(t.Context(), SendExtensionPubSubMessageParams{Target: []PubSubTarget{"broadcast"}, Message: "x"})
		},
		"message has 5121 bytes, at most 5120 are allowed": func(tw *Client) error {
			return tw.Extensions.SendPubSubMessage(t.Context(), SendExtensionPubSubMessageParams{
				Target: []PubSubTarget{"whisper-U1"}, BroadcasterID: "1", Message: strings.Repeat("x", 5121),
			})
		},
		`target[1] is "all", must match`: func(tw *Client) error {
			return tw.Extensions.SendPubSubMessage(t.Context(), SendExtensionPubSubMessageParams{Target: []PubSubTarget{"broadcast", "all"}, BroadcasterID: "1", Message: "x"})
		},
		"choices has 1 values, at least 2 are needed": func(tw *Client) error {
			_, err := tw.Polls.Create(t.Context(), CreatePollParams{BroadcasterID: "7", Title: "?", Duration: 60, Choices: make([]NewPollChoice, 1)})
			return err
		},
	} {
		tw, a := replying(w, Options{JWT: jwt}, reply{status: 200, body: things()})
		err := do(tw)
		if _, ok := errors.AsType[*ParamError](err); !ok || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want a *ParamError with %q", err, want)
		}
		if len(a.requests) != 0 {
			t.Errorf("%s: got %d requests, want none", want, len(a.requests))
		}
	}
}

func everyScope() []string {
	var all []string
	for _, e := range endpoints {
		all = append(all, e.Scopes.Minimal()...)
	}
	return all
}

// What the rules allow goes out.
func TestRulesAllow(t *testing.T) {
	tw, a := replying(StaticToken("7", "t"), Options{}, reply{status: 200, body: things("1")})
	for what, err := range map[string]error{
		"period with a game": second(tw.Videos.Get(t.Context(), GetVideosParams{GameID: "1", Period: "day", Language: "de", First: 5})),
		"pages of a game":    second(tw.Videos.Get(t.Context(), GetVideosParams{GameID: "1", After: "c"})),
		"this week's bits":   second(tw.Bits.GetLeaderboard(t.Context(), GetBitsLeaderboardParams{Period: "week"})),
		"the end of a vacation": tw.Schedule.Update(t.Context(), UpdateChannelStreamScheduleParams{
			BroadcasterID: "7", IsVacationEnabled: new(false),
		}),
	} {
		if _, refused := errors.AsType[*ParamError](err); refused {
			t.Errorf("%s: got %v", what, err)
		}
	}
	if len(a.requests) != 4 {
		t.Errorf("got %d requests, want 4", len(a.requests))
	}
}

func second[T any](_ T, err error) error { return err }

func TestScopesThatParametersNeed(t *testing.T) {
	w := &wallet{tokens: map[string]string{"": "app", "7": "seven"}, scopes: map[string][]string{"7": {"user:write:chat"}}}
	tw, a := replying(w, Options{}, reply{status: 200, body: `{"data":[{"message_id":"m","is_sent":true}]}`})
	p := SendChatMessageParams{BroadcasterID: "1", SenderID: "7", Message: "x", Pin: true}
	_, err := tw.Chat.Say(t.Context(), p)
	e, ok := errors.AsType[*ScopeError](err)
	if !ok || e.UserID != "7" || e.Missing.Minimal()[0] != "moderator:manage:chat_messages" || len(a.requests) != 0 {
		t.Errorf("pin: got %v, want a *ScopeError about moderator:manage:chat_messages", err)
	}
	if ok {
		link := e.Link("http://localhost:3000/", "s1", "user:write:chat")
		for _, part := range []string{
			"https://id.twitch.tv/oauth2/authorize?", "client_id=client", "state=s1",
			"scope=user%3Awrite%3Achat+moderator%3Amanage%3Achat_messages", "redirect_uri=http%3A%2F%2Flocalhost%3A3000%2F",
		} {
			if !strings.Contains(link, part) {
				t.Errorf("got %s, want it to have %s", link, part)
			}
		}
	}
	p.Pin = false
	if _, err := tw.Chat.Say(t.Context(), p); err != nil {
		t.Errorf("no pin: got %v", err)
	}
}

// An app token acts only for those who granted it to the application.
func TestAppGrants(t *testing.T) {
	w := &wallet{
		tokens: map[string]string{"": "app"},
		scopes: map[string][]string{"7": {"moderator:read:chatters"}, "8": {"user:bot"}},
	}
	shield := &Endpoint{
		Name: "Get Shield", Method: "GET", Path: "/shield", Tokens: AppToken,
		Query:     []Param{{Name: "moderator_id", Type: String}},
		AppGrants: []AppGrant{{Param: "moderator_id", Scopes: Scopes{{"moderator:read:chatters"}}}},
	}
	type params struct {
		ModeratorID string `url:"moderator_id"`
	}
	tw, a := replying(w, Options{}, reply{status: 200, body: things()})
	for user, want := range map[string]string{
		"7": "", "9": "", // nothing is known of 9
		"8": "helix: Get Shield: user 8 (moderator_id) has not granted moderator:read:chatters",
	} {
		err := none(t.Context(), tw, shield, params{user})
		if want == "" && err != nil || want != "" && (err == nil || err.Error() != want) {
			t.Errorf("user %s: got %v, want %q", user, err, want)
		}
	}
	if len(a.requests) != 2 {
		t.Errorf("got %d requests, want 2", len(a.requests))
	}
	shield.AppGrants[0].OrElse = "is a moderator"
	if err := none(t.Context(), tw, shield, params{"8"}); err != nil {
		t.Errorf("something else may serve: got %v", err)
	}
}
