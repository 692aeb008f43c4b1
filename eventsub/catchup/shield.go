package catchup

import (
	"context"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

func shieldNow(ctx context.Context, j *job) (*helix.ShieldMode, error) {
	return shared(ctx, j, "shield mode", func() (*helix.ShieldMode, error) {
		if err := j.call(); err != nil {
			return nil, err
		}
		return j.tw.Moderation.GetShieldMode(ctx, helix.GetShieldModeStatusParams{
			BroadcasterID: j.broadcasterID, ModeratorID: j.fields["moderator_user_id"],
		})
	})
}

// shieldBegins finds the last activation.
func shieldBegins(ctx context.Context, j *job) error {
	if j.first() {
		return nil
	}
	s, err := shieldNow(ctx, j)
	if err != nil {
		return err
	}
	if s.LastActivatedAt.IsZero() || s.LastActivatedAt.Before(j.since()) {
		return nil
	}
	b, err := j.broadcaster(ctx)
	if err != nil {
		return err
	}
	return j.add("Get Shield Mode Status", s.LastActivatedAt.Time, &eventsub.ChannelShieldModeBegin{
		BroadcasterUserID: b.ID, BroadcasterUserLogin: b.Login, BroadcasterUserName: b.DisplayName,
		ModeratorUserID: s.ModeratorID, ModeratorUserLogin: s.ModeratorLogin, ModeratorUserName: s.ModeratorName,
		StartedAt: s.LastActivatedAt.Time,
	})
}

// shieldEnds finds that shield mode, which was active before or has been activated
// since, is active no longer.
func shieldEnds(ctx context.Context, j *job) error {
	s, err := shieldNow(ctx, j)
	if err != nil {
		return err
	}
	before, known := load[shield](j)
	after := shield{Active: s.IsActive, At: s.LastActivatedAt.Time}
	save(j, after)
	if !known || j.first() || s.IsActive || !before.Active && !after.At.After(before.At) {
		return nil
	}
	b, err := j.broadcaster(ctx)
	if err != nil {
		return err
	}
	return j.add("Get Shield Mode Status", unknownTime, &eventsub.ChannelShieldModeEnd{
		BroadcasterUserID: b.ID, BroadcasterUserLogin: b.Login, BroadcasterUserName: b.DisplayName,
		EndedAt: time.Now().UTC(),
	})
}

// shield says whether shield mode is active, and when it was activated last.
type shield struct {
	Active bool      `json:"active"`
	At     time.Time `json:"at"`
}

func updateShield(s *shield, p eventsub.Payload) {
	switch e := p.(type) {
	case *eventsub.ChannelShieldModeBegin:
		s.Active, s.At = true, e.StartedAt
	case *eventsub.ChannelShieldModeEnd:
		s.Active = false
		if s.At.Before(e.EndedAt) { // an activation that was not seen
			s.At = e.EndedAt
		}
	}
}
