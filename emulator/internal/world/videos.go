package world

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

// A Video is a recording of a stream, a highlight of one, or an upload.
type Video struct {
	ID          string
	StreamID    string // of an archive
	Broadcaster User
	Title       string
	Description string
	Game        Game
	Language    string
	Kind        string // "archive", "highlight", "upload"
	Views       int
	CreatedAt   time.Time
	Duration    time.Duration
	Growing     bool // the stream it records is still running
}

// startVideo begins to record a stream.
func (w *World) startVideo(c *change, s Stream) {
	w.videos = append(w.videos, &Video{
		ID: w.videoID(s.ID), StreamID: s.ID, Broadcaster: s.Broadcaster, Title: s.Title, Game: s.Game, Language: s.Language,
		Kind: "archive", CreatedAt: c.now.Truncate(time.Second), Growing: true,
	})
}

// videoID depends on what the video is of, so that recording streams does not
// change the ids of everything else.
func (w *World) videoID(of string) string {
	return strconv.FormatUint(1_000_000_000+w.number("video", of)%1_000_000_000, 10)
}

func (w *World) endVideo(c *change, s Stream) {
	for _, v := range w.videos {
		if v.StreamID == s.ID && v.Growing {
			v.Growing, v.Duration = false, c.now.Sub(v.CreatedAt).Truncate(time.Second)
		}
	}
}

// AddVideo makes a highlight or an upload.
func (w *World) AddVideo(broadcasterID, kind, title string, duration time.Duration) (Video, error) {
	c := w.begin()
	defer c.end()
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return Video{}, err
	}
	if kind != "archive" && kind != "highlight" && kind != "upload" {
		return Video{}, badRequest("The kind of video %q is not archive, highlight or upload.", kind)
	}
	v := &Video{
		ID: w.videoID(strconv.Itoa(len(w.videos)) + " " + b.ID), Broadcaster: *b, Title: title, Game: ch.Game, Language: ch.Language,
		Kind: kind, CreatedAt: c.now.Truncate(time.Second), Duration: duration,
	}
	w.videos = append(w.videos, v)
	return *v, nil
}

// Videos returns all videos, newest first.
func (w *World) Videos() []Video {
	w.mu.RLock()
	defer w.mu.RUnlock()
	all := make([]Video, 0, len(w.videos))
	for _, v := range slices.Backward(w.videos) {
		shown := *v
		if v.Growing {
			shown.Duration = time.Since(v.CreatedAt).Truncate(time.Second)
		}
		all = append(all, shown)
	}
	return all
}

// RemoveVideos deletes videos of a broadcaster: all, or none if one of them is
// not theirs. It returns the ids of those that there were.
func (w *World) RemoveVideos(broadcasterID string, ids []string) ([]string, error) {
	c := w.begin()
	defer c.end()
	var gone []string
	for _, v := range w.videos {
		if !slices.Contains(ids, v.ID) {
			continue
		}
		if v.Broadcaster.ID != broadcasterID {
			return nil, refuse(http.StatusUnauthorized, "The user is not the owner of the video %s.", v.ID)
		}
		gone = append(gone, v.ID)
	}
	w.videos = slices.DeleteFunc(w.videos, func(v *Video) bool { return slices.Contains(gone, v.ID) })
	return gone, nil
}
