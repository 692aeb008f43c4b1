package catchup

import (
	"context"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// unbanRequests returns all unban requests with a status.
func unbanRequests(ctx context.Context, j *job, status helix.UnbanRequestStatus) ([]helix.UnbanRequest, error) {
	return shared(ctx, j, "unban requests "+string(status), func() ([]helix.UnbanRequest, error) {
		return all(j, func(after string) (*helix.Page[helix.UnbanRequest], error) {
			return j.tw.Moderation.GetUnbanRequests(ctx, helix.GetUnbanRequestsParams{
				BroadcasterID: j.broadcasterID, ModeratorID: j.fields["moderator_user_id"], Status: status, First: 100, After: after,
			})
		})
	})
}

func unbanRequested(ctx context.Context, j *job) error {
	if j.first() {
		return nil
	}
	since := j.since()
	for _, status := range []helix.UnbanRequestStatus{
		helix.UnbanRequestStatusPending, helix.UnbanRequestStatusApproved, helix.UnbanRequestStatusDenied,
		helix.UnbanRequestStatusAcknowledged, helix.UnbanRequestStatusCanceled,
	} {
		list, err := unbanRequests(ctx, j, status)
		if err != nil {
			return err
		}
		for _, r := range list {
			if r.CreatedAt.Before(since) {
				continue
			}
			if err := j.add("Get Unban Requests", r.CreatedAt, &eventsub.ChannelUnbanRequestCreate{
				ID: r.ID, BroadcasterUserID: r.BroadcasterID, BroadcasterUserLogin: r.BroadcasterLogin, BroadcasterUserName: r.BroadcasterName,
				UserID: r.UserID, UserLogin: r.UserLogin, UserName: r.UserName, Text: r.Text, CreatedAt: r.CreatedAt,
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

func unbanResolved(ctx context.Context, j *job) error {
	if j.first() {
		return nil
	}
	since := j.since()
	for _, status := range []helix.UnbanRequestStatus{
		helix.UnbanRequestStatusApproved, helix.UnbanRequestStatusDenied, helix.UnbanRequestStatusCanceled,
	} {
		list, err := unbanRequests(ctx, j, status)
		if err != nil {
			return err
		}
		for _, r := range list {
			if r.ResolvedAt.IsZero() || r.ResolvedAt.Before(since) {
				continue
			}
			if err := j.add("Get Unban Requests", r.ResolvedAt.Time, &eventsub.ChannelUnbanRequestResolve{
				ID: r.ID, BroadcasterUserID: r.BroadcasterID, BroadcasterUserLogin: r.BroadcasterLogin, BroadcasterUserName: r.BroadcasterName,
				ModeratorUserID: r.ModeratorID, ModeratorUserLogin: r.ModeratorLogin, ModeratorUserName: r.ModeratorName,
				ModeratorID: r.ModeratorID, ModeratorLogin: r.ModeratorLogin, ModeratorName: r.ModeratorName,
				UserID: r.UserID, UserLogin: r.UserLogin, UserName: r.UserName,
				ResolutionText: r.ResolutionText, Status: eventsub.UnbanRequestStatus(r.Status),
			}); err != nil {
				return err
			}
		}
	}
	return nil
}
