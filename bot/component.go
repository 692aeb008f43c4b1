package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// A Component is a part of a bot that can be added, removed and replaced while the bot
// runs: commands, event handlers, checks and routines that belong together.
//
// Setup registers them on s. It must have no other effect, and must not keep s. Further
// methods are optional: Start(ctx) error is called before anything of the component is
// called, and Stop() after everything was; ctx of Start ends when the component is removed.
type Component interface {
	Setup(s *Setup) error
}

type starter interface {
	Start(ctx context.Context) error
}
type stopper interface{ Stop() }

// A Setup collects what a [Component] consists of. It is a [Registrar] of commands.
type Setup struct {
	own      Spec // checks and middleware of all commands
	commands []*command
	groups   []*Spec
	routines []*Routine
	events   []func(mux *eventsub.Mux) (off func())
	log      *slog.Logger // of the bot
	over     bool         // Setup has returned
}

var errOver = errors.New("bot: the Setup of a component is used after the end of its method Setup")

// Require adds checks to all commands of the component.
func (s *Setup) Require(checks ...Check) { s.own.Require(checks...) }

// Use wraps all commands of the component. The first middleware is the outermost.
func (s *Setup) Use(m ...Middleware) { s.own.Use(m...) }

// Routine adds a routine, which runs as long as the component is part of the bot. Its
// errors go to the logger of the bot, unless the options have another one.
func (s *Setup) Routine(name string, schedule Schedule, do func(ctx context.Context) error, o RoutineOptions) error {
	if s.over {
		return errOver
	}
	if o.Logger == nil {
		o.Logger = s.log
	}
	r, err := NewRoutine(name, schedule, do, o)
	if err == nil {
		s.routines = append(s.routines, r)
	}
	return err
}

// On makes fn handle the events of a type as long as the component is part of the bot, like
// [eventsub.On]. The bot has to know a mux: see Options.Mux.
func On[E eventsub.Payload](s *Setup, fn func(ctx context.Context, e *E) error, options ...eventsub.HandlerOption) {
	s.events = append(s.events, func(mux *eventsub.Mux) func() { return eventsub.On(mux, fn, options...) })
}

func (s *Setup) register(cmd *command) error {
	if s.over {
		return errOver
	}
	cmd.component = &s.own
	s.commands = append(s.commands, cmd)
	return nil
}

func (s *Setup) registerGroup(g *Spec) error {
	if s.over {
		return errOver
	}
	s.groups = append(s.groups, g)
	return nil
}

// A part is a component that was added.
type part struct {
	component Component
	setup     *Setup
	cancel    context.CancelFunc
	off       []func()
}

// Add adds a component. If it returns an error, nothing of the component is registered:
// its Setup or Start failed, its name or the name of a command is taken, or it handles
// events and the bot knows no mux. The component lives until [Bot.Remove], or until ctx
// ends and its routines with it.
func (b *Bot) Add(ctx context.Context, name string, c Component) error {
	return b.swap(ctx, name, c, false)
}

// Replace puts a component in the place of another one with the name. If it returns an
// error, the other one stays and is not disturbed. It is an error if there is none.
func (b *Bot) Replace(ctx context.Context, name string, c Component) error {
	return b.swap(ctx, name, c, true)
}

// Remove removes a component. Its calls that run are not interrupted; its routines are.
func (b *Bot) Remove(name string) error {
	b.changing <- struct{}{}
	defer func() { <-b.changing }()
	old := b.parts[name]
	if old == nil {
		return fmt.Errorf("bot: there is no component %q", name)
	}
	b.mu.Lock()
	commands, groups := b.without(old)
	err := b.change(commands, groups)
	b.mu.Unlock()
	if err != nil {
		return err
	}
	delete(b.parts, name)
	b.partNames = slices.DeleteFunc(b.partNames, func(n string) bool { return n == name })
	old.end()
	return nil
}

// Components returns the names of the components, in order of their addition.
func (b *Bot) Components() []string {
	b.changing <- struct{}{}
	defer func() { <-b.changing }()
	return slices.Clone(b.partNames)
}

func (b *Bot) swap(ctx context.Context, name string, c Component, replace bool) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &eventsub.PanicError{Value: v, Stack: debug.Stack()}
		}
		if err != nil {
			err = fmt.Errorf("bot: component %q: %w", name, err)
		}
	}()
	b.changing <- struct{}{}
	defer func() { <-b.changing }()
	old := b.parts[name]
	switch {
	case c == nil:
		return errors.New("it is nil")
	case old == nil && replace:
		return errors.New("there is none to replace")
	case old != nil && !replace:
		return errors.New("the name is taken")
	}
	s := &Setup{log: b.log}
	if err := c.Setup(s); err != nil {
		return err
	}
	s.over = true
	if s.own.wrong != nil {
		return s.own.wrong
	}
	if len(s.events) > 0 && b.o.Mux == nil {
		return errors.New("it handles events, and Options.Mux is missing")
	}
	b.mu.Lock()
	commands, groups := b.without(old)
	commands, groups = append(commands, s.commands...), append(groups, s.groups...)
	_, err = build(commands, groups, b.prefixes())
	b.mu.Unlock()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer func() {
		if b.parts[name] == nil || b.parts[name].setup != s { // also after a panic
			cancel()
		}
	}()
	p := &part{component: c, setup: s, cancel: cancel}
	if st, ok := c.(starter); ok {
		if err := st.Start(ctx); err != nil {
			return err
		}
	}
	b.mu.Lock()
	commands, groups = b.without(old) // commands may have been registered meanwhile
	err = b.change(append(commands, s.commands...), append(groups, s.groups...))
	b.mu.Unlock()
	if err != nil {
		p.end()
		return err
	}
	if b.parts[name] = p; old == nil {
		b.partNames = append(b.partNames, name)
	}
	if old != nil {
		old.end()
	}
	for _, on := range s.events {
		p.off = append(p.off, on(b.o.Mux))
	}
	for _, r := range s.routines {
		_ = r.Start(ctx) // it is new
	}
	return nil
}

// without returns the commands and groups that are not a component's. The caller holds mu.
func (b *Bot) without(p *part) ([]*command, []*Spec) {
	commands, groups := slices.Clone(b.commands), slices.Clone(b.groups)
	if p != nil {
		commands = slices.DeleteFunc(commands, func(c *command) bool { return slices.Contains(p.setup.commands, c) })
		groups = slices.DeleteFunc(groups, func(g *Spec) bool { return slices.Contains(p.setup.groups, g) })
	}
	return commands, groups
}

// end ends the handlers and routines of a component.
func (p *part) end() {
	p.cancel()
	for _, off := range p.off {
		off()
	}
	for _, r := range p.setup.routines {
		r.Stop()
	}
	if st, ok := p.component.(stopper); ok {
		st.Stop()
	}
}
