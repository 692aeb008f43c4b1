package larkspur

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// handled are the conditions that were derived from the handlers of a Mux, for one or
// more channels.
type handled struct {
	mux      *eventsub.Mux
	channels map[string]map[string]eventsub.Condition // by the channel's user id, then by key
	uses     map[string]int                           // number of channels that need a condition, by key
}

// everywhere stands for a channel in a set of handled conditions: it has those that are
// about the application itself.
const everywhere = ""

func newHandled(mux *eventsub.Mux) handled {
	return handled{mux: mux, channels: map[string]map[string]eventsub.Condition{}, uses: map[string]int{}}
}

// keyOf returns the same text for conditions that select the same events.
func keyOf(c eventsub.Condition) string {
	fields := c.Fields()
	var key strings.Builder
	key.WriteString(c.Type().String())
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if fields[name] != "" {
			key.WriteString(" " + name + "=" + fields[name])
		}
	}
	return key.String()
}

// chosen returns the types of which conditions are wanted that were not derived. They
// are left to the program.
func (h *handled) chosen(wanted []eventsub.Condition) map[eventsub.Type]bool {
	types := map[eventsub.Type]bool{}
	for _, c := range wanted {
		if h.uses[keyOf(c)] == 0 {
			types[c.Type()] = true
		}
	}
	return types
}

// derive derives the conditions of a channel anew, except for the types in chosen. It
// returns what has to be added to the wanted set and what has to be removed from it. The
// error names the types that have a handler but no condition.
func (h *handled) derive(channel string, own eventsub.Own, chosen map[eventsub.Type]bool) (add, drop []eventsub.Condition, err error) {
	types, _ := h.mux.Missing()
	next := map[string]eventsub.Condition{}
	var errs []error
	for _, t := range types {
		if chosen[t] {
			continue
		}
		c, err := own.Condition(t)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		key := keyOf(c)
		if channel != everywhere && h.channels[everywhere][key] != nil {
			continue
		}
		next[key] = c
		if h.channels[channel][key] == nil {
			h.uses[key]++
			add = append(add, c)
		}
	}
	for key, c := range h.channels[channel] {
		if next[key] == nil {
			drop = h.release(drop, key, c)
		}
	}
	h.channels[channel] = next
	if len(errs) > 0 {
		err = fmt.Errorf("larkspur: a handler has no subscription; want a condition of its type, or remove it: %w", errors.Join(errs...))
	}
	return add, drop, err
}

// remove forgets a channel, and returns what has to be removed from the wanted set.
func (h *handled) remove(channel string) (drop []eventsub.Condition) {
	for key, c := range h.channels[channel] {
		drop = h.release(drop, key, c)
	}
	delete(h.channels, channel)
	return drop
}

// release appends c to drop if no other channel needs it.
func (h *handled) release(drop []eventsub.Condition, key string, c eventsub.Condition) []eventsub.Condition {
	if h.uses[key]--; h.uses[key] > 0 {
		return drop
	}
	delete(h.uses, key)
	return append(drop, c)
}
