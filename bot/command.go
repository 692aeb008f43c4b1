package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
)

// A command is a registered command.
type command struct {
	Spec
	plan *plan
	// parse reads the arguments of a call and returns what runs with them.
	parse  func(ctx context.Context, c *Call) (Handler, error)
	taking sync.Mutex // held while a use is taken from all cooldowns
}

// A Spec is the part of a command's registration that an [Option] can change. The
// order of options does not matter, but for middleware and checks among themselves.
type Spec struct {
	Name    string
	Aliases []string
	About   string // one sentence for "help"

	checks    []Check
	cooldowns []*cooldown
	wraps     []Middleware
	builtIn   bool
	wrong     error // a mistake that an option found
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

// Alias gives a command other names.
func Alias(names ...string) Option {
	return func(s *Spec) { s.Aliases = append(s.Aliases, names...) }
}

// About describes a command in one sentence, for "help".
func About(sentence string) Option { return func(s *Spec) { s.About = sentence } }

// With wraps a command in middleware of your own.
func With(m ...Middleware) Option { return func(s *Spec) { s.Use(m...) } }

// Command registers a command. A is a struct whose exported fields are the
// arguments, in order: string, bool, all integers and floats, [time.Duration] or
// [User]. The tag arg:"…" takes "optional", "rest" (a last string that takes all
// that is left) and a name to show instead of the field's. struct{} takes no
// arguments.
//
// It returns an error if A cannot be arguments, a name is invalid or taken, the
// function or an option is nil, or an option is invalid. These are mistakes in the
// program: check the error where the program starts.
func Command[A any](b *Bot, name string, do func(ctx context.Context, c *Call, args A) error, options ...Option) error {
	p, err := newPlan[A]()
	if err != nil {
		return fmt.Errorf("bot: command %q: %w", name, err)
	}
	cmd := &command{Spec: Spec{Name: name}, plan: p}
	if do == nil {
		cmd.wrong = errors.New("the function is nil")
	}
	for _, o := range options {
		if o == nil {
			cmd.wrong = errors.New("an option is nil")
			continue
		}
		o(&cmd.Spec)
	}
	if cmd.wrong != nil {
		return fmt.Errorf("bot: command %q: %w", name, cmd.wrong)
	}
	cmd.parse = func(ctx context.Context, c *Call) (Handler, error) {
		var args A
		if err := p.parse(ctx, c, &args); err != nil {
			return nil, err
		}
		return func(ctx context.Context, c *Call) error { return do(ctx, c, args) }, nil
	}
	return b.add(cmd)
}

func (b *Bot) add(cmd *command) error {
	names := append([]string{cmd.Name}, cmd.Aliases...)
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, name := range names {
		if name == "" || strings.ContainsFunc(name, isBreak) {
			return fmt.Errorf("bot: command %q: invalid name %q: it must be one word", cmd.Name, name)
		}
		if strings.HasPrefix(name, b.o.Prefix) {
			return fmt.Errorf("bot: command %q: %q begins with the prefix, which is not part of a name", cmd.Name, name)
		}
		if old, ok := b.commands[strings.ToLower(name)]; ok && !old.builtIn {
			return fmt.Errorf("bot: command %q: the name %q is taken", cmd.Name, name)
		}
	}
	for _, name := range names {
		b.commands[strings.ToLower(name)] = cmd
	}
	b.order = append(b.order, cmd)
	return nil
}

// usage returns how a command is used: "!give <to> <amount> [message]".
func (b *Bot) usage(cmd *command) string {
	words := append([]string{b.o.Prefix + cmd.Name}, cmd.plan.usage...)
	return strings.Join(words, " ")
}
