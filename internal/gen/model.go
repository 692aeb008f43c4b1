package gen

import (
	"slices"
	"strings"
)

// The model is the input of the templates: pieces of Go code with their final names and
// comments. It does not refer to the spec.

// Group is one file of package helix: a section of Twitch's reference.
type Group struct {
	Title   string // "Guest Star"
	Name    string // GuestStar: the field of Client
	Service string // GuestStarService
	Docs    string // its first operation in Twitch's reference
	Methods []*Method
}

// Method is one operation and everything that belongs to it.
type Method struct {
	Name     string
	All      string   // name of the iterator, or ""
	Doc      []string // lines of the comment
	AllDoc   []string
	Verb     string // one, oneWith, list, page, none, text, whole
	Single   string // the Go type of the object that oneWith returns together with other values
	Item     string // the Go type in square brackets after the verb
	AllItem  string // the Go type that the iterator yields
	Result   string // the Go type returned beside the error, or ""
	Endpoint *Endpoint
	Params   *Struct // nil: the operation has no parameters
	Decls    []Decl  // types that occur here for the first time, in reading order
}

// Endpoint is a value of helix.Endpoint.
type Endpoint struct {
	Var     string // sendChatMessage
	ID      string
	Literal string // Go source between the braces
}

// Decl is a type declaration: one of its fields is set.
type Decl struct {
	Struct *Struct
	Enum   *Enum
}

// Struct is a struct type.
type Struct struct {
	Name   string
	Doc    []string
	Embed  []string // embedded types, with their tags
	Lead   []string // fields in a group of their own before the others, with their tags
	Fields []*Field

	origin string // where its name comes from: a place in the overlay, or parent and field
}

// Field is a field of a struct.
type Field struct {
	Name    string
	JSON    string
	Type    string
	Tag     string
	Comment string
}

// Enum is a string type with constants.
type Enum struct {
	Name   string
	Doc    []string
	Values []Value

	origin string
}

// Value is one constant of an Enum.
type Value struct {
	Name, Value string
}

// Event is an event type: its payload and its condition.
type Event struct {
	Name      string // ChannelFollow
	Type      string
	Version   string
	Payload   *Struct
	Condition *Struct
	Scopes    string // Go source of helix.Scopes, or "nil"
	Key       string // Go source of the semantic key
	Recurs    bool   // the key is the same when the same thing happens again
	KeyDoc    string // the fields of it, in words
	Info      string // Go source of Info, between the braces
	Decls     []Decl

	spec SpecEvent
}

// EventFile is one file of package eventsub.
type EventFile struct {
	Name    string
	Imports []string
	Events  []*Event
}

// Scope is a constant of package oauth.
type Scope struct {
	Name, Scope, Comment string
}

// HasIterators reports whether the file needs package iter.
func (g *Group) HasIterators() bool {
	return slices.ContainsFunc(g.Methods, func(m *Method) bool { return m.All != "" })
}

// HasTimes reports whether the file needs package time.
func (g *Group) HasTimes() bool {
	return slices.ContainsFunc(g.Methods, func(m *Method) bool {
		return m.Params != nil && m.Params.hasTimes() || slices.ContainsFunc(m.Decls, Decl.hasTimes)
	})
}

func (d Decl) hasTimes() bool { return d.Struct != nil && d.Struct.hasTimes() }

func (s *Struct) hasTimes() bool {
	return slices.ContainsFunc(s.Fields, func(f *Field) bool { return strings.Contains(f.Type, "time.Time") })
}
