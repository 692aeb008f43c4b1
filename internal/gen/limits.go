package gen

import (
	"fmt"
	"slices"
	"strings"
)

// limitsLiteral writes a []helix.RateLimit.
func limitsLiteral(e SpecEndpoint) (string, error) {
	var limits []string
	for _, l := range e.RateLimits {
		if l.Max == 0 {
			continue // described in words only
		}
		parts := []string{fmt.Sprintf("Max: %d, WindowSeconds: %d", l.Max, l.WindowSeconds)}
		if l.Per != "" {
			params, err := countedBy(e, l.Per)
			if err != nil {
				return "", err
			}
			parts = append(parts, fmt.Sprintf("Per: %q", l.Per), "Params: "+quoted(params))
		}
		switch l.Counts {
		case "":
		case "unique recipients":
			parts = append(parts, `Distinct: "to_user_id"`)
		default:
			return "", fmt.Errorf("a limit counts %q", l.Counts)
		}
		if l.AccountType != "" {
			parts = append(parts, fmt.Sprintf("Account: %q", l.AccountType))
		}
		limits = append(limits, rule(parts...))
	}
	if limits == nil {
		return "nil", nil
	}
	return "[]RateLimit{\n" + strings.Join(limits, "\n") + "\n}", nil
}

// countedBy returns the parameters by which a limit is counted. The spec contains
// their names, joined by a plus, or a description in words.
func countedBy(e SpecEndpoint, per string) ([]string, error) {
	words := map[string][]string{ // the first that the endpoint has
		"broadcaster": {"broadcaster_id", "from_broadcaster_id"},
		"channel":     {"broadcaster_id"},
		"sender":      {"from_user_id"},
		// An extension's back end signs with one client id only.
		"extension client id + broadcaster id": {"broadcaster_id"},
	}
	has := func(param string) bool {
		is := func(f SpecField) bool { return f.Name == param }
		return slices.ContainsFunc(e.Query, is) || e.Body != nil && slices.ContainsFunc(e.Body.Fields, is)
	}
	if names, ok := words[per]; ok {
		if i := slices.IndexFunc(names, has); i >= 0 {
			return names[i : i+1], nil
		}
		return nil, fmt.Errorf("a limit per %s, but no parameter names it", per)
	}
	params := strings.Split(per, "+")
	for _, p := range params {
		if !has(p) {
			return nil, fmt.Errorf("a limit per %s, which is no parameter", p)
		}
	}
	return params, nil
}
