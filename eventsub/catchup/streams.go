package catchup

import (
	"context"
	"slices"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// streams are the streams that are known to have begun, and the one that runs.
type streams struct {
	Live  string   `json:"live"`  // "" if the channel is offline
	Begun []string `json:"begun"` // the newest last
}

// mostStreams bounds the list of known streams.
const mostStreams = 20

func (s *streams) begin(id string) {
	s.Live = id
	if slices.Contains(s.Begun, id) {
		return
	}
	if s.Begun = append(s.Begun, id); len(s.Begun) > mostStreams {
		s.Begun = slices.Delete(s.Begun, 0, len(s.Begun)-mostStreams)
	}
}

func updateStreams(s *streams, p eventsub.Payload) {
	switch e := p.(type) {
	case *eventsub.StreamOnline:
		s.begin(e.ID)
	case *eventsub.StreamOffline:
		s.Live = ""
	}
}

// broadcast is a stream that runs, or that ended and has a recording.
type broadcast struct {
	ID         string
	Begin, End time.Time // End is zero while it runs
	Source     string
}

// broadcasts returns the streams that ran at or after a time, the oldest first.
func broadcasts(ctx context.Context, j *job, since time.Time) (found []broadcast, live string, err error) {
	current, err := shared(ctx, j, "stream", func() ([]helix.Stream, error) {
		if err := j.call(); err != nil {
			return nil, err
		}
		page, err := j.tw.Streams.Get(ctx, helix.GetStreamsParams{UserIDs: []string{j.broadcasterID}})
		if err != nil {
			return nil, err
		}
		return page.Items, nil
	})
	if err != nil {
		return nil, "", err
	}
	for _, s := range current {
		live = s.ID
		found = append(found, broadcast{ID: s.ID, Begin: s.StartedAt, Source: "Get Streams"})
	}
	if j.first() {
		return found, live, nil
	}
	get := func(after string) (*helix.Page[helix.Video], error) {
		return j.tw.Videos.Get(ctx, helix.GetVideosParams{UserID: j.broadcasterID, Type: helix.VideoTypeArchive, First: 20, After: after})
	}
	err = pages(j, get, func(v helix.Video) (bool, error) {
		length, err := time.ParseDuration(v.Duration)
		if err != nil {
			length = 0
		}
		if end := v.CreatedAt.Add(length); v.StreamID != "" && v.StreamID != live {
			if end.Before(since) {
				return false, nil
			}
			found = append(found, broadcast{ID: v.StreamID, Begin: v.CreatedAt, End: end, Source: "Get Videos"})
		}
		return true, nil
	})
	slices.SortFunc(found, func(a, b broadcast) int { return a.Begin.Compare(b.Begin) })
	return found, live, err
}

func onlines(ctx context.Context, j *job) error {
	before, known, since, found, _, err := j.streams(ctx)
	if err != nil || j.first() {
		return err
	}
	for _, s := range found {
		if slices.Contains(before.Begun, s.ID) || !known && s.Begin.Before(since) {
			continue
		}
		b, err := j.broadcaster(ctx)
		if err != nil {
			return err
		}
		if err := j.add(s.Source, s.Begin, &eventsub.StreamOnline{
			ID: s.ID, BroadcasterUserID: b.ID, BroadcasterUserLogin: b.Login, BroadcasterUserName: b.DisplayName,
			Kind: eventsub.StreamKindLive, StartedAt: s.Begin,
		}); err != nil {
			return err
		}
	}
	return nil
}

func offlines(ctx context.Context, j *job) error {
	before, _, since, found, live, err := j.streams(ctx)
	if err != nil || j.first() {
		return err
	}
	ended := before.Live != "" && before.Live != live
	for _, s := range found {
		over := s.ID != before.Live && (slices.Contains(before.Begun, s.ID) || s.Begin.Before(since)) // before the loss
		if s.End.IsZero() || s.End.Before(since) || over {
			continue
		}
		if s.ID == before.Live {
			ended = false
		}
		if err := j.offline(ctx, s.Source, s.End, s.ID); err != nil {
			return err
		}
	}
	if ended { // without a recording
		return j.offline(ctx, "Get Streams", unknownTime, before.Live)
	}
	return nil
}

func (j *job) offline(ctx context.Context, source string, at time.Time, id string) error {
	b, err := j.broadcaster(ctx)
	if err != nil {
		return err
	}
	return j.add(source, at, &eventsub.StreamOffline{
		ID: id, BroadcasterUserID: b.ID, BroadcasterUserLogin: b.Login, BroadcasterUserName: b.DisplayName,
	})
}

// streams returns the streams before the loss and those since, and sets the state.
func (j *job) streams(ctx context.Context) (before streams, known bool, since time.Time, found []broadcast, live string, err error) {
	if !j.first() {
		since = j.since()
	}
	if found, live, err = broadcasts(ctx, j, since); err != nil {
		return
	}
	before, known = load[streams](j)
	after := streams{Begun: slices.Clone(before.Begun)}
	for _, s := range found {
		after.begin(s.ID)
	}
	after.Live = live
	save(j, after)
	return
}
