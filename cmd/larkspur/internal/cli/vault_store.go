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

// The Manager uses Locker and Updater only where a store has them.
var (
	_ oauth.Locker  = (*vault)(nil)
	_ oauth.Updater = (*vault)(nil)
)

// opens returns an error if our key does not open the stored tokens: another process
// changed the key while we run, and could not open what we would encrypt.
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

// do calls use with the store. If the tokens were plain and another process encrypted
// them while we run, do opens them again, with a key that we were given.
func (v *vault) do(ctx context.Context, use func(backend) error) error {
	store, plain := v.get()
	err := use(store)
	if err == nil || !plain || errors.Is(err, oauth.ErrNoToken) || ctx.Err() != nil {
		return err
	}
	if again := v.open(ctx); again != nil {
		if _, ok := errors.AsType[usageError](again); ok {
			return again // says which key is missing
		}
		return err
	}
	store, plain = v.get()
	if plain {
		return err
	}
	return use(store)
}
