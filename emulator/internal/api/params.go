package api

import (
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/larkspur-dev/larkspur/helix"
)

func missing(name string) error { return bad("Missing required parameter \"%s\"", name) }

func malformed(name, why string) error {
	return bad("The parameter \"%s\" was malformed: %s", name, why)
}

// checkParams checks all parameters against the endpoint's table.
func (c *call) checkParams() error {
	for _, p := range c.endpoint.Query {
		if err := checkQuery(p, c.query[p.Name]); err != nil {
			return err
		}
	}
	if err := c.checkFields(c.endpoint.Body, c.body); err != nil {
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
	case len(p.Enum) > 0 && !slices.Contains(p.Enum, strconv.FormatFloat(n, 'f', -1, 64)):
		return malformed(p.Name, "the value must be one of "+strings.Join(p.Enum, ", "))
	}
	return nil
}

func (c *call) checkFields(params []helix.Param, fields obj) error {
	for _, p := range params {
		value := fields[p.Name]
		if value == nil || (p.Required && value == "") {
			if p.Required {
				return missing(p.Name)
			}
			continue
		}
		if c.isOff(p.UsedWhen, fields) {
			p.HasMin, p.Enum = false, nil
		}
		if err := c.checkField(p, value); err != nil {
			return err
		}
	}
	return nil
}

// isOff reports whether an option is off that a parameter is used with. An option that
// is not given is off in what is being created; what is being changed may have it on.
func (c *call) isOff(option *helix.When, fields obj) bool {
	if option == nil {
		return false
	}
	for _, name := range option.Params {
		value, given := fields[name]
		if !given && c.endpoint.Method != http.MethodPost {
			return false
		}
		if on, ok := value.(bool); ok && slices.Contains(option.Values, strconv.FormatBool(on)) {
			return false
		}
	}
	return true
}

func (c *call) checkField(p helix.Param, value any) error {
	if !p.Repeated {
		return c.checkValue(p, value)
	}
	items, ok := value.([]any)
	if !ok {
		return malformed(p.Name, "the value must be an array")
	}
	if p.MaxItems > 0 && len(items) > p.MaxItems {
		return malformed(p.Name, "the maximum number of values is "+strconv.Itoa(p.MaxItems))
	}
	for _, item := range items {
		if err := c.checkValue(p, item); err != nil {
			return err
		}
	}
	return nil
}

func (c *call) checkValue(p helix.Param, value any) error {
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
			if p.Name == "transport" { // nicklaw5/helix sends the fields of all transports, most of them empty
				maps.DeleteFunc(v, func(_ string, value any) bool { return value == "" })
			}
			return c.checkFields(p.Fields, v)
		}
		if p.Type == helix.Map {
			return c.checkMap(p, v)
		}
	}
	return malformed(p.Name, "the value must be of type "+string(p.Type))
}

// checkMap checks the values of a map, which are objects where p has fields.
func (c *call) checkMap(p helix.Param, values obj) error {
	for name, value := range values {
		fields, ok := value.(obj)
		if !ok && len(p.Fields) > 0 {
			return malformed(p.Name, "the value of "+strconv.Quote(name)+" must be an object")
		}
		if err := c.checkFields(p.Fields, fields); err != nil {
			return err
		}
	}
	return nil
}
