package expr

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	startime "go.starlark.net/lib/time"
	"go.starlark.net/starlark"
)

// Go returns the value in the form of decoded JSON: nil, bool, int64, float64, string,
// []any or map[string]any. Its JSON has at most about limit bytes.
func (v Value) Go(limit int) (any, error) {
	text, err := v.JSON(limit)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	var out any
	if err := d.Decode(&out); err != nil {
		return nil, fmt.Errorf("value: %w", err)
	}
	return plain(out), nil
}

// plain replaces the numbers of decoded JSON by int64 where they are whole, and float64.
func plain(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		f, _ := v.Float64() // out of range: infinity
		return f
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = plain(v[k])
		}
	}
	return v
}

// Truth reports whether the value counts as true.
func (v Value) Truth() bool { return bool(v.value().Truth()) }

// Texts returns the texts of a list, or those between the commas of a text.
func (v Value) Texts() ([]string, error) {
	if text, ok := v.AsString(); ok {
		var out []string
		for part := range strings.SplitSeq(text, ",") {
			out = append(out, strings.TrimSpace(part))
		}
		return out, nil
	}
	it, ok := v.value().(starlark.Iterable)
	if !ok {
		return nil, fmt.Errorf("got %s, want list", v.value().Type())
	}
	var out []string
	for item := range starlark.Elements(it) {
		if len(out) == maxTexts {
			return nil, ErrLarge
		}
		out = append(out, display(item))
	}
	return out, nil
}

// maxTexts is the most texts of [Value.Texts].
const maxTexts = 1000

// Len returns the number of elements of a list, or of characters of a text.
func (v Value) Len() (n int, ok bool) {
	if text, isText := v.AsString(); isText {
		return utf8.RuneCountInString(text), true
	}
	list, ok := v.value().(starlark.Indexable)
	if !ok {
		return 0, false
	}
	return list.Len(), true
}

// Index returns an element of a list, or a character of a text. There must be one.
func (v Value) Index(i int) Value {
	if text, isText := v.AsString(); isText {
		return Value{starlark.String(string([]rune(text)[i]))}
	}
	if list, ok := v.value().(starlark.Indexable); ok {
		return Value{list.Index(i)}
	}
	return Value{}
}

// AsTime returns the time that a value is, or that a text in the form of Twitch means.
func (v Value) AsTime() (time.Time, bool) {
	if t, ok := v.value().(startime.Time); ok {
		return time.Time(t), true
	}
	text, ok := v.AsString()
	if !ok {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339, text)
	return t, err == nil
}
