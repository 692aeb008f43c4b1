package gen

import (
	"fmt"
	"strconv"
	"strings"
)

// requestComment returns the comment of a request field: the values that Twitch accepts. owner is "must" or "may"
// for a parameter that names the token's user.
func requestComment(f SpecField, owner string) string {
	var facts []string
	add := func(format string, args ...any) { facts = append(facts, fmt.Sprintf(format, args...)) }
	if owner != "" {
		add("%s own the token", owner)
	}
	if f.Name == "after" {
		add("cursor of the previous page")
	}
	if f.Name == "before" {
		add("cursor of the next page")
	}
	e := f.element()
	switch {
	case f.MinItems > 0 && f.MaxItems > 0:
		add("%d to %d", f.MinItems, f.MaxItems)
	case f.Split:
		add("any number, sent %d at a time", f.MaxItems)
	case f.MaxItems > 0:
		add("at most %d", f.MaxItems)
	}
	if e.MinLength > 1 {
		add("%d to %d characters", e.MinLength, e.MaxLength)
	} else if e.MaxLength > 0 && f.MaxItems > 0 {
		add("each of at most %d characters", e.MaxLength)
	} else if e.MaxLength > 0 {
		add("at most %d characters", e.MaxLength)
	}
	low, hasLow := bound(f.Min)
	high, hasHigh := bound(f.Max)
	switch {
	case hasLow && hasHigh:
		add("%s to %s%s", number(low), number(high), unit(f))
	case hasLow:
		add("at least %s%s", number(low), unit(f))
	case hasHigh:
		add("at most %s%s", number(high), unit(f))
	case f.Unit != "":
		add("in %s", f.Unit)
	}
	switch d := f.Default.(type) {
	case float64:
		add("default %s", number(d))
	case bool:
		if d { // false is the zero value
			add("default true")
		}
	case string:
		if len(d) < 30 && d != "" {
			add("default %s", d)
		}
	}
	switch {
	case f.EmptyValueClears:
		add(`"" clears it`)
	case f.TokenOnly == "app" || f.InvalidWithToken == "user":
		add("only with an app token")
	case f.RequiredWithToken == "app":
		add("required with an app token")
	case len(f.RequiredWhen) == 1:
		for name, values := range f.RequiredWhen {
			add("required when %s is %s", name, or(values))
		}
	case len(f.OnlyWith) > 0:
		add("only with %s", or(f.OnlyWith))
	case len(f.ForbiddenWith) > 0:
		add("not with %s", or(f.ForbiddenWith))
	case f.Format == "hex-color":
		add("like #9147FF")
	case f.Format == "iana-timezone":
		add("like Europe/Berlin")
	}
	return strings.Join(facts, "; ")
}

// number writes a number without an exponent.
func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func unit(f SpecField) string {
	if f.Unit == "" {
		return ""
	}
	return " " + f.Unit
}

// answerComment returns the comment of a response field, if its value needs one.
func answerComment(f SpecField) string {
	switch {
	case f.Deprecated != nil && f.Deprecated != false:
		return "Twitch no longer fills it"
	case f.Unit == "seconds", f.Unit == "minutes":
		return "in " + f.Unit
	case f.Format == "uri-template":
		return "replace {width} and {height} in it"
	}
	return ""
}

// wrap breaks a sentence into lines of a comment.
func wrap(text string) []string {
	var (
		lines []string
		line  string
	)
	for word := range strings.FieldsSeq(text) {
		if line != "" && len(line)+1+len(word) > 90 {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}

// or joins words with commas and "or".
func or(words []string) string { return strings.Join(words, " or ") }

// scopeText writes scope groups: "a or b, and c".
func scopeText(s SpecScopes) string {
	var groups []string
	for _, g := range s.AllOf {
		groups = append(groups, or(leastFirst(g.AnyOf)))
	}
	return strings.Join(groups, ", and ")
}
