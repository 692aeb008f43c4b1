package eventsub

import (
	"errors"
	"maps"
	"slices"
	"strings"
)

// Own are the ids with which [Mux.Conditions] fills in conditions.
type Own struct {
	BroadcasterID string // the channel whose events are wanted
	UserID        string // the bot, which moderates the channel; default: BroadcasterID
	ClientID      string // of the program, for types about the program itself
}

// Conditions returns a condition for each type with a handler registered by [On], in
// the order of type names, so that a program need not name the events it wants twice:
//
//	conditions, err := mux.Conditions(eventsub.Own{BroadcasterID: channel, UserID: bot})
//	session.Want(conditions...)
//
// broadcaster_user_id becomes the channel, user_id and moderator_user_id the bot, and
// client_id and extension_client_id the program. Optional fields stay empty, so the
// conditions select the events of all rewards. Raids are those that arrive at the
// channel: want a [ChannelRaidCondition] for those that leave it.
//
// The error names each type whose condition cannot be filled in like this, for example
// because Own lacks an id; the conditions of the other types are returned all the same.
// Types that Twitch does not have, such as [GapType] and those of [Mux.Emit], need no
// subscription and are left out. A handler of [Mux.OnAny] adds no type.
func (m *Mux) Conditions(own Own) ([]Condition, error) {
	m.routesMu.RLock()
	handled := slices.SortedFunc(maps.Keys(m.routes), compareTypes)
	m.routesMu.RUnlock()
	var conditions []Condition
	var errs []error
	for _, t := range handled {
		if _, known := Lookup(t); !known && !mayBeTwitchs(t) {
			continue
		}
		c, err := own.Condition(t)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		conditions = append(conditions, c)
	}
	return conditions, errors.Join(errs...)
}

// Condition returns the condition of a type, filled in as [Mux.Conditions] does. It
// returns an error that names the type if that is not possible.
func (own Own) Condition(t Type) (Condition, error) {
	info, known := Lookup(t)
	if !known {
		return nil, unknownType(t)
	}
	return NewCondition(t, own.fill(info))
}

// Fields returns the fields of a condition of type t, filled in as [Mux.Conditions] does,
// for programs that read the types they want from a command line or a file:
//
//	c, err := eventsub.NewCondition(t, own.Fields(t))
//
// It returns nil for a type that this package does not know. The map belongs to the caller.
func (own Own) Fields(t Type) map[string]string {
	info, ok := Lookup(t)
	if !ok {
		return nil
	}
	return own.fill(info)
}

// fill returns the fields of a condition for a type.
func (own Own) fill(info Info) map[string]string {
	if own.UserID == "" {
		own.UserID = own.BroadcasterID
	}
	fields := map[string]string{}
	for _, f := range info.Condition {
		if !f.Required && !slices.Contains(info.ExactlyOne, f.Name) {
			continue
		}
		switch f.Name {
		case "broadcaster_user_id", "to_broadcaster_user_id":
			fields[f.Name] = own.BroadcasterID
		case "user_id", "moderator_user_id":
			fields[f.Name] = own.UserID
		case "client_id", "extension_client_id":
			fields[f.Name] = own.ClientID
		}
	}
	return fields
}

// mayBeTwitchs reports whether t is, or could be a newer, type of Twitch. The first
// word of Twitch's names is one of a few, such as "channel" and "user".
func mayBeTwitchs(t Type) bool {
	group, _, _ := strings.Cut(t.Name, ".")
	return slices.ContainsFunc(types, func(i Info) bool { return i.Group == group })
}
