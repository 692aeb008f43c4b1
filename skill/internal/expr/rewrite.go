package expr

import "go.starlark.net/syntax"

// guardStmts rewrites the operators and methods in statements to guards.
func guardStmts(stmts []syntax.Stmt) {
	for _, s := range stmts {
		switch s := s.(type) {
		case *syntax.AssignStmt:
			s.RHS = guardExpr(s.RHS)
			guardAugmented(s)
		case *syntax.DefStmt:
			guardParams(s.Params)
			guardStmts(s.Body)
		case *syntax.ExprStmt:
			s.X = guardExpr(s.X)
		case *syntax.ForStmt:
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

// guardAugmented rewrites name += x to name = grow(name, x). What is changed
// through an index or attribute stays as it is: it grows by no more than x.
func guardAugmented(s *syntax.AssignStmt) {
	name, ok := s.LHS.(*syntax.Ident)
	guard := map[syntax.Token]string{
		syntax.STAR_EQ: guardMul, syntax.PERCENT_EQ: guardMod, syntax.PLUS_EQ: guardGrow,
	}[s.Op]
	if !ok || guard == "" {
		return
	}
	s.Op = syntax.EQ
	s.RHS = guardCall(guard, s.OpPos, &syntax.Ident{NamePos: name.NamePos, Name: name.Name}, s.RHS)
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

// guardExpr returns e with its operators and methods guarded.
func guardExpr(e syntax.Expr) syntax.Expr {
	switch e := e.(type) {
	case *syntax.BinaryExpr:
		e.X, e.Y = guardExpr(e.X), guardExpr(e.Y)
		if guard, ok := map[syntax.Token]string{
			syntax.PLUS: guardAdd, syntax.STAR: guardMul, syntax.PERCENT: guardMod,
		}[e.Op]; ok {
			return guardCall(guard, e.OpPos, e.X, e.Y)
		}
	case *syntax.CallExpr:
		e.Fn = guardExpr(e.Fn)
		for i, a := range e.Args {
			// *args and **kwargs stay what they are around a guarded value.
			if u, ok := a.(*syntax.UnaryExpr); ok {
				u.X = guardExpr(u.X)
				continue
			}
			guardParams(e.Args[i : i+1])
		}
	case *syntax.DotExpr:
		e.X = guardExpr(e.X)
		return guardCall(guardMethod, e.Name.NamePos, e.X, &syntax.Literal{
			Token: syntax.STRING, TokenPos: e.Name.NamePos, Raw: syntax.Quote(e.Name.Name, false), Value: e.Name.Name,
		})
	case *syntax.Comprehension:
		e.Body = guardExpr(e.Body)
		for _, clause := range e.Clauses {
			switch clause := clause.(type) {
			case *syntax.ForClause:
				clause.X = guardExpr(clause.X)
			case *syntax.IfClause:
				clause.Cond = guardExpr(clause.Cond)
			}
		}
	case *syntax.CondExpr:
		e.Cond, e.True, e.False = guardExpr(e.Cond), guardExpr(e.True), guardExpr(e.False)
	case *syntax.DictEntry:
		e.Key, e.Value = guardExpr(e.Key), guardExpr(e.Value)
	case *syntax.DictExpr:
		guardAll(e.List)
	case *syntax.ListExpr:
		guardAll(e.List)
	case *syntax.TupleExpr:
		guardAll(e.List)
	case *syntax.IndexExpr:
		e.X, e.Y = guardExpr(e.X), guardExpr(e.Y)
	case *syntax.SliceExpr:
		e.X = guardExpr(e.X)
		for _, x := range []*syntax.Expr{&e.Lo, &e.Hi, &e.Step} {
			if *x != nil {
				*x = guardExpr(*x)
			}
		}
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
