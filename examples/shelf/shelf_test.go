package shelf_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/examples/shelf"
	"github.com/larkspur-dev/larkspur/skill"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// host writes down what skills do.
type host struct {
	did  []string
	live bool
}

func (h *host) Do(_ context.Context, e skill.Effect) (map[string]any, error) {
	var args []string
	for name, v := range e.Args {
		if v != "" && name != "message" && name != "color" && name != "show" && name != "redemption" {
			args = append(args, fmt.Sprint(v))
		}
	}
	slices.Sort(args)
	h.did = append(h.did, strings.TrimSpace(e.Action+" "+strings.Join(args, " | ")))
	return map[string]any{}, nil
}

func (h *host) Channel(context.Context) (skill.ChannelInfo, error) {
	return skill.ChannelInfo{Login: "ada", Title: "Chess", Live: h.live}, nil
}

// A play is one skill, what happens, and what the skill does then. A line that begins with a
// name and a colon is a message, one with a brace an event, and one such as 15m a wait.
type play struct {
	happens []string
	does    []string
}

var plays = map[string]play{
	"command":       {[]string{"grace: !discord", "mo: !DC", "mo: !dc"}, []string{"reply Subscribers get the link, grace.", "reply Join us: https://discord.example/invite"}},
	"timer":         {[]string{"15m", "10 lines", "15m", "15m"}, []string{"rotate Drink something!"}},
	"counter":       {[]string{"mo: !death", "mo: !death", "grace: !death", "grace: !deaths"}, []string{"say That makes 1 death.", "say That makes 2 deaths.", "say 2 deaths so far."}},
	"quotes":        {[]string{"grace: !quote", "mo: !quote add hi there", "grace: !quote"}, []string{"say There is no quote yet.", "reply That is quote 1.", "say hi there"}},
	"spam-guard":    {[]string{"mo: buy followers", "grace: Buy followers now", "grace: cheap viewers"}, []string{"delete", "timeout 1m0s | id-grace | no adverts", "delete", "ban adverts again | id-grace"}},
	"link-guard":    {[]string{"grace: see https://x.example", "mo: !permit @Grace", "grace: see www.x.example", "1m", "grace: http://x"}, []string{"delete", "reply Ask a moderator before you post a link.", "say @grace may post links for a minute.", "delete", "reply Ask a moderator before you post a link."}},
	"thank-follows": {[]string{`channel.follow {"user_name":"Grace"}`}, []string{"say Welcome Grace, and thank you for the follow!"}},
	"thank-subs": {[]string{
		`channel.subscribe {"user_name":"Grace","is_gift":false}`, `channel.subscribe {"user_name":"Linus","is_gift":true}`,
		`channel.subscription.message {"user_name":"Grace","cumulative_months":12}`, `channel.subscription.gift {"user_name":null,"total":5}`,
	}, []string{"say Thank you for the subscription, Grace!", "say 12 months already, thank you Grace!", "say Somebody gives 5 subscriptions!"}},
	"thank-bits":  {[]string{`channel.cheer {"user_name":"Grace","bits":50}`, `channel.cheer {"user_name":"Grace","bits":100}`, `channel.cheer {"user_name":null,"bits":5000}`}, []string{"say Thank you for 100 bits, Grace!", "announce 5000 bits from somebody!"}},
	"thank-raids": {[]string{`channel.raid {"from_broadcaster_user_id":"7","from_broadcaster_user_name":"Hedy","viewers":1}`}, []string{"say Hedy brings 1 viewer. Welcome!", "shoutout 7"}},
	"friends":     {[]string{"grace: hi", "hedy: hi", "hedy: ho"}, []string{"say A friend is here: hedy!", "shoutout id-hedy"}},
	"going-live":  {[]string{`stream.online {"type":"rerun"}`, `stream.online {"type":"live"}`}, []string{"send We are live: Chess https://twitch.tv/ada | team"}},
	"poll":        {[]string{"mo: !poll Which game? Chess, Go", "mo: !endpoll"}, []string{"poll 2m0s | Which game? | [Chess Go]", "end-poll"}},
	"prediction":  {[]string{"mo: !bet Do we win?", "mo: !win yes"}, []string{"prediction 2m0s | Do we win? | [yes no]", "resolve-prediction yes"}},
	"redemption": {[]string{
		redeemed, "live", redeemed,
	}, []string{"refund r1", "say A sip for Grace!", "fulfil r1"}},
	"song-queue": {[]string{"grace: !sr One", "linus: !sr Two", "mo: !next", "mo: !next", "mo: !next"}, []string{"reply Number 1 in the queue.", "reply Number 2 in the queue.", "say One (grace)", "say Two (linus)", "say The queue is empty."}},
	"raffle":     {[]string{"grace: !join", "grace: !join", "mo: !draw", "mo: !draw"}, []string{"say grace wins!", "say Nobody wins!"}},
	"greeting":   {[]string{"grace: hi", "grace: ho"}, []string{"reply Nice to see you here, grace!"}},
	"points":     {[]string{"grace: a", "grace: b", "1m", "grace: c", "grace: !points"}, []string{"reply You have 2 points."}},
	"eight-ball": {[]string{"grace: !8ball really?"}, []string{"choose ?"}},
}

