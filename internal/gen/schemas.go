package gen

import (
	"fmt"
	"strings"
)

// writeSchemas writes what the events of each type look like, for the emulator: one line for
// each field, the fields of objects below it with one more blank in front:
//
//	channel.follow 2
//	 user_id string
//	 followed_at time
//
// A type may be followed by ? (may be null), ~ (may be absent), its range and its values.
func writeSchemas(spec *Spec, _ *Overlay) (map[string][]byte, error) {
	var b strings.Builder
	for _, e := range spec.Events {
		fmt.Fprintf(&b, "%s %s\n", e.Type, e.Version)
		for _, f := range e.Event.Fields {
			schemaField(&b, spec, f, " ")
		}
	}
	files := make(map[string][]byte)
	return files, render(files, "emulator/internal/payload/schemas_gen.go", "schemas.tmpl", b.String())
}

func schemaField(b *strings.Builder, spec *Spec, f SpecField, indent string) {
	element := f.element()
	kind := element.Type
	switch element.Format {
	case "date-time":
		kind = "time"
	case "uri":
		kind = "uri"
	case "hex-color":
		kind = "color"
	}
	if f.Type == "array" {
		kind = "[]" + kind
	}
	if f.Nullable {
		kind += "?"
	}
	if f.Optional {
		kind += "~"
	}
	b.WriteString(indent + f.Name + " " + kind)
	low, hasLow := bound(element.Min)
	high, hasHigh := bound(element.Max)
	if hasLow && hasHigh {
		fmt.Fprintf(b, " %v..%v", low, high)
	}
	values := texts(element.Enum)
	if element.EnumRef == "shardStatus" {
		values = spec.ShardStatus
	}
	if f.Const != nil {
		values = []string{fmt.Sprint(f.Const)}
	}
	if len(values) > 0 {
		b.WriteString(" " + strings.Join(values, "|"))
	}
	b.WriteString("\n")
	for _, inner := range element.Fields {
		schemaField(b, spec, inner, indent+" ")
	}
}
