package gen

import (
	"fmt"
	"slices"
	"strings"
)

// literal collects the fields of a composite literal, leaving out zero values.
type literal struct{ b strings.Builder }

func (l *literal) field(name, source string) {
	switch source {
	case "", `""`, "0", "false", "nil":
		return
	}
	fmt.Fprintf(&l.b, "%s: %s,\n", name, source)
}

func (l *literal) String() string { return l.b.String() }

func quote(s string) string { return fmt.Sprintf("%q", s) }

func quoted(list []string) string {
	if len(list) == 0 {
		return "nil"
	}
	q := make([]string, len(list))
	for i, s := range list {
		q[i] = quote(s)
	}
	return "[]string{" + strings.Join(q, ", ") + "}"
}

// endpointLiteral writes the fields of a helix.Endpoint.
func endpointLiteral(e SpecEndpoint, idempotent bool) (string, error) {
	var l literal
	l.field("ID", quote(e.ID))
	l.field("Name", quote(e.Name))
	l.field("Group", quote(e.Group))
	l.field("Method", quote(e.Method))
	l.field("Path", quote(e.Path))
	l.field("Status", statusName(e.Status))
	l.field("Query", paramsLiteral(e.Query))
	if e.Body != nil {
		fields, wrapper := bodyFields(e)
		l.field("Body", paramsLiteral(fields))
		l.field("Wrap", quote(wrapper))
	}
	tokens, err := tokenKinds(e.Auth.Tokens)
	if err != nil {
		return "", fmt.Errorf("%s: %w", e.ID, err)
	}
	l.field("Tokens", tokens)
	l.field("Scopes", scopesLiteral(e.Auth.Scopes, ""))
	l.field("AppGrants", grantsLiteral(e.Auth.AppTokenGrants))
	l.field("TokenUser", quoted(tokenUser(e.Auth)))
	l.field("Roles", rolesLiteral(e.Auth.Roles, ""))
	if len(e.SuccessStatus) == 0 {
		return "", fmt.Errorf("%s: no success status", e.ID)
	}
	l.field("Success", fmt.Sprint(e.SuccessStatus[0]))
	l.field("Idempotent", fmt.Sprint(idempotent))
	if e.Pagination != nil {
		l.field("Paginated", "true")
		l.field("PageMax", fmt.Sprint(e.Pagination.PageSizeMax))
		l.field("PageSize", fmt.Sprint(e.Pagination.PageSizeDefault))
	}
	limits, err := limitsLiteral(e)
	if err != nil {
		return "", fmt.Errorf("%s: %w", e.ID, err)
	}
	l.field("Limits", limits)
	l.field("Rules", rulesLiteral(e))
	return l.String(), nil
}

// statusName is the constant of package helix for a status.
func statusName(status string) string {
	if status == "new" {
		return "Recent" // New is the constructor
	}
	return exported(status)
}

// bodyFields returns the fields of a body and the name of the object around them, if any.
func bodyFields(e SpecEndpoint) (fields []SpecField, wrapper string) {
	if len(e.Body.Fields) == 1 && e.Body.Fields[0].Type == "object" {
		return e.Body.Fields[0].Fields, e.Body.Fields[0].Name
	}
	return e.Body.Fields, ""
}

// tokenUser returns the parameters that may name the token's user.
func tokenUser(a SpecAuth) []string {
	var names []string
	for _, ref := range slices.Concat(a.TokenUserMatches, a.TokenUserMatchesAny) {
		names = append(names, ref.Param)
	}
	return names
}

func tokenKinds(tokens []string) (string, error) {
	kinds := map[string]string{"user": "UserToken", "app": "AppToken", "jwt": "JWT"}
	var names []string
	for _, t := range tokens {
		kind, ok := kinds[t]
		if !ok {
			return "", fmt.Errorf("unknown kind of token %q", t)
		}
		names = append(names, kind)
	}
	slices.Sort(names)
	slices.Reverse(names)
	return strings.Join(names, " | "), nil
}

// scopesLiteral writes a helix.Scopes; qualifier is "helix." in other packages.
func scopesLiteral(s SpecScopes, qualifier string) string {
	if len(s.AllOf) == 0 {
		return "nil"
	}
	groups := make([]string, len(s.AllOf))
	for i, g := range s.AllOf {
		groups[i] = strings.TrimPrefix(quoted(leastFirst(g.AnyOf)), "[]string")
	}
	return qualifier + "Scopes{" + strings.Join(groups, ", ") + "}"
}

func grantsLiteral(grants []SpecGrant) string {
	if len(grants) == 0 {
		return "nil"
	}
	var b strings.Builder
	b.WriteString("[]AppGrant{\n")
	for _, g := range grants {
		fmt.Fprintf(&b, "{Param: %q, Scopes: %s", g.GrantedBy.Param, scopesLiteral(g.Scopes, ""))
		if g.OrElse != "" {
			fmt.Fprintf(&b, ", OrElse: %q", g.OrElse)
		}
		b.WriteString("},\n")
	}
	return b.String() + "}"
}

func rolesLiteral(roles []string, qualifier string) string {
	if len(roles) == 0 {
		return "nil"
	}
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = qualifier + exported(r)
	}
	return "[]" + qualifier + "Role{" + strings.Join(names, ", ") + "}"
}
