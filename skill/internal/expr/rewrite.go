package expr

import "go.starlark.net/syntax"

// guardStmts rewrites what statements compute to calls of guards.
func guardStmts(stmts []syntax.Stmt) {
	for i, s := range stmts {
		switch s := s.(type) {
		case *syntax.AssignStmt:
			s.RHS = guardExpr(s.RHS)
			stmts[i] = guardAssign(s)
		case *syntax.DefStmt:
			guardParams(s.Params)
			guardStmts(s.Body)
		case *syntax.ExprStmt:
			s.X = guardExpr(s.X)
		case *syntax.ForStmt:
			guardTarget(s.Vars)
			s.X = guardExpr(s.X)
			guardStmts(s.Body)
		case *syntax.WhileStmt:
			s.Cond = guardExpr(s.Cond)
			guardStmts(s.Body)
		case *syntax.IfStmt:
			s.Cond = guardExpr(s.Cond)
			guardStmts(s.True)
			guardStmts(s.False)
		case *syntax.ReturnStmt:
			if s.Result != nil {
				s.Result = guardExpr(s.Result)
			}
		}
	}
}

// guardAssign rewrites
//
//	x op= y     to  x = guard(x, y)
//	x[k] op= y  to  guard(elem(x, k), y)
//
// The only other target that Starlark allows is x.name, which [checkTargets] rejects.
func guardAssign(s *syntax.AssignStmt) syntax.Stmt {
	if s.Op == syntax.EQ {
		guardTarget(s.LHS)
		return s
	}
	guard := augmentGuard(s.Op - syntax.PLUS_EQ + syntax.PLUS)
	switch target := unparen(s.LHS).(type) {
	case *syntax.Ident:
		s.LHS, s.Op = target, syntax.EQ
		s.RHS = guardCall(guard, s.OpPos, &syntax.Ident{NamePos: target.NamePos, Name: target.Name}, s.RHS)
	case *syntax.IndexExpr:
		e := guardCall(guardElem, target.Lbrack, guardExpr(target.X), guardExpr(target.Y))
		return &syntax.ExprStmt{X: guardCall(guard, s.OpPos, e, s.RHS)}
	}
	return s
}

// guardTarget guards the expressions inside the targets of an assignment or loop.
func guardTarget(target syntax.Expr) {
	switch target := target.(type) {
	case *syntax.ParenExpr:
		guardTarget(target.X)
	case *syntax.TupleExpr:
		for _, t := range target.List {
			guardTarget(t)
		}
	case *syntax.ListExpr:
		for _, t := range target.List {
			guardTarget(t)
		}
	case *syntax.IndexExpr:
		target.X, target.Y = guardExpr(target.X), guardKeyExpr(target.Y)
	case *syntax.DotExpr:
		target.X = guardExpr(target.X)
	}
}

func unparen(e syntax.Expr) syntax.Expr {
	for {
		p, ok := e.(*syntax.ParenExpr)
		if !ok {
			return e
		}
		e = p.X
	}
}

// guardKeyExpr guards an expression whose value is a key. Literals need no guard.
func guardKeyExpr(e syntax.Expr) syntax.Expr {
	if lit, ok := e.(*syntax.Literal); ok && (lit.Token == syntax.INT || len(lit.Raw) < 100) {
		return e
	}
	start, _ := e.Span()
	return guardCall(guardKey, start, guardExpr(e))
}

// guardParams rewrites the defaults of parameters and the values of named arguments.
func guardParams(params []syntax.Expr) {
	for i, p := range params {
		if b, ok := p.(*syntax.BinaryExpr); ok && b.Op == syntax.EQ {
			b.Y = guardExpr(b.Y)
			continue
		}
		params[i] = guardExpr(p)
	}
}

// guardExpr returns e with its operators, methods, keys and slices guarded.
func guardExpr(e syntax.Expr) syntax.Expr {
	switch e := e.(type) {
	case *syntax.BinaryExpr:
		e.X, e.Y = guardExpr(e.X), guardExpr(e.Y)
		if _, ok := operators[e.Op]; ok {
			return guardCall(operatorGuard(e.Op), e.OpPos, e.X, e.Y)
		}
	case *syntax.CallExpr:
		e.Fn = guardExpr(e.Fn)
		for i, a := range e.Args {
			// Keep *args and **kwargs; guard the value inside.
			if u, ok := a.(*syntax.UnaryExpr); ok && (u.Op == syntax.STAR || u.Op == syntax.STARSTAR) {
				u.X = guardCall(guardStar, u.OpPos, guardExpr(u.X))
				continue
			}
			guardParams(e.Args[i : i+1])
		}
	case *syntax.DotExpr:
		e.X = guardExpr(e.X)
		return guardCall(guardAttr, e.Name.NamePos, e.X, &syntax.Literal{
			Token: syntax.STRING, TokenPos: e.Name.NamePos, Raw: syntax.Quote(e.Name.Name, false), Value: e.Name.Name,
		})
	case *syntax.Comprehension:
		e.Body = guardExpr(e.Body)
		for _, clause := range e.Clauses {
			switch clause := clause.(type) {
			case *syntax.ForClause:
				guardTarget(clause.Vars)
				clause.X = guardExpr(clause.X)
			case *syntax.IfClause:
				clause.Cond = guardExpr(clause.Cond)
			}
		}
	case *syntax.CondExpr:
		e.Cond, e.True, e.False = guardExpr(e.Cond), guardExpr(e.True), guardExpr(e.False)
	case *syntax.DictEntry:
		e.Key, e.Value = guardKeyExpr(e.Key), guardExpr(e.Value)
	case *syntax.DictExpr:
		guardAll(e.List)
	case *syntax.ListExpr:
		guardAll(e.List)
	case *syntax.TupleExpr:
		guardAll(e.List)
	case *syntax.IndexExpr:
		e.X, e.Y = guardExpr(e.X), guardKeyExpr(e.Y)
	case *syntax.SliceExpr:
		e.X = guardExpr(e.X)
		for _, x := range []*syntax.Expr{&e.Lo, &e.Hi, &e.Step} {
			if *x != nil {
				*x = guardExpr(*x)
			}
		}
		return guardCall(guardSlice, e.Lbrack, e)
	case *syntax.LambdaExpr:
		guardParams(e.Params)
		e.Body = guardExpr(e.Body)
	case *syntax.ParenExpr:
		e.X = guardExpr(e.X)
	case *syntax.UnaryExpr:
		if e.X != nil {
			e.X = guardExpr(e.X)
		}
	}
	return e
}

func guardAll(list []syntax.Expr) {
	for i := range list {
		list[i] = guardExpr(list[i])
	}
}

// guardCall is the call of a guard at a place in the source.
func guardCall(guard string, pos syntax.Position, args ...syntax.Expr) syntax.Expr {
	return &syntax.CallExpr{Fn: &syntax.Ident{NamePos: pos, Name: guard}, Lparen: pos, Args: args, Rparen: pos}
}
