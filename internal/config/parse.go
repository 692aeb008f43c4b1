package config

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Aliases can make a small file large and nesting can exhaust the stack, so both are
// limited, far above what a configuration needs.
const (
	maxNodes = 100_000
	maxDepth = 100
)

// builder turns the library's syntax tree into nodes.
type builder struct {
	file     string
	env      func(string) (string, bool)
	lines    []string
	anchors  map[string]*Node
	nodes    int
	full     bool // maxNodes was reached and reported
	problems Problems
}

func (b *builder) report(n *Node, format string, args ...any) {
	b.problems.Add(n, format, args...)
}

// parse returns the root of the document, or nil if nothing could be read.
func (b *builder) parse(src []byte) (root *Node) {
	start := &Node{File: b.file, Line: 1, Column: 1}
	// The input is untrusted. A panic of the library is reported as a mistake in the file.
	defer func() {
		if recover() != nil {
			b.report(start, "not valid YAML")
			root = nil
		}
	}()
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	b.lines = strings.Split(strings.ReplaceAll(string(src), "\r\n", "\n"), "\n")
	file, err := parser.ParseBytes(src, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		b.problems = append(b.problems, syntaxProblem(start, err))
		return nil
	}
	var body ast.Node
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		if body != nil {
			b.report(b.at(doc.Body, ""), "the file has more than one document; only the first is read")
			break
		}
		body = doc.Body
	}
	if body == nil {
		return nil
	}
	return b.node(body, "", 0)
}

// syntaxProblem converts an error of the library. It leaves out the quoted source, which
// may contain a secret.
func syntaxProblem(start *Node, err error) Problem {
	p := start.Problem("not valid YAML")
	if e, ok := errors.AsType[*yaml.SyntaxError](err); ok {
		text, _, _ := strings.Cut(e.Message, "\n")
		if !strings.ContainsAny(text, "\"`") { // quotes the source
			p.Text = "not valid YAML: " + text
		}
		if e.Token != nil && e.Token.Position != nil {
			p.Line, p.Column = e.Token.Position.Line, e.Token.Position.Column
		}
	}
	return p
}

// at returns an empty node at the position of n.
func (b *builder) at(n ast.Node, path string) *Node {
	node := &Node{Path: path, File: b.file, Line: 1, Column: 1, lines: b.lines}
	for {
		// The token of a block mapping is its first colon; use the position of its first key.
		switch m := n.(type) {
		case *ast.MappingNode:
			if !m.IsFlowStyle && len(m.Values) > 0 {
				n = m.Values[0]
				continue
			}
		case *ast.MappingValueNode:
			n = m.Key
			continue
		}
		break
	}
	if tok := n.GetToken(); tok != nil && tok.Position != nil {
		node.Line, node.Column = tok.Position.Line, tok.Position.Column
	}
	return node
}

// node turns one value of the syntax tree into a node.
func (b *builder) node(n ast.Node, path string, depth int) *Node {
	if n == nil {
		return &Node{Path: path, File: b.file, Line: 1, Column: 1}
	}
	out := b.at(n, path)
	if !b.count(out, depth) {
		return out
	}
	switch n := n.(type) {
	case *ast.NullNode:
	case *ast.BoolNode:
		out.Kind, out.Value = Bool, n.Value
		b.setRaw(out, n.Token)
	case *ast.IntegerNode:
		b.integer(out, n)
	case *ast.FloatNode:
		out.Kind, out.Value = Float, n.Value
		b.setRaw(out, n.Token)
	case *ast.InfinityNode, *ast.NanNode:
		b.report(out, "infinity and NaN are not supported")
	case *ast.StringNode:
		b.text(out, n.Value)
	case *ast.LiteralNode:
		b.text(out, n.Value.Value)
	case *ast.MappingNode:
		b.mapping(out, n.Values, depth)
	case *ast.MappingValueNode:
		b.mapping(out, []*ast.MappingValueNode{n}, depth)
	case *ast.SequenceNode:
		out.Kind = List
		for i, item := range n.Values {
			out.Items = append(out.Items, b.node(item, fmt.Sprintf("%s[%d]", path, i), depth+1))
		}
	case *ast.AnchorNode:
		value := b.node(n.Value, path, depth+1)
		// Set after the value is built, so that an alias inside it cannot refer to itself.
		b.anchors[n.Name.GetToken().Value] = value
		return value
	case *ast.AliasNode:
		return b.alias(out, n, depth)
	case *ast.TagNode:
		return b.tag(out, n, depth)
	default:
		b.report(out, "this kind of YAML is not supported")
	}
	return out
}

// count reports whether another node may be built at this depth.
func (b *builder) count(n *Node, depth int) bool {
	b.nodes++
	if depth > maxDepth {
		b.report(n, "nested deeper than %d levels", maxDepth)
		return false
	}
	if b.nodes > maxNodes {
		if !b.full {
			b.full = true
			b.report(n, "more than %d values, aliases counted at each use", maxNodes)
		}
		return false
	}
	return true
}

func (b *builder) setRaw(out *Node, tok *token.Token) {
	if tok != nil {
		out.raw = tok.Value
	}
}

func (b *builder) integer(out *Node, n *ast.IntegerNode) {
	b.setRaw(out, n.Token)
	out.Kind = Int
	switch v := n.Value.(type) {
	case int64:
		out.Value = v
	case uint64:
		if v > 1<<63-1 {
			// Too large for int64: an id of that size is read as text.
			out.Kind, out.Value = String, out.raw
			return
		}
		out.Value = int64(v)
	default:
		out.Kind, out.Value = String, out.raw
	}
}

func (b *builder) text(out *Node, s string) {
	out.Kind, out.raw = String, s
	expanded, changed := b.expand(out, s)
	out.Value, out.Expanded = expanded, changed
}
