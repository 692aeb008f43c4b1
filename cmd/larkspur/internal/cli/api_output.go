package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode/utf8"
)

// An answerWriter prints as JSON or as a table: one answer, or the items of several
// as one list. JSON is printed at once, so that nothing is lost if a later page fails.
type answerWriter struct {
	w      io.Writer
	output string
	wrote  bool
	rows   [][]member // of the table, until end
}

func newAnswerWriter(w io.Writer, output string) *answerWriter {
	return &answerWriter{w: w, output: output}
}

// answer prints one answer.
func (a *answerWriter) answer(raw []byte) error {
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil
	}
	if !json.Valid(raw) {
		return a.write(raw) // a calendar, for one
	}
	if a.output == asTable {
		if _, err := a.items(raw); err != nil {
			return err
		}
		return a.table()
	}
	var b bytes.Buffer
	if err := json.Indent(&b, raw, "", "  "); err != nil {
		return err
	}
	b.WriteByte('\n')
	return a.write(b.Bytes())
}

// items adds the items of an answer and returns their number.
func (a *answerWriter) items(raw []byte) (int, error) {
	items, err := itemsOf(raw)
	if err != nil {
		return 0, err
	}
	for _, item := range items {
		if a.output == asTable {
			a.rows = append(a.rows, members(item))
			continue
		}
		before := ",\n    "
		if !a.wrote {
			before = "{\n  \"data\": [\n    "
		}
		b := bytes.NewBufferString(before)
		if err := json.Indent(b, item, "    ", "  "); err != nil {
			return 0, err
		}
		if err := a.write(b.Bytes()); err != nil {
			return 0, err
		}
	}
	return len(items), nil
}

// end finishes the list of items.
func (a *answerWriter) end() error {
	switch {
	case a.output == asTable:
		return a.table()
	case !a.wrote:
		return a.write([]byte("{\n  \"data\": []\n}\n"))
	default:
		return a.write([]byte("\n  ]\n}\n"))
	}
}

func (a *answerWriter) write(b []byte) error {
	a.wrote = true
	_, err := a.w.Write(b)
	return err
}

// table prints all rows with a column for every name that has a value in one of them.
func (a *answerWriter) table() error {
	if len(a.rows) == 0 {
		return nil
	}
	var names []string
	for _, row := range a.rows {
		for _, m := range row {
			if !slices.Contains(names, m.name) && cell(m.value) != "" {
				names = append(names, m.name)
			}
		}
	}
	lines := [][]string{make([]string, len(names))}
	for i, name := range names {
		lines[0][i] = strings.ToUpper(name)
	}
	for _, row := range a.rows {
		line := make([]string, len(names))
		for _, m := range row {
			if i := slices.Index(names, m.name); i >= 0 {
				line[i] = cell(m.value)
			}
		}
		lines = append(lines, line)
	}
	a.wrote = true
	return columns(a.w, lines)
}

// columns prints lines of cells, two spaces between them.
func columns(w io.Writer, lines [][]string) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, line := range lines {
		fmt.Fprintln(t, strings.TrimRight(strings.Join(line, "\t"), "\t"))
	}
	return t.Flush()
}

// cellWidth limits how many characters of a value a table shows.
const cellWidth = 60

// cell formats a value for a table: text without quotes, other values as JSON.
func cell(raw json.RawMessage) string {
	var text string
	switch {
	case json.Unmarshal(raw, &text) == nil: // also null
	default:
		var b bytes.Buffer
		if json.Compact(&b, raw) == nil {
			text = b.String()
		}
	}
	text = printable(strings.Join(strings.Fields(text), " "))
	if utf8.RuneCountInString(text) > cellWidth {
		text = string([]rune(text)[:cellWidth-1]) + "…"
	}
	return text
}

// itemsOf returns the items of an answer: the elements of data, data itself if it is not
// a list, or the whole answer if it has no data.
func itemsOf(raw []byte) ([]json.RawMessage, error) {
	var answer struct{ Data json.RawMessage }
	if err := json.Unmarshal(raw, &answer); err != nil {
		return nil, err
	}
	var items []json.RawMessage
	switch {
	case answer.Data == nil:
		return []json.RawMessage{raw}, nil
	case json.Unmarshal(answer.Data, &items) == nil:
		return items, nil
	default:
		return []json.RawMessage{answer.Data}, nil
	}
}

// A member is a name and a value of a JSON object.
type member struct {
	name  string
	value json.RawMessage
}

// members returns the members of an object in their order. Anything else is a
// single value.
func members(raw json.RawMessage) []member {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if start, err := dec.Token(); err != nil || start != json.Delim('{') {
		return []member{{"value", raw}}
	}
	var all []member
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			break
		}
		m := member{name: fmt.Sprint(name)}
		if dec.Decode(&m.value) != nil {
			break
		}
		all = append(all, m)
	}
	return all
}
