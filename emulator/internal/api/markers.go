package api

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
	"github.com/larkspur-dev/larkspur/helix"
)

func getStreamKey(c *call) (obj, error) {
	return data(obj{"stream_key": c.world.StreamKey(c.broadcaster())}), nil
}

// mayMark checks that who acts is the broadcaster or one of their editors.
func (c *call) mayMark(broadcasterID string) error {
	if !c.hasRole(broadcasterID, []helix.Role{helix.Broadcaster, helix.Editor}) {
		return forbidden("The user in the access token is not the broadcaster or one of their editors.")
	}
	return nil
}

func createMarker(c *call) (obj, error) {
	if _, err := c.user("user_id"); err != nil {
		return nil, err
	}
	if err := c.mayMark(c.get("user_id")); err != nil {
		return nil, err
	}
	m, err := c.world.MarkStream(c.get("user_id"), c.get("description"))
	if err != nil {
		return nil, err
	}
	return data(showMarker(m)), nil
}

func showMarker(m world.Marker) obj {
	return obj{
		"id": m.ID, "created_at": stamp(m.CreatedAt), "position_seconds": int(m.Position / time.Second), "description": m.Description,
	}
}

// markedVideo returns the video that a call names, or the newest recording of
// the user that it names.
func (c *call) markedVideo() (world.Video, error) {
	for _, v := range c.world.Videos() {
		if v.ID == c.get("video_id") || (v.Broadcaster.ID == c.get("user_id") && v.Kind == "archive") {
			return v, nil
		}
	}
	return world.Video{}, &world.Error{Status: http.StatusNotFound, Message: "The video was not found."}
}

func getMarkers(c *call) (obj, error) {
	v, err := c.markedVideo()
	if err != nil {
		return nil, err
	}
	if err := c.mayMark(v.Broadcaster.ID); err != nil {
		return nil, err
	}
	all := slices.DeleteFunc(c.world.Markers(v.Broadcaster.ID), func(m world.Marker) bool { return m.VideoID != v.ID })
	answer, err := page(c, all, func(m world.Marker) string { return m.ID }, func(m world.Marker) obj {
		o, s := showMarker(m), int(m.Position/time.Second)
		o["url"] = fmt.Sprintf("https://twitch.tv/%s/manage/highlighter/%s?t=%dh%dm%02ds", v.Broadcaster.Login, v.ID, s/3600, s/60%60, s%60)
		return o
	})
	if err != nil {
		return nil, err
	}
	who := showWho(v.Broadcaster)
	who["videos"] = []obj{{"video_id": v.ID, "markers": answer["data"]}}
	answer["data"] = []obj{who}
	return answer, nil
}

func createClipFromVideo(c *call) (obj, error) {
	seconds := 30.0
	if v := c.query.Get("duration"); v != "" {
		seconds, _ = strconv.ParseFloat(v, 64) // checkParams has seen that it is a number
	}
	clip, err := c.world.ClipVideo(c.broadcaster(), c.get("editor_id"), c.get("vod_id"), c.get("title"),
		c.seconds("vod_offset"), time.Duration(seconds*float64(time.Second)))
	if err != nil {
		return nil, err
	}
	return data(obj{"id": clip.ID, "edit_url": "https://clips.twitch.tv/" + clip.ID + "/edit"}), nil
}

func downloadClips(c *call) (obj, error) {
	items := []obj{}
	for _, id := range c.query["clip_id"] {
		clip, ok := c.world.ClipByID(id)
		if !ok || clip.Broadcaster.ID != c.broadcaster() {
			return nil, bad("The clip %s was not found in the broadcaster's channel.", id)
		}
		items = append(items, obj{
			"clip_id": id, "landscape_download_url": "https://production.assets.clips.twitchcdn.net/" + id + "/landscape.mp4",
			"portrait_download_url": nil,
		})
	}
	return data(items...), nil
}
