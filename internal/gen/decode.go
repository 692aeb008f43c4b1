package gen

import "strings"

// A Decoder is a method that reads a struct from a wire.Reader.
type Decoder struct {
	Name  string
	Begin string // the call that begins the object
	Cases []DecoderCase
}

// A DecoderCase reads one field.
type DecoderCase struct {
	JSON string
	Code string
}

// A DecodersFile is the file with the decoders of one file of events.
type DecodersFile struct {
	UsesHelix bool
	Decoders  []Decoder
}

// decoders returns the decoders of all structs that a file of events declares.
func (w *eventsWriter) decoders(f *EventFile) *DecodersFile {
	d := &DecodersFile{}
	for _, e := range f.Events {
		d.Decoders = append(d.Decoders, w.decoder(e.Payload))
		for _, decl := range e.Decls {
			if decl.Struct != nil {
				d.Decoders = append(d.Decoders, w.decoder(decl.Struct))
			}
		}
	}
	for _, decoder := range d.Decoders {
		for _, c := range decoder.Cases {
			d.UsesHelix = d.UsesHelix || strings.Contains(c.Code, "helix.")
		}
	}
	return d
}

func (w *eventsWriter) decoder(s *Struct) Decoder {
	d := Decoder{Name: s.Name, Begin: "r.Object()"}
	for _, f := range s.Fields {
		if f.JSON == "text" && f.Type == "string" {
			d.Begin = "r.ObjectOrText(&e." + f.Name + ")"
		}
		d.Cases = append(d.Cases, DecoderCase{JSON: f.JSON, Code: w.readField(s, f)})
	}
	return d
}

// readField writes the statement that reads a field.
func (w *eventsWriter) readField(s *Struct, f *Field) string {
	field := "e." + f.Name
	if elem, ok := strings.CutPrefix(f.Type, "[]"); ok {
		read := field + " = append(" + field + ", " + w.readScalar(s, f, elem) + ")"
		if w.structs[elem] != nil {
			read = "wire.Add(&" + field + ").read(r)"
		}
		return "for more := wire.List(r, &" + field + "); more; more = r.Element() {\n" + read + "\n}"
	}
	if elem, ok := strings.CutPrefix(f.Type, "*"); ok {
		read := field + ".read(r)"
		if w.structs[elem] == nil {
			read = "*" + field + " = " + w.readScalar(s, f, elem)
		}
		return "if wire.New(r, &" + field + ") {\n" + read + "\n}"
	}
	if w.structs[f.Type] != nil {
		return field + ".read(r)"
	}
	return field + " = " + w.readScalar(s, f, f.Type)
}

// readScalar writes the expression that reads a value of a Go type that is no struct.
func (w *eventsWriter) readScalar(s *Struct, f *Field, goType string) string {
	switch goType {
	case "string":
		return "r.String()"
	case "bool":
		return "r.Bool()"
	case "int":
		return "r.Int()"
	case "float64":
		return "r.Float()"
	case w.time:
		return "r.Time()"
	case w.openTime:
		return w.openTime + "{Time: r.Time()}"
	case w.number:
		return w.number + "(r.Int())"
	case w.id:
		return w.id + "(r.String())"
	}
	switch {
	case w.enums[goType] != nil:
		return goType + "(r.String())"
	case w.structs[goType] == nil:
		w.fail("%s: no decoder reads the type %s of %s", s.Name, goType, f.JSON)
	}
	return ""
}
