package eventsub_test

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// Events of a rotation arrive once: none is lost and none is handled twice.
func TestWebhookRotationLosesNothing(t *testing.T) {
	onHookStage(t, func(s *hookStage) {
		store := newSecretsFake()
		s.o.Secrets = store
		s.start(s.follows(), s.titles())
		s.ready()
		before, ids := store.all(), s.ids()
		rotated := make(chan error, 1)
		go func() { rotated <- s.Rotate(s.t.Context()) }()
		var want []string
		for i := range 50 {
			title := fmt.Sprint("title ", i)
			s.tw.SetTitle("ada", title)
			want = append(want, "title "+title)
			time.Sleep(100 * time.Millisecond)
		}
		if err := <-rotated; err != nil {
			t.Fatal(err)
		}
		s.want(want...)
		for _, id := range s.ids() {
			if slices.Contains(ids, id) {
				t.Error("a subscription was not replaced")
			}
		}
		s.wantListed("channel.follow enabled "+callback, "channel.update enabled "+callback)
		if got := s.Stats(); got.Rotated != 2 || got.Gaps != 0 {
			t.Errorf("got %+v, want 2 rotated without a gap", got)
		}

		for id, key := range before { // what was sent before the end of the old subscription still counts
			p := signedPost("notification", "late "+id, time.Now(), followBody("7"), string(key.Secret))
			p.path = "/eventsub/" + id
			p.wantStatus(t, s, http.StatusNoContent)
		}
		time.Sleep(2 * time.Hour)
		for id, key := range before {
			p := signedPost("notification", "later "+id, time.Now(), followBody("7"), string(key.Secret))
			p.path = "/eventsub/" + id
			p.wantStatus(t, s, http.StatusForbidden)
			if _, kept := store.all()[id]; kept {
				t.Error("an old secret is still in the store")
			}
		}
	})
}

// What Twitch still has for an old subscription arrives, also if it is late or has to be
// repeated.
func TestWebhookRotationLosesNoLateEvents(t *testing.T) {
	onHookStage(t, func(s *hookStage) {
		s.o.Recheck = 10 * time.Second
		s.start(s.titles())
		s.ready()
		var want []string
		change := func(n int) {
			title := fmt.Sprint("title ", len(want), " of ", n)
			s.tw.SetTitle("ada", title)
			want = append(want, "title "+title)
		}
		if err := s.tw.DisturbEventSub(emulator.EventFault{Delay: 5 * time.Second}); err != nil {
			t.Fatal(err)
		}
		change(1)
		s.tw.HealEventSub()
		rotated := make(chan error, 1)
		go func() { rotated <- s.Rotate(s.t.Context()) }()
		time.Sleep(10 * time.Second)
		s.onNetwork(unreachable)
		change(2)
		time.Sleep(5 * time.Second)
		s.onNetwork(nil)
		if err := <-rotated; err != nil {
			t.Fatal(err)
		}
		s.want(want...)
		s.wantListed("channel.update enabled " + callback)
	})
}

func TestWebhookRotationFails(t *testing.T) {
	onHookStage(t, func(s *hookStage) {
		s.start(s.titles())
		s.ready()
		before := s.ids()
		s.onNetwork(func(q *http.Request, to http.Handler) (*http.Response, error) {
			if q.Header.Get("Twitch-Eventsub-Message-Type") != "notification" {
				return nil, errNetwork
			}
			return reach(q, to)
		})
		if err := s.Rotate(s.t.Context()); err == nil || !strings.Contains(err.Error(), "could not reach") {
			t.Errorf("got %v, want that the callback was not reached", err)
		}
		if got := s.ids(); got[0] != before[0] {
			t.Errorf("got subscription %s, want %s kept", got[0], before[0])
		}
		s.tw.SetTitle("ada", "Chess")
		s.want("title Chess")
		time.Sleep(time.Hour)
		s.wantListed("channel.update enabled " + callback)
	})
}

