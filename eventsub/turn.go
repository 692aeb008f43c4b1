package eventsub

import "sync"

// A turn is a lock that may be held during requests. The zero value is unlocked. A
// goroutine that waits for it counts as blocked in a synctest bubble, where one that waits
// for a sync.Mutex would stop the time that the holder waits for.
type turn struct {
	once sync.Once
	held chan struct{}
}

func (t *turn) slot() chan struct{} {
	t.once.Do(func() { t.held = make(chan struct{}, 1) })
	return t.held
}

// Lock waits until the turn is free, and takes it.
func (t *turn) Lock() { t.slot() <- struct{}{} }

// Unlock frees the turn, which the caller holds.
func (t *turn) Unlock() { <-t.slot() }

// TryLock takes the turn if it is free, and reports whether it was.
func (t *turn) TryLock() bool {
	select {
	case t.slot() <- struct{}{}:
		return true
	default:
		return false
	}
}
