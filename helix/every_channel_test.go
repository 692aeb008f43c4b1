package helix_test

import (
	"context"
	"time"

	"github.com/larkspur-dev/larkspur/helix"
)

// everyChannel are the calls about channels, streams and what is found on Twitch.
var everyChannel = []everyRow{
	{"start-commercial", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Ads.StartCommercial(ctx, helix.StartCommercialParams{BroadcasterID: s.ada, Length: 60}))
	}},
	{"get-ad-schedule", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Ads.GetSchedule(ctx, helix.GetAdScheduleParams{BroadcasterID: s.ada}))
	}},
	{
		"snooze-next-ad", func(s *stage) { s.ScheduleAd("ada", time.Hour, time.Minute) },
		func(ctx context.Context, tw *helix.Client, s *stage) error {
			return does(tw.Ads.SnoozeNextAd(ctx, helix.SnoozeNextAdParams{BroadcasterID: s.ada}))
		},
	},
	{"get-game-analytics", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.As(s.ada).Analytics.GetGames(ctx, helix.GetGameAnalyticsParams{}))
	}},
	{"get-channel-information", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Channels.Get(ctx, helix.GetChannelInformationParams{BroadcasterIDs: []string{s.ada, s.linus}}))
	}},
	{"modify-channel-information", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.Channels.Modify(ctx, helix.ModifyChannelInformationParams{BroadcasterID: s.ada, Title: new("Chess")})
	}},
	{"get-channel-editors", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Channels.GetEditors(ctx, helix.GetChannelEditorsParams{BroadcasterID: s.ada}))
	}},
	{"get-followed-channels", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Channels.GetFollowed(ctx, helix.GetFollowedChannelsParams{UserID: s.grace}))
	}},
	{"get-channel-followers", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.As(s.mod).Channels.GetFollowers(ctx, helix.GetChannelFollowersParams{BroadcasterID: s.ada}))
	}},
	{"create-clip", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.As(s.grace).Clips.Create(ctx, helix.CreateClipParams{BroadcasterID: s.ada}))
	}},
	{"create-clip-from-vod", func(s *stage) { s.id = s.AddVideo("ada", "upload", "A long game", time.Hour) }, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Clips.CreateFromVOD(ctx, helix.CreateClipFromVODParams{
			EditorID: s.mod, BroadcasterID: s.ada, VODID: s.id, VODOffset: 90, Title: "Mate in two",
		}))
	}},
	{"get-clips", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Clips.Get(ctx, helix.GetClipsParams{BroadcasterID: s.ada}))
	}},
	{"get-clips-download", func(s *stage) {
		s.id = made[*helix.CreatedClip](s)(s.tw.As(s.grace).Clips.Create(s.t.Context(), helix.CreateClipParams{BroadcasterID: s.ada})).ID
	}, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Clips.GetDownloads(ctx, helix.GetClipsDownloadParams{EditorID: s.mod, BroadcasterID: s.ada, ClipIDs: []string{s.id}}))
	}},
	{"get-content-classification-labels", nil, func(ctx context.Context, tw *helix.Client, _ *stage) error {
		return does(tw.ContentClassification.GetLabels(ctx, helix.GetContentClassificationLabelsParams{Locale: "de-DE"}))
	}},
	{"get-top-games", nil, func(ctx context.Context, tw *helix.Client, _ *stage) error {
		return does(tw.Games.GetTop(ctx, helix.GetTopGamesParams{First: 5}))
	}},
	{"get-games", nil, func(ctx context.Context, tw *helix.Client, _ *stage) error {
		return does(tw.Games.Get(ctx, helix.GetGamesParams{Names: []string{"Chess"}}))
	}},
	{"get-creator-goals", func(s *stage) { s.StartGoal("ada", "follow", 10, "ten") }, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Goals.Get(ctx, helix.GetCreatorGoalsParams{BroadcasterID: s.ada}))
	}},
	{"get-hype-train-status", func(s *stage) { s.StartHypeTrain("ada") }, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.HypeTrain.GetStatus(ctx, helix.GetHypeTrainStatusParams{BroadcasterID: s.ada}))
	}},
	{"start-a-raid", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Raids.Start(ctx, helix.StartARaidParams{FromBroadcasterID: s.ada, ToBroadcasterID: s.linus}))
	}},
	{"cancel-a-raid", func(s *stage) {
		made[*helix.Raid](s)(s.tw.Raids.Start(s.t.Context(), helix.StartARaidParams{FromBroadcasterID: s.ada, ToBroadcasterID: s.linus}))
	}, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.Raids.Cancel(ctx, helix.CancelARaidParams{BroadcasterID: s.ada})
	}},
	{"get-channel-stream-schedule", (*stage).segment, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Schedule.Get(ctx, helix.GetChannelStreamScheduleParams{BroadcasterID: s.ada}))
	}},
	{"get-channel-icalendar", (*stage).segment, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Schedule.GetICalendar(ctx, helix.GetChannelICalendarParams{BroadcasterID: s.ada}))
	}},
	{"update-channel-stream-schedule", (*stage).segment, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.Schedule.Update(ctx, helix.UpdateChannelStreamScheduleParams{BroadcasterID: s.ada, IsVacationEnabled: new(false)})
	}},
	{"create-channel-stream-schedule-segment", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Schedule.CreateSegment(ctx, chessNight(s)))
	}},
	{"update-channel-stream-schedule-segment", (*stage).segment, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Schedule.UpdateSegment(ctx, helix.UpdateChannelStreamScheduleSegmentParams{BroadcasterID: s.ada, ID: s.id, Title: new("Go night")}))
	}},
	{"delete-channel-stream-schedule-segment", (*stage).segment, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.Schedule.DeleteSegment(ctx, helix.DeleteChannelStreamScheduleSegmentParams{BroadcasterID: s.ada, ID: s.id})
	}},
	{"search-categories", nil, func(ctx context.Context, tw *helix.Client, _ *stage) error {
		return does(tw.Search.Categories(ctx, helix.SearchCategoriesParams{Query: "che"}))
	}},
	{"search-channels", nil, func(ctx context.Context, tw *helix.Client, _ *stage) error {
		return does(tw.Search.Channels(ctx, helix.SearchChannelsParams{Query: "ad", LiveOnly: true}))
	}},
	{"get-stream-key", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Streams.GetKey(ctx, helix.GetStreamKeyParams{BroadcasterID: s.ada}))
	}},
	{"get-streams", nil, func(ctx context.Context, tw *helix.Client, _ *stage) error {
		return does(tw.Streams.Get(ctx, helix.GetStreamsParams{UserLogins: []string{"ada"}}))
	}},
	{"get-followed-streams", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Streams.GetFollowed(ctx, helix.GetFollowedStreamsParams{UserID: s.grace}))
	}},
	{"create-stream-marker", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.As(s.ada).Streams.CreateMarker(ctx, helix.CreateStreamMarkerParams{UserID: s.ada, Description: "a fine move"}))
	}},
	{"get-stream-markers", func(s *stage) {
		made[*helix.StreamMarker](s)(s.tw.As(s.ada).Streams.CreateMarker(s.t.Context(), helix.CreateStreamMarkerParams{UserID: s.ada}))
	}, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.As(s.ada).Streams.GetMarkers(ctx, helix.GetStreamMarkersParams{UserID: s.ada}))
	}},
	{"get-all-stream-tags", nil, func(ctx context.Context, tw *helix.Client, _ *stage) error {
		return does(tw.Tags.GetTags(ctx, helix.GetAllStreamTagsParams{First: 5}))
	}},
	{"get-stream-tags", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Tags.Get(ctx, helix.GetStreamTagsParams{BroadcasterID: s.ada}))
	}},
	{"get-channel-teams", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Teams.GetChannel(ctx, helix.GetChannelTeamsParams{BroadcasterID: s.ada}))
	}},
	{"get-teams", nil, func(ctx context.Context, tw *helix.Client, _ *stage) error {
		return does(tw.Teams.Get(ctx, helix.GetTeamsParams{Name: "chess"}))
	}},
	{"get-videos", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Videos.Get(ctx, helix.GetVideosParams{UserID: s.ada}))
	}},
	{"delete-videos", func(s *stage) { s.id = s.video() }, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.As(s.ada).Videos.Delete(ctx, helix.DeleteVideosParams{IDs: []string{s.id}}))
	}},
}

// video is the id of a recording of ada's stream.
func (s *stage) video() string {
	s.t.Helper()
	videos := made[*helix.Page[helix.Video]](s)(s.tw.Videos.Get(s.t.Context(), helix.GetVideosParams{UserID: s.ada}))
	if len(videos.Items) == 0 {
		s.t.Fatal("ada is live, but there is no video")
	}
	return videos.Items[0].ID
}

func chessNight(s *stage) helix.CreateChannelStreamScheduleSegmentParams {
	return helix.CreateChannelStreamScheduleSegmentParams{
		BroadcasterID: s.ada, StartTime: time.Now().Add(48 * time.Hour).Truncate(time.Second), Timezone: "Europe/Berlin",
		Duration: "120", IsRecurring: true, Title: "Chess night",
	}
}

// segment puts something on ada's schedule.
func (s *stage) segment() {
	s.t.Helper()
	made := made[*helix.Schedule](s)(s.tw.Schedule.CreateSegment(s.t.Context(), chessNight(s)))
	s.id = made.Segments[0].ID
}
