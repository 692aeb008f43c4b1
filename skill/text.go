package skill

import (
	"context"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// maxText is how many characters of a rendered text are kept: the length of one
// message on Twitch.
const maxText = 500

// A text is a text of the configuration with expressions in it.
type text struct {
	*expr.Template
}

// compileText compiles the text of a node and reports mistakes at their places.
// The text is nil if there are any.
func compileText(n *config.Node, ps *config.Problems, s *expr.Scope) *text {
	src, ok := n.Text(ps)
	if !ok {
		return nil
	}
	t, mistakes := expr.CompileTemplate(src, s)
	addMistakes(n, ps, mistakes)
	if t == nil {
		return nil
	}
	return &text{t}
}

// compileCondition is compileText for a condition.
func compileCondition(n *config.Node, ps *config.Problems, s *expr.Scope) *expr.Condition {
	src, ok := n.Text(ps)
	if !ok {
		return nil
	}
	c, mistakes := expr.CompileCondition(src, s)
	addMistakes(n, ps, mistakes)
	return c
}

// mustText compiles a text of our own.
func mustText(src string, s *expr.Scope) *text {
	t, mistakes := expr.CompileTemplate(src, s)
	if t == nil {
		panic("skill: " + src + ": " + mistakes[0].Text)
	}
	return &text{t}
}

func addMistakes(n *config.Node, ps *config.Problems, mistakes []expr.Mistake) {
	for _, m := range mistakes {
		*ps = append(*ps, n.ProblemAt(m.Offset, "%s", m.Text))
	}
}

var errEmptyText = errors.New("the text is empty")

// message fills in the expressions of a text for a chat. The result is one line of
// at most [maxText] characters that is no chat command, unless the configuration
// itself wrote the command.
func (t *text) message(ctx context.Context, env *expr.Env) (string, error) {
	line, err := t.fill(ctx, env)
	if err == nil && !t.FixedFirstWord() {
		line = noCommand(line)
	}
	return finish(line, err)
}

// plain is message for what is not said in a chat: a title, an id, a reason.
func (t *text) plain(ctx context.Context, env *expr.Env) (string, error) {
	return finish(t.fill(ctx, env))
}

func (t *text) fill(ctx context.Context, env *expr.Env) (string, error) {
	line, err := t.Fill(ctx, env, utf8.UTFMax*maxText)
	return oneLine(line), err
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
