package helix

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

const (
	// Twitch says that a clip which cannot be fetched 15 seconds after Create Clip
	// was not made.
	clipTimeout = 15 * time.Second
	clipPoll    = time.Second
)

// CreateAndWait makes a clip and waits until it can be fetched, for at most 15
// seconds; [ClipsService.Create] returns before Twitch knows whether it worked.
// A clip that does not appear is an error that is [ErrNotFound].
//
// Twitch: Create Clip, then Get Clips. Scope: clips:edit.
func (s *ClipsService) CreateAndWait(ctx context.Context, p CreateClipParams) (*Clip, error) {
	created, err := s.Create(ctx, p)
	if err != nil {
		return nil, whyNoClip(err)
	}
	var last error
	for end := time.Now().Add(clipTimeout); time.Now().Before(end); {
		if err := retry.Sleep(ctx, clipPoll); err != nil {
			return nil, fmt.Errorf("helix: Create Clip: waiting for clip %s: %w", created.ID, err)
		}
		var found *Page[Clip]
		if found, last = s.Get(ctx, GetClipsParams{IDs: []string{created.ID}}); last == nil && len(found.Items) > 0 {
			return &found.Items[0], nil
		}
	}
	if last != nil {
		return nil, fmt.Errorf("helix: Create Clip: asking for clip %s: %w", created.ID, last)
	}
	return nil, fmt.Errorf("helix: Create Clip: %w: clip %s did not appear within %v, so Twitch could not make it",
		ErrNotFound, created.ID, clipTimeout)
}

// whyNoClip adds what Twitch's refusal of a clip means.
func whyNoClip(err error) error {
	e, ok := errors.AsType[*Error](err)
	switch {
	case ok && e.Status == http.StatusNotFound:
		return fmt.Errorf("%w (clips can be made only while the channel is live)", err)
	case ok && e.Status == http.StatusForbidden:
		return fmt.Errorf("%w (the broadcaster may allow clips to followers or subscribers only)", err)
	default:
		return err
	}
}
