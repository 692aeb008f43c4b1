package cli

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// sentence describes an event in one line: who did what. It has no control characters.
// An event of an unknown type is summarized by its most important fields.
func sentence(name string, event json.RawMessage) string {
	var fields map[string]any
	dec := json.NewDecoder(bytes.NewReader(event))
	dec.UseNumber()
	form, known := sentences[name]
	if !known || dec.Decode(&fields) != nil {
		return oneLine(summarize(event))
	}
	text, _ := fill(form, fields)
	return oneLine(text)
}

// oneLine replaces spaces and line breaks by single spaces, and drops control characters.
func oneLine(text string) string { return printable(strings.Join(strings.Fields(text), " ")) }

// fill fills in a form. A {field} is replaced by its value, {a.b} by that of an object's
// field, {a|b|'text'} by the first that has a value. What is in [brackets] is left out if
// a field in it has no value. {?field} stands for nothing, and has a value if the field
// is true. {field:format} formats the value; see format. Empty reports that a field
// outside of brackets has no value.
func fill(form string, fields map[string]any) (text string, empty bool) {
	var b strings.Builder
	for form != "" {
		i := strings.IndexAny(form, "{[")
		if i < 0 {
			b.WriteString(form)
			break
		}
		b.WriteString(form[:i])
		if form[i] == '[' {
			inner, rest, _ := strings.Cut(form[i+1:], "]")
			if text, empty := fill(inner, fields); !empty {
				b.WriteString(text)
			}
			form = rest
			continue
		}
		names, rest, _ := strings.Cut(form[i+1:], "}")
		value, has := valueOf(names, fields)
		b.WriteString(value)
		empty, form = empty || !has, rest
	}
	return b.String(), empty
}

// valueOf returns the text of the first of several fields that has a value.
func valueOf(names string, fields map[string]any) (text string, has bool) {
	names, form, _ := strings.Cut(names, ":")
	zero := ""
	for name := range strings.SplitSeq(names, "|") {
		if literal, ok := strings.CutPrefix(name, "'"); ok {
			return strings.TrimSuffix(literal, "'"), true
		}
		name, isTest := strings.CutPrefix(name, "?")
		value := lookup(fields, strings.Split(name, "."))
		if isTest {
			return "", value == true
		}
		text := format(value, form)
		if text != "" && value != json.Number("0") {
			return text, true
		}
		zero = cmp.Or(zero, text)
	}
	return zero, false
}

// lookup returns the value at a path, nil if there is none. In an array, it returns the
// values of all elements.
func lookup(value any, path []string) any {
	if len(path) == 0 {
		return value
	}
	switch value := value.(type) {
	case map[string]any:
		return lookup(value[path[0]], path[1:])
	case []any:
		var all []any
		for _, v := range value {
			all = append(all, lookup(v, path))
		}
		return all
	default:
		return nil
	}
}

// format formats a value: "words" replaces underscores, "tier" reads 1000 as tier 1,
// "seconds" formats a duration and "clock" a time of the day, "money" an amount with a
// currency, and "votes" the choices of a poll or the outcomes of a prediction.
func format(value any, form string) string {
	object, _ := value.(map[string]any)
	switch form {
	case "words":
		return strings.ReplaceAll(plain(value), "_", " ")
	case "tier":
		text := plain(value)
		return strings.TrimSpace("tier " + strings.TrimSuffix(text, "000"))
	case "seconds":
		if d, err := time.ParseDuration(plain(value) + "s"); err == nil {
			return d.String()
		}
	case "clock":
		if t, err := time.Parse(time.RFC3339, plain(value)); err == nil {
			return t.Local().Format(time.TimeOnly)
		}
		return ""
	case "money":
		return money(object)
	case "votes":
		return votes(value)
	}
	return plain(value)
}

// plain formats texts, numbers and truth values, and lists of them.
func plain(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case json.Number, bool:
		return fmt.Sprint(value)
	case []any:
		var parts []string
		for _, v := range value {
			if text := plain(v); text != "" {
				parts = append(parts, text)
			}
		}
		return strings.Join(parts, ", ")
	default:
		return ""
	}
}

// money formats {"value": 550, "decimal_places": 2, "currency": "USD"} as "5.50 USD".
func money(amount map[string]any) string {
	value, places := plain(amount["value"]), 0
	if n, ok := amount["decimal_places"].(json.Number); ok {
		if i, err := n.Int64(); err == nil && i > 0 && i < 10 {
			places = int(i)
		}
	}
	if places > 0 && strings.Trim(value, "0123456789") == "" {
		value = strings.Repeat("0", max(0, places+1-len(value))) + value
		value = value[:len(value)-places] + "." + value[len(value)-places:]
	}
	return strings.TrimSpace(value + " " + plain(amount["currency"]))
}

// votes formats choices as "yes 3, no 4".
func votes(value any) string {
	choices, _ := value.([]any)
	var parts []string
	for _, choice := range choices {
		fields, _ := choice.(map[string]any)
		count, _ := valueOf("votes|channel_points", fields)
		parts = append(parts, strings.TrimSpace(plain(fields["title"])+" "+count))
	}
	return strings.Join(parts, ", ")
}
