package expr

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.starlark.net/syntax"
)

// A Use says how a function of a script is going to be called, so that its body can be
// checked for attributes that do not exist.
type Use struct {
	Function Function
	Arg      *Shape            // of the first parameter
	Named    map[string]*Shape // of the others, where known
}

// Check reports attributes that do not exist, in the whole script. In the functions that
// are used, and in those they call, it knows the shapes of the parameters. Call it
// after Run, which provides the functions.
func (s *Script) Check(uses []Use) []ScriptMistake {
	file, err := dialect.Parse(s.file, s.src, 0)
	if err != nil {
		return nil // cannot happen: it was parsed before
	}
	c := &scriptChecker{defs: map[string]*syntax.DefStmt{}, done: map[string]bool{}}
	c.scope = &Scope{names: maps.Clone(s.shapes), loose: true}
	for name := range bindings(file.Stmts) {
		delete(c.scope.names, name) // the script redefines it
	}
	c.uses = map[string]bool{}
	c.calls = c.call
	c.asked = askedAttrs(file)
	c.findDefs(file.Stmts)
	c.stmts(file.Stmts)
	for _, u := range uses {
		c.use(file, u)
	}
	var out []ScriptMistake
	for _, m := range c.found {
		out = append(out, mistakeAt(m.pos, m.text))
	}
	slices.SortFunc(out, func(a, b ScriptMistake) int {
		return (a.Line-b.Line)*1_000_000 + a.Column - b.Column
	})
	return slices.Compact(out)
}

// A scriptChecker follows shapes through the statements of a script. A name that is
// assigned once has the shape of its value; one that is assigned more often has an
// unknown shape.
type scriptChecker struct {
	checker

	defs  map[string]*syntax.DefStmt // functions that are defined once, at the top level
	done  map[string]bool            // functions that were checked, with the shapes of their parameters
	depth int
}

// findDefs collects the top-level functions that can be called by name.
func (c *scriptChecker) findDefs(stmts []syntax.Stmt) {
	bound := bindings(stmts)
	for _, s := range stmts {
		if def, ok := s.(*syntax.DefStmt); ok && bound[def.Name.Name] == 1 {
			c.defs[def.Name.Name] = def
		}
	}
}

// use checks the body of a function with the shapes of its arguments.
func (c *scriptChecker) use(file *syntax.File, u Use) {
	known := func(params []syntax.Expr) map[string]*Shape {
		names := maps.Clone(u.Named)
		if len(params) > 0 {
			if names == nil {
				names = map[string]*Shape{}
			}
			names[paramName(params[0])] = u.Arg
		}
		return names
	}
	at := u.Function.fn.Position()
	syntax.Walk(file, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.DefStmt:
			if n.Def.Line == at.Line && n.Def.Col == at.Col {
				c.function(n, known(n.Params))
			}
		case *syntax.LambdaExpr:
			if n.Lambda.Line == at.Line && n.Lambda.Col == at.Col {
				names := known(n.Params)
				for _, p := range n.Params {
					if name := paramName(p); names[name] == nil {
						names[name] = Any
					}
				}
				c.within(names, func() { c.expr(n.Body) })
			}
		}
		return true
	})
}

// call follows a call of a top-level function by name into its body.
func (c *scriptChecker) call(e *syntax.CallExpr, args []*Shape) {
	id, ok := e.Fn.(*syntax.Ident)
	if !ok {
		return
	}
	if _, isLocal := c.localShape(id.Name); isLocal {
		return
	}
	def, ok := c.defs[id.Name]
	if !ok {
		return
	}
	names := map[string]*Shape{}
	for i, a := range e.Args {
		switch a := a.(type) {
		case *syntax.BinaryExpr:
			if name, named := a.X.(*syntax.Ident); named && a.Op == syntax.EQ {
				names[name.Name] = args[i]
				continue
			}
		case *syntax.UnaryExpr:
			if a.Op == syntax.STAR || a.Op == syntax.STARSTAR {
				return
			}
		}
		if i < len(def.Params) {
			names[paramName(def.Params[i])] = args[i]
		}
	}
	c.function(def, names)
}

// function checks the body of a function once for each set of shapes.
func (c *scriptChecker) function(def *syntax.DefStmt, known map[string]*Shape) {
	names := map[string]*Shape{}
	var id strings.Builder
	id.WriteString(def.Def.String())
	for _, p := range def.Params {
		name, sh := paramName(p), Any
		if _, isRest := p.(*syntax.UnaryExpr); !isRest && known[name] != nil {
			sh = known[name]
		}
		names[name] = sh
		fmt.Fprintf(&id, " %p", sh)
	}
	nested := known == nil && len(c.local) > 0 // it sees local names whose shapes may differ
	if c.done[id.String()] && !nested || c.depth > 20 {
		return
	}
	c.done[id.String()] = true
	for name, n := range bindings(def.Body) {
		if _, isParam := names[name]; isParam || n > 1 {
			names[name] = Any
		} else {
			names[name] = nil // set by assign
		}
	}
	local := c.local
	if c.depth++; known != nil {
		c.local = nil // a top-level function does not see the names of its caller
	}
	c.within(names, func() { c.stmts(def.Body) })
	c.depth--
	c.local = local
}

