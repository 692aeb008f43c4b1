package gen

import (
	"slices"
	"strings"
	"unicode"
)

// initialisms are the words that Go writes in capitals, and Twitch's own spellings.
var initialisms = map[string]string{
	"id": "ID", "ids": "IDs", "url": "URL", "urls": "URLs", "vip": "VIP", "vips": "VIPs", "igdb": "IGDB",
	"sku": "SKU", "jwt": "JWT", "eula": "EULA", "tos": "TOS", "automod": "AutoMod", "eventsub": "EventSub",
	"pubsub": "PubSub", "icalendar": "ICalendar", "vod": "VOD", "autoMod": "AutoMod",
}

// words splits a name at all characters except letters and digits, and between a lower
// and an upper case letter, but not inside words that Twitch writes as one.
func words(name string) []string {
	var (
		all  []string
		word []rune
	)
	flush := func() {
		if len(word) > 0 {
			all = append(all, string(word))
		}
		word = nil
	}
	for _, part := range strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if _, ok := initialisms[strings.ToLower(part)]; ok || strings.ToUpper(part) == part {
			all = append(all, strings.ToLower(part))
			continue
		}
		for i, r := range part {
			if i > 0 && unicode.IsUpper(r) && unicode.IsLower(word[len(word)-1]) {
				flush()
			}
			word = append(word, unicode.ToLower(r))
		}
		flush()
	}
	return all
}

// exported returns a name as an exported Go identifier: "broadcaster_id" is BroadcasterID.
func exported(name string) string { return join(words(name)) }

func join(words []string) string {
	var b strings.Builder
	for _, w := range words {
		if up, ok := initialisms[w]; ok {
			b.WriteString(up)
		} else {
			b.WriteString(strings.ToUpper(w[:1]) + w[1:])
		}
	}
	return b.String()
}

// unexported returns a name as an unexported Go identifier: "Get Users" is getUsers.
func unexported(name string) string {
	w := words(name)
	return w[0] + join(w[1:])
}

// fileName returns a name as part of a file name: "Guest Star" is guest_star.
func fileName(name string) string { return strings.Join(words(name), "_") }

func plural(word string) string {
	switch {
	case strings.HasSuffix(word, "s"):
		return word
	case strings.HasSuffix(word, "y") && !strings.HasSuffix(word, "ey"):
		return word[:len(word)-1] + "ies"
	}
	return word + "s"
}

func singular(word string) string {
	switch {
	case strings.HasSuffix(word, "ies"):
		return word[:len(word)-3] + "y"
	case strings.HasSuffix(word, "ss"), strings.HasSuffix(word, "us"):
		return word
	}
	return strings.TrimSuffix(word, "s")
}

// methodName returns the name of a method: the operation's words without those of its
// group.
func methodName(title, group string) string {
	skip := words(group)
	var kept []string
	for _, w := range words(title) {
		if !slices.ContainsFunc(skip, func(g string) bool { return singular(g) == singular(w) }) {
			kept = append(kept, w)
		}
	}
	return join(kept)
}

// itemName returns the name of the type that an operation returns: its title without
// the verb, in the singular.
func itemName(title string) string {
	w := words(title)[1:]
	w[len(w)-1] = singular(w[len(w)-1])
	return join(w)
}

// allName returns the name of the iterator for a method that gets one page.
func allName(method string) string { return "All" + strings.TrimPrefix(method, "Get") }
