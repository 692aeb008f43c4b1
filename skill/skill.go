package skill

import (
	"slices"

	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// A ConfigError is one mistake in a configuration, printed like a compiler error. [Parse]
// returns all mistakes as one error; [errors.As] finds the first ConfigError in it.
type ConfigError = config.Problem

// A Set is the checked skills of a configuration, ready for an [Engine]. Several engines
// may use it.
type Set struct {
	names []string
	rules []*rule
	needs Needs

	index      *index  // of the rules with matches
	otherwise  []*rule // run for a message for which no other rule ran
	lineTimers []*rule // with a timer that counts lines of chat
}

// Names returns the names of the skills in the order of the file.
func (s *Set) Names() []string { return slices.Clone(s.names) }

// Needs returns what the skills require.
func (s *Set) Needs() Needs {
	n := s.needs
	n.Events, n.Endpoints, n.Connectors = slices.Clone(n.Events), slices.Clone(n.Endpoints), slices.Clone(n.Connectors)
	return n
}

// A rule is a set of triggers with conditions and actions. A skill in YAML is one rule; a
// script may register many.
type rule struct {
	skill     string
	matches   []matcher // of chat messages
	triggers  []trigger // of events
	timers    []*timer
	when      *expr.Condition
	allow     []*userSet // all must include the user who caused the event
	deny      *userSet
	ages      *ages // of allow:; nil: none
	refused   *text // says that the user may not; nil: nothing is said
	cooling   *text // says that the cooldown is not over; nil: nothing is said
	cooldown  *cooldownConfig
	live      *bool    // runs only while live, or only while offline; nil: always
	minLines  int64    // of chat since it last ran
	channels  []string // logins and ids; empty: all
	stop      bool     // later skills do not see the message
	otherwise bool     // runs for messages for which no other skill ran
	config    *expr.Record
	steps     []loadedStep
	script    *handler // instead of steps

	moderates  bool // it has steps of class moderation, or a script that can have them
	redemption bool // a redemption of channel points triggers it
	looksUp    bool // the host looks up the channel before the first step
}
