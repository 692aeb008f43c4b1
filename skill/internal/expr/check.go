package expr

import (
	"fmt"
	"slices"
	"strconv"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"github.com/larkspur-dev/larkspur/internal/config"
)

// A checker reports names and attributes that do not exist.
type checker struct {
	src   string
	scope *Scope
	event *Shape              // the shape of event in this pass
	local []map[string]*Shape // names bound by comprehensions and lambdas
	uses  map[string]bool
	found []found
	nodes int
	asked map[string]bool                         // attributes that the script tests with hasattr
	calls func(e *syntax.CallExpr, args []*Shape) // if not nil, called for every call expression
}

// found is a mistake at its place.
type found struct {
	pos  syntax.Position
	text string
}

// run checks e once for each shape that event may have.
func (c *checker) run(e syntax.Expr) {
	kinds := c.scope.events
	if len(kinds) == 0 {
		kinds = []*Shape{nil}
	}
	for _, c.event = range kinds {
		c.expr(e)
	}
}

func (c *checker) report(pos syntax.Position, format string, args ...any) {
	c.found = append(c.found, found{pos, fmt.Sprintf(format, args...)})
}

// mistakes returns what was found, each once.
func (c *checker) mistakes() []Mistake {
	var out []Mistake
	for _, f := range c.found {
		m := Mistake{offsetOf(c.src, f.pos), f.text}
		if !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	return out
}

// maxNodes bounds the work for a script whose functions call one another in very many
// ways. The rest of such a script is not checked.
const maxNodes = 1_000_000

// expr checks e and returns its shape.
func (c *checker) expr(e syntax.Expr) *Shape {
	if c.nodes++; c.nodes > maxNodes {
		return Any
	}
	switch e := e.(type) {
	case *syntax.Ident:
		return c.ident(e)
	case *syntax.DotExpr:
		return c.dot(e)
	case *syntax.IndexExpr:
		return c.index(e)
	case *syntax.ParenExpr:
		return c.expr(e.X)
	case *syntax.Literal:
		switch e.Token {
		case syntax.STRING:
			return Text
		case syntax.INT, syntax.FLOAT:
			return Number
		default:
			return Any
		}
	case *syntax.CondExpr:
		c.expr(e.Cond)
		yes, no := c.expr(e.True), c.expr(e.False)
		if yes == no {
			return yes
		}
	case *syntax.Comprehension:
		c.comprehension(e)
	case *syntax.LambdaExpr:
		c.lambda(e)
	case *syntax.BinaryExpr:
		c.expr(e.X)
		c.expr(e.Y)
	case *syntax.UnaryExpr:
		if e.X != nil {
			c.expr(e.X)
		}
	case *syntax.CallExpr:
		c.expr(e.Fn)
		args := make([]*Shape, len(e.Args))
		for i, a := range e.Args {
			if named, ok := a.(*syntax.BinaryExpr); ok && named.Op == syntax.EQ {
				a = named.Y // the name of a parameter is no variable
			}
			args[i] = c.expr(a)
		}
		if c.calls != nil {
			c.calls(e, args)
		}
	case *syntax.SliceExpr:
		of := c.expr(e.X)
		for _, x := range []syntax.Expr{e.Lo, e.Hi, e.Step} {
			if x != nil {
				c.expr(x)
			}
		}
		return of
	case *syntax.ListExpr:
		c.all(e.List)
	case *syntax.TupleExpr:
		c.all(e.List)
	case *syntax.DictExpr:
		c.all(e.List)
	case *syntax.DictEntry:
		c.expr(e.Key)
		c.expr(e.Value)
	}
	return Any
}

func (c *checker) all(list []syntax.Expr) {
	for _, e := range list {
		c.expr(e)
	}
}

func (c *checker) ident(e *syntax.Ident) *Shape {
	if s, ok := c.localShape(e.Name); ok {
		return s
	}
	c.uses[e.Name] = true
	if e.Name == "event" && c.event != nil {
		return c.event
	}
	if s, ok := c.scope.names[e.Name]; ok {
		return s
	}
	if _, ok := starlark.Universe[e.Name]; !ok && !c.scope.loose {
		c.report(e.NamePos, "unknown name %q%s", e.Name, config.DidYouMean(e.Name, c.scope.known()))
	}
	return Any
}

// localShape returns the shape of a local name.
func (c *checker) localShape(name string) (s *Shape, ok bool) {
	for _, names := range slices.Backward(c.local) {
		if s, ok := names[name]; ok {
			if s == nil {
				s = Any
			}
			return s, true
		}
	}
	return nil, false
}

func (c *checker) dot(e *syntax.DotExpr) *Shape {
	of := c.expr(e.X)
	names, known := of.attrs()
	if known && !slices.Contains(names, e.Name.Name) && !c.asked[e.Name.Name] {
		c.report(e.Name.NamePos, "%s has no attribute %q%s", of.what(), e.Name.Name, config.DidYouMean(e.Name.Name, names))
		return Any
	}
	return of.attr(e.Name.Name)
}

func (c *checker) index(e *syntax.IndexExpr) *Shape {
	of := c.expr(e.X)
	c.expr(e.Y)
	lit, ok := e.Y.(*syntax.Literal)
	if !ok {
		if of.elem != nil {
			return of.elem
		}
		return Any
	}
	if id, isName := e.X.(*syntax.Ident); isName && id.Name == "match" && of == TextList && lit.Token == syntax.INT {
		if n, err := strconv.Atoi(lit.Raw); err == nil && n > c.scope.groups {
			c.report(lit.TokenPos, "the regular expression has %d groups", c.scope.groups)
		}
	}
	if key, isText := lit.Value.(string); isText && of.kind == object {
		return of.attr(key)
	}
	if of.elem != nil {
		return of.elem
	}
	return Any
}

func (c *checker) comprehension(e *syntax.Comprehension) {
	names := map[string]*Shape{}
	depth := len(c.local)
	for _, clause := range e.Clauses {
		switch clause := clause.(type) {
		case *syntax.ForClause:
			elem := c.expr(clause.X).elem
			if len(c.local) == depth {
				c.local = append(c.local, names)
			}
			bind(names, clause.Vars, elem)
		case *syntax.IfClause:
			c.expr(clause.Cond)
		}
	}
	c.expr(e.Body)
	c.local = c.local[:depth]
}

func (c *checker) lambda(e *syntax.LambdaExpr) {
	names := map[string]*Shape{}
	for _, p := range e.Params {
		switch p := p.(type) {
		case *syntax.BinaryExpr: // a default
			c.expr(p.Y)
			bind(names, p.X, nil)
		case *syntax.UnaryExpr: // *args
			if p.X != nil {
				bind(names, p.X, nil)
			}
		default:
			bind(names, p, nil)
		}
	}
	c.local = append(c.local, names)
	c.expr(e.Body)
	c.local = c.local[:len(c.local)-1]
}

// bind adds the names that a pattern binds. A single name gets the shape of the element.
func bind(names map[string]*Shape, pattern syntax.Expr, elem *Shape) {
	if id, ok := pattern.(*syntax.Ident); ok && elem != nil {
		names[id.Name] = elem
		return
	}
	syntax.Walk(pattern, func(n syntax.Node) bool {
		if id, ok := n.(*syntax.Ident); ok {
			names[id.Name] = Any
		}
		return true
	})
}
