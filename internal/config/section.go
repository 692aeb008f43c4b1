package config

import (
	"slices"
	"time"
)

// A Section reads a mapping whose keys are known, and collects problems.
type Section struct {
	node     *Node
	problems *Problems
	mistyped []Field // values under unknown keys that were reported, each with the known key that was meant
}

// Section reads n as a mapping that may have the known keys and no others. An empty
// value is an empty mapping; any other kind is a problem and reads as an absent one. If
// no keys are known, all are accepted.
//
// An unknown key that is close to a known one is reported once. Its value is then read as
// that of the known key, so that mistakes in it are found too.
func (n *Node) Section(ps *Problems, known ...string) *Section {
	s := &Section{node: n, problems: ps}
	if n == nil || n.Kind == Null {
		if n != nil && n.unread {
			s.node = nil // so that nothing is reported as missing from it
		}
		return s
	}
	if n.Kind != Map {
		ps.Add(n, "want a mapping (key: value), this is %s", n.Kind)
		s.node = nil // so that nothing is reported as missing from it
		return s
	}
	for _, f := range n.Fields {
		if len(known) > 0 && !slices.Contains(known, f.Key) {
			*ps = append(*ps, Problem{
				File: n.File, Line: f.Line, Column: f.Column, Path: n.Path,
				Text: "unknown key " + quoteKey(f.Key) + orOneOf(f.Key, known),
			})
			if meant := Nearest(f.Key, known); meant != "" {
				s.mistyped = append(s.mistyped, Field{Key: meant, Value: f.Value})
			}
		}
	}
	return s
}

// Node returns the mapping itself, or nil if it is absent.
func (s *Section) Node() *Node { return s.node }

// Fields returns the entries of the mapping in the order of the file.
func (s *Section) Fields() []Field {
	if s.node == nil {
		return nil
	}
	return s.node.Fields
}

// Get returns the value under key, or else under a mistyped form of it that was reported.
// It returns nil if both are absent.
func (s *Section) Get(key string) *Node {
	if v := s.node.Field(key); v != nil {
		return v
	}
	for _, f := range s.mistyped {
		if f.Key == key {
			return f.Value
		}
	}
	return nil
}

// Has reports whether the key is present, possibly mistyped.
func (s *Section) Has(key string) bool { return s.Get(key) != nil }

// Need returns the value under key, as Get does. An absent key is a problem.
func (s *Section) Need(key string) *Node {
	v := s.Get(key)
	if v == nil && s.node != nil {
		s.problems.Add(s.node, "%s is missing", quoteKey(key))
	}
	return v
}

// Section reads the mapping under key.
func (s *Section) Section(key string, known ...string) *Section {
	return s.Get(key).Section(s.problems, known...)
}

// NeedString returns the text under key; an absent or empty one is a problem.
func (s *Section) NeedString(key string) string {
	v := s.Need(key)
	text, ok := v.Text(s.problems)
	if ok && text == "" && !v.Expanded { // an unset variable is reported already
		s.problems.Add(v, "is empty")
	}
	return text
}

// String returns the text under key, or def if the key is absent.
func (s *Section) String(key, def string) string {
	if v, ok := s.Get(key).Text(s.problems); ok {
		return v
	}
	return def
}

// Bool returns the boolean under key, or def if the key is absent.
func (s *Section) Bool(key string, def bool) bool {
	if v, ok := s.Get(key).Bool(s.problems); ok {
		return v
	}
	return def
}

// Int returns the integer under key, or def if the key is absent.
func (s *Section) Int(key string, def int) int {
	if v, ok := s.Get(key).Int(s.problems); ok {
		return v
	}
	return def
}

// Duration returns the duration under key, or def if the key is absent.
func (s *Section) Duration(key string, def time.Duration) time.Duration {
	if v, ok := s.Get(key).Duration(s.problems); ok {
		return v
	}
	return def
}

// StringList returns the texts under key, which is a list or a single text.
func (s *Section) StringList(key string) []string { return s.Get(key).StringList(s.problems) }
