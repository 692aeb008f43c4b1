package bot_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// messages are all messages that the package writes to a log, with their levels. What a
// chatter can see is in text_test.go.
var messages = map[string]string{
	"cannot ask whether the channel is live":  "Warn",
	"call dropped: too many wait":             "Warn",
	"redemption dropped: too many calls wait": "Warn",
	"routine failed":                          "Error Warn", // for good, and before another attempt
	"condition of a routine panicked":         "Error",
	"routine panicked":                        "Error",
	"command not allowed":                     "Debug",
	"command cooling down":                    "Debug",
	"chat handler panicked":                   "Error",
	"chat handler failed":                     "Error",
}

// An operator can look up every message of a log.
func TestMessagesOfTheLog(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) < 2 {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			level, isLog := strings.CutSuffix(method.Sel.Name, "Context")
			text, ok := call.Args[1].(*ast.BasicLit)
			if !isLog || !ok || text.Kind != token.STRING {
				return true
			}
			message, err := strconv.Unquote(text.Value)
			if err != nil {
				t.Error(err)
			}
			if !slices.Contains(found[message], level) {
				found[message] = append(found[message], level)
			}
			return true
		})
	}
	got := map[string]string{}
	for message, levels := range maps.All(found) {
		slices.Sort(levels)
		got[message] = strings.Join(levels, " ")
	}
	if diff := cmp.Diff(messages, got); diff != "" {
		t.Errorf("messages of the log (-want +got):\n%s", diff)
	}
}
