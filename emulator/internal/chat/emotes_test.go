package chat

import (
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// emotesOf is what emoteTags says, told from the fragments that EventSub gets.
func emotesOf(w *world.World, text string) (emotes string, only bool) {
	var order []string
	at := map[string][]string{}
	only = true
	position := 0
	for _, f := range w.Fragments(world.ChatMessage{Text: text}) {
		length := utf8.RuneCountInString(f.Text)
		if f.Type == "emote" {
			if at[f.EmoteID] == nil {
				order = append(order, f.EmoteID)
			}
			at[f.EmoteID] = append(at[f.EmoteID], strconv.Itoa(position)+"-"+strconv.Itoa(position+length-1))
		} else if strings.TrimSpace(f.Text) != "" {
			only = false
		}
		position += length
	}
	for i, id := range order {
		order[i] = id + ":" + strings.Join(at[id], ",")
	}
	return strings.Join(order, "/"), only && len(order) > 0
}

func TestEmoteTagsAgreeWithFragments(t *testing.T) {
	w := world.New(world.Options{})
	for text, want := range map[string]string{
		"":                           "",
		"hello":                      "",
		"Kappa":                      "25:0-4 only",
		" Kappa":                     "25:1-5 only",
		"Kappa  LUL":                 "25:0-4/425618:7-9 only",
		"Kappa LUL Kappa":            "25:0-4,10-14/425618:6-8 only",
		"Kappa, LUL":                 "425618:7-9",
		"\u00fcber \U0001f600 Kappa": "25:7-11",
		"Kappa hi":                   "25:0-4",
		"Kappa \t":                   "25:0-4 only",
		"kappa LUL":                  "425618:6-8",
	} {
		emotes, only := emoteTags(text)
		got := emotes
		if only {
			got += " only"
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
		if e, o := emotesOf(w, text); e != emotes || o != only {
			t.Errorf("%q: got %q, %v; the fragments say %q, %v", text, emotes, only, e, o)
		}
	}
}

// What hardly any message has.
func TestRareTagsOfAMessage(t *testing.T) {
	var s Server
	b := world.User{ID: "1", Login: "ada"}
	m := world.ChatMessage{
		ID: "m-1", Sender: world.User{ID: "3", Login: "grace", DisplayName: "Grace"}, Text: "Kappa", VIP: true, Bits: 7,
		ClientNonce: "a b", RewardID: "r;1", Action: true,
	}
	tags := "@badge-info=;badges=;bits=7;client-nonce=a\\sb;color=;custom-reward-id=r\\:1;display-name=Grace;emote-only=1;emotes=25:0-4;first-msg=0;" +
		"flags=;id=m-1;mod=0;returning-chatter=0;room-id=1;subscriber=0;tmi-sent-ts=" + strconv.FormatInt(m.Time.UnixMilli(), 10) + ";turbo=0;user-id=3;user-type=;vip=1 "
	const body = ":grace!grace@grace.tmi.twitch.tv PRIVMSG #ada :\x01ACTION Kappa\x01\r\n"
	for range 2 { // the second is written over what the first was written into
		got := s.privmsg(b, &m)
		if string(got.tagged) != tags+body || string(got.plain) != body {
			t.Errorf("got  %q\nand  %q\nwant %q", got.tagged, got.plain, tags+body)
		}
	}
}

func TestMessageStaysOneLine(t *testing.T) {
	var s Server
	for text, want := range map[string]string{"a\r\nPRIVMSG b": "a  PRIVMSG b", "a\nb": "a b", "a\rb": "a b", "a\x00b": "ab"} {
		got := s.privmsg(world.User{Login: "ada"}, &world.ChatMessage{Sender: world.User{Login: "grace"}, Text: text})
		if want := ":grace!grace@grace.tmi.twitch.tv PRIVMSG #ada :" + want + "\r\n"; string(got.plain) != want {
			t.Errorf("got %q, want %q", got.plain, want)
		}
		if n := strings.Count(string(got.tagged), "\n"); n != 1 {
			t.Errorf("got %d line ends in %q, want 1", n, got.tagged)
		}
	}
}
