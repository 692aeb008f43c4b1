package expr

import (
	"fmt"
	"slices"
	"strconv"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"github.com/larkspur-dev/larkspur/internal/config"
)

// checker looks for names and attributes that do not exist.
type checker struct {
	src      string
	scope    *Scope
	event    *Shape              // the kind of event that is looked at
	local    []map[string]*Shape // names bound by comprehensions and lambdas
	uses     map[string]bool
	mistakes []Mistake
}

// run checks e once for each kind of event.
func (c *checker) run(e syntax.Expr) {
	kinds := c.scope.events
	if len(kinds) == 0 {
		kinds = []*Shape{nil}
	}
	for _, c.event = range kinds {
		c.expr(e)
	}
	seen := map[Mistake]bool{}
	c.mistakes = slices.DeleteFunc(c.mistakes, func(m Mistake) bool {
		old := seen[m]
		seen[m] = true
		return old
	})
}

func (c *checker) report(pos syntax.Position, format string, args ...any) {
	c.mistakes = append(c.mistakes, Mistake{offsetOf(c.src, pos), fmt.Sprintf(format, args...)})
}

// expr checks e and returns what is known of its value.
func (c *checker) expr(e syntax.Expr) *Shape {
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
		if e.Op != syntax.EQ { // of a named argument, whose name is not ours
			c.expr(e.X)
		}
		c.expr(e.Y)
	case *syntax.UnaryExpr:
		if e.X != nil {
			c.expr(e.X)
		}
	case *syntax.CallExpr:
		c.expr(e.Fn)
		c.all(e.Args)
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
	for _, names := range slices.Backward(c.local) {
		if s, ok := names[e.Name]; ok {
			return s
		}
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

func (c *checker) dot(e *syntax.DotExpr) *Shape {
	of := c.expr(e.X)
	names, known := of.attrs()
	if known && !slices.Contains(names, e.Name.Name) {
		c.report(e.Name.NamePos, "%s has no %q%s", of.what(), e.Name.Name, config.DidYouMean(e.Name.Name, names))
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

// bind notes the names that a pattern binds; a single one to the element's shape.
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
