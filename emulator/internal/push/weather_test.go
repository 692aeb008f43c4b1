package push_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/push"
	"github.com/larkspur-dev/larkspur/eventsub"
)

func titles(t *testing.T, got []message) (all []string) {
	t.Helper()
	for _, m := range got {
		if m.Metadata.Kind == "notification" {
			_, title, _ := strings.Cut(string(m.Payload.Event), `"title":"`)
			title, _, _ = strings.Cut(title, `"`)
			all = append(all, title)
		}
	}
	return all
}

// story returns what arrives of 40 events.
func story(t *testing.T, d push.Disturbance) (got []message) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		p := s.connect("?keepalive_timeout_seconds=600")
		s.subscribe(p, "1", "channel.update", "2", "broadcaster_user_id", "1")
		s.server.Disturb(d)
		for i := range 40 {
			must(t, s.world.ModifyChannel("1", worldTitle(i)))
			time.Sleep(100 * time.Millisecond)
		}
		s.server.Disturb(push.Disturbance{})
		time.Sleep(time.Minute)
		got = p.take()
	})
	return got
}

func TestSentTwice(t *testing.T) {
	got := story(t, push.Disturbance{Seed: 1, Duplicate: 0.25})
	ids := map[string]int{}
	for _, m := range got {
		ids[m.Metadata.ID]++
	}
	if twice := len(got) - len(ids); len(ids) != 40 || twice < 3 || twice > 20 {
		t.Errorf("got %d messages with %d ids, want 40 ids and about 10 duplicates", len(got), len(ids))
	}
}

func TestDelayKeepsOrder(t *testing.T) {
	got := story(t, push.Disturbance{Delay: 20 * time.Second})
	for i, title := range titles(t, got) {
		if want := worldTitle(i).Title; title != *want {
			t.Fatalf("event %d: got %s, want %s", i, title, *want)
		}
	}
	if first, _ := time.Parse(time.RFC3339Nano, got[0].Metadata.Timestamp); len(got) != 40 || first.Second() != 0 {
		t.Errorf("got %d events, the first of %v, want the time at which it happened", len(got), first)
	}
}

// Events overtake each other, in the same way for the same seed.
func TestJitterIsReproducible(t *testing.T) {
	d := push.Disturbance{Seed: 7, Jitter: 2 * time.Second, Duplicate: 0.1}
	first, again := titles(t, story(t, d)), titles(t, story(t, d))
	if strings.Join(first, " ") != strings.Join(again, " ") {
		t.Errorf("got %v, then %v", first, again)
	}
	d.Seed = 8
	if other := titles(t, story(t, d)); strings.Join(first, " ") == strings.Join(other, " ") {
		t.Errorf("got %v for another seed, too", other)
	}
	overtaken := 0
	for i := 1; i < len(first); i++ {
		if len(first[i]) < len(first[i-1]) || (len(first[i]) == len(first[i-1]) && first[i] < first[i-1]) {
			overtaken++
		}
	}
	if overtaken < 5 {
		t.Errorf("got %v, want another order", first)
	}
}

func TestDisturbanceOfOneTypeAndSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		p, other := s.connect("?keepalive_timeout_seconds=600"), s.connect("?keepalive_timeout_seconds=600")
		for _, peer := range []*peer{p, other} {
			s.subscribe(peer, "1", "channel.update", "2", "broadcaster_user_id", "1")
			s.subscribe(peer, "1", "stream.online", "1", "broadcaster_user_id", "1")
		}
		s.server.Disturb(push.Disturbance{Type: eventsub.Type{Name: "channel.update", Version: "2"}, Session: p.id, Duplicate: 1})
		must(t, s.world.ModifyChannel("1", worldTitle(1)))
		_, err := s.world.GoLive("1")
		must(t, err)
		p.want("notification channel.update", "notification channel.update", "notification stream.online")
		other.want("notification channel.update", "notification stream.online")
	})
}

// Delayed events end with the server.
func TestCloseWithDelayedEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		p := s.connect("")
		s.subscribe(p, "1", "channel.update", "2", "broadcaster_user_id", "1")
		s.server.Disturb(push.Disturbance{Delay: time.Hour})
		must(t, s.world.ModifyChannel("1", worldTitle(1)))
		s.server.Close()
		time.Sleep(2 * time.Hour)
		p.want()
	})
}

