package skill

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"go.starlark.net/resolve"
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"github.com/larkspur-dev/larkspur/internal/config"
)

// maxExpr is the longest expression in bytes; what needs more is a script.
const maxExpr = 1000

// dialect is the Starlark that skills are written in.
var dialect = &syntax.FileOptions{Set: true, TopLevelControl: true, GlobalReassign: true}

// A scope is the names an expression may use, and what is known of each.
type scope struct {
	names  map[string]*shape
	events []*shape // what event may be; every one is checked
	groups int      // of the regular expression, for match[n]
	loose  bool     // the names are not known; nothing is reported
}

// with returns the scope with one more name.
func (s *scope) with(name string, sh *shape) *scope {
	out := *s
	out.names = map[string]*shape{name: sh}
	for n, old := range s.names {
		if n != name {
			out.names[n] = old
		}
	}
	return &out
}

// A mistake is something wrong in an expression, offset bytes after its start.
type mistake struct {
	offset int
	text   string
}

// An expr is a compiled Starlark expression.
type expr struct {
	src  string
	prog *starlark.Program
	uses map[string]bool
}

// resultName cannot be written in a script, so no expression can see it.
const resultName = "<result>"

// compile checks an expression and makes it ready to run. Without mistakes the
// expr is not nil.
func compile(src string, s *scope) (*expr, []mistake) {
	if len(src) > maxExpr {
		return nil, []mistake{{0, "this expression is too long; put it into a script"}}
	}
	code := strings.NewReplacer("\r", " ", "\n", " ").Replace(src) // of a folded text; keeps offsets
	trimmed := strings.TrimLeft(code, " \t")
	lead := len(code) - len(trimmed)
	if strings.TrimSpace(trimmed) == "" {
		return nil, []mistake{{0, "there is no expression"}}
	}
	parsed, err := dialect.ParseExpr("expression", trimmed, 0)
	if err != nil {
		m := mistake{lead, "this is not a Starlark expression"}
		if e, ok := errors.AsType[syntax.Error](err); ok {
			m = mistake{lead + offsetOf(trimmed, e.Pos), "not a Starlark expression: " + e.Msg}
		}
		return nil, []mistake{m}
	}

	c := checker{src: trimmed, scope: s, uses: map[string]bool{}}
	c.run(parsed)
	if len(c.mistakes) > 0 {
		for i := range c.mistakes {
			c.mistakes[i].offset += lead
		}
		return nil, c.mistakes
	}

	file := &syntax.File{Path: "expression", Options: dialect, Stmts: []syntax.Stmt{&syntax.AssignStmt{
		Op: syntax.EQ, LHS: &syntax.Ident{Name: resultName}, RHS: guardExpr(parsed),
	}}}
	prog, err := starlark.FileProgram(file, func(name string) bool { return s.has(name) || isGuard(name) })
	if err != nil {
		return nil, []mistake{{lead, "not a Starlark expression: " + firstLine(err)}}
	}
	return &expr{src: src, prog: prog, uses: c.uses}, nil
}

func (s *scope) has(name string) bool {
	_, ok := s.names[name]
	return ok || s.loose || name == "event" && len(s.events) > 0
}

// known lists the names of the scope and Starlark's own, for suggestions.
func (s *scope) known() []string {
	names := slices.Collect(maps.Keys(s.names))
	if len(s.events) > 0 {
		names = append(names, "event")
	}
	return append(names, slices.Collect(maps.Keys(starlark.Universe))...)
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

// compileNode compiles the text of a node and reports mistakes at their places.
func compileNode(n *config.Node, ps *config.Problems, s *scope) *expr {
	src, ok := n.Text(ps)
	if !ok {
		return nil
	}
	e, mistakes := compile(src, s)
	for _, m := range mistakes {
		*ps = append(*ps, n.ProblemAt(m.offset, "%s", m.text))
	}
	return e
}
