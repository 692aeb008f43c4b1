package expr

import (
	"context"
	"slices"
	"strings"

	"go.starlark.net/starlark"
)

// A Template is a text with expressions in braces. {{ and }} stand for literal braces.
type Template struct {
	parts []part
}

// A part of a template is fixed text or an expression.
type part struct {
	text string
	expr *expr
}

// Fixed returns the template's text if it has no expressions.
func (t *Template) Fixed() (string, bool) {
	switch {
	case len(t.parts) == 0:
		return "", true
	case len(t.parts) == 1 && t.parts[0].expr == nil:
		return t.parts[0].text, true
	}
	return "", false
}

// CompileTemplate compiles a text. The template is nil where there are mistakes.
func CompileTemplate(src string, s *Scope) (*Template, []Mistake) {
	var t Template
	var mistakes []Mistake
	var fixed strings.Builder
	flush := func() {
		if fixed.Len() > 0 {
			t.parts = append(t.parts, part{text: fixed.String()})
			fixed.Reset()
		}
	}
	for i := 0; i < len(src); {
		c := src[i]
		if c != '{' && c != '}' {
			fixed.WriteByte(c)
			i++
			continue
		}
		if i+1 < len(src) && src[i+1] == c {
			fixed.WriteByte(c)
			i += 2
			continue
		}
		if c == '}' {
			mistakes = append(mistakes, Mistake{i, `unexpected "}"; write "}}" for a literal brace`})
			i++
			continue
		}
		end := exprEnd(src, i+1)
		if end < 0 {
			mistakes = append(mistakes, Mistake{i, `no closing "}" for this "{"; write "{{" for a literal brace`})
			break
		}
		flush()
		e, wrong := compile(src[i+1:end], s)
		for _, m := range wrong {
			mistakes = append(mistakes, Mistake{i + 1 + m.Offset, m.Text})
		}
		t.parts = append(t.parts, part{expr: e})
		i = end + 1
	}
	flush()
	if len(mistakes) > 0 {
		return nil, mistakes
	}
	return &t, nil
}

// exprEnd returns the index of the brace that closes the expression at start, or -1.
// Braces inside strings and nested brackets are skipped.
func exprEnd(src string, start int) int {
	depth := 0
	for i := start; i < len(src); i++ {
		switch c := src[i]; c {
		case '\'', '"':
			for i++; i < len(src) && src[i] != c; i++ {
				if src[i] == '\\' {
					i++
				}
			}
		case '(', '[', '{':
			depth++
		case ')', ']':
			depth--
		case '}':
			if depth <= 0 {
				return i
			}
			depth--
		}
	}
	return -1
}

// Uses reports whether an expression of the text reads a name.
func (t *Template) Uses(name string) bool {
	return slices.ContainsFunc(t.parts, func(p part) bool { return p.expr != nil && p.expr.uses[name] })
}

// Fill returns the text with the values of its expressions. It may stop after limit
// bytes.
func (t *Template) Fill(ctx context.Context, env *Env, limit int) (string, error) {
	return t.FillWith(ctx, env, limit, func(value string, _ bool) string { return value })
}

// FillWith is Fill with each value passed through a function. lead says that nothing stands
// before the value.
func (t *Template) FillWith(ctx context.Context, env *Env, limit int, f func(value string, lead bool) string) (string, error) {
	var out strings.Builder
	for i, p := range t.parts {
		text := p.text
		if p.expr != nil {
			v, err := p.expr.eval(ctx, env)
			if err != nil {
				return "", err
			}
			text = f(display(v), i == 0)
		}
		out.WriteString(text)
		if out.Len() > limit {
			break
		}
	}
	return out.String(), nil
}

// Lead returns the fixed text before the first expression, and whether there is none.
func (t *Template) Lead() (text string, all bool) {
	switch {
	case len(t.parts) == 0:
		return "", true
	case t.parts[0].expr != nil:
		return "", false
	}
	return t.parts[0].text, len(t.parts) == 1
}

// Value returns the value of a text that is one expression, and any other text filled in.
func (t *Template) Value(ctx context.Context, env *Env) (Value, error) {
	if len(t.parts) == 1 && t.parts[0].expr != nil {
		v, err := t.parts[0].expr.eval(ctx, env)
		return Value{v}, err
	}
	line, err := t.Fill(ctx, env, maxFilled)
	return Value{starlark.String(line)}, err
}

// maxFilled is the longest text of [Template.Value] in bytes.
const maxFilled = 64 << 10
