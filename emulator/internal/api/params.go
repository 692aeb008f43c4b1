package api

import (
	"encoding/json"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/larkspur-dev/larkspur/helix"
)

// maxBody is more than any endpoint needs.
const maxBody = 1 << 20

func missing(name string) error { return bad("Missing required parameter \"%s\"", name) }

func malformed(name, why string) error {
	return bad("The parameter \"%s\" was malformed: %s", name, why)
}

// readBody reads the fields of the request's body, if the endpoint has any.
func (c *call) readBody(body io.Reader) error {
	if len(c.endpoint.Body) == 0 {
		return nil
	}
	raw, err := io.ReadAll(io.LimitReader(body, maxBody+1))
	if err != nil || len(raw) > maxBody {
		return bad("The request's body could not be read.")
	}
	c.raw = raw
	if len(strings.TrimSpace(string(raw))) == 0 {
		return nil // every missing field is told by checkParams
	}
	if err := json.Unmarshal(raw, &c.body); err != nil {
		return bad("Error parsing the body: it must be a JSON object.")
	}
	if c.endpoint.Wrap == "" {
		return nil
	}
	inner, ok := c.body[c.endpoint.Wrap].(obj)
	if !ok {
		return missing(c.endpoint.Wrap)
	}
	c.body = inner
	return nil
}

// checkParams checks all parameters against the endpoint's table.
func (c *call) checkParams() error {
	for _, p := range c.endpoint.Query {
		if err := checkQuery(p, c.query[p.Name]); err != nil {
			return err
		}
	}
	if err := checkFields(c.endpoint.Body, c.body); err != nil {
		return err
	}
	for _, rule := range c.endpoint.Rules {
		if err := c.checkRule(rule); err != nil {
			return err
		}
	}
	return nil
}

func checkQuery(p helix.Param, values []string) error {
	if len(values) == 0 || (p.Required && values[0] == "") {
		if p.Required {
			return missing(p.Name)
		}
		return nil
	}
	if p.MaxItems > 0 && len(values) > p.MaxItems {
		return malformed(p.Name, "the maximum number of values is "+strconv.Itoa(p.MaxItems))
	}
	for _, value := range values {
		if value == "" && !p.Required {
			continue
		}
		if err := checkText(p, value); err != nil {
			return err
		}
	}
	return nil
}

func checkText(p helix.Param, value string) error {
	switch p.Type {
	case helix.Integer, helix.Number:
		n, err := strconv.ParseFloat(value, 64)
		if err != nil || (p.Type == helix.Integer && n != math.Trunc(n)) {
			return malformed(p.Name, "the value must be a number")
		}
		return checkNumber(p, n)
	case helix.Boolean:
		if value != "true" && value != "false" {
			return malformed(p.Name, "the value must be true or false")
		}
	case helix.String, helix.Object, helix.Map:
		return checkString(p, value)
	}
	return nil
}

func checkString(p helix.Param, value string) error {
	n := utf8.RuneCountInString(value)
	switch {
	case p.MinLength > 0 && n < p.MinLength:
		return malformed(p.Name, "the value must have at least "+strconv.Itoa(p.MinLength)+" characters")
	case p.MaxLength > 0 && n > p.MaxLength:
		return malformed(p.Name, "the value may have at most "+strconv.Itoa(p.MaxLength)+" characters")
	case len(p.Enum) > 0 && !slices.Contains(p.Enum, value):
		return malformed(p.Name, "the value must be one of "+strings.Join(p.Enum, ", "))
	}
	return nil
}

func checkNumber(p helix.Param, n float64) error {
	switch {
	case p.HasMin && n < p.Min:
		return malformed(p.Name, "the value must be greater than or equal to "+strconv.FormatFloat(p.Min, 'f', -1, 64))
	case p.HasMax && n > p.Max:
		return malformed(p.Name, "the value must be less than or equal to "+strconv.FormatFloat(p.Max, 'f', -1, 64))
	}
	return nil
}

func checkFields(params []helix.Param, fields obj) error {
	for _, p := range params {
		value := fields[p.Name]
		if value == nil || (p.Required && value == "") {
			if p.Required {
				return missing(p.Name)
			}
			continue
		}
		if err := checkField(p, value); err != nil {
			return err
		}
	}
	return nil
}

func checkField(p helix.Param, value any) error {
	if !p.Repeated {
		return checkValue(p, value)
	}
	items, ok := value.([]any)
	if !ok {
		return malformed(p.Name, "the value must be an array")
	}
	if p.MaxItems > 0 && len(items) > p.MaxItems {
		return malformed(p.Name, "the maximum number of values is "+strconv.Itoa(p.MaxItems))
	}
	for _, item := range items {
		if err := checkValue(p, item); err != nil {
			return err
		}
	}
	return nil
}

func checkValue(p helix.Param, value any) error {
	switch v := value.(type) {
	case string:
		if p.Type == helix.String {
			return checkString(p, v)
		}
	case float64:
		if p.Type == helix.Number || (p.Type == helix.Integer && v == math.Trunc(v)) {
			return checkNumber(p, v)
		}
	case bool:
		if p.Type == helix.Boolean {
			return nil
		}
	case obj:
		if p.Type == helix.Object {
			return checkFields(p.Fields, v)
		}
		if p.Type == helix.Map {
			return checkMap(p, v)
		}
	}
	return malformed(p.Name, "the value must be of type "+string(p.Type))
}

// checkMap checks the values of a map, which are objects where p has fields.
func checkMap(p helix.Param, values obj) error {
	for name, value := range values {
		fields, ok := value.(obj)
		if !ok && len(p.Fields) > 0 {
			return malformed(p.Name, "the value of "+strconv.Quote(name)+" must be an object")
		}
		if err := checkFields(p.Fields, fields); err != nil {
			return err
		}
	}
	return nil
}

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
