package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// A command is a registered command.
type command struct {
	Spec
	plan      *plan
	reward    string                // id or title, in lower case; "" if a message calls it
	component *Spec                 // what its component requires; nil if it belongs to none
	chain     atomic.Pointer[chain] // see specs
	// parse reads the arguments of a call and returns what runs with them.
	parse func(ctx context.Context, c *Call) (runner, error)
}

// A runner runs a command with the arguments that it holds.
type runner interface {
	run(ctx context.Context, c *Call) error
}

type withArgs[A any] struct {
	args A
	do   func(ctx context.Context, c *Call, args A) error
}

func (w *withArgs[A]) run(ctx context.Context, c *Call) error { return w.do(ctx, c, w.args) }

// A Spec is the part of a command's registration that an [Option] can change. The
// order of options does not matter, but for middleware and checks among themselves.
type Spec struct {
	Name    string   // one word, or several for a command of a group
	Aliases []string // for the last word of the name
	About   string   // one sentence for "help"

	checks    []Check
	cooldowns []*cooldown
	wraps     []Middleware
	deadline  time.Duration // of a call; 0: that of what is around it
	builtIn   bool
	keepOpen  bool                        // of a reward
	statuses  []eventsub.RedemptionStatus // of a reward
	wrong     error                       // a mistake that an option found
}

// Require adds checks. All of them must allow a call.
func (s *Spec) Require(checks ...Check) {
	for _, check := range checks {
		if check == nil {
			s.wrong = errors.New("the check is nil")
		}
	}
	s.checks = append(s.checks, checks...)
}

// Use wraps the command. The first middleware is the outermost.
func (s *Spec) Use(m ...Middleware) {
	for _, wrap := range m {
		if wrap == nil {
			s.wrong = errors.New("the middleware is nil")
		}
	}
	s.wraps = append(s.wraps, m...)
}

// An Option changes how a command is registered. [ModsOnly] is one itself.
type Option func(*Spec)

// Alias gives a command other names. That of "song add" are beside "add": Alias("new")
// makes it "song new".
func Alias(names ...string) Option {
	return func(s *Spec) { s.Aliases = append(s.Aliases, names...) }
}

// About describes a command in one sentence, for "help".
func About(sentence string) Option { return func(s *Spec) { s.About = sentence } }

// With wraps a command in middleware of your own.
func With(m ...Middleware) Option { return func(s *Spec) { s.Use(m...) } }

// Deadline says how long a call of the command, or of each command of a group, may take,
// instead of Options.Deadline: the context of the call ends then. [Call.WaitFor] may need
// more than 30 seconds. That of a command counts more than that of its group.
func Deadline(d time.Duration) Option {
	return func(s *Spec) {
		if d <= 0 {
			s.wrong = fmt.Errorf("a deadline of %v cannot be", d)
			return
		}
		s.deadline = d
	}
}

// Command registers a command. A is a struct whose exported fields are the arguments, in
// order: string, bool, all integers and floats, [time.Duration], [User], [Color], an
// [Argument] of your own, and as the last one a list of any of them. struct{} takes no
// arguments. A name of several words makes a command of a group: see [Group].
//
// The tag arg:"…" of a field takes these words, separated by commas:
//
//	optional      the argument may be missing; the field keeps its zero value
//	default=5     the value of a missing argument
//	rest          a last string that takes all that is left, as it was written
//	flag          written as --name 5, --name=5 or --name anywhere among the arguments
//	oneof=on|off  the words that a string may be; case does not matter
//	a name        shown instead of the field's
//
// It returns an error if A cannot be arguments, a name is invalid or taken, the
// function or an option is nil, or an option is invalid. These are mistakes in the
// program: check the error where the program starts.
func Command[A any](r Registrar, name string, do func(ctx context.Context, c *Call, args A) error, options ...Option) error {
	p, err := newPlan[A]()
	if err != nil {
		return fmt.Errorf("bot: command %q: %w", name, err)
	}
	s, err := newSpec(name, options)
	if err == nil && do == nil {
		err = errors.New("the function is nil")
	}
	if err != nil {
		return fmt.Errorf("bot: command %q: %w", name, err)
	}
	cmd := &command{Spec: *s, plan: p}
	cmd.parse = func(ctx context.Context, c *Call) (runner, error) {
		w := &withArgs[A]{do: do}
		if err := p.parse(ctx, c, &w.args); err != nil {
			return nil, err
		}
		return w, nil
	}
	return r.register(cmd)
}

// specs returns what a command has to fulfil, the outermost first: its component, its
// groups and itself.
func (cmd *command) specs() []*Spec { return cmd.chain.Load().specs }

// A chain is what a command has to fulfil.
type chain struct {
	specs     []*Spec
	cooldowns []*cooldown
	deadline  time.Duration // 0: that of the bot
}

// usage returns how a command is used: "!give <to> <amount> [message]".
func (b *Bot) usage(cmd *command, prefix string) string {
	if cmd.reward != "" {
		prefix = ""
	}
	words := append([]string{prefix + strings.Join(strings.Fields(cmd.Name), " ")}, cmd.plan.usage...)
	return strings.Join(words, " ")
}
