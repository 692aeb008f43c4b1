package bot

import (
	"context"
	"sync"
)

// A pool runs calls: those with the same key one after another, in order of arrival, and
// others at the same time, as long as there are workers. A worker is a goroutine that ends
// when no call is ready.
type pool struct {
	run     func(c *Call)
	workers int // calls that may run at the same time
	max     int // calls that may wait
	perKey  int // calls with one key that may wait

	mu      sync.Mutex
	queues  map[callKey][]*Call // guarded by mu; the calls that wait behind one that runs or is ready; a key without is absent
	ready   []readyCall         // guarded by mu; they wait for a worker; empty unless all are busy
	busy    int                 // guarded by mu; workers that run a call
	waiting int                 // guarded by mu; calls in queues and ready that have not run yet
	calls   int                 // guarded by mu; calls that run or wait
	idle    chan struct{}       // guarded by mu; closed when there are none; nil: no goroutine waits for that
}

// A callKey says which calls run one after another.
type callKey struct {
	broadcasterID, chatterID string
	serial                   uint64
}

// A readyCall is one that waits for a worker, or a running one that waits to go on.
type readyCall struct {
	call *Call
	goOn chan struct{} // nil for the former
}

func newPool(workers, queue int, run func(c *Call)) *pool {
	return &pool{run: run, workers: workers, max: queue, perKey: max(queue/64, 4), queues: map[callKey][]*Call{}}
}

// add runs a call soon. It returns false if too many wait.
func (p *pool) add(c *Call) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	queue, taken := p.queues[c.key]
	if p.waiting >= p.max || len(queue) >= p.perKey {
		return false
	}
	p.calls++
	switch {
	case taken:
		p.waiting++
		p.queues[c.key] = append(queue, c)
		return true
	case p.busy < p.workers:
		p.busy++
		go p.work(c)
	default:
		p.waiting++
		p.ready = append(p.ready, readyCall{call: c})
	}
	p.queues[c.key] = nil
	return true
}

// work runs a call, and others that are ready then.
func (p *pool) work(c *Call) {
	for c != nil {
		c = p.one(c)
	}
}

// one runs a call and returns the next one, nil if the worker ends. If the call ends the
// goroutine, as t.FailNow does, another one goes on.
func (p *pool) one(c *Call) (next *Call) {
	returned := false
	defer func() {
		n := p.finish(c)
		if returned {
			next = n
		} else if n != nil {
			go p.work(n)
		}
	}()
	p.run(c)
	returned = true
	return nil
}

// finish makes the call behind c ready, and returns the next one.
func (p *pool) finish(c *Call) *Call {
	p.mu.Lock()
	defer p.mu.Unlock()
	if queue := p.queues[c.key]; len(queue) > 0 {
		p.ready = append(p.ready, readyCall{call: queue[0]})
		queue[0] = nil
		p.queues[c.key] = queue[1:]
	} else {
		delete(p.queues, c.key)
	}
	next := p.next()
	if p.calls--; p.calls == 0 && p.idle != nil {
		close(p.idle)
		p.idle = nil
	}
	return next
}

// next gives the place of a worker to the first that is ready, and returns it if it has
// not run yet. The caller holds mu.
func (p *pool) next() *Call {
	if len(p.ready) == 0 {
		p.busy--
		return nil
	}
	first := p.ready[0]
	p.ready[0] = readyCall{}
	p.ready = p.ready[1:]
	if first.goOn != nil {
		close(first.goOn)
		return nil
	}
	p.waiting--
	return first.call
}

// leave lets another call run while do waits for something that takes long.
func (p *pool) leave(do func()) {
	p.mu.Lock()
	if c := p.next(); c != nil {
		go p.work(c)
	}
	p.mu.Unlock()
	defer p.enter()
	do()
}

// enter waits until the call may go on.
func (p *pool) enter() {
	p.mu.Lock()
	if p.busy < p.workers {
		p.busy++
		p.mu.Unlock()
		return
	}
	goOn := make(chan struct{})
	p.ready = append(p.ready, readyCall{goOn: goOn})
	p.mu.Unlock()
	<-goOn
}

// drain returns when no call runs or waits, or when ctx ends. Calls may arrive meanwhile.
func (p *pool) drain(ctx context.Context) error {
	p.mu.Lock()
	if p.calls == 0 {
		p.mu.Unlock()
		return nil
	}
	if p.idle == nil {
		p.idle = make(chan struct{})
	}
	idle := p.idle
	p.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
