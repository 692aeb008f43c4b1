package chat_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/emulator/internal/chat"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// tagsOf takes the tags of a line apart; values stay escaped.
func tagsOf(line string) map[string]string {
	tags := map[string]string{}
	head, _, _ := strings.Cut(strings.TrimPrefix(line, "@"), " ")
	for tag := range strings.SplitSeq(head, ";") {
		key, value, _ := strings.Cut(tag, "=")
		tags[key] = value
	}
	return tags
}

// paramsOf returns the msg-param tags of a line and its system-msg.
func paramsOf(line string) map[string]string {
	params := map[string]string{}
	for key, value := range tagsOf(line) {
		if key, found := strings.CutPrefix(key, "msg-param-"); found {
			params[key] = value
		}
		if key == "system-msg" {
			params[key] = value
		}
	}
	return params
}

// Every kind of notice, with its parameters, as grace gets it. The user of the notice is bob,
// mod gave the gift, and ada is the recipient.
func TestNoticeKinds(t *testing.T) {
	want := map[string]map[string]string{
		"giftpaidupgrade":     {"sender-login": "mod", "sender-name": "Mod", "system-msg": `Bob\sis\scontinuing\sthe\sGift\sSub\sthey\sgot\sfrom\sMod!`},
		"anongiftpaidupgrade": {"system-msg": `Bob\sis\scontinuing\sthe\sGift\sSub\sthey\sgot\sfrom\san\sanonymous\suser!`},
		"primepaidupgrade":    {"sub-plan": "1000", "system-msg": `Bob\sconverted\sfrom\sa\sPrime\ssub\sto\sa\sTier\s1\ssub!`},
		"standardpayforward": {
			"prior-gifter-anonymous": "false", "prior-gifter-id": "2", "prior-gifter-user-name": "mod", "prior-gifter-display-name": "Mod",
			"recipient-id": "1", "recipient-user-name": "ada", "recipient-display-name": "Ada", "system-msg": `Bob\sis\spaying\sforward\sthe\sGift\sthey\sgot\sfrom\sMod\sto\sAda!`,
		},
		"communitypayforward": {
			"prior-gifter-anonymous": "false", "prior-gifter-id": "2", "prior-gifter-user-name": "mod", "prior-gifter-display-name": "Mod",
			"system-msg": `Bob\sis\spaying\sforward\sthe\sGift\sthey\sgot\sfrom\sMod\sto\sthe\scommunity!`,
		},
		"rewardgift": {
			"domain": "channel_celebration", "selected-count": "10", "total-reward-count": "10", "trigger-amount": "1000", "trigger-type": "CHEER",
			"system-msg": `Bob's\sCheer\sshared\srewards\sto\s10\sothers\sin\sChat!`,
		},
		"ritual":                     {"ritual-name": "new_chatter", "system-msg": `@Bob\sis\snew\shere.\sSay\shello!`},
		"bitsbadgetier":              {"threshold": "1000", "system-msg": `Bob\sjust\searned\sa\snew\s1000\sBits\sbadge!`},
		"viewermilestone":            {"category": "watch-streak", "copoReward": "350", "id": "<id>", "value": "3", "system-msg": `Bob\swatched\s3\sconsecutive\sstreams\sand\ssparked\sa\swatch\sstreak!`},
		"modiversary":                {"months": "12", "system-msg": `has\sbeen\sa\smoderator\sfor\s12\smonths!`},
		"extendsub":                  {"cumulative-months": "1", "sub-benefit-end-month": "12", "sub-plan": "1000", "system-msg": `Bob\sextended\stheir\sTier\s1\ssubscription!`},
		"primecommunitygiftreceived": {"gift-name": `A\sGame`, "middle-man": "Bob", "recipient": "ada", "sender": "Mod", "system-msg": `Mod\sgifted\sA\sGame\sto\sAda!`},
		"onetapstreakstarted":        {"gift-id": "heart", "ms-remaining": "60000", "system-msg": `A\sPower-up\sstreak\shas\sstarted!`},
		"onetapstreakexpired": {
			"channel-display-name": "Ada", "contributor-1": "Bob", "contributor-1-taps": "3", "gift-id": "heart", "largest-contributor-count": "1",
			"streak-size-bits": "30", "streak-size-taps": "3", "system-msg": `The\sPower-up\sstreak\shas\sended!`,
		},
		"onetapbreakpointachieved": {"breakpoint-number": "1", "breakpoint-threshold-bits": "100", "gift-id": "heart", "system-msg": `The\sPower-up\sstreak\shas\sreached\sa\sgoal!`},
		"onetapgiftredeemed":       {"bits-spent": "10", "gift-id": "heart", "user-display-name": "Bob", "system-msg": `A\sPower-up\swas\sredeemed!`},
		"somethingnew":             {"a-b": `x\:\sy`, "system-msg": ""},
	}
	if got := slices.DeleteFunc(slices.Sorted(maps.Keys(want)), func(kind string) bool { return kind == "somethingnew" }); !slices.Equal(got, world.NoticeKinds()) {
		t.Errorf("the table has %v, the world %v", got, world.NoticeKinds())
	}
	for kind, params := range want {
		t.Run(kind, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, chat.Config{})
				p := s.login("grace", "ada")
				n := world.NewNotice{Kind: kind, UserID: "4", FromID: "2", RecipientID: "1"}
				if kind == "somethingnew" {
					n.Params, n.Text = map[string]string{"a-b": "x; y"}, "with words"
				}
				if err := s.world.Notify("1", n); err != nil {
					t.Fatal(err)
				}
				got := p.take()
				if len(got) != 1 {
					t.Fatalf("got %q, want one line", got)
				}
				line := changing[0].ReplaceAllString(got[0], "<id>")
				if diff := cmp.Diff(params, paramsOf(line)); diff != "" {
					t.Errorf("got other parameters (-want +got):\n%s", diff)
				}
				tags := tagsOf(line)
				if tags["msg-id"] != kind || tags["login"] != "bob" || tags["user-id"] != "4" || tags["room-id"] != "1" || tags["id"] != "<id>" {
					t.Errorf("got %q", line)
				}
				body := " :tmi.twitch.tv USERNOTICE #ada"
				if n.Text != "" {
					body += " :with words"
				}
				if !strings.HasSuffix(line, body) {
					t.Errorf("got %q, want %q at its end", line, body)
				}
			})
		})
	}
}

