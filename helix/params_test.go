package helix

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type queryParams struct {
	ID      string    `url:"id" json:"-"`
	Names   []string  `url:"name" json:"-"`
	First   int       `url:"first,omitzero" json:"-"`
	Live    *bool     `url:"live,omitzero" json:"-"`
	Done    bool      `url:"done,omitzero" json:"-"`
	Since   time.Time `url:"since,omitzero" json:"-"`
	Until   Time      `url:"until,omitzero" json:"-"`
	Ratio   float64   `url:"ratio,omitzero" json:"-"`
	Ignored string
	hidden  string
}

func TestQuery(t *testing.T) {
	since := time.Date(2026, 11, 1, 12, 0, 0, 0, time.FixedZone("", 3600))
	for name, tc := range map[string]struct {
		in   any
		want string
	}{
		"nothing":        {nil, ""},
		"nil pointer":    {(*queryParams)(nil), ""},
		"zero values":    {queryParams{Ignored: "x", hidden: "y"}, ""},
		"repeated":       {queryParams{ID: "1", Names: []string{"a", "b"}}, "id=1&name=a&name=b"},
		"escaped":        {&queryParams{ID: "a b&c=ö"}, "id=a+b%26c%3D%C3%B6"},
		"false is said":  {queryParams{Live: new(false)}, "live=false"},
		"numbers":        {queryParams{First: -3, Ratio: 0.5, Done: true}, "first=-3&done=true&ratio=0.5"},
		"times":          {queryParams{Since: since, Until: Time{since}}, "since=2026-11-01T11%3A00%3A00Z&until=2026-11-01T11%3A00%3A00Z"},
		"empty elements": {queryParams{Names: []string{""}}, "name="},
	} {
		t.Run(name, func(t *testing.T) {
			var c plans
			p, err := c.read(tc.in)
			if err != nil {
				t.Fatal(err)
			}
			got, err := p.appendQuery(nil)
			if err != nil || string(got) != tc.want {
				t.Errorf("got %q, %v, want %q", got, err, tc.want)
			}
		})
	}
}

func TestParamsThatCannotBeSent(t *testing.T) {
	var c plans
	if _, err := c.read(42); err == nil {
		t.Error("a number as params: got no error")
	}
	p, err := c.read(struct {
		M map[string]string `url:"m"`
	}{map[string]string{"a": "b"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.appendQuery(nil); err == nil {
		t.Error("a map in the query: got no error")
	}
}

func TestBody(t *testing.T) {
	type inner struct {
		Name string `json:"name"`
	}
	type bodyParams struct {
		ID    string   `url:"id" json:"-"`
		Title *string  `json:"title,omitzero"`
		Tags  []string `json:"tags,omitzero"`
		Inner *inner   `json:"inner,omitzero"`
	}
	e := &Endpoint{Body: []Param{{Name: "title"}}}
	wrapped := &Endpoint{Body: []Param{{Name: "title"}}, Wrap: "data"}
	for name, tc := range map[string]struct {
		endpoint *Endpoint
		in       any
		want     string
	}{
		"no body":        {&Endpoint{}, bodyParams{Title: new("x")}, ""},
		"no params":      {e, nil, "{}"},
		"absent":         {e, bodyParams{ID: "1"}, "{}"},
		"empty is said":  {e, bodyParams{Title: new(""), Tags: []string{}}, `{"title":"","tags":[]}`},
		"nested":         {e, bodyParams{Inner: &inner{"ada"}}, `{"inner":{"name":"ada"}}`},
		"wrapped":        {wrapped, bodyParams{Title: new("x")}, `{"data":{"title":"x"}}`},
		"wrapped, empty": {wrapped, nil, `{"data":{}}`},
	} {
		t.Run(name, func(t *testing.T) {
			var c plans
			p, err := c.read(tc.in)
			if err != nil {
				t.Fatal(err)
			}
			got, err := p.encodeBody(tc.endpoint)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, string(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFirst(t *testing.T) {
	type params struct {
		A string   `url:"a" json:"-"`
		B []string `url:"b" json:"-"`
		C *string  `json:"c"`
	}
	var c plans
	for want, in := range map[string]params{
		"1": {A: "1", B: []string{"2"}, C: new("3")},
		"2": {B: []string{"2", "4"}, C: new("3")},
		"3": {C: new("3")},
		"":  {},
	} {
		p, err := c.read(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.first([]string{"a", "unknown", "b", "c"}); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// Whatever is in a parameter, it arrives as it was, and nothing else does.
func FuzzQuery(f *testing.F) {
	f.Add("141981764", "ada", "grace hopper", 20)
	f.Add("&a=b", "ö#%", "\x00\r\n", -1)
	f.Fuzz(func(t *testing.T, id, name1, name2 string, first int) {
		in := queryParams{ID: id, Names: []string{name1, name2}, First: first}
		var c plans
		p, err := c.read(in)
		if err != nil {
			t.Fatal(err)
		}
		b, err := p.appendQuery(nil)
		if err != nil {
			t.Fatal(err)
		}
		encoded := string(b)
		if strings.ContainsAny(encoded, " \r\n\x00#") {
			t.Errorf("not fit for a request line: %q", encoded)
		}
		got, err := url.ParseQuery(encoded)
		if err != nil {
			t.Fatal(err)
		}
		want := url.Values{"name": {name1, name2}}
		if id != "" {
			want.Set("id", id)
		}
		if first != 0 {
			want.Set("first", got.Get("first"))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}
