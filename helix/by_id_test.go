package helix_test

import (
	"context"
	"errors"
	"testing"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/helix"
)

func TestOneByItsID(t *testing.T) {
	server := emulator.Start(t, emulator.Channel("Ada"))
	app := helix.New(server.ClientID(), helix.StaticToken("", server.AppToken()), helix.Options{BaseURL: server.HelixURL()})
	conduit, err := app.Conduits.Create(t.Context(), helix.CreateConduitsParams{ShardCount: 3})
	if err != nil {
		t.Fatal(err)
	}
	game, err := app.Games.ByName(t.Context(), "Minecraft")
	if err != nil {
		t.Fatal(err)
	}
	games := func(get func(context.Context, string) (*helix.Game, error)) func(string) (string, error) {
		return func(id string) (string, error) {
			g, err := get(t.Context(), id)
			if g == nil {
				return "", err
			}
			return g.Name, err
		}
	}
	for _, tc := range []struct {
		name     string
		get      func(id string) (string, error)
		id, want string
		message  string // where nothing is found
	}{
		{"Channels.ByID", func(id string) (string, error) {
			c, err := app.Channels.ByID(t.Context(), id)
			if c == nil {
				return "", err
			}
			return c.BroadcasterName, err
		}, server.UserID("ada"), "Ada", "helix: Get Channel Information: no channel has the id 999"},
		{"Games.ByID", games(app.Games.ByID), game.ID, "Minecraft", "helix: Get Games: no game has the id 999"},
		{"Games.ByName", games(app.Games.ByName), "Minecraft", "Minecraft", "helix: Get Games: no game has the name 999"},
		{"Games.ByIGDB", games(app.Games.ByIGDB), game.IGDBID, "Minecraft", "helix: Get Games: no game has the igdb_id 999"},
		{"Conduits.ByID", func(id string) (string, error) {
			c, err := app.Conduits.ByID(t.Context(), id)
			if c == nil {
				return "", err
			}
			return c.ID, err
		}, conduit.ID, conduit.ID, "helix: Get Conduits: no conduit has the id 999"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got, err := tc.get(tc.id); err != nil || got != tc.want {
				t.Errorf("got %q, %v, want %q", got, err, tc.want)
			}
			if got, err := tc.get("999"); !errors.Is(err, helix.ErrNotFound) || got != "" || err.Error() != tc.message {
				t.Errorf("unknown: got %q, %v, want %q", got, err, tc.message)
			}
			if _, err := tc.get(""); err == nil || errors.Is(err, helix.ErrNotFound) {
				t.Errorf("empty: got %v, want a *ParamError", err)
			}
		})
	}
}
