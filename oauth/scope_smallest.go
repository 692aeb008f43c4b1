package oauth

import "slices"

// searchSteps bounds the search for the smallest set. Twitch's scopes need a few
// dozen; arbitrary groups may need more than there is time for.
const searchSteps = 20_000

// smallestHit returns a smallest set that has something of each group. Of several it
// takes what stands first in the groups, which is the least powerful.
func smallestHit(groups [][]Scope) []Scope {
	var chosen []Scope
	for _, g := range groups {
		if len(g) == 1 && !slices.Contains(chosen, g[0]) {
			chosen = append(chosen, g[0]) // there is no choice
		}
	}
	s := search{steps: searchSteps}
	s.try(chosen, unhit(groups, chosen))
	return s.best
}

// unhit returns the groups that chosen has nothing of.
func unhit(groups [][]Scope, chosen []Scope) [][]Scope {
	var rest [][]Scope
	for _, g := range groups {
		if !hits(g, chosen) {
			rest = append(rest, g)
		}
	}
	return rest
}

// search is a search by branch and bound.
type search struct {
	best  []Scope
	found bool
	steps int
}

// try looks for the best set that includes chosen and serves groups too.
func (s *search) try(chosen []Scope, groups [][]Scope) {
	s.steps--
	if s.found && (s.steps < 0 || len(chosen)+apart(groups) >= len(s.best)) {
		return
	}
	if len(groups) == 0 {
		s.best, s.found = slices.Clone(chosen), true
		return
	}
	for _, scope := range mostHit(groups[0], groups) {
		next := append(slices.Clip(chosen), scope)
		s.try(next, unhit(groups, next))
	}
}

// mostHit returns group with what serves most of groups first.
func mostHit(group []Scope, groups [][]Scope) []Scope {
	count := func(scope Scope) (n int) {
		for _, g := range groups {
			if slices.Contains(g, scope) {
				n++
			}
		}
		return n
	}
	group = slices.Clone(group)
	slices.SortStableFunc(group, func(a, b Scope) int { return count(b) - count(a) })
	return group
}

// apart returns how many of groups have nothing in common with each other: at least
// so many scopes are needed.
func apart(groups [][]Scope) int {
	var seen []Scope
	n := 0
	for _, g := range groups {
		if !hits(g, seen) {
			seen = append(seen, g...)
			n++
		}
	}
	return n
}
