package api

import (
	"math"
	"strconv"

	"github.com/larkspur-dev/larkspur/helix"
)

func (c *call) fixBooleans() (fixed bool) {
	for _, p := range c.endpoint.Query {
		if p.Type != helix.Boolean {
			continue
		}
		for i, value := range c.query[p.Name] {
			if on, ok := spelledOtherwise(value); ok {
				c.query[p.Name][i] = strconv.FormatBool(on)
				fixed = true
			}
		}
	}
	return fixed
}

// spelledOtherwise reads a boolean that is not spelled true or false.
func spelledOtherwise(text string) (on, ok bool) {
	switch text {
	case "True", "1":
		return true, true
	case "False", "0":
		return false, true
	}
	return false, false
}

func (c *call) fixTypes() bool { return fixFields(c.endpoint.Body, c.body) }

func fixFields(params []helix.Param, fields obj) (fixed bool) {
	if len(fields) == 0 {
		return false
	}
	for i := range params {
		p := &params[i]
		value, given := fields[p.Name]
		if !given {
			continue
		}
		items, isList := value.([]any)
		if p.Repeated && isList {
			for i, item := range items {
				if better, ok := fixValue(p, item); ok {
					items[i], fixed = better, true
				}
			}
			continue
		}
		if better, ok := fixValue(p, value); ok {
			fields[p.Name], fixed = better, true
		}
	}
	return fixed
}

// fixValue returns a value with the type that p wants, if it has another one and can be
// read as that.
func fixValue(p *helix.Param, value any) (better any, fixed bool) {
	switch p.Type {
	case helix.String:
		if n, ok := value.(float64); ok {
			return asText(n)
		}
	case helix.Integer, helix.Number:
		if text, ok := value.(string); ok {
			n, err := strconv.ParseFloat(text, 64)
			return n, err == nil && !math.IsNaN(n) && !math.IsInf(n, 0)
		}
	case helix.Boolean:
		return fixBoolean(value)
	case helix.Object:
		if fields, ok := value.(obj); ok {
			return value, fixFields(p.Fields, fields)
		}
	case helix.Map:
		if values, ok := value.(obj); ok {
			return value, fixMap(p, values)
		}
	}
	return nil, false
}

func fixBoolean(value any) (better any, fixed bool) {
	switch v := value.(type) {
	case string:
		if v == "true" || v == "false" {
			return v == "true", true
		}
		return spelledOtherwise(v)
	case float64:
		return v == 1, v == 0 || v == 1
	}
	return nil, false
}

// fixMap fixes the values of a map: objects where p has fields, else text.
func fixMap(p *helix.Param, values obj) (fixed bool) {
	for name, value := range values {
		switch v := value.(type) {
		case obj:
			fixed = fixFields(p.Fields, v) || fixed
		case float64:
			if len(p.Fields) == 0 {
				values[name], fixed = strconv.FormatFloat(v, 'f', -1, 64), true
			}
		}
	}
	return fixed
}
