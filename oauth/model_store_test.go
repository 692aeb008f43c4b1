package oauth_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// A storeFault is the fault of one operation of a store.
type storeFault string

const (
	storeFine    storeFault = "fine"
	storeFails   storeFault = "fails"       // with an error
	storeUnsure  storeFault = "unsure"      // the operation succeeds but returns an error
	storeBefore  storeFault = "dies before" // the process dies before the operation
	storeAfter   storeFault = "dies after"  // the operation succeeds, then the process dies
	storeIsSlow  storeFault = "slow"        // and done
	storeIsStuck storeFault = "stuck"       // very slow
)

// A storeOp is an operation of a store.
type storeOp int

const (
	storeReads  storeOp = iota
	storeWrites         // writes data that is partly stored already
	storeKeeps          // writes a token that Twitch has just issued
)

// A storeTrouble is a fault of the next operation, or of the next one that stores a new
// token.
type storeTrouble struct {
	Fault storeFault
	Late  bool
}

func (s storeTrouble) meets(op storeOp) bool {
	switch op {
	case storeReads:
		return !s.Late && s.Fault != storeUnsure && s.Fault != storeAfter
	case storeWrites:
		return !s.Late
	default:
		return true
	}
}

var errModelStore = errors.New("the disk is full")

// trouble takes the fault of p's next operation and carries out the part of it that comes
// before the operation. It returns whether to do the operation, and its error.
func (p *modelProcess) trouble(ctx context.Context, op storeOp) (done bool, fault storeFault, err error) {
	if p.dead() {
		return false, storeFine, errModelDead
	}
	p.w.mu.Lock()
	fault = storeFine
	if len(p.troubles) > 0 && p.troubles[0].meets(op) {
		fault, p.troubles = p.troubles[0].Fault, p.troubles[1:]
	}
	p.w.mu.Unlock()
	switch fault {
	case storeFails:
		p.refusing(op)
		return false, fault, errModelStore
	case storeBefore:
		p.crash()
		return false, fault, errModelDead
	case storeIsSlow, storeIsStuck:
		slow := 2 * time.Second
		if fault == storeIsStuck {
			slow = 31 * time.Second
		}
		p.w.disk.slow(1)
		defer p.w.disk.slow(-1)
		select {
		case <-time.After(slow):
		case <-p.died:
			return false, fault, errModelDead
		case <-ctx.Done():
			p.refusing(op)
			return false, fault, ctx.Err()
		}
	default: // it is done
	}
	return true, fault, nil
}

// refusing records that p's store did not store something.
func (p *modelProcess) refusing(op storeOp) {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	p.refused = p.refused || op != storeReads
}

// after carries out the part of a fault that comes after the operation.
func (p *modelProcess) after(fault storeFault) error {
	switch fault {
	case storeUnsure:
		p.refusing(storeWrites)
		return errModelStore
	case storeAfter:
		p.crash()
		return errModelDead
	default:
		return nil
	}
}

func (p *modelProcess) Load(ctx context.Context, key string) (oauth.Token, error) {
	if done, _, err := p.trouble(ctx, storeReads); !done {
		return oauth.Token{}, err
	}
	t, ok := p.w.disk.get(key)
	if !ok {
		return t, fmt.Errorf("%w for %s", oauth.ErrNoToken, key)
	}
	return t, nil
}

func (p *modelProcess) Save(ctx context.Context, key string, t oauth.Token) error {
	op := storeWrites
	if !p.w.disk.hasHeld(string(t.AccessToken)) {
		op = storeKeeps
	}
	done, fault, err := p.trouble(ctx, op)
	if !done {
		return err
	}
	p.w.disk.writing.Lock()
	defer p.w.disk.writing.Unlock()
	p.w.saving(callOf(ctx), key, t)
	p.w.disk.storeToken(callOf(ctx).kind, key, t)
	return p.after(fault)
}

func (p *modelProcess) Delete(ctx context.Context, key string) error {
	done, fault, err := p.trouble(ctx, storeWrites)
	if !done {
		return err
	}
	p.w.deleting(callOf(ctx), key)
	p.w.disk.mu.Lock()
	delete(p.w.disk.tokens, key)
	p.w.disk.mu.Unlock()
	return p.after(fault)
}

func (p *modelProcess) List(ctx context.Context) ([]string, error) {
	if done, _, err := p.trouble(ctx, storeReads); !done {
		return nil, err
	}
	p.w.disk.mu.Lock()
	defer p.w.disk.mu.Unlock()
	return slices.Sorted(maps.Keys(p.w.disk.tokens)), nil
}

// Lock polls, as the locks of files do.
func (p *modelProcess) Lock(ctx context.Context, key string) (func(), error) {
	for {
		if p.dead() {
			return nil, errModelDead
		}
		if p.take(key) {
			return func() { p.give(key) }, nil
		}
		select {
		case <-time.After(10*time.Millisecond + time.Duration(p.n)*7*time.Microsecond):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (p *modelProcess) take(key string) bool {
	d := p.w.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	if holder := d.holders[key]; holder != nil && !holder.dead() {
		return false
	}
	d.holders[key] = p
	return true
}

func (p *modelProcess) give(key string) {
	d := p.w.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.holders[key] == p {
		delete(d.holders, key)
	}
}

// modelUpdater is the store of a process that can change many tokens in one write.
type modelUpdater struct{ *modelProcess }

func (p modelUpdater) Update(ctx context.Context, keys []string, change func(string, oauth.Token) (oauth.Token, bool)) error {
	done, fault, err := p.trouble(ctx, storeWrites)
	if !done {
		return err
	}
	p.w.disk.writing.Lock()
	defer p.w.disk.writing.Unlock()
	for _, key := range keys {
		if t, ok := p.w.disk.get(key); ok {
			if t, changed := change(key, t); changed {
				p.w.saving(callOf(ctx), key, t)
				p.w.disk.storeToken(callOf(ctx).kind, key, t)
			}
		}
	}
	return p.after(fault)
}