// within runs a check with more local names.
func (c *scriptChecker) within(names map[string]*Shape, check func()) {
	c.local = append(c.local, names)
	check()
	c.local = c.local[:len(c.local)-1]
}

func (c *scriptChecker) stmts(list []syntax.Stmt) {
	for _, s := range list {
		switch s := s.(type) {
		case *syntax.AssignStmt:
			sh := c.expr(s.RHS)
			if s.Op != syntax.EQ {
				sh = Any
			}
			c.assign(s.LHS, sh)
		case *syntax.DefStmt:
			for _, p := range s.Params {
				if b, ok := p.(*syntax.BinaryExpr); ok {
					c.expr(b.Y)
				}
			}
			c.function(s, nil)
		case *syntax.ExprStmt:
			c.expr(s.X)
		case *syntax.ForStmt:
			sh := c.expr(s.X).elem
			if sh == nil {
				sh = Any
			}
			c.assign(s.Vars, sh)
			c.stmts(s.Body)
		case *syntax.WhileStmt:
			c.expr(s.Cond)
			c.stmts(s.Body)
		case *syntax.IfStmt:
			c.expr(s.Cond)
			c.stmts(s.True)
			c.stmts(s.False)
		case *syntax.ReturnStmt:
			if s.Result != nil {
				c.expr(s.Result)
			}
		}
	}
}

// assign sets the shape of a name that is assigned once, and checks the expressions in
// other targets.
func (c *scriptChecker) assign(target syntax.Expr, sh *Shape) {
	switch target := unparen(target).(type) {
	case *syntax.Ident:
		if n := len(c.local); n > 0 {
			if old, ok := c.local[n-1][target.Name]; ok && old == nil {
				c.local[n-1][target.Name] = sh
			}
		}
	case *syntax.TupleExpr:
		for _, t := range target.List {
			c.assign(t, Any)
		}
	case *syntax.ListExpr:
		for _, t := range target.List {
			c.assign(t, Any)
		}
	case *syntax.IndexExpr:
		c.expr(target.X)
		c.expr(target.Y)
	case *syntax.DotExpr:
		c.expr(target.X)
	}
}

// bindings counts how often the statements of one function assign to a name.
func bindings(stmts []syntax.Stmt) map[string]int {
	out := map[string]int{}
	var target func(e syntax.Expr)
	target = func(e syntax.Expr) {
		switch e := unparen(e).(type) {
		case *syntax.Ident:
			out[e.Name]++
		case *syntax.TupleExpr:
			for _, t := range e.List {
				target(t)
			}
		case *syntax.ListExpr:
			for _, t := range e.List {
				target(t)
			}
		}
	}
	var walk func(list []syntax.Stmt)
	walk = func(list []syntax.Stmt) {
		for _, s := range list {
			switch s := s.(type) {
			case *syntax.AssignStmt:
				target(s.LHS)
			case *syntax.DefStmt:
				out[s.Name.Name]++
			case *syntax.ForStmt:
				target(s.Vars)
				walk(s.Body)
			case *syntax.WhileStmt:
				walk(s.Body)
			case *syntax.IfStmt:
				walk(s.True)
				walk(s.False)
			}
		}
	}
	walk(stmts)
	return out
}

// paramName returns the name of a parameter, "" for a lone *.
func paramName(p syntax.Expr) string {
	switch p := p.(type) {
	case *syntax.Ident:
		return p.Name
	case *syntax.BinaryExpr: // with a default
		return paramName(p.X)
	case *syntax.UnaryExpr: // *args, **kwargs
		if p.X != nil {
			return paramName(p.X)
		}
	}
	return ""
}

// askedAttrs returns the attributes that a script tests with hasattr. They may be
// missing, so they are not reported.
func askedAttrs(file *syntax.File) map[string]bool {
	out := map[string]bool{}
	syntax.Walk(file, func(n syntax.Node) bool {
		call, ok := n.(*syntax.CallExpr)
		if !ok || len(call.Args) != 2 {
			return true
		}
		fn, isName := call.Fn.(*syntax.Ident)
		lit, isLit := call.Args[1].(*syntax.Literal)
		if isName && isLit && fn.Name == "hasattr" {
			if name, ok := lit.Value.(string); ok {
				out[name] = true
			}
		}
		return true
	})
	return out
}
