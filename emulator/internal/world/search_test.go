package world_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func TestSearchChannels(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := world.New(world.Options{})
		ids := map[string]string{}
		for _, login := range []string{"angelofdeath", "angel_of_death_fan", "an_angel_of_death", "never_live", "chess_lover"} {
			u, err := w.AddUser(world.User{Login: login})
			if err != nil {
				t.Fatal(err)
			}
			ids[login] = u.ID
		}
		live := func(login, game string) {
			g, ok := w.GameByName(game)
			if !ok {
				t.Fatalf("no category %q", game)
			}
			if err := w.ModifyChannel(ids[login], world.ChannelChange{GameID: &g.ID}); err != nil {
				t.Fatal(err)
			}
			if _, err := w.GoLive(ids[login]); err != nil {
				t.Fatal(err)
			}
		}
		for _, login := range []string{"angelofdeath", "angel_of_death_fan", "chess_lover"} {
			live(login, "Just Chatting")
			if err := w.GoOffline(ids[login]); err != nil {
				t.Fatal(err)
			}
		}
		live("an_angel_of_death", "Chess")

		tests := []struct {
			query    string
			liveOnly bool
			want     string
		}{
			{"angel_of_death", false, "angel_of_death_fan"},
			{"ANGEL of death", false, "angelofdeath angel_of_death_fan"},
			{"angel", true, ""},
			{"an", true, "an_angel_of_death"},
			{"death", false, ""},
			{"never", false, ""},
			{"chess", false, "chess_lover"},
			{"che", true, "an_angel_of_death"},
			{" ", false, ""},
		}
		check := func(query string, liveOnly bool, want string) {
			t.Helper()
			var found []string
			for _, u := range w.SearchChannels(query, liveOnly) {
				found = append(found, u.Login)
			}
			if got := strings.Join(found, " "); got != want {
				t.Errorf("%q, live only %t: got %q, want %q", query, liveOnly, got, want)
			}
		}
		for _, tt := range tests {
			check(tt.query, tt.liveOnly, tt.want)
		}
		time.Sleep(200 * 24 * time.Hour)
		check("angel", false, "")
		check("an", false, "an_angel_of_death") // still live
	})
}
