package irc_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/irc"
)

// details returns the parameters of a notice, from the one method that has them.
func details(t *testing.T, n *irc.UserNotice) (found any) {
	t.Helper()
	add := func(v any, ok bool) {
		if ok && found != nil {
			t.Errorf("%s: two methods have its parameters: %T and %T", n.Kind, found, v)
		}
		if ok {
			found = v
		}
	}
	for _, method := range []func() (any, bool){
		func() (any, bool) { return n.Sub() }, func() (any, bool) { return n.ExtendSub() }, func() (any, bool) { return n.PrimeUpgrade() },
		func() (any, bool) { return n.Gift() }, func() (any, bool) { return n.MysteryGift() }, func() (any, bool) { return n.GiftUpgrade() },
		func() (any, bool) { return n.PayForward() }, func() (any, bool) { return n.RewardGift() }, func() (any, bool) { return n.PrimeGift() },
		func() (any, bool) { return n.Raid() }, func() (any, bool) { return n.Announcement() }, func() (any, bool) { return n.BitsBadge() },
		func() (any, bool) { return n.Modiversary() }, func() (any, bool) { return n.Milestone() }, func() (any, bool) { return n.Donation() },
		func() (any, bool) { return n.Ritual() }, func() (any, bool) { return n.StreakStarted() }, func() (any, bool) { return n.StreakExpired() },
		func() (any, bool) { return n.Breakpoint() }, func() (any, bool) { return n.OneTapGift() },
	} {
		add(method())
	}
	return found
}