func TestNoticesThatCannotBe(t *testing.T) {
	w := newStage(t, chat.Config{NoLimits: true}).world
	for _, n := range []world.NewNotice{
		{Kind: "modiversary"},
		{Kind: "", UserID: "4"},
		{Kind: "a b", UserID: "4"},
		{Kind: "modiversary", UserID: "nobody"},
		{Kind: "giftpaidupgrade", UserID: "4"},
		{Kind: "standardpayforward", UserID: "4"},
		{Kind: "modiversary", UserID: "4", Params: map[string]string{"a;b": "c"}},
	} {
		if err := w.Notify("1", n); err == nil {
			t.Errorf("%+v: got no error", n)
		}
	}
}

func TestSubscriptionsWithPrimeAndOfGifts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		p := s.login("grace", "ada")
		for _, step := range []struct {
			do   func() error
			want map[string]string // some of the parameters
			not  []string          // parameters that must be missing
		}{
			{func() error { return s.world.StartSubscription("1", "4", "Prime") }, map[string]string{"sub-plan": "Prime", "was-gifted": "false", "system-msg": `Bob\ssubscribed\swith\sPrime.`}, nil},
			{func() error { return s.world.Resubscribe("1", "4", "", 7) }, map[string]string{"sub-plan": "Prime", "cumulative-months": "7", "streak-months": "7"}, []string{"gifter-id", "gift-months"}},
			{func() error { return s.world.GiftSubscriptions("1", "4", "2000", []string{"2"}) }, nil, nil},
			{func() error { return s.world.Resubscribe("1", "2", "", 2) }, map[string]string{
				"was-gifted": "true", "anon-gift": "false", "gifter-id": "4", "gifter-login": "bob", "gifter-name": "Bob", "gift-months": "1", "gift-month-being-redeemed": "2", "sub-plan": "2000",
			}, nil},
			{func() error { return s.world.GiftSubscriptions("1", "", "", []string{"1"}) }, nil, nil},
			{func() error { return s.world.Resubscribe("1", "1", "", 0) }, map[string]string{"was-gifted": "true", "anon-gift": "true"}, []string{"gifter-id", "gifter-name"}},
		} {
			if err := step.do(); err != nil {
				t.Fatal(err)
			}
			lines := p.take()
			got := paramsOf(lines[len(lines)-1])
			for key, value := range step.want {
				if got[key] != value {
					t.Errorf("got %s=%q, want %q", key, got[key], value)
				}
			}
			for _, key := range step.not {
				if value, there := got[key]; there {
					t.Errorf("got %s=%q, want none", key, value)
				}
			}
		}
	})
}

func TestUnraid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		p := s.login("grace", "ada")
		if _, err := s.world.StartRaid("1", "4"); err != nil {
			t.Fatal(err)
		}
		if err := s.world.CancelRaid("1"); err != nil {
			t.Fatal(err)
		}
		got := p.take()
		if len(got) != 1 || tagsOf(got[0])["msg-id"] != "unraid" || tagsOf(got[0])["system-msg"] != `The\sraid\shas\sbeen\scanceled.` {
			t.Errorf("got %q", got)
		}
	})
}

// What pays for a message is in its msg-id.
func TestPaidMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		p := s.login("grace", "ada")
		for reward, want := range map[world.AutomaticReward]string{
			world.HighlightedMessage: "highlighted-message", world.SubModeBypass: "skip-subs-mode-message",
			world.MessageEffect: "animated-message", world.GigantifyEmote: "gigantified-emote-message",
		} {
			if _, err := s.world.RedeemAutomatic("1", "4", reward, "look at this"); err != nil {
				t.Fatal(err)
			}
			got := p.take()
			if len(got) != 1 || tagsOf(got[0])["msg-id"] != want || (tagsOf(got[0])["animation-id"] != "") != (reward == world.MessageEffect) {
				t.Errorf("%s: got %q, want msg-id=%s", reward, got, want)
			}
		}
	})
}

func TestWhatElseMarksAMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{})
		p := s.login("grace", "ada")
		for _, err := range []error{
			s.world.SetReturning("1", "4", true), s.world.SetAttribute("4", world.Turbo, true), s.world.AddRole("1", world.VIP, "4"),
			s.world.SetAutoMod("1", "1", world.OverallAutoMod(1)), s.world.StartSubscription("1", "4", ""),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		p.take()
		s.say("damn, that was lame")
		tags := tagsOf(p.take()[0])
		for key, want := range map[string]string{
			"returning-chatter": "1", "turbo": "1", "vip": "1", "subscriber": "1", "mod": "0", "flags": "0-4:P.1/15-18:I.1",
			"badges": "vip/1,subscriber/0,turbo/1", "badge-info": "subscriber/1", "first-msg": "1",
		} {
			if tags[key] != want {
				t.Errorf("got %s=%q, want %q", key, tags[key], want)
			}
		}
	})
}
