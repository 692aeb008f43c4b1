package skill

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

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

// mustText compiles a text that is known to be valid.
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
// at most [chat.MaxLength] characters. It does not begin with the sign of a chat command,
// unless the configuration writes out the whole first word, as in "/me waves".
func (t *text) message(ctx context.Context, env *expr.Env) (string, error) {
	line, err := t.fill(ctx, env)
	if err == nil && !t.fixedFirstWord() {
		line = noCommand(line)
	}
	return finish(line, err)
}

// fixedFirstWord reports whether no expression has a part in the first word of a filled
// text. Invisible characters are not a word: [chat.OneLine] removes them, so in
// "\u200b {args}" the first word is that of the viewer.
func (t *text) fixedFirstWord() bool {
	lead, all := t.Lead()
	return all || strings.ContainsFunc(chat.OneLine(lead+"x"), unicode.IsSpace)
}

// plain is message for texts that are not sent to a chat: titles, ids, reasons.
func (t *text) plain(ctx context.Context, env *expr.Env) (string, error) {
	return finish(t.fill(ctx, env))
}

// maxAddress is the longest address in bytes.
const maxAddress = 4000

// address is plain for an address: what its expressions give is escaped, so that a viewer
// cannot change the path or add to the query. An expression at the beginning is taken as it is:
// it is the configuration's.
func (t *text) address(ctx context.Context, env *expr.Env) (string, error) {
	first := true
	line, err := t.FillWith(ctx, env, maxAddress, func(value string, lead bool) string {
		if lead && first {
			first = false
			return value
		}
		return strings.ReplaceAll(url.QueryEscape(value), "+", "%20")
	})
	if err == nil && line == "" {
		err = errEmptyText
	}
	return line, err
}

func (t *text) fill(ctx context.Context, env *expr.Env) (string, error) {
	line, err := t.Fill(ctx, env, utf8.UTFMax*chat.MaxLength)
	return chat.OneLine(line), err
}

func finish(line string, err error) (string, error) {
	if err != nil {
		return "", err
	}
	if line = chat.Shorten(line, chat.MaxLength); line == "" {
		return "", errEmptyText
	}
	return line, nil
}

// noCommand replaces a leading sign that Twitch (/ and .) or other bots (!) read as
// the beginning of a command by one that looks alike.
func noCommand(line string) string {
	if rest, ok := strings.CutPrefix(line, "!"); ok {
		return "\u01c3" + rest
	}
	return chat.NoCommand(line)
}
