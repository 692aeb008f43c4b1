package catchup

import (
	"context"
	"errors"
	"slices"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// together is the shared chat session of a channel; it has no ID if there is none.
type together struct {
	ID           string   `json:"id"`
	Host         string   `json:"host"`
	Participants []string `json:"participants"`
}

func updateTogether(s *together, p eventsub.Payload) {
	switch e := p.(type) {
	case *eventsub.ChannelSharedChatBegin:
		*s = together{ID: e.SessionID, Host: e.HostBroadcasterUserID, Participants: participantsOf(e.Participants)}
	case *eventsub.ChannelSharedChatUpdate:
		*s = together{ID: e.SessionID, Host: e.HostBroadcasterUserID, Participants: participantsOf(e.Participants)}
	case *eventsub.ChannelSharedChatEnd:
		*s = together{}
	}
}

func participantsOf(list []eventsub.SharedChatParticipant) []string {
	ids := make([]string, len(list))
	for i, p := range list {
		ids[i] = p.BroadcasterUserID
	}
	slices.Sort(ids)
	return ids
}

func togetherNow(ctx context.Context, j *job) (together, error) {
	return shared(ctx, j, "shared chat", func() (together, error) {
		if err := j.call(); err != nil {
			return together{}, err
		}
		s, err := j.tw.Chat.GetSharedSession(ctx, helix.GetSharedChatSessionParams{BroadcasterID: j.broadcasterID})
		if errors.Is(err, helix.ErrNotFound) {
			return together{}, nil
		}
		if err != nil {
			return together{}, err
		}
		now := together{ID: s.SessionID, Host: s.HostBroadcasterID}
		for _, p := range s.Participants {
			now.Participants = append(now.Participants, p.BroadcasterID)
		}
		slices.Sort(now.Participants)
		return now, nil
	})
}

// sharedChats returns a fetch function for events that follow from two states.
func sharedChats(event func(ctx context.Context, j *job, before, now together) (eventsub.Payload, error)) func(context.Context, *job) error {
	return func(ctx context.Context, j *job) error {
		now, err := togetherNow(ctx, j)
		if err != nil {
			return err
		}
		before, known := load[together](j)
		save(j, now)
		if !known || j.first() {
			return nil
		}
		p, err := event(ctx, j, before, now)
		if err != nil || p == nil {
			return err
		}
		return j.add("Get Shared Chat Session", unknownTime, p)
	}
}

func sharedChatBegan(ctx context.Context, j *job, before, now together) (eventsub.Payload, error) {
	if now.ID == "" || now.ID == before.ID {
		return nil, nil //nolint:nilnil // nothing happened
	}
	people, list, err := j.participants(ctx, now)
	if err != nil {
		return nil, err
	}
	b, host := people[j.broadcasterID], people[now.Host]
	return &eventsub.ChannelSharedChatBegin{
		SessionID: now.ID, BroadcasterUserID: b.ID, BroadcasterUserName: b.DisplayName, BroadcasterUserLogin: b.Login,
		HostBroadcasterUserID: host.ID, HostBroadcasterUserName: host.DisplayName, HostBroadcasterUserLogin: host.Login,
		Participants: list,
	}, nil
}

func sharedChatChanged(ctx context.Context, j *job, before, now together) (eventsub.Payload, error) {
	if now.ID == "" || now.ID != before.ID || now.Host == before.Host && slices.Equal(now.Participants, before.Participants) {
		return nil, nil //nolint:nilnil // nothing happened
	}
	people, list, err := j.participants(ctx, now)
	if err != nil {
		return nil, err
	}
	b, host := people[j.broadcasterID], people[now.Host]
	return &eventsub.ChannelSharedChatUpdate{
		SessionID: now.ID, BroadcasterUserID: b.ID, BroadcasterUserName: b.DisplayName, BroadcasterUserLogin: b.Login,
		HostBroadcasterUserID: host.ID, HostBroadcasterUserName: host.DisplayName, HostBroadcasterUserLogin: host.Login,
		Participants: list,
	}, nil
}

func sharedChatEnded(ctx context.Context, j *job, before, now together) (eventsub.Payload, error) {
	if before.ID == "" || now.ID == before.ID {
		return nil, nil //nolint:nilnil // nothing happened
	}
	people, _, err := j.participants(ctx, before)
	if err != nil {
		return nil, err
	}
	b, host := people[j.broadcasterID], people[before.Host]
	return &eventsub.ChannelSharedChatEnd{
		SessionID: before.ID, BroadcasterUserID: b.ID, BroadcasterUserName: b.DisplayName, BroadcasterUserLogin: b.Login,
		HostBroadcasterUserID: host.ID, HostBroadcasterUserName: host.DisplayName, HostBroadcasterUserLogin: host.Login,
	}, nil
}

// participants returns the users of a session.
func (j *job) participants(ctx context.Context, s together) (map[string]helix.User, []eventsub.SharedChatParticipant, error) {
	ids := slices.Compact(slices.Sorted(slices.Values(append([]string{j.broadcasterID, s.Host}, s.Participants...))))
	people, err := j.people(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	list := make([]eventsub.SharedChatParticipant, 0, len(s.Participants))
	for _, id := range s.Participants {
		u := people[id]
		list = append(list, eventsub.SharedChatParticipant{BroadcasterUserID: u.ID, BroadcasterUserName: u.DisplayName, BroadcasterUserLogin: u.Login})
	}
	return people, list, nil
}
