package skill

import (
	"maps"
	"sync"
	"sync/atomic"

	"github.com/larkspur-dev/larkspur/chat"
)

// A ruleState is what an engine remembers of a rule. Engines of several channels may share
// a [Set], so it does not belong to the rule.
type ruleState struct {
	cooldown  *cooldown
	serial    *serial      // of a script's function, with an [Executor]
	fired     atomic.Int64 // runs by timers
	ranAt     atomic.Int64 // lines of chat when it last ran
	lineTimer atomic.Int64 // lines of chat when its after-lines timer last fired

	mu   sync.Mutex
	bags map[*picker]*bag // guarded by mu; what is left of choose and rotate
}

// newStates returns a fresh state for each rule.
func newStates(rules []*rule, x Executor) map[*rule]*ruleState {
	states := make(map[*rule]*ruleState, len(rules))
	for _, r := range rules {
		st := &ruleState{cooldown: r.cooldown.start()}
		if x != nil && r.script != nil {
			st.serial = &serial{submit: x.Submit}
		}
		states[r] = st
	}
	return states
}

// maxChatters bounds how many chatters an engine knows.
const maxChatters = 200_000

// firsts knows which chatters have written: since the engine began, and in this stream.
type firsts struct {
	mu     sync.Mutex
	stream int            // counts streams; guarded by mu
	last   map[string]int // the stream in which a chatter last wrote, by id; guarded by mu
}

// first says in what a message is the first of its author.
type first struct {
	ever   bool // since the engine began
	stream bool // in this stream
}

// note takes the author of a message. When there are too many chatters, those of earlier
// streams are forgotten; when there still are, the message is the first in nothing.
func (f *firsts) note(c chat.Chatter) first {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.last == nil {
		f.last = map[string]int{}
	}
	last, known := f.last[c.ID]
	if !known && len(f.last) >= maxChatters {
		maps.DeleteFunc(f.last, func(_ string, stream int) bool { return stream != f.stream })
		if len(f.last) >= maxChatters {
			return first{}
		}
	}
	f.last[c.ID] = f.stream
	return first{!known, !known || last != f.stream}
}

// newStream begins a new stream.
func (f *firsts) newStream() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stream++
}
