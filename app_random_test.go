package larkspur_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/helix"
)

// crowd are users of a random story. The first is a channel by the options.
var crowd = []string{"ann", "ben", "cleo", "dan", "eve", "fay"}

// A randomStory is an App whose users come and go in random order, and a model of who is a
// channel.
type randomStory struct {
	*stage

	random *rand.Rand
	app    *larkspur.App
	run    *running
	logins map[string]bool // who has a login that Twitch accepts
	model  map[string]bool // who is a channel
	done   []string        // what happened
}

func (s *randomStory) start() {
	s.app = larkspur.NewConduitApp(s.tw.ClientID(), s.tw.ClientSecret(), s.store, larkspur.AppOptions{
		Server: s.tw.URL(), HTTPClient: s.tw.HTTPClient(), RedirectURI: "http://bot.test/oauth/callback",
		Channels: crowd[:1],
	})
	s.watchStreams(s.app.Mux)
	s.run = s.stage.run(s.app.Run)
	s.ready(s.app.Ready)
	s.model = maps.Clone(s.logins)
	s.model[crowd[0]] = true
}

// step does one thing of ten.
func (s *randomStory) step() {
	login := crowd[s.random.IntN(len(crowd))]
	fixed := login == crowd[0]
	id := s.tw.UserID(login)
	what := s.random.IntN(10)
	s.done = append(s.done, fmt.Sprint(what, " ", login))
	switch {
	case what < 3:
		if page := s.openAs(s.app, s.app.LoginURL(), login); !strings.Contains(page, "You are logged in") {
			s.t.Fatalf("the login of %s failed:\n%s", login, page)
		}
		s.logins[login], s.model[login] = true, true
	case what == 3 && s.logins[login]:
		s.tw.Disconnect(login)
		s.logins[login], s.model[login] = false, fixed && s.model[login]
	case what == 4 && s.logins[login]:
		s.tw.ChangePassword(login)
		time.Sleep(2 * time.Hour) // until the hourly validation
		s.logins[login], s.model[login] = false, fixed && s.model[login]
	case what == 5:
		s.app.Remove(id)
		s.model[login] = false
	case what == 6:
		s.app.Add(id)
		s.model[login] = true
	case what == 7:
		s.tw.DropEventSub()
	case what == 8:
		s.tw.CloseEventSub(4000 + s.random.IntN(8))
	case what == 9:
		s.run.end()
		time.Sleep(time.Duration(s.random.IntN(120)) * time.Minute)
		s.start()
	}
	if s.random.IntN(2) == 0 {
		time.Sleep(time.Duration(s.random.IntN(1200)) * time.Second)
	}
	synctest.Wait()
}

// check compares the App, its events and the subscriptions at Twitch with the model.
func (s *randomStory) check() {
	s.t.Helper()
	time.Sleep(time.Hour)
	s.run.goesOn()
	for len(s.seen) > 0 {
		<-s.seen
	}
	var want, ids []string
	for _, login := range crowd {
		s.tw.GoLive(login)
		if s.model[login] {
			want = append(want, "online "+login)
			ids = append(ids, s.tw.UserID(login))
		}
	}
	s.want(want...)
	for _, login := range crowd {
		s.tw.GoOffline(login)
	}
	slices.Sort(ids)
	if diff := cmp.Diff(ids, s.app.Channels()); diff != "" {
		s.t.Errorf("channels (-want +got):\n%s", diff)
	}
	subscribed := []string{}
	for sub, err := range s.app.Twitch.As("").EventSub.AllSubscriptions(s.t.Context(), helix.GetEventSubSubscriptionsParams{Type: "stream.online"}) {
		if err != nil {
			s.t.Fatal(err)
		}
		subscribed = append(subscribed, sub.Condition["broadcaster_user_id"])
	}
	if diff := cmp.Diff(ids, sorted(subscribed)); diff != "" {
		s.t.Errorf("subscriptions at Twitch (-want +got):\n%s", diff)
	}
}

func TestChannelsComeAndGoInRandomOrder(t *testing.T) {
	var options []emulator.Option
	for _, login := range crowd {
		options = append(options, emulator.Channel(login))
	}
	seeds := uint64(5)
	if os.Getenv("LARKSPUR_LONG") != "" {
		seeds = 200
	}
	for seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			onStage(t, func(_ *testing.T, stage *stage) {
				s := &randomStory{stage: stage, random: rand.New(rand.NewPCG(seed, 0)), logins: map[string]bool{}}
				s.start()
				for range 6 {
					for range 10 {
						s.step()
					}
					s.check()
				}
				s.run.end()
				if s.t.Failed() {
					s.t.Log(strings.Join(s.done, ", "))
				}
			}, options...)
		})
	}
}
