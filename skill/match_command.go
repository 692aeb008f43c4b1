package skill

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// command is match: {command: '!give {to} {amount:int} {message...}'}: fixed words and
// arguments in braces.
//
//	{name}      one word
//	{name:int}  an integer; also number, bool (on, off, yes, no …) and duration (10m; in seconds)
//	{name:user} a user: without a leading @, in lower case
//	{side:a|b}  one of some words
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
	typ      string   // one of argTypes; "" for text
	values   []string // of an argument that is one of some words
	rest     bool
	optional bool
}

// argTypes are what may follow the colon in {name:type}.
var argTypes = []string{"int", "number", "bool", "duration", "text", "user"}

// reserved are names that arguments and groups cannot have.
var reserved = []string{"event", "channel", "match", "args", "now", "config", "memory", "viewer", "clip", "None", "True", "False"}

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
	case typed && strings.Contains(typ, "|"):
		w.values, typ = strings.Split(strings.ToLower(typ), "|"), "text"
		if slices.Contains(w.values, "") || w.rest {
			return w, "want words between the bars, as in {side:left|right}"
		}
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
	heads := c.heads()
	for _, w := range c.words[:heads] {
		var field string
		if field, rest = cutWord(rest); strings.ToLower(field) != w.fixed {
			return nil, "", false
		}
	}
	names = map[string]any{"args": strings.TrimSpace(rest), "match": []string{text}}
	for _, w := range c.words[heads:] {
		var field string
		switch {
		case w.rest:
			field, rest = strings.TrimSpace(rest), ""
		case w.fixed != "":
			if field, rest = cutWord(rest); strings.ToLower(field) != w.fixed {
				return nil, c.source, true
			}
			continue
		default:
			field, rest = cutArg(rest)
		}
		v, good := w.value(field)
		if !good {
			return nil, c.source, true
		}
		names[w.name] = v
	}
	return names, "", true
}

// cutWord returns the first word of a text, and what follows it.
func cutWord(text string) (word, rest string) {
	text = strings.TrimLeftFunc(text, unicode.IsSpace)
	end := strings.IndexFunc(text, unicode.IsSpace)
	if end < 0 {
		end = len(text)
	}
	return text[:end], text[end:]
}

// cutArg is cutWord for an argument, which may be several words in double quotes.
func cutArg(text string) (arg, rest string) {
	text = strings.TrimLeftFunc(text, unicode.IsSpace)
	if quoted, ok := strings.CutPrefix(text, `"`); ok {
		if arg, rest, ok = strings.Cut(quoted, `"`); ok && (rest == "" || unicode.IsSpace(rune(rest[0]))) {
			return arg, rest
		}
	}
	return cutWord(text)
}

// value converts the word in the message to the value of the argument.
func (w word) value(field string) (any, bool) {
	if field == "" {
		if !w.optional {
			return nil, false
		}
		if w.typ == "" || w.typ == "user" || len(w.values) > 0 {
			return "", true
		}
		return nil, true
	}
	switch w.typ {
	case "int":
		n, err := strconv.ParseInt(field, 10, 64)
		return n, err == nil
	case "number":
		f, err := strconv.ParseFloat(field, 64)
		return f, err == nil && !math.IsNaN(f) && !math.IsInf(f, 0)
	case "duration":
		d, err := time.ParseDuration(field)
		if n, numErr := strconv.Atoi(field); numErr == nil && n < int(maxDuration/time.Second) {
			d, err = time.Duration(n)*time.Second, nil
		}
		if d%time.Second == 0 {
			return int64(d / time.Second), err == nil && d >= 0
		}
		return d.Seconds(), err == nil && d >= 0
	case "bool":
		v, known := boolWords[strings.ToLower(field)]
		return v, known
	case "user":
		login := strings.ToLower(strings.TrimPrefix(field, "@"))
		return login, login != ""
	}
	if len(w.values) > 0 {
		field = strings.ToLower(field)
		return field, slices.Contains(w.values, field)
	}
	return field, true
}

// boolWords are the words for true and false in arguments.
var boolWords = map[string]bool{
	"true": true, "yes": true, "on": true, "1": true,
	"false": false, "no": false, "off": false, "0": false,
}

func (c *command) scope(s *expr.Scope) *expr.Scope {
	out := s.With("args", expr.Text).With("match", expr.TextList).WithGroups(0)
	for _, w := range c.words {
		switch {
		case w.name == "":
		case w.typ != "" && w.typ != "user":
			out = out.With(w.name, expr.Any) // None where it is missing
		default:
			out = out.With(w.name, expr.Text)
		}
	}
	return out
}

func (c *command) String() string { return c.words[0].fixed }

// heads returns how many fixed words the command begins with.
func (c *command) heads() int {
	n := slices.IndexFunc(c.words, func(w word) bool { return w.fixed == "" })
	if n < 0 {
		return len(c.words)
	}
	return n
}

// alias returns the command under another name.
func (c *command) alias(words []string) *command {
	out := &command{}
	for _, w := range words {
		out.words = append(out.words, word{fixed: w})
	}
	out.words = append(out.words, c.words[c.heads():]...)
	out.source = strings.Join(append(slices.Clip(words), strings.Fields(c.source)[c.heads():]...), " ")
	return out
}
