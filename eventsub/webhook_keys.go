package eventsub

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/webhook"
)

// A WebhookKey belongs to one webhook subscription: the last element of its callback's
// path, and the secret with which Twitch signs its requests.
type WebhookKey struct {
	ID        string
	Secret    Secret
	CreatedAt time.Time
}

// A SecretStore keeps the keys of a [Webhook], so that its subscriptions can be used
// after a restart of the program. Its methods may be called from any goroutine. One store
// must not be used by two programs at the same time.
type SecretStore interface {
	// Keys returns all keys, in any order.
	Keys(ctx context.Context) ([]WebhookKey, error)
	// SaveKey stores a new key and returns when it is durable.
	SaveKey(ctx context.Context, key WebhookKey) error
	// DeleteKey removes the key with an id. An unknown id is not an error.
	DeleteKey(ctx context.Context, id string) error
}

// keepRetired is how long the key of a deleted subscription is still accepted: Twitch
// may repeat a message that it sent before the deletion.
const keepRetired = time.Hour

// hookKeys are the keys of a Webhook, in memory and in its store.
type hookKeys struct {
	store SecretStore // nil: in memory only

	loading turn // held while the store is read

	mu     sync.RWMutex
	loaded bool                // guarded by mu
	byID   map[string]*hookKey // guarded by mu
	bySub  map[string]*hookKey // guarded by mu; by subscription id
}

// A hookKey is a key with the state of its subscription.
type hookKey struct {
	WebhookKey

	secrets []Secret // the secret, as a Receiver needs it

	// Guarded by hookKeys.mu.
	subscription string        // its id; "" before the response to its creation
	busy         bool          // it is being created, is to replace another one, or is being replaced
	retired      time.Time     // since when Twitch does not list a subscription with it; zero: it does
	refused      bool          // a request with a wrong signature arrived
	answered     chan struct{} // closed when a challenge was confirmed
}

func newHookKeys(store SecretStore) *hookKeys {
	return &hookKeys{store: store, byID: map[string]*hookKey{}, bySub: map[string]*hookKey{}}
}

// load reads the store, unless that was done before.
func (k *hookKeys) load(ctx context.Context) error {
	if k.isLoaded() {
		return nil
	}
	k.loading.Lock()
	defer k.loading.Unlock()
	if k.isLoaded() {
		return nil
	}
	var all []WebhookKey
	if k.store != nil {
		var err error
		if all, err = k.store.Keys(ctx); err != nil {
			return fmt.Errorf("load webhook secrets: %w", err)
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.loaded = true
	for _, key := range all {
		k.add(key, false)
	}
	return nil
}

func (k *hookKeys) isLoaded() bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.loaded
}

// add adds a key. The caller holds mu.
func (k *hookKeys) add(key WebhookKey, busy bool) {
	k.byID[key.ID] = &hookKey{WebhookKey: key, secrets: []Secret{key.Secret}, busy: busy, answered: make(chan struct{})}
}

// secrets returns the secret for requests to a path.
func (k *hookKeys) secrets(ctx context.Context, path string) ([]Secret, error) {
	if err := k.load(ctx); err != nil {
		return nil, err
	}
	k.mu.RLock()
	defer k.mu.RUnlock()
	if key := k.byID[webhook.IDOf(path)]; key != nil {
		return key.secrets, nil
	}
	return nil, nil
}

// create returns a new key that is in the store. It counts as busy until created is
// called.
func (k *hookKeys) create(ctx context.Context) (WebhookKey, error) {
	key := WebhookKey{ID: webhook.NewID(), Secret: NewSecret(), CreatedAt: time.Now().UTC()}
	if k.store != nil {
		if err := k.store.SaveKey(ctx, key); err != nil {
			return WebhookKey{}, fmt.Errorf("store a webhook secret: %w", err)
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.add(key, true)
	return key, nil
}

// created records the id of the subscription that was created with a key, or "" if it
// was not.
func (k *hookKeys) created(id, subscription string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	key := k.byID[id]
	if key == nil {
		return
	}
	if key.subscription = subscription; subscription == "" {
		key.busy = false // whether it exists is known after the next list
		return
	}
	k.bySub[subscription] = key
}

// leaving records that a subscription is being replaced. It counts as busy until settled or
// removed is called.
func (k *hookKeys) leaving(subscription string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if key := k.bySub[subscription]; key != nil {
		key.busy = true
	}
}

// settled records that a subscription is in use, or not needed.
func (k *hookKeys) settled(subscription string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if key := k.bySub[subscription]; key != nil {
		key.busy = false
	}
}

// removed records that a subscription was deleted.
func (k *hookKeys) removed(subscription string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if key := k.bySub[subscription]; key != nil {
		delete(k.bySub, subscription)
		key.busy, key.retired = false, time.Now()
	}
}

// listed compares the keys with a list of subscriptions that was requested at a time,
// and deletes those that have had no subscription for long.
func (k *hookKeys) listed(ctx context.Context, byID map[string]Subscription, at time.Time) error {
	var old []string
	k.mu.Lock()
	for id, key := range k.byID {
		sub, ok := byID[id]
		switch {
		case ok:
			key.subscription, key.retired = sub.ID, time.Time{}
			k.bySub[sub.ID] = key
		case key.busy || key.CreatedAt.After(at):
		case key.retired.IsZero():
			key.retired = at
		case at.Sub(key.retired) > keepRetired:
			old = append(old, id)
			delete(k.byID, id)
			delete(k.bySub, key.subscription)
		}
	}
	k.mu.Unlock()
	for _, id := range old {
		if k.store == nil {
			break
		}
		if err := k.store.DeleteKey(ctx, id); err != nil {
			return fmt.Errorf("delete a webhook secret: %w", err)
		}
	}
	return nil
}

// A keyState is what is known about the subscription of a key.
type keyState struct {
	known, busy, refused bool
	answered             <-chan struct{}
}

// state returns the state of the key in a callback address.
func (k *hookKeys) state(callback string) keyState {
	_, id := webhook.Split(callback)
	k.mu.RLock()
	defer k.mu.RUnlock()
	key := k.byID[id]
	if key == nil {
		return keyState{}
	}
	return keyState{known: true, busy: key.busy, refused: key.refused, answered: key.answered}
}

// confirm records that a challenge is about to be answered. It returns false if the key
// is unknown or its subscription was deleted.
func (k *hookKeys) confirm(callback string) bool {
	_, id := webhook.Split(callback)
	k.mu.Lock()
	defer k.mu.Unlock()
	key := k.byID[id]
	if key == nil || !key.retired.IsZero() {
		return false
	}
	select {
	case <-key.answered:
	default:
		close(key.answered)
	}
	return true
}

// forged records that a request to a path had a wrong signature.
func (k *hookKeys) forged(path string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if key := k.byID[webhook.IDOf(path)]; key != nil {
		key.refused = true
	}
}

// idle records that no subscription is being created.
func (k *hookKeys) idle() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, key := range k.byID {
		key.busy = false
	}
}

// olderThan returns the subscriptions whose key was created before a time.
func (k *hookKeys) olderThan(at time.Time) map[string]bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	old := map[string]bool{}
	for sub, key := range k.bySub {
		if key.CreatedAt.Before(at) {
			old[sub] = true
		}
	}
	return old
}
