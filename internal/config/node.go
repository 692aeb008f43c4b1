package config

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Kind is the type of the value of a [Node].
type Kind uint8

// The kinds of nodes.
const (
	Null Kind = iota
	Bool
	Int
	Float
	String
	List
	Map
)

// String returns the kind as it appears in problems: "a list".
func (k Kind) String() string {
	switch k {
	case Null:
		return "empty"
	case Bool:
		return "true or false"
	case Int, Float:
		return "a number"
	case String:
		return "text"
	case List:
		return "a list"
	case Map:
		return "a mapping"
	}
	return "kind " + strconv.Itoa(int(k))
}

// A Node is one value of a YAML file with its position. A nil *Node is an absent value:
// its getters return zero values and report nothing.
type Node struct {
	Kind   Kind
	Path   string // "connectors.twitch.channel"
	File   string
	Line   int
	Column int

	Value  any     // bool, int64, float64 or string, by Kind
	Items  []*Node // of a list
	Fields []Field // of a mapping, in the order of the file

	// Expanded reports that Value contains the value of a variable. It may be a secret,
	// so it is never printed.
	Expanded bool

	raw    string   // a scalar as written in the file
	lines  []string // the file, to find positions inside a text
	unread bool     // the root of a file that could not be read: what is in it is unknown
}

// A Field is one entry of a mapping.
type Field struct {
	Key    string
	Line   int // of the key
	Column int // of the key
	Value  *Node
}

// Problem returns a problem at the position of the node.
func (n *Node) Problem(format string, args ...any) Problem {
	return Problem{File: n.File, Line: n.Line, Column: n.Column, Path: n.Path, Text: fmt.Sprintf(format, args...)}
}

// ProblemAt returns a problem at a position inside the node's text, offset bytes after
// its start. If the text is written differently in the file (escapes, folded lines,
// variables), it is the position of the node.
func (n *Node) ProblemAt(offset int, format string, args ...any) Problem {
	p := n.Problem(format, args...)
	p.Line, p.Column = n.place(offset)
	return p
}

// Field returns the value of key, or nil if it is absent or n is not a mapping.
func (n *Node) Field(key string) *Node {
	if n == nil {
		return nil
	}
	for _, f := range n.Fields {
		if f.Key == key {
			return f.Value
		}
	}
	return nil
}

// Quote returns the node's text in quotes, for a problem. A text that came from a
// variable may be a secret and is not quoted.
func (n *Node) Quote() string {
	if n.Expanded {
		return "the variable's value"
	}
	return strconv.Quote(shorten(n.raw))
}

// shorten limits the length of quoted text.
func shorten(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

// place returns the line and column of an offset in the node's text.
func (n *Node) place(offset int) (line, column int) {
	text, ok := n.Value.(string)
	if !ok || n.Expanded || offset < 0 || offset > len(text) || n.Line < 1 || n.Line > len(n.lines) {
		return n.Line, n.Column
	}
	first := runesFrom(n.lines[n.Line-1], n.Column-1)
	if first == "" {
		return n.Line, n.Column
	}
	switch {
	case first[0] == '|':
		return n.placeInBlock(text, offset)
	case strings.HasPrefix(first, text):
		return n.Line, n.Column + utf8.RuneCountInString(text[:offset])
	case (first[0] == '\'' || first[0] == '"') && strings.HasPrefix(first[1:], text):
		return n.Line, n.Column + 1 + utf8.RuneCountInString(text[:offset])
	}
	return n.Line, n.Column
}

// placeInBlock is place for a literal block ("|"), whose lines follow the indicator.
func (n *Node) placeInBlock(text string, offset int) (line, column int) {
	before := text[:offset]
	row := strings.Count(before, "\n")
	before = before[strings.LastIndexByte(before, '\n')+1:]
	want, _, _ := strings.Cut(text[offset-len(before):], "\n")
	if n.Line+row >= len(n.lines) {
		return n.Line, n.Column
	}
	have := n.lines[n.Line+row]
	if !strings.HasSuffix(have, want) {
		return n.Line, n.Column
	}
	indent := utf8.RuneCountInString(have) - utf8.RuneCountInString(want)
	return n.Line + 1 + row, 1 + indent + utf8.RuneCountInString(before)
}

// runesFrom returns s without its first n characters.
func runesFrom(s string, n int) string {
	for range n {
		_, size := utf8.DecodeRuneInString(s)
		s = s[size:]
	}
	return s
}
