package skill

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/action"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// maxScript is the largest script in bytes.
const maxScript = 256 << 10

// A handler is a function of a script that a rule calls.
type handler struct {
	fn     expr.Function
	params []string // arguments of the command or groups, passed by name
}

// script loads a script and runs its top-level statements, which register the rules.
func (l *loader) script(base *rule, n *config.Node) []*rule {
	name, ok := n.Text(l.problems)
	if !ok {
		return nil
	}
	src, err := readScript(l.options.Dir, name)
	if err != nil {
		l.problems.Add(n, "%s", err)
		return nil
	}
	s := &scriptLoader{loader: l, base: base, file: name, node: n}
	s.run(src)
	if len(s.rules) == 0 && !s.failed {
		l.problems.Add(n, "%s registers no function; call on_command, on_message or on_event", name)
	}
	return s.rules
}

// readScript reads a file below dir. Other files are refused.
func readScript(dir, name string) (src []byte, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, errors.New("the directory of scripts cannot be opened")
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	f, err := root.Open(name)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("there is no file %q beside the configuration", name)
		}
		return nil, fmt.Errorf("%q cannot be read; it must be a file below the configuration's directory", name)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	src, err = io.ReadAll(io.LimitReader(f, maxScript+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%q cannot be read", name)
	case len(src) > maxScript:
		return nil, fmt.Errorf("%q is larger than %d KiB", name, maxScript>>10)
	}
	return src, nil
}

// A scriptLoader loads one script.
type scriptLoader struct {
	*loader

	base   *rule // the settings that all rules of the script share
	file   string
	node   *config.Node
	rules  []*rule
	uses   []expr.Use // of its functions, for the check of attributes
	failed bool
}

// problem adds a mistake in the script to the problems.
func (s *scriptLoader) problem(m expr.ScriptMistake) {
	s.failed = true
	p := s.node.Problem("%s", m.Text)
	p.File, p.Line, p.Column = s.file, m.Line, m.Column
	*s.problems = append(*s.problems, p)
}

func (s *scriptLoader) run(src []byte) {
	names := map[string]any{
		"on_command": expr.Func(s.onCommand),
		"on_message": expr.Func(s.onMessage),
		"on_event":   expr.Func(s.onEvent),
		"every":      expr.Func(s.onEvery),
		"cron":       expr.Func(s.onCron),
		"config":     s.base.config,
		"memory":     memoryModule,
		"now":        expr.Func(now),
	}
	maps.Copy(names, functions)
	script, mistakes := expr.CompileScript(s.file, src, names)
	if script != nil {
		s.base.moderates = slices.ContainsFunc(action.All, func(a *action.Action) bool {
			return (a.Class == ClassModeration || a.Class == ClassDelete) && script.Reads(scriptName(a.Name))
		})
		if mistakes = script.Run(context.Background()); len(mistakes) == 0 {
			mistakes = script.Check(s.uses)
		}
	}
	for _, m := range mistakes {
		s.problem(m)
	}
}

// runScript calls the function of a script.
func (c *call) runScript(ctx context.Context) {
	h := c.rule.script
	named := map[string]any{}
	for _, name := range h.params {
		named[name] = c.values[name]
	}
	err := h.fn.Call(context.WithValue(ctx, callKey{}, c), c.scriptCall(), named)
	failed := c.run.failure()
	switch {
	case err == nil:
	case c.run.strict:
		c.fail(err)
	case failed == nil || !errors.Is(err, failed): // else it was reported
		c.reportFailure(err) // steps that the script has added still run
	}
}

// callKey is the context key of the call that a script runs for.
type callKey struct{}