const redeemed = `channel.channel_points_custom_reward_redemption.add {"id":"x","user_name":"Grace","reward":{"id":"r1","title":"Hydrate!"}}`

func TestShelf(t *testing.T) {
	entries, err := shelf.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		name := strings.TrimSuffix(entry.Name(), ".yaml")
		t.Run(name, func(t *testing.T) {
			p, ok := plays[name]
			if !ok {
				t.Fatal("the skill is not played")
			}
			src, err := shelf.Files.ReadFile(entry.Name())
			if err != nil {
				t.Fatal(err)
			}
			if lines := strings.Count(string(src), "\n") - 2; lines > 10 {
				t.Errorf("got %d lines below skills:, want at most 10", lines)
			}
			synctest.Test(t, func(t *testing.T) { playOn(t, entry.Name(), src, p) })
		})
	}
}

func playOn(t *testing.T, file string, src []byte, p play) {
	t.Helper()
	set, err := skill.Parse(file, src, skill.LoadOptions{Connectors: []string{"team"}})
	if err != nil {
		t.Fatal(err)
	}
	h := &host{live: strings.HasPrefix(file, "timer")}
	e := skill.NewEngine(set, skill.EngineOptions{Host: h})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	for _, what := range p.happens {
		happen(t, e, h, what)
	}
	cancel()
	<-ended
	if len(p.does) == 1 && strings.HasSuffix(p.does[0], "?") {
		if len(h.did) != 1 || !strings.HasPrefix(h.did[0], strings.TrimSuffix(p.does[0], "?")) {
			t.Errorf("got %q", h.did)
		}
		return
	}
	if diff := cmp.Diff(p.does, h.did); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// happen makes one thing happen.
func happen(t *testing.T, e *skill.Engine, h *host, what string) {
	t.Helper()
	if d, err := time.ParseDuration(what); err == nil {
		time.Sleep(d + time.Second)
		return
	}
	name, text, isMessage := strings.Cut(what, ": ")
	event, body, isEvent := strings.Cut(what, " {")
	switch {
	case what == "live":
		h.live = true
		time.Sleep(10 * time.Second)
	case what == "10 lines":
		for range 10 {
			happen(t, e, h, "grace: hm")
		}
	case isEvent:
		info, err := json.Marshal(json.RawMessage("{" + body))
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Event(t.Context(), eventsub.Notification{Type: eventsub.Type{Name: event, Version: versionOf(event)}, Event: info}); err != nil {
			t.Error(err)
		}
	case isMessage:
		m := &chat.Message{
			ID: "m", Text: text, Broadcaster: chat.User{ID: "1", Login: "ada"},
			Chatter: chat.Chatter{User: chat.User{ID: "id-" + name, Login: name, Name: name}},
		}
		if name == "mo" {
			m.Chatter.Roles = chat.Moderator
		}
		if err := e.Message(t.Context(), m); err != nil {
			t.Error(err)
		}
	default:
		t.Fatalf("what is %q?", what)
	}
}

// versionOf returns the version of an event type that skills ask for.
func versionOf(name string) string {
	if name == "channel.follow" {
		return "2"
	}
	return "1"
}
