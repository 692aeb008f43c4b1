package payload

import (
	"bytes"
	"encoding/json"
)

// An Object is a JSON object that keeps the order of its members.
type Object struct{ members []member }

type member struct {
	name  string
	value any // nil, bool, int, string, []any or *Object
}

// Get returns a member, nil if there is none or if it is null.
func (o *Object) Get(name string) any {
	for _, m := range o.members {
		if m.name == name {
			return m.value
		}
	}
	return nil
}

// Text returns a member that is text, "" otherwise.
func (o *Object) Text(name string) string {
	text, _ := o.Get(name).(string)
	return text
}

// has reports whether there is a member, which may be null.
func (o *Object) has(name string) bool {
	for _, m := range o.members {
		if m.name == name {
			return true
		}
	}
	return false
}

// set replaces a member, or appends it.
func (o *Object) set(name string, value any) {
	for i := range o.members {
		if o.members[i].name == name {
			o.members[i].value = value
			return
		}
	}
	o.members = append(o.members, member{name, value})
}

// MarshalJSON writes the members in their order.
func (o *Object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	out := json.NewEncoder(&b)
	out.SetEscapeHTML(false)
	b.WriteByte('{')
	for i, m := range o.members {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := out.Encode(m.name); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		if err := out.Encode(m.value); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
