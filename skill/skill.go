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
	skill    string
	match    matcher   // of chat messages; nil for events
	triggers []trigger // of events
	when     *expr.Condition
	allow    []*userSet // all must include the user who caused the event
	deny     *userSet
	cooldown *cooldown
	config   *expr.Record
	steps    []loadedStep
	script   *handler // instead of steps

	moderates  bool // it has steps of class moderation, or a script that can have them
	redemption bool // a redemption of channel points triggers it
	looksUp    bool // the host looks up the channel before the first step
}
