package world

import (
	"runtime"
	"slices"
	"time"
)

// A task is a change at a later time.
type task struct {
	at time.Time
	do func(c *change)
}

// later changes the world after some time. Changes at that moment or after it find it
// already made.
func (w *World) later(d time.Duration, do func(c *change)) {
	t := task{time.Now().UTC().Add(d), do}
	i, _ := slices.BinarySearchFunc(w.tasks, t, func(a, b task) int {
		if a.at.After(b.at) {
			return 1
		}
		return -1 // after those of the same time
	})
	w.tasks = slices.Insert(w.tasks, i, t)
	time.AfterFunc(d, func() { w.begin().end() })
}

// settle runs the tasks that are due, or waits for the goroutine that is about to. A
// subscriber that reads the world need not call it, and cannot: the change that is being
// delivered has done it.
func (w *World) settle() {
	for w.due() && !w.delivering.Load() {
		if w.order.TryLock() {
			w.mu.Lock()
			w.change().end()
			return
		}
		runtime.Gosched() // a change begins or ends at this moment
	}
}

// due reports whether a task is due.
func (w *World) due() bool {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return len(w.tasks) > 0 && !w.tasks[0].at.After(time.Now())
}

// doDue runs the tasks that are due, each at its time. The caller holds both locks.
func (c *change) doDue() {
	now := c.now
	for len(c.w.tasks) > 0 && !c.w.tasks[0].at.After(now) {
		t := c.w.tasks[0]
		c.w.tasks = c.w.tasks[1:]
		c.now = t.at
		t.do(c)
	}
	c.now = now
}
