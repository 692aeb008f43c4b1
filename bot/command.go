package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A command is what is known of a command.
type command struct {
	Spec
	plan *plan
	run  Handler // with the command's own middleware
}

// A Spec is how a command is registered, as far as an [Option] can change it.
type Spec struct {
	Name    string
	Aliases []string
	About   string // one sentence for "help"

	wraps   []Middleware
	builtIn bool
	wrong   error // what an option found to be a mistake
}

// Use wraps the command. The first is the outermost.
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

// Command teaches the bot a command. A is a struct whose exported fields are the
// arguments, in order: string, bool, all integers and floats, [time.Duration] or
// [User]. The tag arg:"…" takes "optional", "rest" (a last string that takes all
// that is left) and a name to show instead of the field's. struct{} takes nothing.
//
// It returns an error when A cannot be arguments, a name is taken or is none, the
// function or an option is nil, or an option asks for what cannot be.
// These are mistakes in the program: check it where the program starts.
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
	cmd.run = func(ctx context.Context, c *Call) error {
		var args A
		if err := p.parse(ctx, c, &args); err != nil {
			return err
		}
		return do(ctx, c, args)
	}
	for _, m := range slices.Backward(cmd.wraps) {
		cmd.run = m(cmd.run)
	}
	return b.add(cmd)
}

func (b *Bot) add(cmd *command) error {
	names := append([]string{cmd.Name}, cmd.Aliases...)
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, name := range names {
		if name == "" || strings.ContainsFunc(name, isBreak) {
			return fmt.Errorf("bot: command %q: %q is no name: it must be one word", cmd.Name, name)
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

// usage is how a command is used: "!give <to> <amount> [message]".
func (b *Bot) usage(cmd *command) string {
	words := append([]string{b.o.Prefix + cmd.Name}, cmd.plan.usage...)
	return strings.Join(words, " ")
}
