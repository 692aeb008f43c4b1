package action

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// An Effect is an action with values for its fields.
type Effect struct {
	Action string
	Args   map[string]any // by the names of fields; a field without a value is absent
}

// A User is a user by id or by login; one of the two is set.
type User struct {
	ID    string
	Login string // in lower case, without @
	Name  string // as the skill names the user, for reports
}

// String returns the name.
func (u User) String() string { return cmp.Or(u.Name, u.Login, u.ID) }

// Has reports whether a field has a value.
func (e Effect) Has(name string) bool { return e.Args[name] != nil }

// Text returns the value of a field that is a text, "" if it has none.
func (e Effect) Text(name string) string { return get[string](e, name) }

// User returns the value of a field that is a user.
func (e Effect) User(name string) User { return get[User](e, name) }

// Duration returns the value of a field that is a duration.
func (e Effect) Duration(name string) time.Duration { return get[time.Duration](e, name) }

// Seconds returns a duration in whole seconds.
func (e Effect) Seconds(name string) int { return int(e.Duration(name) / time.Second) }

// Int returns the value of a field that is a whole number.
func (e Effect) Int(name string) int { return int(get[int64](e, name)) }

// Bool returns the value of a field that is true or false.
func (e Effect) Bool(name string) bool { return get[bool](e, name) }

// Texts returns the value of a field that is a list of texts.
func (e Effect) Texts(name string) []string { return slices.Clone(get[[]string](e, name)) }

func get[T any](e Effect, name string) T {
	v, _ := e.Args[name].(T)
	return v
}

// String returns a value in words, for a report.
func (e Effect) String(name string) string {
	switch v := e.Args[name].(type) {
	case nil:
		return ""
	case []string:
		return strings.Join(v, ", ")
	case string:
		return v
	default:
		return fmt.Sprint(v)
	}
}
