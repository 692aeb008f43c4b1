package push

import "sync"

// letters are the messages that wait for one callback. Adding never blocks.
type letters struct {
	mu      sync.Mutex
	waiting []letter      // guarded by mu
	room    chan struct{} // guarded by mu: closed when a letter was taken; nil while nobody waits for that

	ready chan struct{} // holds a token while there may be something to take
}

func newLetters() *letters { return &letters{ready: make(chan struct{}, 1)} }

// add appends a letter. If the queue is full, it returns a channel that is closed when a
// letter was taken.
func (q *letters) add(l letter) (full <-chan struct{}) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) >= maxLetters {
		if q.room == nil {
			q.room = make(chan struct{})
		}
		return q.room
	}
	q.waiting = append(q.waiting, l)
	select {
	case q.ready <- struct{}{}:
	default:
	}
	return nil
}

// take removes the oldest letter. It reports false if there is none.
func (q *letters) take() (letter, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) == 0 {
		return letter{}, false
	}
	l := q.waiting[0]
	q.waiting[0] = letter{}
	q.waiting = q.waiting[1:]
	if q.room != nil {
		close(q.room)
		q.room = nil
	}
	return l, true
}
