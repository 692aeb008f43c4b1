package eventsub_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/eventsub"
)

func chatOf(t *testing.T, event string) *chat.Message {
	t.Helper()
	var e eventsub.ChannelChatMessage
	if err := json.Unmarshal([]byte(event), &e); err != nil {
		t.Fatal(err)
	}
	e.Meta.Timestamp = time.Unix(1770000000, 0)
	return e.Chat()
}

func TestChatMessageOfAnEvent(t *testing.T) {
	got := chatOf(t, `{"broadcaster_user_id":"1","broadcaster_user_login":"ada","broadcaster_user_name":"Ada",
		"chatter_user_id":"42","chatter_user_login":"grace","chatter_user_name":"Grace","message_id":"m1","color":"#1E90FF",
		"message":{"text":"hi Kappa @bob Cheer100","fragments":[
			{"type":"text","text":"hi "},{"type":"emote","text":"Kappa","emote":{"id":"25","emote_set_id":"0","owner_id":"0","format":["static","animated"]}},
			{"type":"mention","text":"@bob","mention":{"user_id":"3","user_login":"bob","user_name":"Bob"}},
			{"type":"cheermote","text":"Cheer100","cheermote":{"prefix":"Cheer","bits":100,"tier":1}},
			{"type":"gif","text":"gif","gif":{"id":"g","url":"https://gif.example/g"}}]},
		"message_type":"power_ups_message_effect","badges":[{"set_id":"moderator","id":"1","info":""},{"set_id":"subscriber","id":"12","info":"14"}],
		"cheer":{"bits":100},"channel_points_custom_reward_id":"r","channel_points_animation_id":"simmer",
		"reply":{"parent_message_id":"m0","parent_message_body":"a b","parent_user_id":"3","parent_user_name":"Bob","parent_user_login":"bob",
			"thread_message_id":"mt","thread_user_id":"4","thread_user_name":"Eve","thread_user_login":"eve"},
		"source_broadcaster_user_id":"2","source_broadcaster_user_name":"Linus","source_broadcaster_user_login":"linus","source_message_id":"s1",
		"source_badges":[{"set_id":"vip","id":"1","info":""}],"is_source_only":true}`)
	want := &chat.Message{
		ID: "m1", Broadcaster: chat.User{ID: "1", Login: "ada", Name: "Ada"},
		Chatter: chat.Chatter{
			User: chat.User{ID: "42", Login: "grace", Name: "Grace"}, Color: "#1E90FF",
			Badges: []chat.Badge{{Set: "moderator", Version: "1"}, {Set: "subscriber", Version: "12", Info: "14"}},
			Roles:  chat.Moderator | chat.Subscriber,
		},
		Text: "hi Kappa @bob Cheer100",
		Fragments: []chat.Fragment{
			{Kind: chat.FragmentText, Text: "hi "},
			{Kind: chat.FragmentEmote, Text: "Kappa", Emote: &chat.Emote{ID: "25", SetID: "0", OwnerID: "0", Animated: true}},
			{Kind: chat.FragmentMention, Text: "@bob", Mention: &chat.User{ID: "3", Login: "bob", Name: "Bob"}},
			{Kind: chat.FragmentCheermote, Text: "Cheer100", Cheermote: &chat.Cheermote{Prefix: "Cheer", Bits: 100, Tier: 1}},
			{Kind: chat.FragmentGIF, Text: "gif", GIF: &chat.GIF{ID: "g", URL: "https://gif.example/g"}},
		},
		Kind: chat.KindMessageEffect, Bits: 100, RewardID: "r", Animation: "simmer", SentAt: time.Unix(1770000000, 0),
		Reply: &chat.Parent{
			MessageID: "m0", Chatter: chat.User{ID: "3", Login: "bob", Name: "Bob"}, Text: "a b",
			ThreadID: "mt", ThreadUser: chat.User{ID: "4", Login: "eve", Name: "Eve"},
		},
		Source: &chat.Source{MessageID: "s1", Broadcaster: chat.User{ID: "2", Login: "linus", Name: "Linus"}, Badges: []chat.Badge{{Set: "vip", Version: "1"}}, Only: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
	if !got.FromOtherChannel() {
		t.Error("got a message of this channel, want one of another: it has another source")
	}
	if u, ok := got.Mentioned("bob"); !ok || u.ID != "3" {
		t.Errorf("got %v, %t, want bob mentioned", u, ok)
	}
	if _, ok := got.Mentioned("eve"); ok {
		t.Error("got eve mentioned, want only bob")
	}
}

func TestActionOverEventSub(t *testing.T) {
	got := chatOf(t, `{"message":{"text":"\u0001ACTION waves Kappa\u0001","fragments":[{"type":"text","text":"\u0001ACTION waves "},`+
		`{"type":"emote","text":"Kappa","emote":{"id":"25"}},{"type":"text","text":"\u0001"}]},"source_broadcaster_user_id":"1","broadcaster_user_id":"1"}`)
	if got.Text != "waves Kappa" || !got.Action || len(got.Fragments) != 2 || got.Fragments[0].Text != "waves " {
		t.Errorf("got %+v, want the text without its wrapper", got)
	}
	if got.FromOtherChannel() {
		t.Error("got a message of another channel, want one of this: it is its own source")
	}
}
