package api

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
	"github.com/larkspur-dev/larkspur/helix"
)

// A call is one request to an endpoint.
type call struct {
	*Server
	endpoint *helix.Endpoint
	query    url.Values
	header   http.Header // of the answer
	form     url.Values  // the request's body, if it is a form
	body     obj         // its fields; those inside, where the endpoint wraps them
	around   obj         // the fields beside the wrapper
	calendar string      // the answer, of an endpoint that answers no JSON
	grant    auth.Grant

	// Of a call that an extension's back end signed.
	claims    claims
	extension world.Extension
}

// get returns a parameter of the query or a text field of the body; "" if it is not there.
// Inlined at its 200 call sites, it would make the program larger.
//
//go:noinline
func (c *call) get(name string) string {
	if v := c.query.Get(name); v != "" {
		return v
	}
	v, _ := c.body[name].(string)
	return v
}

// field returns a field of the body if it is there and of type T. JSON's null is not there.
func field[T any](c *call, name string) (value T, ok bool) {
	value, ok = c.body[name].(T)
	return value, ok
}

// optional returns a pointer to a field of the body, nil if it is not there.
func optional[T any](c *call, name string) *T {
	if v, ok := field[T](c, name); ok {
		return &v
	}
	return nil
}

// number returns an integer of the body.
func (c *call) number(name string) (int, bool) {
	v, ok := c.body[name].(float64)
	return int(v), ok
}

func (c *call) broadcaster() string { return c.get("broadcaster_id") }

// acting returns the id of the acting user: the user of the token, or the one that an app
// token acts for.
func (c *call) acting() string {
	if !c.grant.IsApp() {
		return c.grant.UserID
	}
	for _, name := range c.endpoint.TokenUser {
		if id := c.get(name); id != "" {
			return id
		}
	}
	return ""
}

// user returns the user that a parameter names.
func (c *call) user(name string) (world.User, error) {
	u, ok := c.world.UserByID(c.get(name))
	if !ok {
		return world.User{}, bad("The ID in %s was not found.", name)
	}
	return u, nil
}

// data returns the usual answer, a list of items.
func data(items ...obj) obj {
	if items == nil {
		items = []obj{}
	}
	return obj{"data": items}
}

// every applies show to all items.
func every[T, S any](items []T, show func(T) S) []S {
	all := make([]S, len(items))
	for i, item := range items {
		all[i] = show(item)
	}
	return all
}

// stamp formats a time as Helix does.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// moment parses a time in the query; it is zero if the parameter is not given.
func (c *call) moment(name string) (time.Time, error) {
	v := c.query.Get(name)
	if v == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, v)
	if err != nil {
		return time.Time{}, malformed(name, "the value must be a date in RFC3339 format")
	}
	return t, nil
}

// count parses a number in the query; it returns otherwise if there is none.
func (c *call) count(name string, otherwise int) int {
	if n, err := strconv.Atoi(c.query.Get(name)); err == nil {
		return n
	}
	return otherwise
}
