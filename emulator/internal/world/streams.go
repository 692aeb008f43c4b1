package world

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// A Stream is a broadcast that is running, or was.
type Stream struct {
	ID          string
	Broadcaster User
	Title       string
	Game        Game
	Language    string
	Tags        []string
	Viewers     int
	StartedAt   time.Time
}

// GoLive starts a stream with the channel's title and category.
func (w *World) GoLive(broadcasterID string) (Stream, error) {
	c := w.begin()
	defer c.end()
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return Stream{}, err
	}
	if w.streams[b.ID] != nil {
		return Stream{}, badRequest("The broadcaster is live already.")
	}
	s := &Stream{
		ID: w.digits(), Broadcaster: *b, Title: ch.Title, Game: ch.Game, Language: ch.Language, Tags: slices.Clone(ch.Tags),
		Viewers: len(ch.chatters), StartedAt: c.now.Truncate(time.Second),
	}
	w.streams[b.ID] = s
	ch.streamed = c.now
	c.tell(StreamWentOnline{About: c.about(b), Stream: *s})
	return *s, nil
}

// GoOffline ends a stream.
func (w *World) GoOffline(broadcasterID string) error {
	c := w.begin()
	defer c.end()
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return err
	}
	s := w.streams[b.ID]
	if s == nil {
		return refuse(http.StatusNotFound, "The broadcaster is not live.")
	}
	delete(w.streams, b.ID)
	ch.streamed = c.now
	c.tell(StreamWentOffline{About: c.about(b), Stream: *s})
	return nil
}

// SetViewers sets how many people watch a stream.
func (w *World) SetViewers(broadcasterID string, viewers int) error {
	c := w.begin()
	defer c.end()
	s := w.streams[broadcasterID]
	if s == nil {
		return refuse(http.StatusNotFound, "The broadcaster is not live.")
	}
	s.Viewers = viewers
	return nil
}

// Stream returns a broadcaster's stream, if they are live.
func (w *World) Stream(broadcasterID string) (Stream, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if s := w.streams[broadcasterID]; s != nil {
		return *s, true
	}
	return Stream{}, false
}

// Streams returns all running streams, most viewers first.
func (w *World) Streams() []Stream {
	w.mu.RLock()
	defer w.mu.RUnlock()
	all := make([]Stream, 0, len(w.streams))
	for _, s := range w.streams {
		all = append(all, *s)
	}
	Order(all, func(a, b *Stream) int {
		if a.Viewers != b.Viewers {
			return b.Viewers - a.Viewers
		}
		return strings.Compare(a.ID, b.ID)
	})
	return all
}

// A Clip is a short piece of a stream.
type Clip struct {
	ID          string
	Broadcaster User
	Creator     User
	Title       string
	Game        Game
	Language    string
	Duration    time.Duration
	Views       int
	VideoID     string        // "": made of the live stream
	VideoOffset time.Duration // where in the video it begins
	CreatedAt   time.Time
	IsFeatured  bool
}

// CreateClip makes a clip of the running stream. Title "" is the stream's title,
// duration 0 is 30 seconds.
func (w *World) CreateClip(broadcasterID, creatorID, title string, duration time.Duration) (Clip, error) {
	c := w.begin()
	defer c.end()
	b, _, err := w.broadcaster(broadcasterID)
	if err != nil {
		return Clip{}, err
	}
	u, err := w.user(creatorID)
	if err != nil {
		return Clip{}, err
	}
	s := w.streams[b.ID]
	if s == nil {
		return Clip{}, refuse(http.StatusNotFound, "Clipping is not possible for an offline channel.")
	}
	if title == "" {
		title = s.Title
	}
	if duration == 0 {
		duration = 30 * time.Second
	}
	clip := &Clip{
		ID: w.slug(), Broadcaster: *b, Creator: *u, Title: title, Game: s.Game, Language: s.Language, Duration: duration,
		CreatedAt: c.now.Truncate(time.Second),
	}
	w.clips = append(w.clips, clip)
	w.clipIDs[clip.ID] = clip
	c.tell(ClipCreated{About: c.about(b), Clip: *clip})
	return *clip, nil
}

// Clips returns all clips, newest first.
func (w *World) Clips() []Clip {
	w.mu.RLock()
	defer w.mu.RUnlock()
	all := make([]Clip, 0, len(w.clips))
	for _, clip := range slices.Backward(w.clips) {
		all = append(all, *clip)
	}
	return all
}

// ClipByID returns a clip.
func (w *World) ClipByID(id string) (Clip, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if clip := w.clipIDs[id]; clip != nil {
		return *clip, true
	}
	return Clip{}, false
}
