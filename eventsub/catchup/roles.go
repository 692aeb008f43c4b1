package catchup

import (
	"context"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// holders are the ids of users who have a role.
type holders map[string]bool

// A holder is a user who has a role now.
type holder struct{ ID, Login, Name string }

func moderators(ctx context.Context, j *job) ([]holder, error) {
	return shared(ctx, j, "moderators", func() ([]holder, error) {
		list, err := all(j, func(after string) (*helix.Page[helix.ChannelModerator], error) {
			return j.tw.Moderation.GetModerators(ctx, helix.GetModeratorsParams{BroadcasterID: j.broadcasterID, First: 100, After: after})
		})
		return holdersOf(list, func(m helix.ChannelModerator) holder { return holder{m.UserID, m.UserLogin, m.UserName} }), err
	})
}

func vips(ctx context.Context, j *job) ([]holder, error) {
	return shared(ctx, j, "vips", func() ([]holder, error) {
		list, err := all(j, func(after string) (*helix.Page[helix.ChannelVIP], error) {
			return j.tw.Moderation.GetVIPs(ctx, helix.GetVIPsParams{BroadcasterID: j.broadcasterID, First: 100, After: after})
		})
		return holdersOf(list, func(v helix.ChannelVIP) holder { return holder{v.UserID, v.UserLogin, v.UserName} }), err
	})
}

func holdersOf[T any](list []T, convert func(T) holder) []holder {
	users := make([]holder, len(list))
	for i, item := range list {
		users[i] = convert(item)
	}
	return users
}

// rolesAdded finds the users who have a role now and had not before.
func rolesAdded(source string, list func(ctx context.Context, j *job) ([]holder, error), event func(h holder, b helix.User) eventsub.Payload) func(context.Context, *job) error {
	return func(ctx context.Context, j *job) error {
		now, err := list(ctx, j)
		if err != nil {
			return err
		}
		before, known := load[holders](j)
		save(j, idsOf(now))
		if !known || j.first() {
			return nil
		}
		for _, h := range now {
			if before[h.ID] {
				continue
			}
			b, err := j.broadcaster(ctx)
			if err != nil {
				return err
			}
			if err := j.add(source, unknownTime, event(h, b)); err != nil {
				return err
			}
		}
		return nil
	}
}

// rolesRemoved finds the users who had a role before and have it no longer.
func rolesRemoved(source string, list func(ctx context.Context, j *job) ([]holder, error), event func(h holder, b helix.User) eventsub.Payload) func(context.Context, *job) error {
	return func(ctx context.Context, j *job) error {
		now, err := list(ctx, j)
		if err != nil {
			return err
		}
		before, known := load[holders](j)
		save(j, idsOf(now))
		if !known || j.first() {
			return nil
		}
		for _, h := range now {
			delete(before, h.ID)
		}
		return gone(ctx, j, source, before, func(u, b helix.User, _ bool) eventsub.Payload {
			return event(holder{u.ID, u.Login, u.DisplayName}, b)
		})
	}
}

func idsOf(users []holder) holders {
	ids := make(holders, len(users))
	for _, h := range users {
		ids[h.ID] = true
	}
	return ids
}

func updateModerators(state *holders, p eventsub.Payload) {
	switch e := p.(type) {
	case *eventsub.ChannelModeratorAdd:
		(*state)[e.UserID] = true
	case *eventsub.ChannelModeratorRemove:
		delete(*state, e.UserID)
	}
}

func updateVIPs(state *holders, p eventsub.Payload) {
	switch e := p.(type) {
	case *eventsub.ChannelVIPAdd:
		(*state)[e.UserID] = true
	case *eventsub.ChannelVIPRemove:
		delete(*state, e.UserID)
	}
}

func moderatorAdded(h holder, b helix.User) eventsub.Payload {
	return &eventsub.ChannelModeratorAdd{
		BroadcasterUserID: b.ID, BroadcasterUserLogin: b.Login, BroadcasterUserName: b.DisplayName,
		UserID: h.ID, UserLogin: h.Login, UserName: h.Name,
	}
}

func moderatorRemoved(h holder, b helix.User) eventsub.Payload {
	return &eventsub.ChannelModeratorRemove{
		BroadcasterUserID: b.ID, BroadcasterUserLogin: b.Login, BroadcasterUserName: b.DisplayName,
		UserID: h.ID, UserLogin: h.Login, UserName: h.Name,
	}
}

func vipAdded(h holder, b helix.User) eventsub.Payload {
	return &eventsub.ChannelVIPAdd{
		BroadcasterUserID: b.ID, BroadcasterUserLogin: b.Login, BroadcasterUserName: b.DisplayName,
		UserID: h.ID, UserLogin: h.Login, UserName: h.Name,
	}
}

func vipRemoved(h holder, b helix.User) eventsub.Payload {
	return &eventsub.ChannelVIPRemove{
		BroadcasterUserID: b.ID, BroadcasterUserLogin: b.Login, BroadcasterUserName: b.DisplayName,
		UserID: h.ID, UserLogin: h.Login, UserName: h.Name,
	}
}
