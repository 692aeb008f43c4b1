package skill

import (
	"context"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.starlark.net/starlark"

	"github.com/larkspur-dev/larkspur/internal/config"
)

// maxText is how many characters of a rendered text are kept: what Twitch takes
// as one message.
const maxText = 500

// A template is a text with expressions in braces. Braces themselves are
// doubled: {{ and }}.
type template struct {
	parts []part
}

// A part of a template is fixed text or an expression.
type part struct {
	text string
	expr *expr
}

// fixed returns the template's text where it has no expressions.
func (t *template) fixed() (string, bool) {
	switch {
	case len(t.parts) == 0:
		return "", true
	case len(t.parts) == 1 && t.parts[0].expr == nil:
		return t.parts[0].text, true
	}
	return "", false
}

// parseTemplate compiles a text. The template is nil where there are mistakes.
func parseTemplate(src string, s *scope) (*template, []mistake) {
	var t template
	var mistakes []mistake
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
			mistakes = append(mistakes, mistake{i, `"}" ends nothing; write "}}" for the character itself`})
			i++
			continue
		}
		end := exprEnd(src, i+1)
		if end < 0 {
			mistakes = append(mistakes, mistake{i, `"{" begins an expression that does not end; write "{{" for the character itself`})
			break
		}
		flush()
		e, wrong := compile(src[i+1:end], s)
		for _, m := range wrong {
			mistakes = append(mistakes, mistake{i + 1 + m.offset, m.text})
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

// exprEnd finds the brace that ends the expression at start, -1 if none does.
// Braces in strings and in nested brackets do not end it.
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

// compileText compiles the text of a node and reports mistakes at their places.
func compileText(n *config.Node, ps *config.Problems, s *scope) *template {
	src, ok := n.Text(ps)
	if !ok {
		return nil
	}
	t, mistakes := parseTemplate(src, s)
	for _, m := range mistakes {
		*ps = append(*ps, n.ProblemAt(m.offset, "%s", m.text))
	}
	return t
}

var errEmptyText = errors.New("the text is empty")

// render fills in the expressions of a text for a chat. The result is one line of
// at most [maxText] characters that is no chat command, unless the configuration
// itself wrote the command.
func (t *template) render(ctx context.Context, names starlark.StringDict) (string, error) {
	line, err := t.fill(ctx, names)
	if err == nil && !t.ownWord() {
		line = noCommand(line)
	}
	return finish(line, err)
}

// plain is render for what is not said in a chat: a title, an id, a reason.
func (t *template) plain(ctx context.Context, names starlark.StringDict) (string, error) {
	return finish(t.fill(ctx, names))
}

func finish(line string, err error) (string, error) {
	if err != nil {
		return "", err
	}
	if line = shorten(line); line == "" {
		return "", errEmptyText
	}
	return line, nil
}

func (t *template) fill(ctx context.Context, names starlark.StringDict) (string, error) {
	var out strings.Builder
	for _, p := range t.parts {
		text := p.text
		if p.expr != nil {
			v, err := p.expr.eval(ctx, names)
			if err != nil {
				return "", err
			}
			text = display(v)
		}
		out.WriteString(text)
		if out.Len() > utf8.UTFMax*maxText {
			break // more is cut off anyway
		}
	}
	return oneLine(out.String()), nil
}

// ownWord reports whether the whole first word stands in the configuration: then
// a command it makes is meant.
func (t *template) ownWord() bool {
	for _, p := range t.parts {
		if p.expr != nil {
			return false
		}
		if strings.ContainsFunc(strings.TrimLeftFunc(p.text, unicode.IsSpace), unicode.IsSpace) {
			return true
		}
	}
	return true
}

// display is how a value looks in a text.
func display(v starlark.Value) string {
	if s, ok := v.(starlark.String); ok {
		return string(s)
	}
	if v == starlark.None || weigh(v, maxBytes) > maxBytes {
		return ""
	}
	return v.String()
}

// oneLine makes line breaks and other control characters spaces: a line break
// would end the message and begin a command of the chat protocol.
func oneLine(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	return strings.TrimFunc(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s), unicode.IsSpace)
}

// noCommand replaces a leading sign that Twitch (/ and .) or other bots (!) take
// for the beginning of a command by one that looks alike.
func noCommand(s string) string {
	s = strings.TrimLeftFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || r == '\u034f' || r == '\U000e0000'
	})
	for sign, alike := range map[string]string{"/": "\u2215", ".": "\u2024", "!": "\u01c3"} {
		if rest, ok := strings.CutPrefix(s, sign); ok {
			return alike + rest
		}
	}
	return s
}

// shorten cuts a text to maxText characters.
func shorten(s string) string {
	n := 0
	for i := range s {
		if n == maxText {
			return s[:i]
		}
		n++
	}
	return s
}
