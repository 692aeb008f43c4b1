package watch_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/watch"
)

func TestStreamOnTheEmulator(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
		client := helix.New(tw.ClientID(), helix.StaticToken("", tw.AppToken()), helix.Options{
			HTTPClient: tw.HTTPClient(), BaseURL: tw.HelixURL(),
		})
		users, err := client.Users.Get(t.Context(), helix.GetUsersParams{Logins: []string{"ada"}})
		if err != nil || len(users) != 1 {
			t.Fatalf("got %v, %v, want ada", users, err)
		}
		id, got := users[0].ID, &changes{}
		w := watch.New(client, []string{id}, watch.Options{OnChange: got.add})
		running(t, w)
		got.want(t, id+" offline initial")
		tw.GoLive("ada")
		time.Sleep(30 * time.Second)
		synctest.Wait()
		s, live := w.Stream(id)
		if !live {
			t.Fatal("got no stream, want one")
		}
		got.want(t, id+" online >"+s.ID)
		tw.GoOffline("ada")
		time.Sleep(time.Minute)
		got.want(t, id+" offline "+s.ID+">")
	})
}
