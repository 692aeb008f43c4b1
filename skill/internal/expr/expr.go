package expr

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"go.starlark.net/resolve"
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// maxExpr is the longest expression in bytes. Longer ones belong in a script.
const maxExpr = 1000

// dialect is the Starlark that skills are written in.
var dialect = &syntax.FileOptions{Set: true, TopLevelControl: true, GlobalReassign: true}

// An expr is a compiled Starlark expression.
type expr struct {
	prog *starlark.Program
	uses map[string]bool // names that it may read
}

// resultName is the variable that receives the result. It is not a valid Starlark
// identifier, so no expression can refer to it.
const resultName = "<result>"

// compile checks and compiles an expression. The expr is nil if there are mistakes.
func compile(src string, s *Scope) (*expr, []Mistake) {
	if len(src) > maxExpr {
		return nil, []Mistake{{0, "the expression is longer than 1000 bytes; move it to a script"}}
	}
	code := strings.NewReplacer("\r", " ", "\n", " ").Replace(src) // of a folded text; keeps offsets
	trimmed := strings.TrimLeft(code, " \t")
	lead := len(code) - len(trimmed)
	if strings.TrimSpace(trimmed) == "" {
		return nil, []Mistake{{0, "the expression is empty"}}
	}
	parsed, err := dialect.ParseExpr("expression", trimmed, 0)
	if err != nil {
		m := Mistake{lead, "not a Starlark expression"}
		if e, ok := errors.AsType[syntax.Error](err); ok {
			m = Mistake{lead + offsetOf(trimmed, e.Pos), "not a Starlark expression: " + e.Msg}
		}
		return nil, []Mistake{m}
	}

	c := checker{src: trimmed, scope: s, uses: map[string]bool{}}
	c.run(parsed)
	if mistakes := c.mistakes(); len(mistakes) > 0 {
		for i := range mistakes {
			mistakes[i].Offset += lead
		}
		return nil, mistakes
	}

	file := &syntax.File{Path: "expression", Options: dialect, Stmts: []syntax.Stmt{&syntax.AssignStmt{
		Op: syntax.EQ, LHS: &syntax.Ident{Name: resultName}, RHS: guardExpr(parsed),
	}}}
	prog, err := starlark.FileProgram(file, func(name string) bool { return s.has(name) || isGuard(name) })
	if err != nil {
		return nil, []Mistake{{lead, "not a Starlark expression: " + firstLine(err)}}
	}
	return &expr{prog: prog, uses: c.uses}, nil
}

// offsetOf turns Starlark's line and column into bytes from the start of src.
func offsetOf(src string, pos syntax.Position) int {
	if pos.Line > 1 {
		return len(src)
	}
	offset := 0
	for range pos.Col - 1 {
		_, size := utf8.DecodeRuneInString(src[offset:])
		offset += size
	}
	return offset
}

func firstLine(err error) string {
	text := err.Error()
	if list, ok := errors.AsType[resolve.ErrorList](err); ok && len(list) > 0 {
		text = list[0].Msg
	}
	text, _, _ = strings.Cut(text, "\n")
	return text
}

// eval runs a compiled expression with the values of its names.
func (e *expr) eval(ctx context.Context, env *Env) (starlark.Value, error) {
	return run(ctx, exprSteps, func(thread *starlark.Thread) (starlark.Value, error) {
		globals, err := e.prog.Init(thread, env.values())
		if err != nil {
			return nil, err
		}
		return globals[resultName], nil
	})
}

// A Condition is an expression that is true or false.
type Condition struct {
	expr *expr
}

// CompileCondition checks an expression. The condition is nil if there are mistakes.
func CompileCondition(src string, s *Scope) (*Condition, []Mistake) {
	e, mistakes := compile(src, s)
	if len(mistakes) > 0 {
		return nil, mistakes
	}
	return &Condition{e}, nil
}

// Uses reports whether the condition reads a name.
func (c *Condition) Uses(name string) bool { return c.expr.uses[name] }

// True runs the condition. Values that are not booleans count as Starlark counts
// them: 0, None, and empty texts and lists are false.
func (c *Condition) True(ctx context.Context, env *Env) (bool, error) {
	v, err := c.expr.eval(ctx, env)
	return err == nil && bool(v.Truth()), err
}
