package api

import (
	"slices"
	"strconv"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func streamID(s world.Stream) string { return s.ID }

func showStream(s world.Stream) obj {
	return obj{
		"id": s.ID, "user_id": s.Broadcaster.ID, "user_login": s.Broadcaster.Login, "user_name": s.Broadcaster.DisplayName,
		"game_id": s.Game.ID, "game_name": s.Game.Name, "type": "live", "title": s.Title, "tags": list(s.Tags), "viewer_count": s.Viewers,
		"started_at": stamp(s.StartedAt), "language": s.Language, "tag_ids": []string{}, "is_mature": false,
		"thumbnail_url": "https://static-cdn.jtvnw.net/previews-ttv/live_user_" + s.Broadcaster.Login + "-{width}x{height}.jpg",
	}
}

func getStreams(c *call) (obj, error) {
	wanted := func(s world.Stream) bool {
		who := len(c.query["user_id"])+len(c.query["user_login"]) == 0 ||
			slices.Contains(c.query["user_id"], s.Broadcaster.ID) || slices.Contains(c.query["user_login"], s.Broadcaster.Login)
		game := len(c.query["game_id"]) == 0 || slices.Contains(c.query["game_id"], s.Game.ID)
		language := len(c.query["language"]) == 0 || slices.Contains(c.query["language"], s.Language)
		return who && game && language
	}
	all := slices.DeleteFunc(c.world.Streams(), func(s world.Stream) bool { return !wanted(s) })
	return page(c, all, streamID, showStream)
}

func getFollowedStreams(c *call) (obj, error) {
	var all []world.Stream
	for _, f := range c.world.Following(c.get("user_id")) {
		if s, live := c.world.Stream(f.User.ID); live {
			all = append(all, s)
		}
	}
	world.Order(all, func(a, b *world.Stream) int { return b.Viewers - a.Viewers })
	return page(c, all, streamID, showStream)
}

func createClip(c *call) (obj, error) {
	seconds, _ := strconv.ParseFloat(c.query.Get("duration"), 64)
	clip, err := c.world.CreateClip(c.broadcaster(), c.grant.UserID, c.query.Get("title"), time.Duration(seconds*float64(time.Second)))
	if err != nil {
		return nil, err
	}
	return data(obj{"id": clip.ID, "edit_url": "https://clips.twitch.tv/" + clip.ID + "/edit"}), nil
}

func showClip(clip world.Clip) obj {
	return obj{
		"id": clip.ID, "url": "https://clips.twitch.tv/" + clip.ID, "embed_url": "https://clips.twitch.tv/embed?clip=" + clip.ID,
		"broadcaster_id": clip.Broadcaster.ID, "broadcaster_name": clip.Broadcaster.DisplayName,
		"creator_id": clip.Creator.ID, "creator_name": clip.Creator.DisplayName, "video_id": clip.VideoID, "game_id": clip.Game.ID,
		"language": clip.Language, "title": clip.Title, "view_count": clip.Views, "created_at": stamp(clip.CreatedAt),
		"thumbnail_url": "https://clips-media-assets2.twitch.tv/" + clip.ID + "-preview-480x272.jpg",
		"duration":      clip.Duration.Seconds(), "vod_offset": vodOffset(clip), "is_featured": clip.IsFeatured,
	}
}

func getClips(c *call) (obj, error) {
	from, err := c.moment("started_at")
	if err != nil {
		return nil, err
	}
	to, err := c.moment("ended_at")
	if err != nil {
		return nil, err
	}
	if to.IsZero() && !from.IsZero() {
		to = from.AddDate(0, 0, 7)
	}
	ids := c.query["id"]
	wanted := func(clip world.Clip) bool {
		if len(ids) > 0 {
			return slices.Contains(ids, clip.ID)
		}
		inside := (from.IsZero() || !clip.CreatedAt.Before(from)) && (to.IsZero() || !clip.CreatedAt.After(to))
		featured := c.query.Get("is_featured")
		return inside && (featured == "" || featured == strconv.FormatBool(clip.IsFeatured)) &&
			(c.broadcaster() == "" || clip.Broadcaster.ID == c.broadcaster()) &&
			(c.get("game_id") == "" || clip.Game.ID == c.get("game_id"))
	}
	all := slices.DeleteFunc(c.world.Clips(), func(clip world.Clip) bool { return !wanted(clip) })
	world.Order(all, func(a, b *world.Clip) int { return b.Views - a.Views })
	return page(c, all, func(clip world.Clip) string { return clip.ID }, showClip)
}

// vodOffset is null for a clip of a live stream.
func vodOffset(clip world.Clip) any {
	if clip.VideoID == "" {
		return nil
	}
	return int(clip.VideoOffset.Seconds())
}
