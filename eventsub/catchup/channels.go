package catchup

import (
	"context"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// onlyLast is the reason of types of which only the current value can be fetched.
const onlyLast = "of several changes, only the last is known"

// compared returns a fetch function for events that carry a whole value: it reports the
// current one if its semantic key differs from that of the last event.
func compared(source string, now func(ctx context.Context, j *job) (eventsub.Payload, error)) func(context.Context, *job) error {
	return func(ctx context.Context, j *job) error {
		event, err := now(ctx, j)
		if err != nil {
			return err
		}
		before, known := load[string](j)
		save(j, event.SemanticKey())
		if !known || j.first() || before == event.SemanticKey() {
			return nil
		}
		return j.add(source, unknownTime, event)
	}
}

// updateCompared keeps the semantic key of the last event of a type.
func updateCompared(kind eventsub.Type) func([]byte, eventsub.Condition, []eventsub.Notification) []byte {
	return updating(func(key *string, p eventsub.Payload) {
		if p.Type() == kind {
			*key = p.SemanticKey()
		}
	})
}

func channelNow(ctx context.Context, j *job) (eventsub.Payload, error) {
	if err := j.call(); err != nil {
		return nil, err
	}
	c, err := j.tw.Channels.ByID(ctx, j.broadcasterID)
	if err != nil {
		return nil, err
	}
	return &eventsub.ChannelUpdate{
		BroadcasterUserID: c.BroadcasterID, BroadcasterUserLogin: c.BroadcasterLogin, BroadcasterUserName: c.BroadcasterName,
		Title: c.Title, Language: c.BroadcasterLanguage, CategoryID: c.GameID, CategoryName: c.GameName,
		ContentClassificationLabels: c.ContentClassificationLabels,
	}, nil
}

func chatSettingsNow(ctx context.Context, j *job) (eventsub.Payload, error) {
	if err := j.call(); err != nil {
		return nil, err
	}
	s, err := j.tw.Chat.GetSettings(ctx, helix.GetChatSettingsParams{BroadcasterID: j.broadcasterID})
	if err != nil {
		return nil, err
	}
	b, err := j.broadcaster(ctx)
	if err != nil {
		return nil, err
	}
	return &eventsub.ChannelChatSettingsUpdate{
		BroadcasterUserID: b.ID, BroadcasterUserLogin: b.Login, BroadcasterUserName: b.DisplayName,
		EmoteMode: s.EmoteMode, FollowerMode: s.FollowerMode, FollowerModeDurationMinutes: s.FollowerModeDuration,
		SlowMode: s.SlowMode, SlowModeWaitTimeSeconds: s.SlowModeWaitTime,
		SubscriberMode: s.SubscriberMode, UniqueChatMode: s.UniqueChatMode,
	}, nil
}