func TestWebhookRotatesByAge(t *testing.T) {
	onHookStage(t, func(s *hookStage) {
		s.o.RotateAfter = 48 * time.Hour
		s.o.Secrets = newSecretsFake()
		s.start(s.titles())
		s.ready()
		before := s.ids()
		time.Sleep(40 * time.Hour)
		if got := s.ids(); got[0] != before[0] {
			t.Error("replaced too early")
		}
		s.stop()
		s.start(s.titles()) // the age is known after a restart
		time.Sleep(13 * time.Hour)
		if got := s.ids(); got[0] == before[0] || s.Stats().Rotated != 1 {
			t.Errorf("got %v and %+v, want the secret replaced once", got, s.Stats())
		}
		s.tw.SetTitle("ada", "Chess")
		s.want("title Chess")
		s.wantListed("channel.update enabled " + callback)
	})
}

// A program that ends during a rotation leaves two subscriptions. The newer one is used.
func TestWebhookInterruptedRotation(t *testing.T) {
	onHookStage(t, func(s *hookStage) {
		store := newSecretsFake()
		s.o.Secrets = store
		s.start(s.titles())
		s.ready()
		older := s.ids()[0]
		s.stop()
		second := eventsub.WebhookKey{ID: strings.Repeat("a", 26), Secret: eventsub.NewSecret(), CreatedAt: time.Now()}
		_ = store.SaveKey(s.t.Context(), second)
		s.onNetwork(func(q *http.Request, _ http.Handler) (*http.Response, error) {
			hook := eventsub.NewReceiver(secretsAt(map[string][]eventsub.Secret{"/eventsub/" + second.ID: {second.Secret}}), s.mux.Accept,
				eventsub.ReceiverOptions{Confirm: confirmAll})
			return reach(q, hook)
		})
		time.Sleep(time.Second)
		newer, err := s.client.EventSub.CreateSubscription(s.t.Context(), helix.CreateEventSubSubscriptionParams{
			Type: "channel.update", Version: "2", Condition: map[string]string{"broadcaster_user_id": s.tw.UserID("ada")},
			Transport: helix.EventSubTransport{Method: "webhook", Callback: callback + "/" + second.ID, Secret: string(second.Secret)},
		})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		s.wantListed("channel.update enabled "+callback, "channel.update enabled "+callback)
		s.onNetwork(nil)
		s.start(s.titles())
		s.ready()
		time.Sleep(time.Second)
		s.wantListed("channel.update enabled " + callback)
		if got := s.ids()[0]; got != newer.ID {
			t.Errorf("got %s, want the newer %s and not %s", got, newer.ID, older)
		}
	})
}

// A lockedBuffer may be written and read at the same time.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer // guarded by mu
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// No log at any level has a secret.
func TestWebhookSecretsAreNotLogged(t *testing.T) {
	onHookStage(t, func(s *hookStage) {
		logged := new(lockedBuffer)
		store := newSecretsFake()
		s.o.Secrets, s.o.Logger = store, logTo(logged)
		s.client = helix.New(s.tw.ClientID(), helix.StaticToken("", s.tw.AppToken()), helix.Options{
			HTTPClient: s.tw.HTTPClient(), BaseURL: s.tw.HelixURL(), Logger: logTo(logged),
		})
		s.start(s.follows(), s.titles(), eventsub.ChannelRaidCondition{}) // the last is refused
		_ = s.Ready(s.t.Context())
		_ = s.Rotate(s.t.Context())
		s.tw.FailRequests(emulator.RequestFault{Status: 500, Times: 10})
		_ = s.Rotate(s.t.Context())
		time.Sleep(time.Hour)
		texts := logged.String() + fmt.Sprintf("%+v %#v", s.Results(), s.Results())
		if len(store.all()) < 2 || logged.String() == "" {
			t.Fatal("nothing was logged, or no secret was made")
		}
		for _, key := range store.all() {
			if strings.Contains(texts, string(key.Secret)) {
				t.Errorf("a secret was logged:\n%s", texts)
			}
		}
	})
}
