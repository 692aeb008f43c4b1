package skill

import (
	"slices"

	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// A ConfigError is one mistake in a configuration: it prints like a compiler's.
// All mistakes of a configuration come as one error that [errors.As] looks into.
type ConfigError = config.Problem

// A Set is a configuration's skills, checked and ready for an [Engine]. It does
// not change and may serve several engines.
type Set struct {
	names []string
	rules []*rule
	needs Needs
}

// Names returns the names of the skills in the order of the file.
func (s *Set) Names() []string { return slices.Clone(s.names) }

// Needs returns what the skills need in order to work.
func (s *Set) Needs() Needs {
	n := s.needs
	n.Events, n.Endpoints, n.Connectors = slices.Clone(n.Events), slices.Clone(n.Endpoints), slices.Clone(n.Connectors)
	return n
}

// A rule is what sets off a skill and what happens then. A skill of YAML is one
// rule, a script may have many.
type rule struct {
	skill    string
	match    matcher   // of chat messages; nil for events
	triggers []trigger // of events
	when     *expr.Condition
	allow    []*who // every one must include who caused the event
	deny     *who
	cooldown *cooldown
	config   *expr.Record
	steps    []loadedStep
	script   *handler // instead of steps

	moderates  bool // a step, or the script, can be moderation
	redemption bool // a redemption of channel points sets it off
	looksUp    bool // the host is asked about the channel before the first step
}
