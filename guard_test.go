package larkspur_test

import (
	"bytes"
	"encoding/json"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/internal/gen"
)

const module = "github.com/larkspur-dev/larkspur"

// A layer is one line of the layer table in docs/decisions/0001-the-house.md.
type layer struct {
	packages []string // a package, or a package with everything below it ("…/...")
	imports  []string // what they may import of this module
	external []string // which other modules; nil: only the standard library
}

var (
	row0       = []string{"internal/retry", "internal/limit", "internal/lock", "internal/quiet", "internal/config", "internal/cron"}
	row1       = append([]string{"chat"}, row0...)
	row2       = []string{"helix", "oauth", "irc", "heat"}
	row3       = []string{"eventsub", "eventsub/catchup", "watch"}
	library    = append(append([]string{"bot"}, row3...), append(row2, row1...)...) // rows 0 to 4
	websocket  = "github.com/coder/websocket"
	everything = []string{"..."}
)

// program is the path of the packages that only the program may import.
const program = "cmd/larkspur/internal/"

// layers is the layer table. To add or move a package, change the table first, in a
// separate commit that gives the reason.
var layers = []layer{
	{packages: []string{"internal/config"}, imports: row0, external: []string{"github.com/goccy/go-yaml"}},
	{packages: []string{"internal/cron"}, imports: row0, external: []string{"github.com/adhocore/gronx"}},
	{packages: row0, imports: row0},
	{packages: []string{"chat"}, imports: row0},
	{packages: []string{"oauth/keyring"}, imports: append([]string{"oauth"}, row0...), external: []string{"golang.org/x/crypto"}},
	{packages: below("helix"), imports: below("helix", row1...), external: []string{websocket}},
	{packages: below("oauth"), imports: below("oauth", row1...), external: []string{websocket}},
	{packages: below("irc"), imports: below("irc", row1...), external: []string{websocket}},
	{packages: below("heat"), imports: below("heat", row1...), external: []string{websocket}},
	{packages: below("eventsub"), imports: below("eventsub", append([]string{"helix"}, row1...)...), external: []string{websocket}},
	{packages: below("eventsub/catchup"), imports: below("eventsub/catchup", append([]string{"eventsub", "helix"}, row1...)...)},
	{packages: []string{"eventsub/storetest"}, imports: []string{"eventsub"}},
	{packages: below("watch"), imports: below("watch", append([]string{"helix"}, row1...)...), external: []string{websocket}},
	{packages: []string{"bot"}, imports: without("oauth", library), external: []string{websocket}},
	{packages: []string{"skill"}, imports: below("skill", library...)},
	{packages: []string{"skill/internal/action"}, imports: library},
	{packages: []string{"skill/internal/..."}, imports: append([]string{"helix"}, row0...), external: []string{"go.starlark.net"}},
	{packages: []string{"."}, imports: library},
	{
		packages: below("emulator"),
		imports:  below("emulator", append([]string{"chat", "helix", "eventsub"}, row0...)...),
		external: []string{websocket},
	},
	{packages: below(program + "store"), imports: below(program+"store", append([]string{"skill", "."}, library...)...), external: []string{"modernc.org/sqlite"}},
	{packages: below(program + "relay"), imports: below(program+"relay", append([]string{"skill", "."}, library...)...), external: []string{"github.com/nicholas-fedor/shoutrrr"}},
	{packages: []string{program + "project"}},
	{packages: []string{program + "daemon", program + "cli", "cmd/larkspur"}, imports: everything, external: everything},
	{packages: []string{program + "secrets", program + "examples"}}, // tests only
	{packages: []string{"internal/canary"}},
	{packages: []string{"internal/canary/cmd"}, imports: []string{"internal/canary"}},
	{packages: []string{"internal/gen", "internal/gen/..."}, imports: []string{"internal/gen"}, external: []string{"github.com/goccy/go-yaml"}},
	{
		packages: []string{"examples/..."},
		imports:  []string{".", "chat", "helix", "oauth", "irc", "heat", "eventsub", "eventsub/catchup", "watch", "bot", "skill", "emulator"},
	},
}

// below returns the patterns of a package and of the packages inside it, and more packages.
func below(name string, more ...string) []string {
	return append([]string{name, name + "/internal/..."}, more...)
}

// without returns names without one of them.
func without(name string, names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == name })
}

type listed struct {
	ImportPath   string
	Dir          string
	Doc          string
	GoFiles      []string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Dir,Doc,GoFiles,Imports,TestImports,XTestImports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := dec.Decode(&p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		all = append(all, p)
	}
}

// within reports whether name is the pattern or lies below it.
func within(name string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		if p == "..." {
			return true
		}
		if below, ok := strings.CutSuffix(p, "/..."); ok {
			return name == below || strings.HasPrefix(name, below+"/")
		}
		return name == p
	})
}

