package config

import (
	"regexp"
	"slices"
	"strconv"

	"github.com/goccy/go-yaml/ast"
)

// plainKey matches keys that need no quotes in a path.
var plainKey = regexp.MustCompile(`^[\pL\pN_-]+$`)

// join extends a path by a key.
func join(path, key string) string {
	if !plainKey.MatchString(key) {
		key = strconv.Quote(shorten(key))
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// mapping adds the entries of a mapping to out. Merge keys (<<) come last, so explicit
// entries override them.
func (b *builder) mapping(out *Node, values []*ast.MappingValueNode, depth int) {
	out.Kind = Map
	var merged []*Node
	for _, v := range values {
		if v.Key == nil {
			continue
		}
		if v.Key.IsMergeKey() {
			merged = append(merged, b.node(v.Value, out.Path, depth+1))
			continue
		}
		at := b.at(v.Key, out.Path)
		key, ok := b.key(v.Key)
		if !ok {
			b.report(at, "a key must be text")
			continue
		}
		at.Path = join(out.Path, key)
		if first := slices.IndexFunc(out.Fields, func(f Field) bool { return f.Key == key }); first >= 0 {
			b.report(at, "duplicate key; the first is in line %d", out.Fields[first].Line)
			continue
		}
		value := b.node(v.Value, at.Path, depth+1)
		if value.Kind == Null {
			value.Line, value.Column = at.Line, at.Column
		}
		out.Fields = append(out.Fields, Field{Key: key, Line: at.Line, Column: at.Column, Value: value})
	}
	for _, m := range merged {
		b.merge(out, m)
	}
}

func (b *builder) key(n ast.MapKeyNode) (string, bool) {
	switch k := n.(type) {
	case *ast.StringNode:
		return k.Value, true
	case *ast.IntegerNode, *ast.BoolNode, *ast.NullNode, *ast.FloatNode:
		return k.GetToken().Value, true
	}
	return "", false
}

// merge adds the fields of from, a mapping or a list of mappings, that out lacks.
func (b *builder) merge(out, from *Node) {
	switch from.Kind {
	case Map:
		for _, f := range from.Fields {
			if out.Field(f.Key) == nil {
				out.Fields = append(out.Fields, f)
			}
		}
	case List:
		for _, item := range from.Items {
			b.merge(out, item)
		}
	case Null: // a broken alias, already reported
	default:
		b.report(from, "<< needs a mapping, got %s", from.Kind)
	}
}

// alias returns a copy of the anchored node with the path of the alias.
func (b *builder) alias(out *Node, n *ast.AliasNode, depth int) *Node {
	name := n.Value.GetToken().Value
	target, ok := b.anchors[name]
	if !ok {
		known := make([]string, 0, len(b.anchors))
		for k := range b.anchors {
			known = append(known, k)
		}
		b.report(out, "unknown anchor %s%s", strconv.Quote(shorten(name)), DidYouMean(name, known))
		return out
	}
	return b.copy(target, out.Path, depth)
}

// copy counts every node that it copies, which limits nested aliases.
func (b *builder) copy(n *Node, path string, depth int) *Node {
	out := *n
	out.Path, out.Items, out.Fields = path, nil, nil
	if !b.count(&out, depth) {
		out.Kind, out.Value = Null, nil
		return &out
	}
	for i, item := range n.Items {
		out.Items = append(out.Items, b.copy(item, path+"["+strconv.Itoa(i)+"]", depth+1))
	}
	for _, f := range n.Fields {
		f.Value = b.copy(f.Value, join(path, f.Key), depth+1)
		out.Fields = append(out.Fields, f)
	}
	return &out
}

// tag supports !!str, which turns a number into text, and rejects other tags.
func (b *builder) tag(out *Node, n *ast.TagNode, depth int) *Node {
	value := b.node(n.Value, out.Path, depth+1)
	switch n.Start.Value {
	case "!!str":
		switch value.Kind {
		case Bool, Int, Float:
			value.Kind, value.Value = String, value.raw
		case Null:
			value.Kind, value.Value = String, ""
		case String, List, Map:
		}
	case "!!int", "!!float", "!!bool", "!!null", "!!map", "!!seq":
	default:
		b.report(out, "the tag %s is not supported", strconv.Quote(shorten(n.Start.Value)))
	}
	return value
}
