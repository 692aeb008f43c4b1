package helix

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// splitAtOnce is how many parts of a long list are fetched at the same time.
const splitAtOnce = 4

// split returns params whose list is longer than a request takes as several, in
// order. It returns nil if they fit, and a [ParamError] if they cannot be split,
// because there is another list or a cursor beside it.
func (c *Client) split(e *Endpoint, in any) ([]any, error) {
	p, err := c.core.plans.read(in)
	if err != nil || !p.value.IsValid() {
		return nil, nil // Do says what is wrong
	}
	names, size := p.tooLong(e)
	if names == nil {
		return nil, nil
	}
	at := checker{endpoint: e, plans: &c.core.plans}
	for i := range e.Query {
		other := e.Query[i].Name
		v, given := p.lookup(other)
		if given && !slices.Contains(names, other) && (other == "after" || other == "before" || v.Kind() == reflect.Slice) {
			return nil, at.fail(strings.Join(names, ", "), "have more than %d values, which is not allowed together with %s", size, other)
		}
	}
	var parts []any
	for start := 0; ; {
		part, took := p.part(names, start, size)
		if took == 0 {
			return parts, nil
		}
		c.core.largePages(e, part)
		parts = append(parts, part.Interface())
		start += took
	}
}

// tooLong returns the parameters of which there are more values than a request
// takes, and how many it takes; nil if there are not.
func (p params) tooLong(e *Endpoint) (names []string, size int) {
	for i := range e.Rules {
		if r := &e.Rules[i]; r.MaxTotal > 0 && p.total(r.Of) > r.MaxTotal && e.splits(r.Of[0]) {
			return r.Of, r.MaxTotal
		}
	}
	for i := range e.Query {
		if q := &e.Query[i]; e.splits(q.Name) && p.total([]string{q.Name}) > q.MaxItems {
			return []string{q.Name}, q.MaxItems
		}
	}
	return nil, 0
}

// splits reports whether a list may be handed over in several calls.
func (e *Endpoint) splits(name string) bool {
	return slices.ContainsFunc(e.Query, func(q Param) bool { return q.Name == name && q.Split })
}

// part returns a copy of the params with the values from start on of those that
// the named lists have together, size at most, and how many these are.
func (p params) part(names []string, start, size int) (part reflect.Value, took int) {
	part = reflect.New(p.value.Type()).Elem()
	part.Set(p.value)
	for _, name := range names {
		i := slices.IndexFunc(p.plan.query, func(f field) bool { return f.name == name })
		list := part.FieldByIndex(p.plan.query[i].index)
		n := list.Len()
		from := min(start, n)
		to := min(from+size-took, n)
		list.Set(list.Slice(from, to))
		took += to - from
		start -= from
	}
	return part, took
}

// largePages asks for pages as large as they can be, unless the params say what
// they want or must not.
func (c *core) largePages(e *Endpoint, in reflect.Value) {
	first := in.FieldByName("First")
	if !first.IsValid() || !first.CanInt() || !first.IsZero() || e.PageMax == 0 {
		return
	}
	first.SetInt(int64(e.PageMax))
	if !c.allowed(e, in, "first") {
		first.SetZero()
	}
}

// allowed reports whether the rules let a parameter be given beside the others.
func (c *core) allowed(e *Endpoint, in reflect.Value, name string) bool {
	at := checker{endpoint: e, plans: &c.plans}
	broken := at.allRules("", e.Rules, params{c.plans.of(in.Type()), in}, UserToken|AppToken|JWT)
	err, ok := errors.AsType[*ParamError](broken)
	return !ok || !slices.Contains(strings.Split(err.Param, ", "), name)
}

// gather fetches all parts and returns the results in order. Reading goes on for
// several parts at the same time and ends at the first error. What changes
// something is done one after the other, and then the results of the parts before
// the error come with it.
func gather[T any](ctx context.Context, e *Endpoint, parts []any, fetch func(ctx context.Context, part any) (T, error)) ([]T, error) {
	results := make([]T, len(parts))
	if e.Method != http.MethodGet {
		for i, part := range parts {
			var err error
			if results[i], err = fetch(ctx, part); err != nil {
				return results[:i], err
			}
		}
		return results, nil
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var (
		group sync.WaitGroup
		once  sync.Once
		first error
	)
	free := make(chan struct{}, splitAtOnce)
	for i, part := range parts {
		free <- struct{}{}
		if ctx.Err() != nil {
			break
		}
		group.Go(func() {
			defer func() { <-free }()
			var err error
			if results[i], err = fetch(ctx, part); err != nil {
				once.Do(func() { first = err })
				cancel(err)
			}
		})
	}
	group.Wait()
	switch {
	case first != nil:
		return nil, first
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	default:
		return results, nil
	}
}

// merge appends the lists of later answers to that of the first. It reports false
// if the answer holds none.
func merge(answers []reflect.Value) bool {
	into := answers[0]
	for _, f := range reflect.VisibleFields(into.Type()) {
		if name, _, _ := tag(f, "json"); name != "data" || f.Type.Kind() != reflect.Slice {
			continue
		}
		list := into.FieldByIndex(f.Index)
		for _, answer := range answers[1:] {
			list.Set(reflect.AppendSlice(list, answer.FieldByIndex(f.Index)))
		}
		return true
	}
	return false
}
