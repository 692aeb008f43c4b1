package oauth

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// A Scope is a permission a user grants to an app: "chat:read". The constants
// cover all of Twitch's scopes; others are allowed.
//
// It is an alias because the tables of endpoints and event types, whose packages do not
// import this one, list their scopes as strings.
type Scope = string

// A ScopeSet is a set of scopes: sorted, without repetition. [NewScopeSet] makes
// one. Nil means that nothing is known, an empty set that nothing was granted.
type ScopeSet []Scope

// NewScopeSet returns the set of the given scopes.
func NewScopeSet(scopes ...Scope) ScopeSet {
	set := make(ScopeSet, 0, len(scopes))
	for _, s := range scopes {
		if s = strings.TrimSpace(s); s != "" {
			set = append(set, s)
		}
	}
	slices.Sort(set)
	return slices.Compact(set)
}

// ParseScopes reads scopes separated by spaces, commas or plus signs: as Twitch
// writes them in answers, people on command lines, and URLs in queries.
func ParseScopes(text string) ScopeSet {
	return NewScopeSet(strings.FieldsFunc(text, func(r rune) bool {
		return r == ' ' || r == ',' || r == '+' || r == '\t' || r == '\n' || r == '\r'
	})...)
}

// Contains reports whether all of scopes are in s.
func (s ScopeSet) Contains(scopes ...Scope) bool {
	for _, scope := range scopes {
		if !slices.Contains(s, scope) {
			return false
		}
	}
	return true
}

// Union returns what is in s or in other.
func (s ScopeSet) Union(other ScopeSet) ScopeSet {
	return NewScopeSet(slices.Concat(s, other)...)
}

// Difference returns what is in s but not in other.
func (s ScopeSet) Difference(other ScopeSet) ScopeSet {
	return NewScopeSet(slices.DeleteFunc(slices.Clone(s), func(scope Scope) bool {
		return slices.Contains(other, scope)
	})...)
}

// String returns the scopes separated by spaces, as Twitch takes them.
func (s ScopeSet) String() string { return strings.Join(s, " ") }

// UnmarshalJSON reads an array, a string of scopes, or null: Twitch has sent all three.
func (s *ScopeSet) UnmarshalJSON(data []byte) error {
	var list []Scope
	listErr := json.Unmarshal(data, &list)
	if listErr == nil {
		*s = nil
		if list != nil {
			*s = NewScopeSet(list...)
		}
		return nil
	}
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return fmt.Errorf("scopes: %w", listErr)
	}
	*s = ParseScopes(text)
	return nil
}
