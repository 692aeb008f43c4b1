// Package config reads YAML and keeps the position of every value.
//
// [Parse] turns a file into a tree of [Node]. Packages read their part of the tree
// through [Node.Section] and typed getters, which collect all mistakes instead of stopping
// at the first:
//
//	root, problems := config.Parse("larkspur.yaml", src, config.Options{})
//	s := root.Section(&problems, "connectors", "skills")
//	t := s.Section("connectors", "twitch")
//	id := t.NeedString("client-id")
//	if len(problems) > 0 {
//		return problems // larkspur.yaml:3:5: connectors.twitch: "client-id" is missing
//	}
//
// A problem never quotes a value that may be a secret: one that came from a variable or
// from under a key such as client-secret. It names the kind of the value instead.
//
// The API has no types of the YAML library.
package config

import (
	"bytes"
	"os"
)

// The largest file that is read, far larger than a configuration written by hand. The
// time of the YAML library grows with the square of the number of lines.
const (
	maxSize  = 1 << 20
	maxLines = 20_000
)

// Options configure [Parse]. The zero value is usable.
type Options struct {
	// LookupEnv returns the value of the variable in ${NAME}.
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
// The node is never nil and holds everything that could be read, so that the caller can
// look for more problems. If the file is not valid YAML or too large, nothing could be
// read, and nothing is reported as missing from the node. Strings are expanded: ${NAME} becomes the value of the variable,
// ${NAME:-text} becomes text if the variable is unset or empty, and $${ is a literal ${.
func Parse(file string, src []byte, o Options) (*Node, Problems) {
	b := builder{file: file, env: o.withDefaults().LookupEnv, anchors: map[string]*Node{}}
	root := &Node{Kind: Null, File: file, Line: 1, Column: 1, unread: true}
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
	} else if len(b.problems) == 0 {
		root.unread = false // an empty file
	}
	b.problems.sort()
	return root, b.problems
}
