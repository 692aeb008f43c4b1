package skill

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// command is match: {command: '!give {to} {amount:int} {message...}'}: fixed words and
// arguments in braces.
//
//	{name}      one word
//	{name:int}  an integer
//	{name:user} a user: without a leading @, in lower case
//	{name...}   the rest of the line
//	{name?}     an optional word; also {name:int?} and {name...?}
type command struct {
	source string
	words  []word
}

// A word of a command is a fixed word or an argument.
type word struct {
	fixed    string // in lower case; "" for an argument
	name     string
	typ      string // "", "int" or "user"
	rest     bool
	optional bool
}

// argTypes are what may follow the colon in {name:type}.
var argTypes = []string{"int", "text", "user"}

// reserved are names that arguments and groups cannot have.
var reserved = []string{"event", "channel", "match", "args", "now", "config", "clip", "None", "True", "False"}

func isReserved(name string) bool { return contains(reserved, name) }

func contains(list []string, s string) bool { return slices.Contains(list, s) }

// parseCommand parses the pattern of a command. The command is nil if there are mistakes.
func parseCommand(src string) (*command, []expr.Mistake) {
	c := &command{source: strings.Join(strings.Fields(src), " ")}
	var mistakes []expr.Mistake
	report := func(offset int, format string, args ...any) {
		mistakes = append(mistakes, expr.Mistake{Offset: offset, Text: fmt.Sprintf(format, args...)})
	}
	if len(src) > maxPattern {
		report(0, "the command is longer than 1000 bytes")
		return nil, mistakes
	}
	for offset, field := range fields(src) {
		inner, isArg := strings.CutPrefix(field, "{")
		inner, ends := strings.CutSuffix(inner, "}")
		if !isArg {
			if strings.ContainsAny(field, "{}") {
				report(offset, "put a space between a word and {arguments}")
			}
			c.words = append(c.words, word{fixed: strings.ToLower(field)})
			continue
		}
		if !ends || strings.ContainsAny(inner, "{}") {
			report(offset, `want an argument such as {name}, got %q`, field)
			continue
		}
		w, wrong := parseArg(inner)
		if wrong != "" {
			report(offset, "%s", wrong)
		}
		if len(c.words) == 0 {
			report(offset, "a command must begin with a fixed word such as !title")
		}
		if n := len(c.words); n > 0 {
			last := c.words[n-1]
			if last.rest {
				report(offset, "nothing can follow {%s...}, which takes the rest of the line", last.name)
			} else if last.optional && !w.optional {
				report(offset, "a required argument cannot follow an optional one")
			}
		}
		if slices.ContainsFunc(c.words, func(o word) bool { return o.name != "" && o.name == w.name }) {
			report(offset, "there are two arguments named %q", w.name)
		}
		c.words = append(c.words, w)
	}
	if len(c.words) == 0 {
		report(0, "the command is empty")
	}
	for i, w := range c.words[:max(0, len(c.words)-1)] {
		if (w.optional || w.rest) && c.words[i+1].fixed != "" {
			report(0, "the word %q cannot follow an optional argument or one that takes the rest of the line", c.words[i+1].fixed)
		}
	}
	if len(mistakes) > 0 {
		return nil, mistakes
	}
	return c, nil
}

// parseArg parses the text between the braces.
func parseArg(s string) (w word, wrong string) {
	s, w.optional = strings.CutSuffix(s, "?")
	s, w.rest = strings.CutSuffix(s, "...")
	name, typ, typed := strings.Cut(s, ":")
	w.name = name
	switch {
	case !isName(name):
		return w, fmt.Sprintf("%q is not a name; use letters, digits and _", name)
	case isReserved(name):
		return w, fmt.Sprintf("an argument cannot be named %q", name)
	case typed && !contains(argTypes, typ):
		return w, fmt.Sprintf("unknown type %q%s", typ, hint(typ, argTypes))
	case w.rest && typed && typ != "text":
		return w, "the rest of the line is always text"
	}
	if typ != "text" {
		w.typ = typ
	}
	return w, ""
}

// isName reports whether an expression can use s as a name.
func isName(s string) bool {
	for i, r := range s {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return s != "" && !contains(keywords, s)
}

// keywords of Starlark cannot be names.
var keywords = []string{
	"and", "break", "continue", "def", "elif", "else", "for", "if", "in", "lambda", "load", "not", "or", "pass", "return", "while",
	"as", "async", "await", "class", "del", "except", "finally", "from", "global", "import", "is", "nonlocal", "raise", "try", "with", "yield",
}

// fields yields the words of s with their byte offsets.
func fields(s string) func(yield func(int, string) bool) {
	return func(yield func(int, string) bool) {
		for i := 0; i < len(s); {
			start := i + len(s[i:]) - len(strings.TrimLeftFunc(s[i:], unicode.IsSpace))
			end := strings.IndexFunc(s[start:], unicode.IsSpace)
			if end < 0 {
				end = len(s) - start
			}
			if end == 0 || !yield(start, s[start:start+end]) {
				return
			}
			i = start + end
		}
	}
}

func (c *command) match(text string) (names map[string]any, usage string, ok bool) {
	rest := text
	next := func() string {
		rest = strings.TrimLeftFunc(rest, unicode.IsSpace)
		end := strings.IndexFunc(rest, unicode.IsSpace)
		if end < 0 {
			end = len(rest)
		}
		field := rest[:end]
		rest = rest[end:]
		return field
	}
	names = map[string]any{}
	heads := true // still among the leading fixed words
	for _, w := range c.words {
		if w.fixed != "" {
			if strings.ToLower(next()) != w.fixed {
				if heads {
					return nil, "", false
				}
				return nil, c.source, true
			}
			continue
		}
		if heads {
			heads = false
			names["args"] = strings.TrimSpace(rest)
		}
		var field string
		if w.rest {
			field, rest = strings.TrimSpace(rest), ""
		} else {
			field = next()
		}
		v, good := w.value(field)
		if !good {
			return nil, c.source, true
		}
		names[w.name] = v
	}
	if heads {
		names["args"] = strings.TrimSpace(rest)
	}
	names["match"] = []string{text}
	return names, "", true
}

// value converts the word in the message to the value of the argument.
func (w word) value(field string) (any, bool) {
	if field == "" {
		if !w.optional {
			return nil, false
		}
		if w.typ == "int" {
			return nil, true
		}
		return "", true
	}
	switch w.typ {
	case "int":
		n, err := strconv.ParseInt(field, 10, 64)
		return n, err == nil
	case "user":
		login := strings.ToLower(strings.TrimPrefix(field, "@"))
		return login, login != ""
	}
	return field, true
}

func (c *command) scope(s *expr.Scope) *expr.Scope {
	out := s.With("args", expr.Text).With("match", expr.TextList).WithGroups(0)
	for _, w := range c.words {
		switch {
		case w.name == "":
		case w.typ == "int":
			out = out.With(w.name, expr.Any) // None where it is missing
		default:
			out = out.With(w.name, expr.Text)
		}
	}
	return out
}

func (c *command) String() string { return c.words[0].fixed }
