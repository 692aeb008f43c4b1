package gen

import (
	"bytes"
	"embed"
	"fmt"
	"go/format"
	"text/template"
)

//go:embed templates/*.tmpl
var templates embed.FS

// render executes a template and stores the formatted result under its path.
func render(files map[string][]byte, path, name string, data any) error {
	t, err := template.ParseFS(templates, "templates/*.tmpl")
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, name, data); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	source, err := format.Source(b.Bytes())
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", path, err, numbered(b.Bytes()))
	}
	files[path] = source
	return nil
}

// numbered adds line numbers to source code, for reading a syntax error.
func numbered(source []byte) []byte {
	var b bytes.Buffer
	for i, line := range bytes.Split(source, []byte("\n")) {
		fmt.Fprintf(&b, "%4d  %s\n", i+1, line)
	}
	return b.Bytes()
}
