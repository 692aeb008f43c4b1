package catchup

import (
	"encoding/json"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// unknownState is the reason of a type that is recovered by comparing, if there is
// nothing to compare with.
const unknownState = "how it was before is not known"

// load decodes the state before the loss. It returns false, and records that the result
// is not complete, if there is none.
func load[T any](j *job) (state T, ok bool) {
	if j.m.State == nil || json.Unmarshal(j.m.State, &state) != nil {
		if !j.first() {
			j.incomplete(unknownState)
		}
		return state, false
	}
	return state, true
}

// save encodes the state after the loss.
func save[T any](j *job, state T) { j.state = encode(state) }

func encode[T any](state T) []byte {
	b, err := json.Marshal(state)
	if err != nil { // cannot happen: states are plain data
		return nil
	}
	return b
}

// updating returns an update function that calls change for each event.
func updating[T any](change func(state *T, p eventsub.Payload)) func([]byte, eventsub.Condition, []eventsub.Notification) []byte {
	return func(b []byte, _ eventsub.Condition, events []eventsub.Notification) []byte {
		var state T
		if json.Unmarshal(b, &state) != nil {
			return b
		}
		for _, n := range events {
			if p, err := n.Payload(); err == nil {
				change(&state, p)
			}
		}
		return encode(state)
	}
}
