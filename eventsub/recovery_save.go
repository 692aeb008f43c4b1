package eventsub

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"
)

const (
	// saveEvery is how long a changed watermark waits before it is stored.
	saveEvery = time.Second
	// idleEvery is how often the watermark of a condition without events is stored.
	idleEvery = 30 * time.Second
	// saveTimeout bounds the last call of the store.
	saveTimeout = 5 * time.Second
	// keepMarks is how long the watermark of a condition is kept that is not wanted.
	keepMarks = 30 * 24 * time.Hour
)

var (
	// errProgramDown is the reason of a gap from the end of a run to the next.
	errProgramDown = errors.New("the program was not running")
	// errSubscriptionEnded is the reason of a gap from a revocation until the condition
	// is subscribed again.
	errSubscriptionEnded = errors.New("the subscription was revoked")
)

// load reads the stored watermarks. It must be called before run.
func (r *recovery) load(ctx context.Context) {
	if r == nil {
		return
	}
	stored := map[string]Watermark{}
	if r.store != nil {
		var err error
		if stored, err = r.store.Watermarks(ctx); err != nil {
			r.logger.ErrorContext(ctx, "watermarks not read: events missed before this start are not reported", "error", err)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running = true
	for key, w := range stored {
		switch {
		case r.marks[key] != nil: // of an earlier run of this session
		case w.At.IsZero() || time.Since(w.At) > keepMarks:
			r.removed[key] = true
		default:
			m := &mark{key: key, at: w.At, losses: []loss{{from: w.At, reason: errProgramDown}}}
			m.recent, m.state = decodeState(w.State)
			m.freeze()
			r.marks[key] = m
		}
	}
}

// stop ends all lines.
func (r *recovery) stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running = false
	for _, m := range r.marks {
		r.lose(m, errProgramDown)
		m.announced = false
		for i := range m.losses {
			m.losses[i].bound = false
		}
		if len(m.losses) > 1 { // the next run works off all at once
			m.losses = m.losses[:1]
		}
	}
	r.tasks, r.fresh = nil, nil
}

// save updates the states of the conditions that have had events, and stores the
// watermarks that have changed.
func (r *recovery) save(ctx context.Context) {
	r.saving.Lock()
	defer r.saving.Unlock()
	r.mu.Lock()
	batch := map[string]Watermark{}
	for key := range r.removed {
		batch[key] = Watermark{}
	}
	dirty := r.dirty
	r.removed, r.dirty = map[string]bool{}, map[*mark]bool{}
	r.mu.Unlock()

	for m := range dirty {
		if w, ok := r.current(m); ok {
			batch[m.key] = w
		}
	}
	if len(batch) == 0 || r.store == nil {
		return
	}
	if err := r.store.SetWatermarks(ctx, batch); err != nil {
		r.logger.WarnContext(ctx, "watermarks not stored", "error", err)
		r.mu.Lock()
		defer r.mu.Unlock()
		for key, w := range batch {
			if w.At.IsZero() && r.marks[key] == nil {
				r.removed[key] = true
			} else if m := r.marks[key]; m != nil {
				r.dirty[m] = true
			}
		}
	}
}

// current returns what is to be stored of a mark.
func (r *recovery) current(m *mark) (w Watermark, ok bool) {
	r.mu.Lock()
	frozen := m.frozen != nil
	r.mu.Unlock()
	// Also a frozen mark is folded: it can stay frozen for ever, while the events of its
	// broadcaster go on.
	if !r.fold(m) && !frozen {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.dirty[m] = true
		return Watermark{}, false
	}
	r.mu.Lock()
	now := m.frozen
	if frozen = now != nil; !frozen {
		now = m.snapshot()
	}
	target, forgotten := m.target, m.forgotten
	at, state, events, recent := now.at, now.state, slices.Clone(now.events), slices.Clone(now.recent)
	r.mu.Unlock()
	if forgotten {
		return Watermark{}, false
	}
	state = r.update(target, state, events)
	if frozen && len(events) > 0 {
		r.mu.Lock()
		now.state, now.events = state, now.events[len(events):]
		r.mu.Unlock()
	}
	return Watermark{At: at, State: encodeState(recent, state)}, true
}

// saveLast stores the watermarks after the end of run.
func (r *recovery) saveLast() {
	ctx, cancel := context.WithTimeout(context.Background(), saveTimeout)
	defer cancel()
	r.save(ctx)
}

// fold applies the collected events to the state of a mark. It returns false if the
// state is being fetched.
func (r *recovery) fold(m *mark) bool {
	if !m.turn.TryLock() {
		return false
	}
	defer m.turn.Unlock()
	r.foldHeld(m)
	return true
}

// foldHeld is fold for a caller that holds m.turn.
func (r *recovery) foldHeld(m *mark) {
	r.mu.Lock()
	target, state, events := m.target, m.state, m.events
	m.events = nil
	r.mu.Unlock()
	if len(events) == 0 {
		return
	}
	state = r.update(target, state, events)
	r.mu.Lock()
	m.state = state
	r.mu.Unlock()
}

// update returns a state after events.
func (r *recovery) update(t *target, state []byte, events []Notification) []byte {
	if r.recoverer == nil || state == nil || len(events) == 0 || t == nil {
		return state
	}
	return r.recoverer.Update(t.condition, state, events)
}

// encodeState returns the State of a [Watermark]: the facts as a line of JSON, and the
// recoverer's state.
func encodeState(recent []fact, state []byte) []byte {
	if len(recent) == 0 && state == nil {
		return nil
	}
	text, err := json.Marshal(recent)
	if err != nil { // cannot happen
		text = []byte("[]")
	}
	if state == nil {
		return text
	}
	return append(append(text, '\n'), state...)
}

// decodeState returns nothing if b was not written by encodeState.
func decodeState(b []byte) (recent []fact, state []byte) {
	text, state, found := bytes.Cut(b, []byte("\n"))
	if err := json.Unmarshal(text, &recent); err != nil {
		return nil, nil
	}
	if !found {
		state = nil
	}
	return recent, state
}
