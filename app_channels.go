package larkspur

import (
	"maps"
	"slices"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// Add adds the channels of users, by user id. Those that are channels already are tried
// again at once where Twitch refused or revoked a subscription. Add does not wait for
// Twitch. It may be called before and while Run runs.
//
// Users with a login in the store need not be added: Run adds them, also those that
// another process has stored.
func (a *App) Add(userIDs ...string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	var fresh []string
	for _, id := range userIDs {
		if id != "" && !a.channels[id] {
			a.channels[id] = true
			fresh = append(fresh, id)
		}
	}
	if a.fail == nil {
		return // Run wants them
	}
	_ = a.wantLocked(userIDs) // Run has logged it
	for _, id := range fresh {
		a.tellLocked(change{userID: id})
	}
}

// Remove removes the channels of users: their subscriptions are deleted soon after.
// Logins stay in the store, so the next Run adds the channels again: use
// [oauth.Manager.Logout] as well to part with a user for good. A user who logs in again
// is added again. Remove does not wait.
func (a *App) Remove(userIDs ...string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, id := range userIDs {
		a.removeLocked(id)
	}
}

// Channels returns the user ids of the channels, sorted.
func (a *App) Channels() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Sorted(maps.Keys(a.channels))
}

// WantHandled makes the App want conditions for each type of event that has a handler: for
// each channel one, with the ids of the channel and the bot filled in, and one for a type
// that is about the application itself. Run calls it once, after Setup. A program that
// registers or removes handlers while Run runs calls it again: a type whose handlers were
// removed is no longer wanted.
//
// A type of which the program wants conditions itself, with Want of the transport, is left
// to the program. The error names the types that have a handler but no condition, because
// it needs an id that an App does not know; Run logs it and receives the other events.
//
// WantHandled does not wait for Twitch; Ready does.
func (a *App) WantHandled() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.wantLocked(slices.Sorted(maps.Keys(a.channels)))
}

// wantLocked wants the conditions of channels, and those of the application. The caller
// holds mu.
func (a *App) wantLocked(userIDs []string) error {
	chosen := a.handled.chosen(a.events.Wanted())
	_, _, _ = a.handled.derive(everywhere, eventsub.Own{ClientID: a.clientID}, chosen) // errors of channels' types
	var err error
	for _, id := range userIDs {
		_, drop, failed := a.handled.derive(id, eventsub.Own{BroadcasterID: id, UserID: a.botID, ClientID: a.clientID}, chosen)
		a.events.Unwant(drop...)
		if err == nil {
			err = failed // the same for all
		}
	}
	for _, id := range append([]string{everywhere}, userIDs...) {
		a.events.Want(slices.Collect(maps.Values(a.handled.channels[id]))...)
	}
	return err
}

// removeLocked forgets a channel, and reports whether there was one. The caller holds mu.
func (a *App) removeLocked(userID string) bool {
	if !a.channels[userID] {
		return false
	}
	delete(a.channels, userID)
	a.left[userID] = true
	a.events.Unwant(a.handled.remove(userID)...)
	return true
}

// results returns the results of a channel's conditions.
func (a *App) results(userID string) []eventsub.Result {
	all := a.events.Results()
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.DeleteFunc(all, func(r eventsub.Result) bool {
		return a.handled.channels[userID][keyOf(r.Condition)] == nil
	})
}
