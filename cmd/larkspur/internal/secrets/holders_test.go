package secrets_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// holdersOf returns the exported structs of a file with a field of type Secret or Token of
// package oauth, or of a type that contains them: "oauth.Client".
func holdersOf(file *ast.File) (found []string) {
	pkg := file.Name.Name
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok || !spec.Name.IsExported() {
			return true
		}
		structure, ok := spec.Type.(*ast.StructType)
		if !ok {
			return true
		}
		holds := slices.ContainsFunc(structure.Fields.List, func(f *ast.Field) bool {
			_, call := f.Type.(*ast.FuncType)
			return !call && mentions(f.Type, pkg)
		})
		if holds {
			found = append(found, pkg+"."+spec.Name.Name)
		}
		return true
	})
	return found
}

// mentions reports whether a field's type contains a Secret or a Token.
func mentions(field ast.Expr, pkg string) (yes bool) {
	ast.Inspect(field, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			from, ok := n.X.(*ast.Ident)
			yes = yes || ok && from.Name == "oauth" && (n.Sel.Name == "Secret" || n.Sel.Name == "Token")
			yes = yes || ok && from.Name == "eventsub" && n.Sel.Name == "Secret"
			return false
		case *ast.Ident:
			yes = yes || pkg == "oauth" && (n.Name == "Secret" || n.Name == "Token") || pkg == "eventsub" && n.Name == "Secret"
		}
		return true
	})
	return yes
}

// Every exported struct that can hold a token or a secret is in TestNothingPrintsItsSecrets.
func TestAllHoldersOfSecretsAreKnown(t *testing.T) {
	known := map[string]bool{}
	for _, holder := range holders(t) {
		known[strings.TrimLeft(fmt.Sprintf("%T", holder), "*[]")] = true
	}
	count := 0
	err := filepath.WalkDir("../../../..", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, found := range holdersOf(file) {
			if count++; !known[found] {
				t.Errorf("%s: %s may hold a secret and is not in secrets_test.go", name, found)
			}
		}
		return nil
	})
	if err != nil || count < 5 {
		t.Errorf("got %d structs, %v, want some", count, err)
	}
}
