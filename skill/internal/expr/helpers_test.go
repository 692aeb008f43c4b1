package expr_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"go.uber.org/goleak"

	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// messageShape is the shape of event in these tests.
var messageShape = expr.NewShape("a chat message", map[string]*expr.Shape{
	"text": expr.Text, "user": expr.Text, "bits": expr.Number, "is_reply": expr.Bool,
	"roles": expr.TextList, "badges": expr.TextDict,
})

// scope is what expressions know in these tests.
func scope() *expr.Scope {
	return expr.NewScope(map[string]*expr.Shape{"match": expr.TextList}).WithEvents(messageShape)
}

func env(text string) *expr.Env {
	return expr.NewEnv(map[string]any{
		"event": expr.NewRecord(map[string]any{
			"text": text, "user": "grace", "bits": 0, "is_reply": false, "roles": []string{},
			"badges": map[string]string{"subscriber": "12"},
		}, messageShape),
		"match": []string{text},
	})
}

// fill compiles a text and fills it in.
func fill(t *testing.T, text string) (string, error) {
	t.Helper()
	tpl, mistakes := expr.CompileTemplate(text, scope())
	if len(mistakes) > 0 {
		t.Fatalf("%.200s: %v", text, mistakes)
	}
	return tpl.Fill(t.Context(), env("x"), 1000)
}

// A script under test has registered one function by calling on(function).
type script struct {
	fn   expr.Function
	said []string
}

// load compiles and runs a script.
func load(t *testing.T, src string) (*script, error) {
	t.Helper()
	s := &script{}
	compiled, mistakes := expr.CompileScript("x.star", []byte(src), map[string]any{
		"on": expr.Func(func(_ context.Context, args *expr.Args) (any, error) { return nil, args.Unpack("function", &s.fn) }),
	})
	if compiled != nil {
		mistakes = compiled.Run(t.Context())
	}
	var errs []error
	for _, m := range mistakes {
		errs = append(errs, fmt.Errorf("x.star:%d:%d: %s", m.Line, m.Column, m.Text))
	}
	return s, errors.Join(errs...)
}

// call calls the function that the script registered, with a call that can say.
func (s *script) call(t *testing.T) error {
	t.Helper()
	say := expr.Func(func(_ context.Context, args *expr.Args) (any, error) {
		var v expr.Value
		err := args.Unpack("text", &v)
		if err == nil {
			s.said = append(s.said, v.String())
		}
		return nil, err
	})
	return s.fn.Call(t.Context(), expr.NewObject("call", map[string]any{"say": say}), nil)
}