// noticeRows have every kind of USERNOTICE with every parameter that Twitch is known to
// send. params stand without "msg-param-".
var noticeRows = []struct {
	kind, params string
	want         any
}{
	{
		irc.KindSub, `cumulative-months=1;months=0;multimonth-duration=3;multimonth-tenure=1;should-share-streak=0;streak-months=0;sub-plan=prime;sub-plan-name=The\sPlan;was-gifted=false;` +
			`goal-contribution-type=SUB_POINTS;goal-current-contributions=12;goal-target-contributions=50;goal-description=New\schair;goal-user-contributions=2`,
		irc.Sub{Plan: irc.PlanPrime, PlanName: "The Plan", Months: 1, Duration: 3, Tenure: 1},
	},
	{
		irc.KindResub, `cumulative-months=9;should-share-streak=1;streak-months=4;sub-plan=2000;sub-plan-name=x;was-gifted=true;gift-months=6;` +
			`gift-month-being-redeemed=2;anon-gift=false;gifter-id=7;gifter-login=eve;gifter-name=Eve`,
		irc.Sub{
			Plan: irc.Plan2, PlanName: "x", Months: 9, Streak: 4,
			Gift: &irc.SubGift{Months: 6, Month: 2, From: irc.User{ID: "7", Login: "eve", DisplayName: "Eve"}},
		},
	},
	{
		irc.KindSubGift, `months=2;recipient-id=3;recipient-user-name=bob;recipient-display-name=Bob;gift-months=1;sub-plan=3000;sub-plan-name=x;sender-count=40;` +
			`origin-id=a\sb;community-gift-id=77;fun-string=FunStringFour;gift-theme=lul`,
		irc.Gift{
			To: irc.User{ID: "3", Login: "bob", DisplayName: "Bob"}, Plan: irc.Plan3, PlanName: "x", Months: 2, Duration: 1, Total: 40,
			Origin: "a b", Community: "77", Note: "FunStringFour", Theme: "lul",
		},
	},
	{irc.KindAnonSubGift, `recipient-name=bob;sub-plan=1000`, irc.Gift{To: irc.User{Login: "bob"}, Plan: irc.Plan1, Anonymous: true}},
	{
		irc.KindMysteryGift, `mass-gift-count=5;sender-count=9;sub-plan=1000;origin-id=o;community-gift-id=77;gift-theme=lul;gift-match=m;` +
			`gift-match-bonus-count=1;gift-match-extra-count=2;gift-match-gifter-display-name=Eve`,
		irc.MysteryGift{Count: 5, Total: 9, Plan: irc.Plan1, Origin: "o", Community: "77", Theme: "lul", Match: "m", MatchBonus: 1, MatchExtra: 2, MatchGiver: "Eve"},
	},
	{irc.KindAnonMysteryGift, `mass-gift-count=5`, irc.MysteryGift{Count: 5, Anonymous: true}},
	{
		irc.KindGiftUpgrade, `sender-login=eve;sender-name=Eve;promo-gift-total=3;promo-name=Subtember`,
		irc.GiftUpgrade{From: irc.User{Login: "eve", DisplayName: "Eve"}, Promo: "Subtember", PromoTotal: 3},
	},
	{irc.KindAnonGiftUpgrade, `promo-gift-total=3;promo-name=Subtember`, irc.GiftUpgrade{Anonymous: true, Promo: "Subtember", PromoTotal: 3}},
	{irc.KindPrimeUpgrade, `sub-plan=1000`, irc.Plan1},
	{
		irc.KindPayForward, `prior-gifter-anonymous=false;prior-gifter-id=7;prior-gifter-user-name=eve;prior-gifter-display-name=Eve;` +
			`recipient-id=3;recipient-user-name=bob;recipient-display-name=Bob`,
		irc.PayForward{From: irc.User{ID: "7", Login: "eve", DisplayName: "Eve"}, To: irc.User{ID: "3", Login: "bob", DisplayName: "Bob"}},
	},
	{irc.KindCommunityPayForward, `prior-gifter-anonymous=true`, irc.PayForward{Anonymous: true}},
	{irc.KindExtendSub, `sub-plan=1000;cumulative-months=8;sub-benefit-end-month=4`, irc.ExtendSub{Plan: irc.Plan1, Months: 8, EndMonth: 4}},
	{
		irc.KindRewardGift, `domain=pride_megacommerce_2020;selected-count=10;total-reward-count=12;trigger-amount=5;trigger-type=CHEER`,
		irc.RewardGift{Domain: "pride_megacommerce_2020", Selected: 10, Total: 12, Amount: 5, Trigger: "CHEER"},
	},
	{irc.KindPrimeGift, `gift-name=A\sGame;recipient=Bob;middle-man=Mallory;sender=Eve`, irc.PrimeGift{Name: "A Game", To: "Bob", Via: "Mallory", From: "Eve"}},
	{
		irc.KindRaid, `displayName=Grace\sH;login=grace;viewerCount=42;profileImageURL=https://x/%s.png`,
		irc.Raid{From: irc.User{ID: "2", Login: "grace", DisplayName: "Grace H"}, Viewers: 42, ImageURL: "https://x/%s.png"},
	},
	{irc.KindUnraid, ``, nil},
	{irc.KindAnnouncement, `color=PRIMARY`, "PRIMARY"},
	{irc.KindBitsBadge, `threshold=10000`, 10000},
	{irc.KindModiversary, `months=108`, 108},
	{irc.KindMilestone, `category=watch-streak;id=w1;value=5;copoReward=450`, irc.Milestone{ID: "w1", Category: "watch-streak", Value: 5, Reward: 450}},
	{
		irc.KindDonation, `charity-name=The\sTrust;donation-amount=1250;exponent=2;donation-currency=EUR`,
		irc.Donation{Charity: "The Trust", Amount: 1250, Exponent: 2, Currency: "EUR"},
	},
	{irc.KindRitual, `ritual-name=new_chatter`, "new_chatter"},
	{irc.KindStreakStarted, `gift-id=heart;ms-remaining=1500`, irc.StreakStarted{GiftID: "heart", Remaining: 1500 * time.Millisecond}},
	{
		irc.KindStreakExpired, `channel-display-name=Ada;contributor-1=Bob;contributor-1-taps=8;contributor2=Eve;contributor2-taps=5;contributor-9=x;contributors=y;gift-id=heart;` +
			`largest-contributor-count=1;streak-size-bits=65;streak-size-taps=13`,
		irc.StreakExpired{
			GiftID: "heart", ChannelName: "Ada", Bits: 65, Taps: 13, Largest: 1,
			By: [3]irc.Contributor{{Name: "Bob", Taps: 8}, {Name: "Eve", Taps: 5}},
		},
	},
	{irc.KindBreakpoint, `breakpoint-number=2;breakpoint-threshold-bits=500;gift-id=heart`, irc.Breakpoint{GiftID: "heart", Number: 2, Threshold: 500}},
	{irc.KindOneTapGift, `bits-spent=5;gift-id=heart;user-display-name=Bob`, irc.OneTapGift{GiftID: "heart", Bits: 5, From: "Bob"}},
	{irc.KindMidnightSquid, ``, nil},
	{irc.KindSocialSharingBadge, ``, nil},
	{irc.KindSharedNotice, ``, nil},
	{"something-new", `a=b`, nil},
}

