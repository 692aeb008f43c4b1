package expr

import (
	"context"
	"fmt"

	"go.starlark.net/starlark"
)

// A Func is a Go function that scripts can call. The context is that of the run. The
// result is a Go value; nil is None. The time it takes does not count as computing.
type Func func(ctx context.Context, args *Args) (any, error)

// Args are the arguments of one call of a [Func].
type Args struct {
	name   string
	args   starlark.Tuple
	kwargs []starlark.Tuple
}

// Unpack stores the arguments in variables. The pairs are parameter names and
// pointers to variables: string, bool, the integer types, [Value], [Function] or
// [Texts]. A name that ends with ? is optional, as are all after it.
func (a *Args) Unpack(pairs ...any) error {
	return starlark.UnpackArgs(a.name, a.args, a.kwargs, pairs...)
}

func (f Func) builtin(name string) *starlark.Builtin { return starlark.NewBuiltin(name, f.run) }

func (f Func) run(t *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	ctx := threadContext(t)
	defer PauseClock(ctx)()
	out, err := f(ctx, &Args{b.Name(), args, kwargs})
	if err != nil {
		return nil, err
	}
	return toValue(out, nil), nil
}

// Texts is an argument that is a list of texts. Other elements are converted to text.
type Texts struct {
	Given bool // the argument was there
	List  []string
}

// Unpack implements [starlark.Unpacker].
func (t *Texts) Unpack(v starlark.Value) error {
	list, ok := v.(*starlark.List)
	if !ok {
		return fmt.Errorf("got %s, want list", v.Type())
	}
	t.Given = true
	for item := range list.Elements() {
		t.List = append(t.List, display(item))
	}
	return nil
}

// A Function is a function that a script defines.
type Function struct {
	fn *starlark.Function
}

// Unpack implements [starlark.Unpacker].
func (f *Function) Unpack(v starlark.Value) error {
	fn, ok := v.(*starlark.Function)
	if !ok {
		return fmt.Errorf("got %s, want function", v.Type())
	}
	f.fn = fn
	return nil
}

// Name returns the function's name.
func (f Function) Name() string { return f.fn.Name() }

// A Param is a parameter of a [Function].
type Param struct {
	Name     string
	Optional bool // it has a default
}

// Params returns the function's parameters. ok is false if it has * or **
// parameters.
func (f Function) Params() (params []Param, ok bool) {
	if f.fn.HasVarargs() || f.fn.HasKwargs() {
		return nil, false
	}
	for i := range f.fn.NumParams() {
		name, _ := f.fn.Param(i)
		params = append(params, Param{name, f.fn.ParamDefault(i) != nil})
	}
	return params, true
}

// Call runs the function with one positional argument and others by name.
// Several goroutines may call it at once.
func (f Function) Call(ctx context.Context, arg any, named map[string]any) error {
	var kwargs []starlark.Tuple
	for name, v := range named {
		kwargs = append(kwargs, starlark.Tuple{starlark.String(name), toValue(v, nil)})
	}
	_, err := run(ctx, scriptSteps, func(t *starlark.Thread) (starlark.Value, error) {
		return starlark.Call(t, f.fn, starlark.Tuple{toValue(arg, nil)}, kwargs)
	})
	return err
}

// Rename changes the name of an argument that was given by name.
func (a *Args) Rename(from, to string) {
	for i, pair := range a.kwargs {
		if name, ok := starlark.AsString(pair[0]); ok && name == from {
			a.kwargs[i] = starlark.Tuple{starlark.String(to), pair[1]}
		}
	}
}
