package cli

import (
	"context"
	"errors"

	"github.com/larkspur-dev/larkspur/oauth"
)

// Load implements [oauth.Store].
func (v *vault) Load(ctx context.Context, key string) (t oauth.Token, err error) {
	err = v.do(ctx, func(s backend) error {
		t, err = s.Load(ctx, key)
		return err
	})
	return t, err
}

// Save implements [oauth.Store].
func (v *vault) Save(ctx context.Context, key string, t oauth.Token) error {
	return v.do(ctx, func(s backend) error {
		if err := opens(ctx, s); err != nil {
			return err
		}
		return s.Save(ctx, key, t)
	})
}

// Update implements [oauth.Updater].
func (v *vault) Update(ctx context.Context, keys []string, change func(string, oauth.Token) (oauth.Token, bool)) error {
	return v.do(ctx, func(s backend) error {
		if err := opens(ctx, s); err != nil {
			return err
		}
		return s.Update(ctx, keys, change)
	})
}

var _ backend = (*vault)(nil) // or the Manager would do without what is missing

// opens returns an error where our key opens nothing of what is stored: it has moved
// while we run, and what we would encrypt nobody could open afterwards.
func opens(ctx context.Context, s backend) error {
	keys, err := s.List(ctx)
	if err != nil || len(keys) == 0 {
		return err
	}
	if _, err := s.Load(ctx, keys[0]); err != nil && !errors.Is(err, oauth.ErrNoToken) {
		return err
	}
	return nil
}

// Delete implements [oauth.Store].
func (v *vault) Delete(ctx context.Context, key string) error {
	return v.do(ctx, func(s backend) error { return s.Delete(ctx, key) })
}

// List implements [oauth.Store].
func (v *vault) List(ctx context.Context) (keys []string, err error) {
	err = v.do(ctx, func(s backend) error {
		keys, err = s.List(ctx)
		return err
	})
	return keys, err
}

// Lock implements [oauth.Locker].
func (v *vault) Lock(ctx context.Context, key string) (unlock func(), err error) {
	store, _ := v.get()
	return store.Lock(ctx, key)
}

// do uses the store. Where the tokens were plain and somebody has encrypted them while
// we run, they are opened anew, if the key is one that we were told of.
func (v *vault) do(ctx context.Context, use func(backend) error) error {
	store, plain := v.get()
	err := use(store)
	if err == nil || !plain || errors.Is(err, oauth.ErrNoToken) || ctx.Err() != nil {
		return err
	}
	if again := v.open(ctx); again != nil {
		if _, ok := errors.AsType[usageError](again); ok {
			return again // it is encrypted with a key that we do not have, and that says so
		}
		return err
	}
	store, plain = v.get()
	if plain {
		return err
	}
	return use(store)
}