// noticeLine returns a USERNOTICE with every tag that all of them have.
func noticeLine(kind, params string) string {
	if params != "" {
		params = "msg-param-" + strings.ReplaceAll(params, ";", ";msg-param-") + ";"
	}
	return `@badge-info=subscriber/9;badges=subscriber/6;color=#1E90FF;display-name=Grace;emotes=25:0-4;flags=6-7:P.3;id=u1;login=grace;mod=0;msg-id=` + kind + `;` + params +
		`room-id=100;subscriber=1;system-msg=It\shappened.;tmi-sent-ts=1700000000123;turbo=1;user-id=2;user-type=;vip=0 :tmi.twitch.tv USERNOTICE #ada :Kappa hi`
}

func TestNoticesOfEveryKind(t *testing.T) {
	for _, row := range noticeRows {
		t.Run(row.kind, func(t *testing.T) {
			var n irc.UserNotice
			decode(t, noticeLine(row.kind, row.params), &n)
			want := irc.UserNotice{
				Chatter: irc.Chatter{
					UserID: "2", Login: "grace", DisplayName: "Grace", Color: "#1E90FF", Badges: "subscriber/6", BadgeInfo: "subscriber/9", Subscriber: true, Turbo: true,
				},
				ID: "u1", Kind: row.kind, Channel: "ada", BroadcasterID: "100", System: "It happened.", Text: "Kappa hi", Emotes: "25:0-4",
				SentAt: time.UnixMilli(1700000000123).UTC(),
			}
			if row.kind == irc.KindModiversary {
				want.System = "Grace It happened."
			}
			if diff := cmp.Diff(&want, &n, ignoreRaw); diff != "" {
				t.Errorf("notice (-want +got):\n%s", diff)
			}
			if n.Flags() != "6-7:P.3" {
				t.Errorf("got flags %q", n.Flags())
			}
			if diff := cmp.Diff(row.want, details(t, &n)); diff != "" {
				t.Errorf("parameters (-want +got):\n%s", diff)
			}
			if allocs := testing.AllocsPerRun(10, func() { _ = n.Decode(new(n.Raw.Message())) }); allocs > 2 {
				t.Errorf("got %v allocations, want one for the sentence of Twitch", allocs)
			}
		})
	}
}

func TestSentenceOfAModiversaryBeginsWithTheName(t *testing.T) {
	for sentence, want := range map[string]string{
		`has\sbeen\sa\smoderator\sfor\s2\syears!`:        "Grace has been a moderator for 2 years!",
		`Grace\shas\sbeen\sa\smoderator\sfor\s2\syears!`: "Grace has been a moderator for 2 years!",
		``: "",
	} {
		var n irc.UserNotice
		decode(t, `@display-name=Grace;msg-id=modiversary;msg-param-months=108;system-msg=`+sentence+` :tmi.twitch.tv USERNOTICE #ada`, &n)
		if n.System != want {
			t.Errorf("got %q, want %q", n.System, want)
		}
	}
}

const sharedNotice = `@display-name=Grace;msg-id=sharedchatnotice;msg-param-sub-plan=1000;room-id=100;source-badge-info=subscriber/2;source-badges=vip/1;source-id=s1;` +
	`source-msg-id=sub;source-only=1;source-room-id=200 :tmi.twitch.tv USERNOTICE #ada`

