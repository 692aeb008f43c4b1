package oauth

import "context"

// AppKey is the key of the app token in a [Store]; users' keys are their IDs.
const AppKey = "app"

// A Store keeps tokens. [MemoryStore] and [FileStore] are two; others keep what
// [EncodeToken] returns.
type Store interface {
	// Load returns the token under key, or [ErrNoToken].
	Load(ctx context.Context, key string) (Token, error)
	// Save keeps t under key. When it returns nil, t survives a power cut, as far
	// as the store survives one.
	Save(ctx context.Context, key string, t Token) error
	// Delete removes key. It is not an error if there is none.
	Delete(ctx context.Context, key string) error
	// List returns all keys, sorted.
	List(ctx context.Context) ([]string, error)
}

// A Locker is a [Store] that several processes share. A [Manager] holds the lock of
// a key while it renews the token under it.
type Locker interface {
	// Lock waits for the exclusive lock of key, in all processes, and returns the
	// function that releases it. The lock of a process that died is free.
	Lock(ctx context.Context, key string) (unlock func(), err error)
}

// An Updater is a [Store] that changes many tokens in one write. A [Manager] uses it to
// note that thousands of them are still good.
type Updater interface {
	// Update calls change with the token under each of keys that exists, and stores
	// the tokens that change returns with true. No other write happens meanwhile.
	Update(ctx context.Context, keys []string, change func(key string, t Token) (Token, bool)) error
}
