package skill

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"go.starlark.net/starlark"
)

// decode reads JSON the way [toValue] wants it.
func decode(raw []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber() // ids and amounts keep all their digits
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("event: %w", err)
	}
	return v, nil
}

// toValue turns decoded JSON into a frozen Starlark value.
func toValue(v any, s *shape) starlark.Value {
	if s == nil {
		s = anyShape
	}
	switch v := v.(type) {
	case bool:
		return starlark.Bool(v)
	case string:
		return starlark.String(v)
	case int:
		return starlark.MakeInt(v)
	case int64:
		return starlark.MakeInt64(v)
	case float64:
		return starlark.Float(v)
	case json.Number:
		if i, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			return starlark.MakeInt64(i)
		}
		f, _ := v.Float64() // out of range: infinity, which is what it is
		return starlark.Float(f)
	case []string:
		items := make([]starlark.Value, len(v))
		for i := range v {
			items[i] = starlark.String(v[i])
		}
		return frozen(starlark.NewList(items))
	case []any:
		items := make([]starlark.Value, len(v))
		for i := range v {
			items[i] = toValue(v[i], s.elem)
		}
		return frozen(starlark.NewList(items))
	case map[string]string:
		d := starlark.NewDict(len(v))
		for _, k := range slices.Sorted(maps.Keys(v)) {
			_ = d.SetKey(starlark.String(k), starlark.String(v[k])) // cannot fail: a fresh dict, a text key
		}
		return frozen(d)
	case map[string]any:
		if s.kind == dict {
			d := starlark.NewDict(len(v))
			for _, k := range slices.Sorted(maps.Keys(v)) {
				_ = d.SetKey(starlark.String(k), toValue(v[k], s.elem)) // cannot fail, as above
			}
			return frozen(d)
		}
		return newRecord(v, s)
	}
	return starlark.None
}

func frozen(v starlark.Value) starlark.Value {
	v.Freeze()
	return v
}

// A record is an object with named fields, read as record.name or record["name"].
// A field that Twitch left out is None.
type record struct {
	shape  *shape
	fields map[string]any
}

func newRecord(fields map[string]any, s *shape) *record {
	if s == nil {
		s = anyShape
	}
	return &record{shape: s, fields: fields}
}

func (r *record) Attr(name string) (starlark.Value, error) {
	v, ok := r.fields[name]
	if !ok {
		if _, known := r.shape.fields[name]; !known {
			return nil, nil //nolint:nilnil // Starlark's way to say that there is no such attribute
		}
	}
	return toValue(v, r.shape.attr(name)), nil
}

func (r *record) AttrNames() []string { return slices.Sorted(maps.Keys(r.fields)) }

func (r *record) Get(key starlark.Value) (starlark.Value, bool, error) {
	name, ok := starlark.AsString(key)
	if !ok {
		return nil, false, fmt.Errorf("%s has text keys, not %s", r.Type(), key.Type())
	}
	v, ok := r.fields[name]
	return toValue(v, r.shape.attr(name)), ok, nil
}

func (r *record) String() string {
	raw, err := json.Marshal(r.fields)
	if err != nil {
		return "{…}"
	}
	return string(raw)
}

func (r *record) Type() string          { return "object" }
func (r *record) Freeze()               {}
func (r *record) Truth() starlark.Bool  { return true }
func (r *record) Hash() (uint32, error) { return 0, fmt.Errorf("unhashable: %s", r.Type()) }

// A lazy value is fetched when an expression first reads an attribute.
type lazy struct {
	shape *shape
	load  func() (*record, error)
}

func (l *lazy) Attr(name string) (starlark.Value, error) {
	if _, ok := l.shape.fields[name]; !ok {
		return nil, nil //nolint:nilnil // Starlark's way to say that there is no such attribute
	}
	r, err := l.load()
	if err != nil {
		return nil, err
	}
	return r.Attr(name)
}

func (l *lazy) AttrNames() []string   { return slices.Sorted(maps.Keys(l.shape.fields)) }
func (l *lazy) String() string        { return l.shape.name }
func (l *lazy) Type() string          { return l.shape.name }
func (l *lazy) Freeze()               {}
func (l *lazy) Truth() starlark.Bool  { return true }
func (l *lazy) Hash() (uint32, error) { return 0, fmt.Errorf("unhashable: %s", l.Type()) }