// dependency reports whether an import path belongs to one of the modules.
func dependency(name string, modules []string) bool {
	return slices.ContainsFunc(modules, func(m string) bool {
		return m == "..." || name == m || strings.HasPrefix(name, m+"/")
	})
}

func rel(importPath string) (name string, ours bool) {
	if importPath == module {
		return ".", true
	}
	return strings.CutPrefix(importPath, module+"/")
}

// violations returns the imports of a package that the table forbids. A package
// without a line in the table is always a violation.
func violations(p listed) []string {
	name, _ := rel(p.ImportPath)
	i := slices.IndexFunc(layers, func(l layer) bool { return within(name, l.packages) })
	if i < 0 {
		return []string{"is not in the layer table: add it in guard_test.go"}
	}
	var bad []string
	for _, imp := range p.Imports {
		theirs, ours := rel(imp)
		switch {
		case ours && theirs == "internal/gen" && !strings.HasPrefix(name, "internal/gen"):
			bad = append(bad, "imports internal/gen, which only writes code")
		case ours && theirs != name && !within(theirs, layers[i].imports):
			bad = append(bad, "imports "+theirs+", which its row may not")
		case !ours && strings.Contains(strings.Split(imp, "/")[0], ".") && !dependency(imp, layers[i].external):
			bad = append(bad, "imports "+imp+", a dependency its row may not have")
		}
	}
	return bad
}

func TestLayers(t *testing.T) {
	for _, p := range packages(t) {
		for _, v := range violations(p) {
			t.Errorf("%s %s", p.ImportPath, v)
		}
	}
}

// The check reports forbidden imports.
func TestLayersRefuse(t *testing.T) {
	for _, tt := range []struct {
		pkg, imports string
	}{
		{"helix", module + "/oauth"},
		{"helix", module + "/eventsub"},
		{"helix", "github.com/spf13/cobra"},
		{"bot", module + "/oauth"},
		{"emulator", module + "/irc"},
		{"emulator/internal/chat", module + "/irc"},
		{"emulator/internal/chat", module + "/oauth"},
		{"chat", module + "/helix"},
		{"helix", module + "/irc/internal/parse"},
		{"eventsub", module + "/bot"},
		{"eventsub", module + "/eventsub/catchup"},
		{"skill", module + "/emulator"},
		{"skill", "go.starlark.net/starlark"},
		{"skill/internal/expr", module + "/skill"},
		{"internal/retry", module + "/chat"},
		{"internal/lock", "github.com/goccy/go-yaml"},
		{".", module + "/skill"},
		{".", module + "/emulator"},
		{program + "store", module + "/" + program + "relay"},
		{program + "daemon", module + "/internal/gen"},
		{"attic", "fmt"},
	} {
		if len(violations(listed{ImportPath: module + "/" + tt.pkg, Imports: []string{tt.imports}})) == 0 {
			t.Errorf("%s may import %s, want a violation", tt.pkg, tt.imports)
		}
	}
}

// Test files may import the emulator only in the external test package.
func TestEmulatorOnlyInExternalTests(t *testing.T) {
	for _, p := range packages(t) {
		name, _ := rel(p.ImportPath)
		if within(name, []string{"helix", "oauth", "irc", "heat", "eventsub", "eventsub/catchup", "watch"}) && slices.Contains(p.TestImports, module+"/emulator") {
			t.Errorf("%s: a test inside the package imports the emulator; use package %s_test", p.ImportPath, path.Base(name))
		}
	}
}

func TestPackageComments(t *testing.T) {
	for _, p := range packages(t) {
		if len(p.GoFiles) > 0 && p.Doc == "" {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
	}
}

// No init and no blank imports outside tests: registries are plain lists. The store is
// an exception, because a database driver registers itself.
func TestNoInit(t *testing.T) {
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && name != ".") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if strings.Contains(string(src), "\nfunc init() {") {
			t.Errorf("%s has an init function", name)
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, imp := range file.Imports {
			if imp.Name != nil && imp.Name.Name == "_" && imp.Path.Value != `"embed"` && filepath.ToSlash(filepath.Dir(name)) != program+"store" {
				t.Errorf("%s imports %s only for its side effects", name, imp.Path.Value)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Generated code is up to date with spec/ and the generator.
func TestGeneratedCodeIsFresh(t *testing.T) {
	files, err := gen.Generate("spec")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		if have, err := os.ReadFile(filepath.FromSlash(name)); err != nil || !bytes.Equal(have, want) {
			t.Errorf("%s is not what spec/ and the generator say; run make gen", name)
		}
	}
}

func TestTidy(t *testing.T) {
	if testing.Short() {
		t.Skip("needs the module proxy")
	}
	out, err := exec.CommandContext(t.Context(), "go", "mod", "tidy", "-diff").CombinedOutput()
	if err != nil {
		t.Errorf("go mod tidy would change go.mod or go.sum: %v\n%s", err, out)
	}
}
