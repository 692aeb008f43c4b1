package action

import (
	"context"
	"time"
)

// A Class is the kind of an action; it decides how urgent the action is.
type Class string

// The classes of actions, most urgent first.
const (
	ClassModeration Class = "moderation"
	ClassDecision   Class = "decision" // of scripts and conditions, see package skill
	ClassDelete     Class = "delete"
	ClassRedemption Class = "redemption"
	ClassReply      Class = "reply"
	ClassScript     Class = "script" // of scripts and conditions, see package skill
	ClassChannel    Class = "channel"
	ClassRelay      Class = "relay"
	ClassHTTP       Class = "http"
	ClassInner      Class = "inner" // acts on nothing outside of the engine
)

// An Action is something that a skill can do.
type Action struct {
	Name    string
	About   string // one sentence
	Example string // a value in YAML, for the reference
	Class   Class

	// Fields are the values that the action takes. A value that is not a mapping sets
	// the field called Short.
	Fields []Field
	Short  string

	// Endpoints are the ids of the endpoints of Twitch's API that the action may call.
	// The scopes that it needs follow from them.
	Endpoints []string

	// Result is the name by which later actions of the skill read the outcome; "" if
	// there is none. Outcome describes its attributes.
	Result  string
	Outcome []Attr

	// Say is the text that is said once the outcome is known, unless the field "say"
	// has another, or false. Only actions with such a field have one.
	Say string

	// Detail describes an effect in a report. The default is the value of Short.
	Detail func(e Effect) string

	// Do carries the action out and returns the outcome. It is nil for actions that the
	// engine carries out by itself.
	Do func(ctx context.Context, t *Twitch, e Effect) (map[string]any, error)
}

// An Attr is an attribute of an outcome.
type Attr struct {
	Name  string
	Kind  Kind // KindText, KindInt, KindBool, KindTexts or KindAny
	About string
}

// A Field is a value that an action takes.
type Field struct {
	Name     string
	Kind     Kind
	About    string // what it is for; no capital letter, no full stop
	Required bool
	Alias    string // another name for the field; "" if there is none
	Default  string // what is used without a value, for the reference and for [Effect] methods
	From     From   // where a value comes from when there is none
	Absent   string // what is wrong without a value where From finds none

	Values   []string      // of KindEnum
	Min, Max int64         // of KindInt, if Max > 0; of KindTexts: the number of texts
	Shortest time.Duration // of KindDuration
	Longest  time.Duration // of KindDuration, if > 0
	Length   int           // of KindText: the most characters, if > 0; longer ones are cut
	Range    string        // a sentence for a value outside of Min and Max or Shortest and Longest
}

// Kind is the type of a [Field].
type Kind int

// The kinds of fields, and the Go types of their values in an [Effect]. All but
// KindBool, KindConnector and KindSkill may be texts with expressions.
const (
	KindText      Kind = iota // string: one line
	KindMessage               // string: one line for a chat; never becomes a command
	KindUser                  // User
	KindDuration              // time.Duration: 10m, or a number of seconds
	KindInt                   // int64
	KindNumber                // float64
	KindBool                  // bool
	KindEnum                  // string: one of Values
	KindTexts                 // []string: a list, or a text with commas
	KindAny                   // any YAML, with expressions in its texts: the form of decoded JSON
	KindConnector             // string: the name of another chat
	KindSkill                 // string: the name of a skill
	KindValue                 // any: the value of an expression, in the form of decoded JSON
	KindChoices               // string: one of some texts, chosen at random
	KindRotation              // string: one of some texts, in turn
	KindURL                   // string: an address; what expressions give is escaped
)

// From says which value of the event a field has when the configuration gives none.
type From int

// The sources of default values.
const (
	FromNothing    From = iota
	FromAuthor          // the author of the message
	FromMessage         // the id of the message
	FromMessageOr       // the id of the message if there is one
	FromActor           // the user who caused the event
	FromHeld            // the id of a message that AutoMod holds
	FromRedemption      // the id of the redemption
	FromReward          // the id of the redeemed reward
)

// Field returns the field with a name or alias, nil if there is none.
func (a *Action) Field(name string) *Field {
	for i := range a.Fields {
		if f := &a.Fields[i]; f.Name == name || f.Alias == name && name != "" {
			return f
		}
	}
	return nil
}

// Describe returns what an effect does, for a report.
func (a *Action) Describe(e Effect) string {
	switch {
	case a.Detail != nil:
		return a.Detail(e)
	case a.Short == "":
		return ""
	}
	return e.String(a.Short)
}

// String returns the kind in words.
func (k Kind) String() string {
	switch k {
	case KindText, KindMessage:
		return "text"
	case KindURL:
		return "address"
	case KindUser:
		return "user"
	case KindDuration:
		return "duration"
	case KindInt:
		return "whole number"
	case KindNumber:
		return "number"
	case KindBool:
		return "true or false"
	case KindEnum:
		return "one of some words"
	case KindTexts:
		return "list of texts"
	case KindAny, KindValue:
		return "any value"
	case KindConnector:
		return "connector"
	case KindSkill:
		return "skill"
	case KindChoices:
		return "list of texts, each with an optional weight"
	case KindRotation:
		return "list of texts"
	}
	return "unknown"
}
