package api

import (
	"slices"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func showVideo(v world.Video) obj {
	o := obj{
		"id": v.ID, "stream_id": nil, "user_id": v.Broadcaster.ID, "user_login": v.Broadcaster.Login, "user_name": v.Broadcaster.DisplayName,
		"title": v.Title, "description": v.Description, "created_at": stamp(v.CreatedAt), "published_at": stamp(v.CreatedAt),
		"url": "https://www.twitch.tv/videos/" + v.ID, "thumbnail_url": "https://static-cdn.jtvnw.net/cf_vods/" + v.ID + "/thumb/thumb0-%{width}x%{height}.jpg",
		"viewable": "public", "view_count": v.Views, "language": v.Language, "type": v.Kind, "duration": v.Duration.String(), "muted_segments": nil,
	}
	if v.StreamID != "" {
		o["stream_id"] = v.StreamID
	}
	return o
}

// periods are how far back a list of videos goes.
var periods = map[string]time.Duration{"day": 24 * time.Hour, "week": 7 * 24 * time.Hour, "month": 30 * 24 * time.Hour}

func getVideos(c *call) (obj, error) {
	key := func(v world.Video) string { return v.ID }
	all := c.world.Videos()
	if c.has("id") {
		if all = only(c, "id", all, key); len(all) == 0 {
			return nil, notFound("The videos specified in the id query parameter were not found.")
		}
		return obj{"data": every(all, showVideo), "pagination": obj{}}, nil
	}
	if c.has("user_id") {
		if _, err := c.user("user_id"); err != nil {
			return nil, err
		}
	}
	kind, back := c.query.Get("type"), periods[c.query.Get("period")]
	matches := func(param, value string) bool { return c.query.Get(param) == "" || c.query.Get(param) == value }
	all = slices.DeleteFunc(all, func(v world.Video) bool {
		return !matches("user_id", v.Broadcaster.ID) || !matches("game_id", v.Game.ID) || !matches("language", v.Language) ||
			(kind != "" && kind != "all" && kind != v.Kind) || (back > 0 && time.Since(v.CreatedAt) > back)
	})
	if sort := c.query.Get("sort"); sort == "views" || sort == "trending" {
		world.Order(all, func(a, b *world.Video) int { return b.Views - a.Views })
	}
	return page(c, all, key, showVideo)
}

func deleteVideos(c *call) (obj, error) {
	gone, err := c.world.RemoveVideos(c.grant.UserID, c.query["id"])
	if err != nil {
		return nil, err
	}
	return obj{"data": list(gone)}, nil
}
