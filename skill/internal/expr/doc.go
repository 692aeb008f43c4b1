// Package expr is the interpreter behind skills: conditions, texts with
// placeholders, and scripts, all written in Starlark and run under limits.
//
// A [Scope] says which names an expression may use and what is known of their
// values. [CompileCondition] and [CompileTemplate] check an expression against it
// and return either something that can run or the mistakes, with their places:
//
//	scope := expr.NewScope(map[string]*expr.Shape{"n": expr.Number})
//	t, mistakes := expr.CompileTemplate("{n * 2}", scope)
//
// An [Env] holds the values of the names for one run:
//
//	env := expr.NewEnv(map[string]any{"n": 21})
//	text, err := t.Fill(ctx, env, 500) // "42"
//
// A [Script] is a whole file. Its top-level statements run once, when it is
// loaded; they call Go functions ([Func]) that take its [Function] values, and
// these are called later, from several goroutines if need be.
//
// Values cross the border as Go values: nil, bool, string, integers, float64,
// [encoding/json.Number], [math/big.Int], [time.Time], slices and maps of these,
// and [Record], [Lazy], [Object], [Func] and [Value]. No caller sees Starlark's
// own types.
//
// # Limits
//
// A run ends with an error when it has taken too many steps, computed for too
// long, or used too much memory; the time that Go functions take does not count.
// Single steps that could use any amount of time or memory (operators, methods,
// built-in functions) are measured before they run, see guard.go.
package expr
