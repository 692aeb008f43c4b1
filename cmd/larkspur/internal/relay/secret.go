package relay

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// secrets are the parts of an address that may be secret.
type secrets []string

// secretsOf returns the parts of an address: user, password, path and query, each
// whole and in pieces, because libraries recombine them in their errors. In addresses
// such as discord://token@id the host is one of the parts.
func secretsOf(u *url.URL) secrets {
	var parts secrets
	add := func(text string) {
		pieces := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		for _, part := range append(pieces, text, url.PathEscape(text), url.QueryEscape(text)) {
			if len(part) >= 4 { // shorter ones are no secrets, and hiding them would make errors unreadable
				parts = append(parts, part)
			}
		}
	}
	if u.User != nil {
		password, _ := u.User.Password()
		add(u.User.Username())
		add(password)
	}
	for segment := range strings.SplitSeq(u.Path, "/") {
		add(segment)
	}
	for _, values := range u.Query() {
		for _, value := range values {
			add(value)
		}
	}
	add(u.Fragment)
	add(u.Opaque)
	if !strings.ContainsAny(u.Host, ".:") {
		add(u.Host) // an id
	}
	// The longest first: replacing a piece first would leave the rest of the whole.
	slices.SortFunc(parts, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	return slices.Compact(parts)
}

// from returns text with each secret replaced by an ellipsis.
func (s secrets) from(text string) string {
	for _, part := range s {
		text = strings.ReplaceAll(text, part, "…")
	}
	return text
}