// Twitch repeats a post with the same id when it does not get the answer, also when the
// callback took it.
func TestAnswersOfWebhooksAreLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := &inbox{t: t}
		s, w := newHooks(t, in)
		_, err := s.Create(app, hookRequest("channel.update", "2", "broadcaster_user_id", "1"))
		must(t, err)
		in.take()
		s.Disturb(push.Disturbance{Seed: 3, Unanswered: 0.3, Refused: 0.2})
		for i := range 100 {
			must(t, w.ModifyChannel("1", worldTitle(i)))
		}
		time.Sleep(time.Hour)
		ids, retries := map[string]int{}, 0
		for _, l := range in.take() {
			if ids[l.id]++; l.retry != "0" {
				retries++
			}
		}
		if len(ids) < 95 || retries < 30 {
			t.Errorf("got %d ids and %d retries, want nearly 100 and many", len(ids), retries)
		}
		before := s.Counts().GivenUp
		s.Disturb(push.Disturbance{Refused: 1})
		for i := range 3 {
			must(t, w.ModifyChannel("1", worldTitle(i)))
		}
		time.Sleep(time.Minute)
		if got := in.take(); len(got) != 0 {
			t.Errorf("got %d letters, want none", len(got))
		}
		if got := s.Counts().GivenUp - before; got != 3 {
			t.Errorf("given up: got %d, want 3", got)
		}
		if got := s.List(app, push.Filter{}).Subscriptions[0].Status; got != "notification_failures_exceeded" {
			t.Errorf("got status %s, want notification_failures_exceeded", got)
		}
	})
}

// A callback that takes too long did not take it for Twitch.
func TestSlowCallback(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := &slowInbox{inbox: inbox{t: t}}
		s, w := newHooks(t, &slow.inbox)
		s.Close()
		s = push.New(push.Config{World: w, Client: &http.Client{Transport: slow}})
		t.Cleanup(s.Close)
		_, err := s.Create(app, hookRequest("channel.update", "2", "broadcaster_user_id", "1"))
		must(t, err)
		slow.take()
		slow.pause.Store(int64(4 * time.Second))
		must(t, w.ModifyChannel("1", worldTitle(1)))
		time.Sleep(time.Minute)
		if got := slow.take(); len(got) != 1 {
			t.Errorf("got %d letters, want one", len(got))
		}
		slow.pause.Store(int64(6 * time.Second))
		must(t, w.ModifyChannel("1", worldTitle(2)))
		time.Sleep(5*time.Second + 500*time.Millisecond)
		slow.pause.Store(0)
		time.Sleep(time.Minute)
		if got := slow.take(); len(got) != 2 || got[0].id != got[1].id || got[1].retry != "1" {
			t.Errorf("got %d letters, want two with one id", len(got))
		}
	})
}

// slowInbox is a program that takes its time.
type slowInbox struct {
	inbox
	pause atomic.Int64 // a time.Duration
}

func (in *slowInbox) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := in.inbox.RoundTrip(r)
	select {
	case <-time.After(time.Duration(in.pause.Load())):
		return answer, err
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// The body of a post arrives in two pieces, with a pause between them.
func TestSlowBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := &inbox{t: t}
		s, w := newHooks(t, in)
		_, err := s.Create(app, hookRequest("channel.update", "2", "broadcaster_user_id", "1"))
		must(t, err)
		in.take()
		start := time.Now()
		s.Disturb(push.Disturbance{Slow: 3 * time.Second})
		must(t, w.ModifyChannel("1", worldTitle(1)))
		in.take()
		time.Sleep(3 * time.Second)
		if got := in.take(); len(got) != 1 || !strings.Contains(string(got[0].body), `"title":"1"`) {
			t.Errorf("got %d letters after %v, want one, whole", len(got), time.Since(start))
		}
		s.Disturb(push.Disturbance{Slow: time.Minute}) // longer than Twitch waits
		must(t, w.ModifyChannel("1", worldTitle(2)))
		time.Sleep(time.Minute)
		if got := in.take(); len(got) != 0 {
			t.Errorf("got %d letters, want none to be whole", len(got))
		}
	})
}
