package eventsub

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// errCondition is the error of conditions that Twitch would refuse.
var errCondition = errors.New("cannot be subscribed to")

// A target is a condition in the form by which subscriptions are compared.
type target struct {
	condition Condition
	kind      Type
	fields    map[string]string // without empty ones
	key       string            // the same for the same type and fields
	err       error             // why the condition cannot be subscribed over its transport, or nil
}

func newTarget(c Condition) target {
	t := target{condition: c, kind: c.Type(), fields: c.Fields()}
	maps.DeleteFunc(t.fields, func(_, value string) bool { return value == "" })
	t.key = keyOf(t.kind, t.fields)
	return t
}

// keyOf returns the identity of a subscription: Twitch allows one of each per session.
func keyOf(t Type, fields map[string]string) string {
	var key strings.Builder
	key.WriteString(t.String())
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if fields[name] != "" {
			fmt.Fprintf(&key, " %s=%s", name, fields[name])
		}
	}
	return key.String()
}

// tokenUser returns the user whose token the subscription needs, or "" if any user's
// token works.
func (t target) tokenUser() string {
	info, ok := Lookup(t.kind)
	if !ok {
		return ""
	}
	return t.fields[info.TokenUser]
}

// check returns an error if Twitch would refuse the condition over a transport.
func (t target) check(method string) error {
	info, ok := Lookup(t.kind)
	if !ok {
		return nil // newer than this package: Twitch decides
	}
	if err := checkFields(info, t.fields); err != nil {
		return err
	}
	if !slices.Contains(info.Transports, method) && len(info.Transports) > 0 {
		return fmt.Errorf("%w: Twitch does not send it by %s, only by %s", errCondition, method, strings.Join(info.Transports, ", "))
	}
	return nil
}
