package emulator_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/larkspur-dev/larkspur/emulator"
)

// Each row is a verb of the control API and what an IRC connection in ada's channel gets.
func TestNoticeVerbs(t *testing.T) {
	for _, row := range []struct {
		verb, body string
		want       []string // in the line
	}{
		{"notice", `{"broadcaster":"ada","user":"mod","kind":"modiversary","set":["months=24"]}`, []string{" USERNOTICE #ada", "msg-id=modiversary", "msg-param-months=24", `system-msg=has\sbeen\sa\smoderator\sfor\s24\smonths!`}},
		{"notice", `{"broadcaster":"ada","user":"grace","kind":"giftpaidupgrade","from":"linus"}`, []string{"msg-param-sender-login=linus"}},
		{"notice", `{"broadcaster":"ada","user":"grace","kind":"standardpayforward","from":"linus","recipient":"hedy"}`, []string{"msg-param-prior-gifter-user-name=linus", "msg-param-recipient-user-name=hedy"}},
		{"notice", `{"broadcaster":"ada","user":"grace","kind":"neverheardof","text":"hello"}`, []string{"msg-id=neverheardof", " USERNOTICE #ada :hello"}},
		{"announce", `{"broadcaster":"ada","text":"soon","kind":"blue"}`, []string{"msg-id=announcement", "msg-param-color=BLUE", " USERNOTICE #ada :soon"}},
		{"whisper", `{"user":"grace","recipient":"listener","text":"psst"}`, []string{" WHISPER listener :psst"}},
		{"line", `{"broadcaster":"ada","text":"@msg-id=host_on :tmi.twitch.tv NOTICE #ada :Now hosting grace."}`, []string{"@msg-id=host_on :tmi.twitch.tv NOTICE #ada :Now hosting grace."}},
		{"subscribe", `{"broadcaster":"ada","user":"grace","tier":"Prime"}`, []string{"msg-param-sub-plan=Prime"}},
		{"redeem-automatic", `{"broadcaster":"ada","user":"grace","kind":"message_effect","text":"wow"}`, []string{"msg-id=animated-message"}},
		{"returning", `{"broadcaster":"ada","user":"grace"}`, nil},
		{"say", `{"broadcaster":"ada","user":"grace","text":"me again"}`, []string{"returning-chatter=1"}},
	} {
		t.Run(row.verb, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
				conn, lines := joinIRC(t, tw, "listener")
				_, _ = conn.Write([]byte("CAP REQ twitch.tv/tags\r\n"))
				<-lines
				if row.verb == "say" {
					tw.SetReturning("ada", "grace", true)
				}
				control(t, tw, row.verb, row.body)
				if row.want == nil {
					return
				}
				got := <-lines
				for _, part := range row.want {
					if !strings.Contains(got, part) {
						t.Errorf("got %q, want %q in it", got, part)
					}
				}
			})
		})
	}
}

func TestAccountVerbs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.User("grace"), emulator.VerifiedBot("mybot"))
		dropped := func() string {
			got, _ := control(t, tw, "say", `{"broadcaster":"ada","user":"grace","text":"hello"}`)["dropped"].(string)
			return got
		}
		for _, row := range [][3]string{
			{"attribute", `{"user":"grace","kind":"suspended"`, "msg_suspended"},
			{"attribute", `{"user":"ada","kind":"terms-violated"`, "tos_ban"},
			{"block", `{"broadcaster":"ada","user":"grace"`, "msg_channel_blocked"},
		} {
			control(t, tw, row[0], row[1]+"}")
			if got := dropped(); got != row[2] {
				t.Errorf("%s: got %q, want %q", row[1], got, row[2])
			}
			control(t, tw, row[0], row[1]+`,"deny":true}`)
			if got := dropped(); got != "" {
				t.Errorf("%s taken back: got %q, want none", row[1], got)
			}
		}
		tw.SetAttribute("grace", emulator.AttributeNoEmail, true)
		for kind, want := range map[string]string{"phone": "", "email": "msg_verified_email", "both": "msg_verified_email", "none": ""} {
			control(t, tw, "require-verified", `{"broadcaster":"ada","kind":"`+kind+`"}`)
			if got := dropped(); got != want {
				t.Errorf("%s: got %q, want %q", kind, got, want)
			}
		}
		controlled(t, tw, "attribute", `{"user":"grace","kind":"rich"}`, 400)
		controlled(t, tw, "require-verified", `{"broadcaster":"ada","kind":"rich"}`, 400)
		controlled(t, tw, "notice", `{"broadcaster":"ada","user":"grace","kind":"modiversary","set":["months"]}`, 400)
		controlled(t, tw, "line", `{"broadcaster":"ada","text":"two\nlines"}`, 400)
		control(t, tw, "announce-raid", `{"broadcaster":"ada","user":"grace"}`)
		control(t, tw, "cancel-raid", `{"user":"grace"}`)
		controlled(t, tw, "cancel-raid", `{"user":"grace"}`, 400)
	})
}

// What the methods in Go add to the verbs.
func TestNoticeMethods(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.ChatPace(0))
		_, lines := joinIRC(t, tw, "listener")
		for _, kind := range emulator.NoticeKinds() {
			tw.Notice("ada", "grace", emulator.ChatNotice{Kind: kind, From: "linus", Recipient: "hedy"})
			if got := <-lines; !strings.Contains(got, " USERNOTICE #ada") {
				t.Errorf("%s: got %q", kind, got)
			}
		}
		tw.Announce("ada", "ada", "hear", "")
		tw.AnnounceRaid("ada", "grace")
		tw.CancelRaid("ada")
		tw.Whisper("grace", "listener", "psst")
		tw.SendLine("ada", ":tmi.twitch.tv HOSTTARGET #ada :grace 3")
		for _, want := range []string{"USERNOTICE #ada :hear", "USERNOTICE #ada", "WHISPER listener", "HOSTTARGET"} {
			if got := <-lines; !strings.Contains(got, want) {
				t.Errorf("got %q, want %s", got, want)
			}
		}
		tw.BlockUser("ada", "grace")
		if got := tw.Say("ada", "grace", "blocked"); got != "" {
			t.Error("got a message of a blocked user through")
		}
		tw.UnblockUser("ada", "grace")
		tw.RequireVerified("ada", true, false)
		tw.SetAttribute("grace", emulator.AttributeNoPhone, true)
		if got := tw.Say("ada", "grace", "without a phone"); got != "" {
			t.Error("got a message without a verified phone through")
		}
	})
}
