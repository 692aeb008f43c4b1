package larkspur_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// The constructors are for programs that fit on a screen: an example has at most 40 lines.
func TestExamplesFitOnAScreen(t *testing.T) {
	names, err := filepath.Glob("example_*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range names {
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || !strings.HasPrefix(f.Name.Name, "Example") {
				continue
			}
			found++
			if lines := files.Position(f.End()).Line - files.Position(f.Pos()).Line + 1; lines > 40 {
				t.Errorf("%s: got %d lines, want at most 40", f.Name.Name, lines)
			}
		}
	}
	if found < 4 {
		t.Errorf("got %d examples, want one for each constructor at least", found)
	}
}
