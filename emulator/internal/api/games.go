package api

import (
	"slices"
	"strconv"
	"strings"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func gameID(g world.Game) string { return g.ID }

func boxArt(g world.Game) string {
	return "https://static-cdn.jtvnw.net/ttv-boxart/" + g.ID + "-{width}x{height}.jpg"
}

func showGame(g world.Game) obj {
	return obj{"id": g.ID, "name": g.Name, "box_art_url": boxArt(g), "igdb_id": g.IGDBID}
}

func getTopGames(c *call) (obj, error) {
	viewers := map[string]int{}
	for _, s := range c.world.Streams() {
		viewers[s.Game.ID] += s.Viewers + 1
	}
	all := slices.Clone(c.world.Games())
	world.Order(all, func(a, b *world.Game) int { return viewers[b.ID] - viewers[a.ID] })
	return page(c, all, gameID, showGame)
}

func getGames(c *call) (obj, error) {
	all := slices.DeleteFunc(slices.Clone(c.world.Games()), func(g world.Game) bool {
		return !slices.Contains(c.query["id"], g.ID) && !slices.Contains(c.query["name"], g.Name) &&
			(g.IGDBID == "" || !slices.Contains(c.query["igdb_id"], g.IGDBID))
	})
	return data(every(all, showGame)...), nil
}

func searchCategories(c *call) (obj, error) {
	query := strings.ToLower(c.query.Get("query"))
	all := slices.DeleteFunc(slices.Clone(c.world.Games()), func(g world.Game) bool { return !strings.Contains(strings.ToLower(g.Name), query) })
	return page(c, all, gameID, func(g world.Game) obj {
		return obj{"id": g.ID, "name": g.Name, "box_art_url": boxArt(g)}
	})
}

func searchChannels(c *call) (obj, error) {
	liveOnly, _ := strconv.ParseBool(c.query.Get("live_only"))
	return page(c, c.world.SearchChannels(c.query.Get("query"), liveOnly), userID, c.showFound)
}

func (c *call) showFound(u world.User) obj {
	ch, _ := c.world.Channel(u.ID)
	started := ""
	stream, live := c.world.Stream(u.ID)
	if live {
		started = stamp(stream.StartedAt)
	}
	return obj{
		"broadcaster_language": ch.Language, "broadcaster_login": u.Login, "display_name": u.DisplayName, "game_id": ch.Game.ID,
		"game_name": ch.Game.Name, "id": u.ID, "is_live": live, "tag_ids": []string{}, "tags": list(ch.Tags),
		"thumbnail_url": u.ProfileImageURL, "title": ch.Title, "started_at": started,
	}
}
