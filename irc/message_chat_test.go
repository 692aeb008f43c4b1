package irc_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/irc"
)

func chatOf(t *testing.T, line string) *chat.Message {
	t.Helper()
	m, err := irc.Parse(line)
	if err != nil {
		t.Fatal(err)
	}
	var p irc.PrivMsg
	if err := p.Decode(&m); err != nil {
		t.Fatal(err)
	}
	return p.Chat()
}

func TestChatMessageOfAnIRCLine(t *testing.T) {
	const line = `@badge-info=subscriber/14;badges=lead_moderator/1,subscriber/2012;bits=100;color=#1E90FF;custom-reward-id=r;display-name=Grace;` +
		`emotes=25:4-8;first-msg=1;client-nonce=n;returning-chatter=1;id=m1;mod=1;msg-id=highlighted-message;reply-parent-display-name=Bob;reply-parent-msg-body=a\sb;reply-parent-msg-id=m0;` +
		`reply-parent-user-id=3;reply-parent-user-login=bob;reply-thread-parent-msg-id=mt;reply-thread-parent-user-login=eve;room-id=1;source-badges=vip/1;` +
		`source-id=s1;source-room-id=1;subscriber=1;tmi-sent-ts=1770000000000;user-id=42 :grace!grace@grace.tmi.twitch.tv PRIVMSG #ada :` + "\x01ACTION g\u00fct Kappa 100\x01"
	want := &chat.Message{
		ID: "m1", Broadcaster: chat.User{ID: "1", Login: "ada"},
		Chatter: chat.Chatter{
			User: chat.User{ID: "42", Login: "grace", Name: "Grace"}, Color: "#1E90FF",
			Badges: []chat.Badge{{Set: "lead_moderator", Version: "1"}, {Set: "subscriber", Version: "2012", Info: "14"}},
			Roles:  chat.LeadModerator | chat.Moderator | chat.Subscriber,
		},
		Text: "g\u00fct Kappa 100", Kind: chat.KindHighlighted, Action: true, Bits: 100, RewardID: "r", FirstMessage: true, Returning: true, Nonce: "n",
		Fragments: []chat.Fragment{
			{Kind: chat.FragmentText, Text: "g\u00fct "},
			{Kind: chat.FragmentEmote, Text: "Kappa", Emote: &chat.Emote{ID: "25"}},
			{Kind: chat.FragmentText, Text: " 100"},
		},
		Reply:  &chat.Parent{MessageID: "m0", Chatter: chat.User{ID: "3", Login: "bob", Name: "Bob"}, Text: "a b", ThreadID: "mt", ThreadUser: chat.User{Login: "eve"}},
		Source: &chat.Source{MessageID: "s1", Broadcaster: chat.User{ID: "1"}, Badges: []chat.Badge{{Set: "vip", Version: "1"}}},
		SentAt: time.UnixMilli(1770000000000).UTC(), Raw: line,
	}
	if diff := cmp.Diff(want, chatOf(t, line)); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
}

func TestRolesOfTagsCountInTheirOwnChannelOnly(t *testing.T) {
	const from = " :grace!grace@grace.tmi.twitch.tv PRIVMSG #ada :hi"
	for tags, want := range map[string]string{
		"@room-id=1;user-id=42;mod=1":                      "moderator",
		"@room-id=1;user-id=42;vip=1;subscriber=1":         "vip,subscriber",
		"@room-id=1;user-id=42;vip=0;subscriber=0;mod=0":   "",
		"@room-id=1;user-id=1;mod=0":                       "broadcaster",
		"@room-id=1;source-room-id=1;user-id=42;mod=1":     "moderator",
		"@room-id=1;source-room-id=2;user-id=42;mod=1":     "",
		"@badges=vip/1;room-id=1;source-room-id=2;mod=1":   "vip",
		"@badges=founder/0;room-id=1;user-id=42;mod=false": "founder,subscriber",
	} {
		if got := chatOf(t, tags+from).Chatter.Roles.String(); got != want {
			t.Errorf("%s: got %q, want %q", tags, got, want)
		}
	}
}

func TestEmotesBecomeFragments(t *testing.T) {
	text := func(s string) chat.Fragment { return chat.Fragment{Kind: chat.FragmentText, Text: s} }
	emote := func(id, s string) chat.Fragment {
		return chat.Fragment{Kind: chat.FragmentEmote, Text: s, Emote: &chat.Emote{ID: id}}
	}
	for _, row := range []struct {
		name, emotes, text string
		want               []chat.Fragment
	}{
		{"none", "", "hi", []chat.Fragment{text("hi")}},
		{"no text", "25:0-4", "", nil},
		{"in the order of the text", "25:0-4,12-16/86:6-10", "Kappa LUL:D Kappa", []chat.Fragment{emote("25", "Kappa"), text(" "), emote("86", "LUL:D"), text(" "), emote("25", "Kappa")}},
		{"counted in code points", "25:3-7", "\u00e9\U0001f600 Kappa", []chat.Fragment{text("\u00e9\U0001f600 "), emote("25", "Kappa")}},
		{"beyond the text", "25:0-9/86:20-24", "Kappa", []chat.Fragment{emote("25", "Kappa")}},
		{"overlapping", "25:0-4/86:2-6", "Kappa hi", []chat.Fragment{emote("25", "Kappa"), text(" hi")}},
	} {
		got := chatOf(t, "@emotes="+row.emotes+" :g!g@g PRIVMSG #ada :"+row.text).Fragments
		if diff := cmp.Diff(row.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, diff)
		}
	}
}

func TestAnimationOfAPowerUp(t *testing.T) {
	if got := chatOf(t, "@animation-id=simmer;msg-id=animated-message :g!g@g PRIVMSG #ada :hi").Animation; got != "simmer" {
		t.Errorf("got the animation %q, want simmer", got)
	}
}

func TestKindsHaveTheNamesOfEventSub(t *testing.T) {
	for id, want := range map[string]chat.Kind{
		"": chat.KindText, "highlighted-message": chat.KindHighlighted, "skip-subs-mode-message": chat.KindSubOnly, "user-intro": chat.KindUserIntro,
		"animated-message": chat.KindMessageEffect, "gigantified-emote-message": chat.KindGigantifiedEmote, "something-new": "something-new",
	} {
		if got := chatOf(t, "@msg-id="+id+" :g!g@g PRIVMSG #ada :hi").Kind; got != want {
			t.Errorf("%s: got %s, want %s", id, got, want)
		}
	}
}

// Keep of a message without a line returned an empty one.
func TestKeepOfAMessageWithoutALine(t *testing.T) {
	made := irc.PrivMsg{ID: "1", Channel: "ada", Text: "hello"}
	if kept := made.Keep(); *kept != made || kept == &made {
		t.Errorf("got %+v, want a copy of %+v", kept, made)
	}
}
