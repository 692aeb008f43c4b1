package skill

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"go.starlark.net/resolve"
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"github.com/larkspur-dev/larkspur/internal/config"
)

// maxScript is the largest script in bytes.
const maxScript = 256 << 10

// A handler is a function of a script that a rule calls.
type handler struct {
	fn     *starlark.Function
	params []string // what the matcher found, handed over by name
}

// script reads a script and runs its own lines, which register the rules.
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
		l.problems.Add(n, "%s registers nothing; call on_command, on_message or on_event", name)
	}
	return s.rules
}

// readScript reads a file below dir, and none outside.
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

// tooNested looks for brackets in brackets before the parser does, which recurses.
func tooNested(src []byte) bool {
	depth := 0
	for _, c := range src {
		switch c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth = max(0, depth-1)
		}
		if depth > 200 {
			return true
		}
	}
	return false
}

// scriptLoader runs the lines of one script.
type scriptLoader struct {
	*loader

	base   *rule // what all rules of the script share
	file   string
	node   *config.Node
	rules  []*rule
	failed bool
}

// problem reports a mistake at a place in the script.
func (s *scriptLoader) problem(pos syntax.Position, format string, args ...any) {
	s.failed = true
	p := s.node.Problem(format, args...)
	p.File, p.Line, p.Column = s.file, max(1, int(pos.Line)), max(1, int(pos.Col))
	*s.problems = append(*s.problems, p)
}

func (s *scriptLoader) run(src []byte) {
	if tooNested(src) {
		s.problem(syntax.Position{}, "the brackets are nested too deeply")
		return
	}
	file, err := dialect.Parse(s.file, src, 0)
	if err != nil {
		s.syntaxProblem(err)
		return
	}
	predeclared := s.predeclared()
	guardStmts(file.Stmts)
	prog, err := starlark.FileProgram(file, predeclared.Has)
	if err != nil {
		s.syntaxProblem(err)
		return
	}
	_, err = limited(context.Background(), scriptSteps, func(t *starlark.Thread) (starlark.Value, error) {
		globals, err := prog.Init(t, predeclared)
		globals.Freeze() // functions of the script may run side by side from here on
		return nil, err
	})
	if err != nil {
		s.runProblem(err)
	}
}

func (s *scriptLoader) predeclared() starlark.StringDict {
	out := starlark.StringDict{
		"on_command": starlark.NewBuiltin("on_command", s.onCommand),
		"on_message": starlark.NewBuiltin("on_message", s.onMessage),
		"on_event":   starlark.NewBuiltin("on_event", s.onEvent),
		"config":     s.base.config,
		"memory":     memoryModule,
		"now":        starlark.NewBuiltin("now", now),
	}
	maps.Copy(out, guards)
	return out
}

// syntaxProblem reports what the parser or the resolver found.
func (s *scriptLoader) syntaxProblem(err error) {
	if e, ok := errors.AsType[syntax.Error](err); ok {
		s.problem(e.Pos, "not Starlark: %s", e.Msg)
		return
	}
	list, ok := errors.AsType[resolve.ErrorList](err)
	if !ok {
		s.problem(syntax.Position{}, "%s", firstLine(err))
		return
	}
	for _, e := range list {
		name, isName := strings.CutPrefix(e.Msg, "undefined: ")
		if !isName {
			s.problem(e.Pos, "%s", e.Msg)
			continue
		}
		name, _, _ = strings.Cut(name, " ")
		known := slices.Concat(s.predeclared().Keys(), starlark.Universe.Keys())
		s.problem(e.Pos, "unknown name %q%s", name, config.DidYouMean(name, known))
	}
}

// runProblem reports an error of the script's own lines at the innermost of them.
func (s *scriptLoader) runProblem(err error) {
	pos := syntax.Position{}
	if e, ok := errors.AsType[*starlark.EvalError](err); ok {
		for i := range e.CallStack {
			if p := e.CallStack.At(i).Pos; p.Filename() == s.file {
				pos = p
				break
			}
		}
	}
	s.problem(pos, "%s", firstLine(reason(err)))
}

// run calls the handler.
func (h *handler) run(ctx context.Context, c *call) error {
	var kwargs []starlark.Tuple
	for _, name := range h.params {
		v, ok := c.values[name]
		if !ok {
			v = starlark.None
		}
		kwargs = append(kwargs, starlark.Tuple{starlark.String(name), v})
	}
	_, err := sandbox(ctx, scriptSteps, func(t *starlark.Thread) (starlark.Value, error) {
		t.SetLocal(callKey, c)
		return starlark.Call(t, h.fn, starlark.Tuple{&callValue{c: c}}, kwargs)
	})
	return err
}

// callKey is where a thread keeps the call it works on.
const callKey = "call"