func TestNoticeFromAnotherChannelHasItsParameters(t *testing.T) {
	var n irc.UserNotice
	decode(t, sharedNotice, &n)
	if s, ok := n.Sub(); !ok || s.Plan.Tier() != 1 || !n.FromShared() {
		t.Errorf("got %+v, %t, shared %t, want a subscription of another channel", s, ok, n.FromShared())
	}
	got, _ := n.Shared()
	if diff := cmp.Diff(irc.Shared{MessageID: "s1", BroadcasterID: "200", Badges: "vip/1", BadgeInfo: "subscriber/2", Kind: "sub", Only: true}, got); diff != "" {
		t.Errorf("source (-want +got):\n%s", diff)
	}
}

func TestGoalOfASubscription(t *testing.T) {
	var n irc.UserNotice
	decode(t, noticeLine(irc.KindSub, noticeRows[0].params), &n)
	got, ok := n.Goal()
	if diff := cmp.Diff(irc.Goal{Type: "SUB_POINTS", Description: "New chair", Current: 12, Target: 50, Added: 2}, got); diff != "" || !ok {
		t.Errorf("goal, %t (-want +got):\n%s", ok, diff)
	}
	decode(t, noticeLine(irc.KindSub, `sub-plan=1000`), &n)
	if g, ok := n.Goal(); ok {
		t.Errorf("got %+v, want no goal", g)
	}
}

func TestAnonymousGiftsAreMarked(t *testing.T) {
	for kind, anonymous := range map[string]func(*irc.UserNotice) bool{
		irc.KindSubGift:     func(n *irc.UserNotice) bool { g, _ := n.Gift(); return g.Anonymous },
		irc.KindMysteryGift: func(n *irc.UserNotice) bool { g, _ := n.MysteryGift(); return g.Anonymous },
	} {
		for id, want := range map[string]bool{"274598607": true, "2": false} {
			var n irc.UserNotice
			decode(t, "@login=ananonymousgifter;msg-id="+kind+";user-id="+id+" :tmi.twitch.tv USERNOTICE #ada", &n)
			if got := anonymous(&n); got != want {
				t.Errorf("%s of user %s: got anonymous %t, want %t", kind, id, got, want)
			}
		}
	}
}

func TestAmountsAndTiers(t *testing.T) {
	if got := (irc.Donation{Amount: 1250, Exponent: 2}).Value(); got != 12.5 {
		t.Errorf("got %v, want 12.5", got)
	}
	if got := (irc.Pinned{Amount: 500, Exponent: 0}).Value(); got != 500 {
		t.Errorf("got %v, want 500", got)
	}
	for plan, want := range map[irc.Plan]int{irc.PlanPrime: 1, irc.Plan1: 1, irc.Plan2: 2, irc.Plan3: 3, "4000": 0, "": 0} {
		if got := plan.Tier(); got != want {
			t.Errorf("%q: got tier %d, want %d", plan, got, want)
		}
	}
}

// sheet returns the facts about Twitch's IRC that lie beside the repository.
func sheet(t *testing.T) string {
	t.Helper()
	const name = "../../shared/twitch/irc.md"
	b, err := os.ReadFile(name)
	if err != nil {
		t.Skipf("%s is not there: the list of what Twitch sends is not part of the repository", name)
	}
	return string(b)
}

func TestEveryKindOfTheSheetHasARow(t *testing.T) {
	have := map[string]bool{}
	for _, row := range noticeRows {
		have[row.kind] = true
	}
	_, table, _ := strings.Cut(sheet(t), "| msg-id | msg-param-* |")
	table, _, _ = strings.Cut(table, "\n\n")
	n := 0
	for _, m := range regexp.MustCompile(`(?m)^\| ([a-z, ]+) \|`).FindAllStringSubmatch(table, -1) {
		for kind := range strings.SplitSeq(m[1], ", ") {
			if n++; !have[kind] {
				t.Errorf("no row for %q", kind)
			}
		}
	}
	if n < 29 {
		t.Errorf("found %d kinds in the sheet, want at least 29", n)
	}
}
