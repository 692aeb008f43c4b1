package api

import (
	"strings"

	"github.com/larkspur-dev/larkspur/helix"
)

// checkRule checks a rule over several parameters.
func (c *call) checkRule(rule helix.ParamRules) error {
	kind := helix.UserToken
	if c.grant.IsApp() {
		kind = helix.AppToken
	}
	if rule.UnlessToken != 0 && rule.UnlessToken.Has(kind) {
		return nil
	}
	present := func(names []string) (n int) {
		for _, name := range names {
			if c.has(name) {
				n++
			}
		}
		return n
	}
	total := 0
	for _, name := range rule.Of {
		total += len(c.query[name])
	}
	switch {
	case len(rule.ExactlyOneOf) > 0 && present(rule.ExactlyOneOf) != 1:
		return bad("Exactly one of %s must be specified.", strings.Join(rule.ExactlyOneOf, ", "))
	case len(rule.AtLeastOneOf) > 0 && present(rule.AtLeastOneOf) == 0:
		return bad("At least one of %s must be specified.", strings.Join(rule.AtLeastOneOf, ", "))
	case len(rule.AtMostOneOf) > 0 && present(rule.AtMostOneOf) > 1:
		return bad("At most one of %s may be specified.", strings.Join(rule.AtMostOneOf, ", "))
	case len(rule.AllOrNone) > 0 && present(rule.AllOrNone) != 0 && present(rule.AllOrNone) != len(rule.AllOrNone):
		return bad("Either all or none of %s must be specified.", strings.Join(rule.AllOrNone, ", "))
	case rule.MaxTotal > 0 && total > rule.MaxTotal:
		return bad("The total number of %s may not exceed %d.", strings.Join(rule.Of, " and "), rule.MaxTotal)
	}
	return nil
}

func (c *call) has(name string) bool {
	return len(c.query[name]) > 0 || c.body[name] != nil
}
