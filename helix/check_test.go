package helix

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestCheck(t *testing.T) {
	type choice struct {
		Title string `json:"title"`
	}
	type params struct {
		IDs     []string  `url:"id" json:"-"`
		Logins  []string  `url:"login" json:"-"`
		Start   time.Time `url:"started_at,omitzero" json:"-"`
		End     time.Time `url:"ended_at,omitzero" json:"-"`
		Color   string    `json:"color,omitzero"`
		Title   string    `json:"title"`
		Seconds int       `json:"seconds"`
		Delay   *int      `json:"delay,omitzero"`
		Choices []choice  `json:"choices,omitzero"`
		Enabled bool      `json:"enabled"`
	}
	e := &Endpoint{
		Name: "Make Thing",
		Query: []Param{
			{Name: "id", Type: String, Repeated: true, MaxItems: 3},
			{Name: "login", Type: String, Repeated: true},
			{Name: "not_in_the_struct", Type: String, Required: true},
		},
		Body: []Param{
			{Name: "color", Type: String, Enum: []string{"blue", "green"}},
			{Name: "title", Type: String, Required: true, MinLength: 2, MaxLength: 4},
			{Name: "seconds", Type: Integer, Required: true, Min: 15, HasMin: true, Max: 1800, HasMax: true},
			{Name: "delay", Type: Integer, Max: 900, HasMax: true},
			{Name: "choices", Type: Object, Repeated: true, MaxItems: 2, Fields: []Param{
				{Name: "title", Type: String, Required: true, MaxLength: 3},
			}},
			{Name: "enabled", Type: Boolean, Required: true},
		},
		Rules: []ParamRules{
			{AtLeastOneOf: []string{"id", "login"}, UnlessToken: UserToken},
			{MaxTotal: 4, Of: []string{"id", "login"}},
			{AllOrNone: []string{"started_at", "ended_at"}},
			{AtMostOneOf: []string{"delay", "choices"}},
		},
	}
	good := params{IDs: []string{"1"}, Title: "löwe", Seconds: 15}
	with := func(change func(p *params)) params {
		p := good
		change(&p)
		return p
	}
	for name, tc := range map[string]struct {
		in    params
		token TokenKind
		want  string // of the error; "" for none
	}{
		"good":                {good, AppToken, ""},
		"too many":            {with(func(p *params) { p.IDs = []string{"1", "2", "3", "4"} }), AppToken, "id has 4 values, at most 3 are allowed"},
		"too many together":   {with(func(p *params) { p.Logins = []string{"a", "b", "c", "d"} }), AppToken, "id, login have 5 values together, at most 4 are allowed"},
		"one of":              {with(func(p *params) { p.IDs = nil }), AppToken, "id, login are all empty, at least one is needed"},
		"one of, user token":  {with(func(p *params) { p.IDs = nil }), UserToken, ""},
		"required":            {with(func(p *params) { p.Title = "" }), AppToken, "title is required"},
		"too short":           {with(func(p *params) { p.Title = "a" }), AppToken, "title has 1 characters, at least 2 are needed"},
		"too long":            {with(func(p *params) { p.Title = "löwen" }), AppToken, "title has 5 characters, at most 4 are allowed"},
		"too small":           {with(func(p *params) { p.Seconds = 0 }), AppToken, "seconds is 0, must be at least 15"},
		"too large":           {with(func(p *params) { p.Delay = new(901) }), AppToken, "delay is 901, must be at most 900"},
		"not in the enum":     {with(func(p *params) { p.Color = "red" }), AppToken, `color is "red", must be one of blue, green`},
		"inside a list":       {with(func(p *params) { p.Choices = []choice{{"yes"}, {"maybe"}} }), AppToken, "choices[1].title has 5 characters, at most 3 are allowed"},
		"required in a list":  {with(func(p *params) { p.Choices = []choice{{}} }), AppToken, "choices[0].title is required"},
		"long list":           {with(func(p *params) { p.Choices = make([]choice, 3) }), AppToken, "choices has 3 values, at most 2 are allowed"},
		"half of what belong": {with(func(p *params) { p.Start = time.Unix(1, 0) }), AppToken, "started_at, ended_at belong together, 1 of 2 are set"},
		"both of what do not": {with(func(p *params) { p.Delay, p.Choices = new(0), []choice{{"a"}} }), AppToken, "delay, choices exclude each other, at most one is allowed, 2 are set"},
	} {
		t.Run(name, func(t *testing.T) {
			var c plans
			p, err := c.read(tc.in)
			if err != nil {
				t.Fatal(err)
			}
			err = p.check(&c, e, tc.token)
			if tc.want == "" {
				if err != nil {
					t.Errorf("got %v, want no error", err)
				}
				return
			}
			pe, ok := errors.AsType[*ParamError](err)
			if !ok {
				t.Fatalf("got %v, want a *ParamError", err)
			}
			if got, want := pe.Error(), "helix: Make Thing: "+tc.want; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestExactlyOneOf(t *testing.T) {
	type params struct {
		A string `url:"a"`
		B string `url:"b"`
	}
	e := &Endpoint{Name: "Get", Rules: []ParamRules{{ExactlyOneOf: []string{"a", "b"}}}}
	for in, ok := range map[params]bool{{}: false, {A: "1"}: true, {B: "1"}: true, {A: "1", B: "2"}: false} {
		var c plans
		p, err := c.read(in)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.check(&c, e, AppToken); (err == nil) != ok {
			t.Errorf("%+v: got %v, want ok %v", in, err, ok)
		}
	}
}

// Nobody is helped by a message that is as long as the mistake.
func TestMistakesAreQuotedBriefly(t *testing.T) {
	type params struct {
		Color string `url:"color"`
	}
	var c plans
	p, err := c.read(params{strings.Repeat("x\n", 100_000)})
	if err != nil {
		t.Fatal(err)
	}
	err = p.check(&c, &Endpoint{Query: []Param{{Name: "color", Enum: []string{"red"}}}}, 0)
	if err == nil || len(err.Error()) > 1000 || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %d bytes, want a short line", len(err.Error()))
	}
}
