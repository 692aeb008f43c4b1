package world

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/larkspur-dev/larkspur/internal/quiet"
)

// A Marker is a place in a stream that its broadcaster wants to find again.
type Marker struct {
	ID          string
	VideoID     string // of the recording of the stream
	Description string
	Position    time.Duration
	CreatedAt   time.Time
}

// MarkStream sets a marker where the stream is now.
func (w *World) MarkStream(broadcasterID, description string) (Marker, error) {
	c := w.begin()
	defer c.end()
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return Marker{}, err
	}
	s := w.streams[b.ID]
	if s == nil {
		return Marker{}, refuse(http.StatusNotFound, "The broadcaster is not streaming live.")
	}
	at := slices.IndexFunc(w.videos, func(v *Video) bool { return v.StreamID == s.ID })
	if at < 0 {
		return Marker{}, refuse(http.StatusNotFound, "The broadcaster does not record the stream.")
	}
	m := Marker{
		ID: w.stableUUID("marker", s.ID, strconv.Itoa(len(ch.markers))), VideoID: w.videos[at].ID, Description: description,
		Position: c.now.Sub(s.StartedAt).Truncate(time.Second), CreatedAt: c.now,
	}
	ch.markers = append(ch.markers, m)
	return m, nil
}

// Markers returns the markers of a channel, newest first.
func (w *World) Markers(broadcasterID string) []Marker {
	w.mu.RLock()
	defer w.mu.RUnlock()
	ch := w.channels[broadcasterID]
	if ch == nil {
		return nil
	}
	all := slices.Clone(ch.markers)
	slices.Reverse(all)
	return all
}

// VideoByID returns a video.
func (w *World) VideoByID(id string) (Video, bool) {
	for _, v := range w.Videos() {
		if v.ID == id {
			return v, true
		}
	}
	return Video{}, false
}

// ClipVideo makes a clip of a video. End is where in the video the clip ends.
func (w *World) ClipVideo(broadcasterID, creatorID, videoID, title string, end, duration time.Duration) (Clip, error) {
	v, ok := w.VideoByID(videoID)
	c := w.begin()
	defer c.end()
	b, _, err := w.broadcaster(broadcasterID)
	if err != nil {
		return Clip{}, err
	}
	u, err := w.user(creatorID)
	switch {
	case err != nil:
		return Clip{}, err
	case !ok || v.Broadcaster.ID != b.ID:
		return Clip{}, refuse(http.StatusNotFound, "The video in vod_id was not found in the broadcaster's channel.")
	case end < duration:
		return Clip{}, badRequest("The vod_offset must not be less than the duration.")
	case end > v.Duration:
		return Clip{}, badRequest("The vod_offset is after the end of the video.")
	}
	clip := &Clip{
		ID: w.slug(), Broadcaster: *b, Creator: *u, Title: title, Game: v.Game, Language: v.Language, Duration: duration,
		VideoID: v.ID, VideoOffset: end - duration, CreatedAt: c.now.Truncate(time.Second),
	}
	w.clips = append(w.clips, clip)
	w.clipIDs[clip.ID] = clip
	c.tell(ClipCreated{About: c.about(b), Clip: *clip})
	return *clip, nil
}

// StreamKey returns what a broadcaster's software sends a stream with.
func (w *World) StreamKey(broadcasterID string) string {
	return fmt.Sprintf("live_%s_%s%016x", broadcasterID, quiet.Mark, w.number("stream key", broadcasterID))
}
