package expr

import (
	"reflect"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/helix"
)

func TestShapeOfAStruct(t *testing.T) {
	type Inner struct {
		Deep string `json:"deep"`
	}
	type example struct {
		Inner
		Skipped  string `json:"-"`
		hidden   string
		Plain    int
		Named    *bool             `json:"named,omitempty"`
		List     []Inner           `json:"list"`
		Dict     map[string]uint32 `json:"dict"`
		Any      any               `json:"any"`
		Number   helix.Int         `json:"number"`
		Moment   helix.Time        `json:"moment"`
		Fraction float32           `json:"fraction"`
	}
	_ = example{}.hidden
	s := ShapeOf("x", reflect.TypeFor[example]())
	names, _ := s.attrs()
	if got, want := strings.Join(names, " "), "Plain any deep dict fraction list moment named number"; got != want {
		t.Errorf("got the fields %s, want %s", got, want)
	}
	for name, want := range map[string]string{
		"Plain": "number", "any": "this", "dict": "dict", "fraction": "number", "list": "list",
		"moment": "text", "named": "boolean", "number": "this", "none": "this",
	} {
		if got := s.attr(name).what(); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	if got := s.attr("list").elem.attr("deep").what(); got != "text" {
		t.Errorf("got %s inside the list, want a text", got)
	}
	if got := s.attr("list").elem.what(); got != "x.list" {
		t.Errorf("got the name %s, want x.list", got)
	}
}
