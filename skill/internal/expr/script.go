package expr

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.starlark.net/resolve"
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"github.com/larkspur-dev/larkspur/internal/config"
)

// A ScriptMistake is something wrong in a script. Line and Column count from 1.
type ScriptMistake struct {
	Line, Column int
	Text         string
}

// A Script is a file of Starlark that was checked and can be run.
type Script struct {
	file   string
	src    []byte
	prog   *starlark.Program
	names  starlark.StringDict
	shapes map[string]*Shape // of the names, where known
	attrs  map[string]bool   // attributes that the script reads
}

// CompileScript checks a script that may use the given names besides Starlark's
// own. The script is nil if there are mistakes.
func CompileScript(file string, src []byte, names map[string]any) (*Script, []ScriptMistake) {
	if tooNested(src) {
		return nil, []ScriptMistake{{1, 1, "the brackets are nested too deeply"}}
	}
	s := &Script{file: file, src: src, names: maps.Clone(guards), shapes: map[string]*Shape{}}
	for name, v := range names {
		switch v := v.(type) {
		case Func:
			s.names[name] = v.builtin(name)
			continue
		case *Record:
			s.shapes[name] = v.shape
		case *Object:
			s.shapes[name] = v.shape()
		}
		s.names[name] = toValue(v, nil)
	}
	parsed, err := dialect.Parse(file, src, 0)
	if err != nil {
		return nil, s.syntaxMistakes(err)
	}
	if mistakes := checkTargets(parsed); len(mistakes) > 0 {
		return nil, mistakes
	}
	s.attrs = attrsOf(parsed)
	guardStmts(parsed.Stmts)
	if s.prog, err = starlark.FileProgram(parsed, s.names.Has); err != nil {
		return nil, s.syntaxMistakes(err)
	}
	return s, nil
}

// Reads reports whether the script reads an attribute of this name, of any value.
func (s *Script) Reads(attr string) bool { return s.attrs[attr] }

func attrsOf(file *syntax.File) map[string]bool {
	attrs := map[string]bool{}
	syntax.Walk(file, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.DotExpr:
			attrs[n.Name.Name] = true
		case *syntax.Literal: // of getattr
			if name, ok := n.Value.(string); ok {
				attrs[name] = true
			}
		}
		return true
	})
	return attrs
}

// checkTargets reports assignments to attributes, which no value supports.
func checkTargets(file *syntax.File) (mistakes []ScriptMistake) {
	var target func(e syntax.Expr)
	target = func(e syntax.Expr) {
		switch e := unparen(e).(type) {
		case *syntax.TupleExpr:
			for _, t := range e.List {
				target(t)
			}
		case *syntax.ListExpr:
			for _, t := range e.List {
				target(t)
			}
		case *syntax.DotExpr:
			mistakes = append(mistakes, mistakeAt(e.Dot, "attributes cannot be assigned; use a name or a dict"))
		}
	}
	syntax.Walk(file, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.AssignStmt:
			target(n.LHS)
		case *syntax.ForStmt:
			target(n.Vars)
		case *syntax.ForClause:
			target(n.Vars)
		}
		return true
	})
	return mistakes
}

// Run runs the script's top-level statements. From then on its functions may be
// called, from several goroutines at once.
func (s *Script) Run(ctx context.Context) []ScriptMistake {
	_, err := runRaw(ctx, scriptSteps, func(t *starlark.Thread) (starlark.Value, error) {
		globals, err := s.prog.Init(t, s.names)
		if err != nil {
			return nil, err
		}
		if err := freezable(globals); err != nil {
			return nil, err
		}
		globals.Freeze()
		return nil, nil
	})
	if err != nil {
		return []ScriptMistake{s.runMistake(err)}
	}
	return nil
}

// tooNested reports brackets that are nested deeper than the recursive parser should
// follow.
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

func mistakeAt(pos syntax.Position, text string) ScriptMistake {
	return ScriptMistake{max(1, int(pos.Line)), max(1, int(pos.Col)), text}
}

// syntaxMistakes converts an error of the parser or the resolver.
func (s *Script) syntaxMistakes(err error) []ScriptMistake {
	if e, ok := errors.AsType[syntax.Error](err); ok {
		return []ScriptMistake{mistakeAt(e.Pos, "not Starlark: "+e.Msg)}
	}
	list, ok := errors.AsType[resolve.ErrorList](err)
	if !ok {
		return []ScriptMistake{mistakeAt(syntax.Position{}, firstLine(err))}
	}
	var out []ScriptMistake
	for _, e := range list {
		name, isName := strings.CutPrefix(e.Msg, "undefined: ")
		if !isName {
			out = append(out, mistakeAt(e.Pos, e.Msg))
			continue
		}
		name, _, _ = strings.Cut(name, " ")
		known := slices.Concat(s.names.Keys(), starlark.Universe.Keys())
		out = append(out, mistakeAt(e.Pos, "unknown name "+strconv.Quote(name)+config.DidYouMean(name, known)))
	}
	return out
}

// runMistake converts an error of the top-level statements. Its place is the innermost
// line of the script.
func (s *Script) runMistake(err error) ScriptMistake {
	pos := syntax.Position{}
	if e, ok := errors.AsType[*starlark.EvalError](err); ok {
		for i := range e.CallStack {
			if p := e.CallStack.At(i).Pos; p.Filename() == s.file {
				pos = p
				break
			}
		}
	}
	return mistakeAt(pos, firstLine(reason(err)))
}
