package skill

import (
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/skill/internal/action"
)

// An ActionInfo describes what a skill can do, for a reference or an editor.
type ActionInfo struct {
	Name      string // "timeout"
	About     string // a sentence
	Example   string // a value in YAML; "" for an action without one
	Short     string // the field that a value sets which is no mapping; "" if there is none
	Fields    []FieldInfo
	Result    string      // the name of the outcome; "" if there is none
	Outcome   []FieldInfo // its attributes
	Endpoints []string    // ids of the endpoints of Twitch's API that it may call
}

// A FieldInfo describes a field of an action, or an attribute of its outcome.
type FieldInfo struct {
	Name     string
	Alias    string // another name; "" if there is none
	Type     string // "text", "user", "duration" …
	About    string
	Required bool     // neither the configuration nor the event may leave it out
	Default  string   // what is used without a value; "" if nothing, or what the event says
	Values   []string // if only some are valid
}

// Actions returns all actions, in the order of the reference.
func Actions() []ActionInfo {
	all := make([]ActionInfo, len(action.All))
	for i, a := range action.All {
		all[i] = ActionInfo{Name: a.Name, About: a.About, Example: a.Example, Short: a.Short, Result: a.Result, Endpoints: slices.Clone(a.Endpoints)}
		for _, f := range a.Fields {
			all[i].Fields = append(all[i].Fields, FieldInfo{
				Name: f.Name, Alias: f.Alias, Type: f.Kind.String(), About: f.About,
				Required: f.Required, Default: defaultOf(f), Values: slices.Clone(f.Values),
			})
		}
		for _, attr := range a.Outcome {
			all[i].Outcome = append(all[i].Outcome, FieldInfo{Name: attr.Name, Type: attr.Kind.String(), About: attr.About})
		}
	}
	return all
}

// defaultOf says what a field has without a value.
func defaultOf(f action.Field) string {
	switch f.From {
	case action.FromAuthor:
		return "the author of the message"
	case action.FromMessage, action.FromMessageOr:
		return "the message"
	case action.FromActor:
		return "the user who caused the event"
	case action.FromHeld:
		return "the held message"
	case action.FromRedemption:
		return "the redemption"
	case action.FromReward:
		return "the redeemed reward"
	case action.FromNothing:
	}
	return strings.TrimSpace(f.Default)
}
