package push

import (
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// An event is what a fact means in EventSub.
//
// Payloads are written here from Twitch's documentation rather than with the
// types of package eventsub: a mistake in those would otherwise be in both the
// emulator and the client, and no test would see it. The tests compare the two.
type event struct {
	kind    eventsub.Type
	keys    keys
	payload func() any
	copied  func(to broadcaster) event // for a channel that shares the chat; nil: it stays here
}

// keys are the fields that a condition is compared with. A condition's other
// fields say whose permission is used, not what is wanted.
type keys map[string]string

func (e event) matches(condition map[string]string) bool {
	for name, value := range condition {
		if is, known := e.keys[name]; known && value != "" && value != is {
			return false
		}
	}
	return true
}

// inChannel makes an event that belongs to a broadcaster. In line, its map would be
// written out at each of its many callers.
//
//go:noinline
func inChannel(name, version string, b broadcaster, payload func() any) event {
	return event{kind: eventsub.Type{Name: name, Version: version}, keys: keys{"broadcaster_user_id": b.ID}, payload: payload}
}

// The triples that payloads are made of.
type (
	broadcaster struct {
		ID    string `json:"broadcaster_user_id"`
		Login string `json:"broadcaster_user_login"`
		Name  string `json:"broadcaster_user_name"`
	}
	user struct {
		ID    string `json:"user_id"`
		Login string `json:"user_login"`
		Name  string `json:"user_name"`
	}
	maybeUser struct { // null when anonymous
		ID    *string `json:"user_id"`
		Login *string `json:"user_login"`
		Name  *string `json:"user_name"`
	}
	moderator struct {
		ID    string `json:"moderator_user_id"`
		Login string `json:"moderator_user_login"`
		Name  string `json:"moderator_user_name"`
	}
	target struct {
		ID    string `json:"target_user_id"`
		Login string `json:"target_user_login"`
		Name  string `json:"target_user_name"`
	}
	chatter struct {
		ID    string `json:"chatter_user_id"`
		Login string `json:"chatter_user_login"`
		Name  string `json:"chatter_user_name"`
	}
	fromBroadcaster struct {
		ID    string `json:"from_broadcaster_user_id"`
		Login string `json:"from_broadcaster_user_login"`
		Name  string `json:"from_broadcaster_user_name"`
	}
	toBroadcaster struct {
		ID    string `json:"to_broadcaster_user_id"`
		Login string `json:"to_broadcaster_user_login"`
		Name  string `json:"to_broadcaster_user_name"`
	}
	// noSource are the fields that shared chat fills in, otherwise null.
	noSource struct {
		ID    *string `json:"source_broadcaster_user_id"`
		Login *string `json:"source_broadcaster_user_login"`
		Name  *string `json:"source_broadcaster_user_name"`
	}
)

func sourceOf(b broadcaster) noSource { return noSource{new(b.ID), new(b.Login), new(b.Name)} }

func asBroadcaster(u world.User) broadcaster { return broadcaster{u.ID, u.Login, u.DisplayName} }
func asUser(u world.User) user               { return user{u.ID, u.Login, u.DisplayName} }
func asModerator(u world.User) moderator     { return moderator{u.ID, u.Login, u.DisplayName} }
func asTarget(u world.User) target           { return target{u.ID, u.Login, u.DisplayName} }
func asChatter(u world.User) chatter         { return chatter{u.ID, u.Login, u.DisplayName} }

func asMaybeUser(u world.User) maybeUser {
	if u.IsZero() {
		return maybeUser{}
	}
	return maybeUser{&u.ID, &u.Login, &u.DisplayName}
}

// orNull is nil for a zero value.
func orNull[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}
