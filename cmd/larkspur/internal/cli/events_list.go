package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

func newEventsList(p Process) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list [TYPE|PATTERN|WORD…]",
		Short: "Shows the types of events with their scopes and conditions",
		Long: `Shows the types of events with their scopes and conditions.

With the name of a type, it shows everything about it: who must grant the scopes, what
that user must be in the channel, and the fields of the event. With a pattern such as
channel.chat.*, or with words, it shows the types that match: words may occur in the
name, title, scopes or status. It needs no login and sends nothing.`,
		Example: `  larkspur events list
  larkspur events list channel.follow
  larkspur events list 'channel.chat.*'
  larkspur events list poll --json`,
		Args:              usageArgs(cobra.ArbitraryArgs),
		ValidArgsFunction: completeTypes,
		RunE: func(_ *cobra.Command, args []string) error {
			listed, whole, err := findTypes(args)
			if err != nil {
				return err
			}
			switch {
			case asJSON:
				return printJSON(p.Stdout, listed)
			case whole:
				return printTypes(p.Stdout, listed)
			}
			rows := [][]string{{"TYPE", "VERSION", "SCOPES", "GRANTED BY", "ROLE", "CONDITION", "TRANSPORTS", "STATUS"}}
			for _, l := range listed {
				rows = append(rows, []string{
					l.Type, l.Version, leastScopes(l.Scopes), grantedBy(l.TokenUser), roleText(l.Roles),
					conditionText(l.Condition, l.ExactlyOne), transportText(l.Transports), string(l.Status),
				})
			}
			return columns(p.Stdout, rows)
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

// A listedType is an event type in the output of `larkspur events list`.
type listedType struct {
	Type       string           `json:"type"`
	Version    string           `json:"version"`
	Name       string           `json:"name"`
	Group      string           `json:"group"`
	Status     helix.Status     `json:"status"`
	Scopes     helix.Scopes     `json:"scopes"`     // one of each group
	TokenUser  string           `json:"token_user"` // condition field with the user who grants them
	Roles      []helix.Role     `json:"roles"`      // that this user must have one of
	Transports []string         `json:"transports"`
	Condition  []conditionField `json:"condition"`
	ExactlyOne []string         `json:"exactly_one"` // condition fields of which one must be set
	Batched    bool             `json:"batched"`
	Fields     []eventField     `json:"fields,omitempty"` // of the event; only if the type was named
}

type conditionField struct {
	Name     string `json:"name"`
	Required bool   `json:"required"`
}

func newListedType(info eventsub.Info) listedType {
	l := listedType{
		Type: info.Type.Name, Version: info.Type.Version, Name: info.Name, Group: info.Group, Status: info.Status,
		Scopes: append(helix.Scopes{}, info.Scopes...), TokenUser: info.TokenUser, Roles: append([]helix.Role{}, info.Roles...),
		Transports: append([]string{}, info.Transports...), Condition: []conditionField{},
		ExactlyOne: append([]string{}, info.ExactlyOne...), Batched: info.Batched,
	}
	for _, f := range info.Condition {
		l.Condition = append(l.Condition, conditionField(f))
	}
	return l
}

// findTypes returns the types that arguments select. whole reports that all of them are
// names of types, whose details are wanted.
func findTypes(args []string) (found []listedType, whole bool, err error) {
	patterns := len(args) > 0
	whole = patterns
	for _, arg := range args {
		name, _, _ := strings.Cut(arg, "@")
		named := slices.Contains(typeNames(), name)
		whole, patterns = whole && named, patterns && (named || isPattern(name))
	}
	if patterns {
		found, err = typesOf(args, whole)
		return found, whole, err
	}
	for _, info := range eventsub.Types() {
		if l := newListedType(info); l.has(args) {
			found = append(found, l)
		}
	}
	switch {
	case len(found) > 0:
		return found, false, nil
	case len(args) == 1:
		return nil, false, usageError{noSuchType(args[0])}
	default:
		return nil, false, fmt.Errorf("no event type has all of: %s", strings.Join(args, " "))
	}
}

// typesOf returns the types that names and patterns select, in all their versions.
func typesOf(args []string, fields bool) (found []listedType, err error) {
	for _, arg := range args {
		name, version, _ := strings.Cut(arg, "@")
		infos, err := matchTypes(name, version)
		if err != nil {
			return nil, usageError{err}
		}
		for _, info := range infos {
			l := newListedType(info)
			if fields {
				l.Fields = eventFields(info)
			}
			found = append(found, l)
		}
	}
	return found, nil
}

// has reports whether all words occur in the row of a type.
func (l listedType) has(words []string) bool {
	text := strings.ToLower(strings.Join([]string{l.Type, l.Name, string(l.Status), scopeText(l.Scopes), strings.Join(l.Transports, " ")}, " "))
	for _, word := range words {
		if !strings.Contains(text, strings.ToLower(word)) {
			return false
		}
	}
	return true
}

// leastScopes formats scopes for a table: of each group, the one that grants the least.
func leastScopes(scopes helix.Scopes) string {
	switch least := scopes.Minimal(); len(least) {
	case 0:
		return "-"
	case 1, 2:
		return strings.Join(least, ", ")
	default:
		return fmt.Sprintf("%s and %d more", least[0], len(least)-1)
	}
}

// grantedBy names the user who grants the scopes of a type.
func grantedBy(tokenUser string) string {
	switch tokenUser {
	case "":
		return "-"
	case "broadcaster_user_id":
		return "broadcaster"
	default:
		return strings.TrimSuffix(strings.TrimSuffix(tokenUser, "_id"), "_user")
	}
}

func roleText(roles []helix.Role) string {
	if len(roles) == 0 {
		return "-"
	}
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return strings.Join(names, " or ")
}

// conditionText lists the fields of a condition, optional ones in brackets.
func conditionText(fields []conditionField, exactlyOne []string) string {
	var names []string
	for _, f := range fields {
		switch {
		case slices.Contains(exactlyOne, f.Name):
		case f.Required:
			names = append(names, f.Name)
		default:
			names = append(names, "["+f.Name+"]")
		}
	}
	if len(exactlyOne) > 0 {
		names = append(names, strings.Join(exactlyOne, " or "))
	}
	return strings.Join(names, ", ")
}

// transportText lists transports; "all" are all three.
func transportText(transports []string) string {
	if len(transports) == 3 {
		return everyType
	}
	return strings.Join(transports, ", ")
}
