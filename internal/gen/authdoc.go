package gen

import (
	"fmt"
	"slices"
	"strings"
)

// authDoc returns the lines of a method's comment about the token that it needs.
func authDoc(a SpecAuth) []string {
	switch {
	case len(a.Tokens) == 0:
		return []string{"No token is needed."}
	case slices.Contains(a.Tokens, "jwt"):
		return []string{"Token: a JWT signed by the extension's back end."}
	case !slices.Contains(a.Tokens, "user"):
		return []string{"Token: the app token."}
	}
	scope := scopeText(a.Scopes)
	if scope == "" {
		scope = "none"
		if !slices.Contains(a.Tokens, "app") {
			scope = "none, but a user token"
		}
	}
	line := "Scope: " + scope
	if grants := grantText(a); grants != "" {
		line += " (an app token also needs " + grants + ")"
	}
	lines := wrap(line + ".")
	for _, o := range a.OptionalScopes {
		lines = append(lines, wrap(fmt.Sprintf("With %s also: %s.", o.Scope, o.Adds))...)
	}
	if len(a.Roles) > 0 {
		lines = append(lines, wrap("The token's user must be the channel's "+or(a.Roles)+".")...)
	}
	return lines
}

// grantText returns the scopes that an app token needs beyond those of a user token.
func grantText(a SpecAuth) string {
	var extra []string
	for _, grant := range a.AppTokenGrants {
		for _, group := range grant.Scopes.AllOf {
			if slices.ContainsFunc(a.Scopes.AllOf, func(g struct{ AnyOf []string }) bool { return slices.Equal(g.AnyOf, group.AnyOf) }) {
				continue
			}
			text := or(leastFirst(group.AnyOf)) + " of " + exported(grant.GrantedBy.Param)
			if grant.OrElse != "" {
				text += " unless the " + grant.OrElse
			}
			extra = append(extra, text)
		}
	}
	return strings.Join(extra, ", ")
}

// limitDoc returns the line about the limits of one operation.
func limitDoc(limits []SpecRateLimit) []string {
	var parts []string
	for _, l := range limits {
		if l.Max == 0 || l.AccountType != "" && l.AccountType != "normal" {
			continue
		}
		part := fmt.Sprintf("%d in %d s", l.Max, l.WindowSeconds)
		if l.Per != "" {
			part += " per " + perText(l.Per)
		}
		parts = append(parts, part)
	}
	if parts == nil {
		return nil
	}
	return wrap("Limit: " + strings.Join(parts, ", ") + ".")
}

// perText returns in words what a limit counts, such as
// "from_broadcaster_id+to_broadcaster_id".
func perText(per string) string {
	per = strings.TrimSuffix(per, "_id")
	return strings.NewReplacer("_id+", " and ", " + ", " and ", "_", " ").Replace(per)
}

// leastFirst puts the scopes that only read before the others: the first of a
// group is the one to ask a user for.
func leastFirst(scopes []string) []string {
	sorted := slices.Clone(scopes)
	slices.SortStableFunc(sorted, func(a, b string) int { return power(a) - power(b) })
	return sorted
}

func power(scope string) int {
	if strings.Contains(scope, ":read") {
		return 0
	}
	return 1
}
