package config

import (
	"strconv"
	"time"
)

func quoteKey(key string) string { return strconv.Quote(shorten(key)) }

// want reports that n has the wrong kind.
func (n *Node) want(ps *Problems, what string) {
	if n.Kind == Null {
		ps.Add(n, "has no value; want %s", what)
		return
	}
	ps.Add(n, "want %s, this is %s", what, n.Kind)
}

// Text returns the node as text. A number becomes the text that is written in the file.
// Other kinds are a problem.
func (n *Node) Text(ps *Problems) (string, bool) {
	if n == nil {
		return "", false
	}
	switch n.Kind {
	case String:
		return n.Value.(string), true
	case Int, Float:
		return n.raw, true
	case Bool:
		ps.Add(n, "want text; put it in quotes: %q", n.raw)
	case Null, List, Map:
		n.want(ps, "text")
	}
	return "", false
}

// Bool returns the node as a boolean. The value of a variable may be the text true or
// false.
func (n *Node) Bool(ps *Problems) (value, ok bool) {
	if n == nil {
		return false, false
	}
	if n.Kind == Bool {
		return n.Value.(bool), true
	}
	if n.Kind == String && n.Expanded {
		if v, err := strconv.ParseBool(n.Value.(string)); err == nil {
			return v, true
		}
	}
	n.want(ps, "true or false")
	return false, false
}

// Int returns the node as an integer. The value of a variable may be a text of digits.
func (n *Node) Int(ps *Problems) (int, bool) {
	if n == nil {
		return 0, false
	}
	if n.Kind == Int {
		return int(n.Value.(int64)), true
	}
	if n.Kind == String && n.Expanded {
		if v, err := strconv.Atoi(n.Value.(string)); err == nil {
			return v, true
		}
	}
	n.want(ps, "a whole number")
	return 0, false
}

// Duration returns the node as a duration: 90 (seconds) or 1m30s. A negative one is a
// problem.
func (n *Node) Duration(ps *Problems) (time.Duration, bool) {
	if n == nil {
		return 0, false
	}
	var d time.Duration
	switch n.Kind {
	case Int:
		seconds := n.Value.(int64)
		if seconds > int64(1<<63-1)/int64(time.Second) {
			ps.Add(n, "the duration is too long")
			return 0, false
		}
		d = time.Duration(seconds) * time.Second
	case String:
		var err error
		if d, err = time.ParseDuration(n.Value.(string)); err != nil {
			ps.Add(n, "want a duration such as 30s, 10m or 1h30m")
			return 0, false
		}
	case Null, Bool, Float, List, Map:
		n.want(ps, "a duration such as 30s, 10m or 1h30m")
		return 0, false
	}
	if d < 0 {
		ps.Add(n, "a duration cannot be negative")
		return 0, false
	}
	return d, true
}

// StringList returns the node as a list of texts. A single text is a list of one.
func (n *Node) StringList(ps *Problems) []string {
	if n == nil || n.Kind == Null {
		return nil
	}
	if n.Kind != List {
		if n.Kind == Map {
			n.want(ps, "a list")
			return nil
		}
		if text, ok := n.Text(ps); ok {
			return []string{text}
		}
		return nil
	}
	var texts []string
	for _, item := range n.Items {
		if text, ok := item.Text(ps); ok {
			texts = append(texts, text)
		}
	}
	return texts
}
