// Package config reads YAML and remembers where everything stood.
//
// [Parse] turns a file into a tree of [Node]; whoever knows what a part of the
// file means reads it through [Node.Section] and the typed getters, which
// collect every mistake instead of stopping at the first:
//
//	root, problems := config.Parse("larkspur.yaml", src, config.Options{})
//	s := root.Section(&problems, "connectors", "skills")
//	t := s.Section("connectors", "twitch")
//	id := t.NeedString("client-id")
//	if len(problems) > 0 {
//		return problems // larkspur.yaml:3:5: connectors.twitch: "client-id" is missing
//	}
//
// A problem never quotes a value that came from a variable or that stands under
// a key which may hold a secret: it says what kind of value is there instead.
//
// The YAML library stays behind this package: nothing of it is in its API.
package config

import (
	"bytes"
	"os"
)

// The largest file that is read, far beyond what anybody writes by hand. The
// YAML library's time grows with the square of the number of lines.
const (
	maxSize  = 1 << 20
	maxLines = 20_000
)

// Options configure [Parse]. The zero value is usable.
type Options struct {
	// LookupEnv finds the value of a variable in ${NAME}.
	LookupEnv func(name string) (string, bool) // default: os.LookupEnv
}

func (o Options) withDefaults() Options {
	if o.LookupEnv == nil {
		o.LookupEnv = os.LookupEnv
	}
	return o
}

// Parse reads one YAML document. file is the name that problems show.
//
// The node is never nil and everything that could be read is in it, so that the
// reader of a file with problems can look for more of them. Strings are
// expanded: ${NAME} becomes the variable's value, ${NAME:-text} the text where
// the variable is not set or empty, and $${ stands for ${ itself.
func Parse(file string, src []byte, o Options) (*Node, Problems) {
	b := builder{file: file, env: o.withDefaults().LookupEnv, anchors: map[string]*Node{}}
	root := &Node{Kind: Null, File: file, Line: 1, Column: 1}
	if len(src) > maxSize {
		b.report(root, "the file is larger than 1 MiB")
		return root, b.problems
	}
	if bytes.Count(src, []byte("\n")) > maxLines {
		b.report(root, "the file has more than %d lines", maxLines)
		return root, b.problems
	}
	if text := tooDeep(src); text != "" {
		b.report(root, "%s", text)
		return root, b.problems
	}
	if n := b.parse(src); n != nil {
		root = n
	}
	b.problems.sort()
	return root, b.problems
}
