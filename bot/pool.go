package bot

import (
	"context"
	"sync"
)

// A pool runs calls: those with the same key one after another, in order of arrival, and
// others at the same time, as long as there are workers.
type pool struct {
	workers chan struct{} // holds a value for each call that runs
	max     int           // calls that may wait
	perKey  int           // calls with one key that may wait

	mu      sync.Mutex
	queues  map[string][]func() // guarded by mu; the calls that wait behind a running one; a key without is absent
	waiting int                 // guarded by mu
	running sync.WaitGroup
}

func newPool(workers, queue int) *pool {
	return &pool{workers: make(chan struct{}, workers), max: queue, perKey: max(queue/64, 4), queues: map[string][]func(){}}
}

// add runs a call soon. It returns false if too many wait.
func (p *pool) add(key string, run func()) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	queue, busy := p.queues[key]
	if p.waiting >= p.max || len(queue) >= p.perKey {
		return false
	}
	p.waiting++
	if busy {
		p.queues[key] = append(queue, run)
		return true
	}
	p.queues[key] = nil
	p.running.Go(func() { p.work(key, run) })
	return true
}

// work runs a call and those behind it.
func (p *pool) work(key string, run func()) {
	for run != nil {
		p.workers <- struct{}{}
		p.mu.Lock()
		p.waiting--
		p.mu.Unlock()
		p.call(run)
		p.mu.Lock()
		if queue := p.queues[key]; len(queue) > 0 {
			run, p.queues[key] = queue[0], queue[1:]
		} else {
			run = nil
			delete(p.queues, key)
		}
		p.mu.Unlock()
	}
}

// call runs one call. If that ends the goroutine, as t.FailNow does, the worker is free.
func (p *pool) call(run func()) {
	defer func() { <-p.workers }()
	run()
}

// leave lets another call run while do waits for something that takes long.
func (p *pool) leave(do func()) {
	<-p.workers
	defer func() { p.workers <- struct{}{} }()
	do()
}

// drain returns when no call runs or waits, or when ctx ends.
func (p *pool) drain(ctx context.Context) error {
	done := make(chan struct{})
	go func() { defer close(done); p.running.Wait() }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
