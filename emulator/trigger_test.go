package emulator_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// A triggered event reaches the subscriptions whose condition it meets, and only these.
func TestTriggerReachesMatchingSubscriptions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.Channel("hedy"))
		conn, session := dial(t, tw)
		token := tw.UserToken("ada", "moderator:read:followers")
		if status, body := helix(t, tw, token, http.MethodPost, "/eventsub/subscriptions", subscribe(tw, session)); status != http.StatusAccepted {
			t.Fatalf("got %d %s", status, body)
		}
		follow := eventsub.ChannelFollow{}.Type()
		done, err := tw.Trigger(follow, emulator.TriggerOptions{Channel: "ada", User: "linus", Set: []string{"event.user_name=Linus T."}})
		if err != nil || done.Subscriptions != 1 || len(done.Others) != 0 {
			t.Errorf("got %+v %v, want one subscription", done, err)
		}
		if f := read(t, conn); f.Payload.Event["user_name"] != "Linus T." || f.Payload.Event["user_login"] != "linus" || f.Payload.Event["broadcaster_user_id"] != tw.UserID("ada") {
			t.Errorf("got %+v", f)
		}
		if done, err = tw.Trigger(follow, emulator.TriggerOptions{Channel: "hedy"}); err != nil || done.Subscriptions != 0 || len(done.Others) != 1 {
			t.Errorf("another channel: got %+v %v, want none", done, err)
		}
		if done, err = tw.Trigger(follow, emulator.TriggerOptions{}); err != nil || done.Subscriptions != 1 {
			t.Errorf("the channel of the subscription: got %+v %v, want one", done, err)
		}
		if f := read(t, conn); f.Payload.Event["user_login"] != "grace" {
			t.Errorf("got %+v, want grace", f)
		}
		if done, err = tw.Trigger(follow, emulator.TriggerOptions{Only: true}); err != nil || done.Subscriptions != 0 || !strings.Contains(string(done.Event), `"user_login":"grace"`) {
			t.Errorf("only the event: got %+v %v", done, err)
		}
		if _, state := get(t, tw.HTTPClient(), tw.URL()+"/larkspur/state"); strings.Contains(state, `"followers":["`) {
			t.Errorf("got state %s, want nobody to follow", state)
		}
	})
}

func TestTriggerErrors(t *testing.T) {
	tw := emulator.Start(t, emulator.InMemory())
	for want, try := range map[string]func() (*emulator.Triggered, error){
		"no event type channel.fellow v1": func() (*emulator.Triggered, error) {
			return tw.Trigger(eventsub.Type{Name: "channel.fellow", Version: "1"}, emulator.TriggerOptions{})
		},
		"did you mean event.user_name": func() (*emulator.Triggered, error) {
			return tw.Trigger(eventsub.ChannelFollow{}.Type(), emulator.TriggerOptions{Set: []string{"user_nam=x"}})
		},
		"want path=value": func() (*emulator.Triggered, error) {
			return tw.Trigger(eventsub.ChannelFollow{}.Type(), emulator.TriggerOptions{Set: []string{"user_name"}})
		},
		"login": func() (*emulator.Triggered, error) {
			return tw.Trigger(eventsub.ChannelFollow{}.Type(), emulator.TriggerOptions{User: "a b"})
		},
	} {
		if done, err := try(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %+v %v, want %q", done, err, want)
		}
	}
}

// The same seed makes the same ids.
func TestTriggerIsReproducible(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		events := map[string]int{}
		for _, seed := range []uint64{1, 1, 0, 0} {
			tw := emulator.Start(t, emulator.InMemory())
			done, err := tw.Trigger(eventsub.ChannelChatMessage{}.Type(), emulator.TriggerOptions{Seed: seed})
			if err != nil {
				t.Fatal(err)
			}
			events[string(done.Event)]++
		}
		if len(events) != 3 {
			t.Errorf("got %d different events, want 3", len(events))
		}
	})
}

func TestTriggerByControl(t *testing.T) {
	tw := emulator.Start(t, emulator.Channel("ada"))
	got := control(t, tw, "trigger", `{"type":"channel.cheer","set":["event.bits=7"],"user":"hedy"}`)
	raw, _ := json.Marshal(got)
	if got["subscriptions"] != 0.0 || got["version"] != "1" || !strings.Contains(string(raw), `"bits":7`) || !strings.Contains(string(raw), `"user_login":"hedy"`) {
		t.Errorf("got %s", raw)
	}
	for body, want := range map[string]string{
		`{"type":"channel.folow"}`:                "did you mean channel.follow?",
		`{"type":"channel.follow","version":"9"}`: "channel.follow has no version 9; it has 2",
		`{"type":"nonsense"}`:                     "GET /larkspur/types",
	} {
		if got := controlled(t, tw, "trigger", body, http.StatusBadRequest); !strings.Contains(fmt.Sprint(got["error"]), want) {
			t.Errorf("%s: got %v, want %q", body, got["error"], want)
		}
	}
	if _, types := get(t, tw.HTTPClient(), tw.URL()+"/larkspur/types"); !strings.Contains(types, `"type":"channel.moderate","versions":["1","2"]`) {
		t.Errorf("got %s", types)
	}
}
