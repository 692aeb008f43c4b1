package helix

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"reflect"
	"slices"
)

// A Page is one page of a list. While Cursor is not "", there is a next one: set
// it as After of the same params.
type Page[T any] struct {
	Items  []T    `json:"data"`
	Cursor string `json:"-"`
}

// setCursor is found by [whole] in structs that embed a Page.
func (p *Page[T]) setCursor(c string) { p.Cursor = c }

// envelope is around most answers.
type envelope[T any] struct {
	Data       T      `json:"data"`
	Pagination cursor `json:"pagination"`
}

// complete tells an empty list, which may be null, from an answer of another shape.
func (e *envelope[T]) complete(body []byte) error {
	if v := reflect.ValueOf(e.Data); v.Kind() != reflect.Slice || !v.IsNil() {
		return nil
	}
	var raw struct {
		Data json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(body, &raw); err != nil {
		return err
	}
	if raw.Data == nil {
		return errNoData
	}
	return nil
}

var errNoData = errors.New("the answer has no data")

// A cursor is read from {"cursor": "…"}, {}, null or, in one old endpoint, a string.
type cursor string

// UnmarshalJSON reads any of the forms that Twitch uses.
func (c *cursor) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, (*string)(c))
	}
	var object struct {
		Cursor string `json:"cursor"`
	}
	err := json.Unmarshal(data, &object)
	*c = cursor(object.Cursor)
	return err
}

// items reads a list, or the one thing that some endpoints answer without a list.
type items[T any] []T

// UnmarshalJSON reads an array, an object or null.
func (i *items[T]) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '{' {
		*i = make(items[T], 1)
		return json.Unmarshal(data, &(*i)[0])
	}
	return json.Unmarshal(data, (*[]T)(i))
}

// one calls an endpoint that answers with exactly one thing. An empty list is an
// error that is [ErrNotFound].
func one[T any](ctx context.Context, c *Client, e *Endpoint, in any) (*T, error) {
	var out envelope[items[T]]
	if err := c.Do(ctx, &Call{Endpoint: e, Params: in, Out: &out}); err != nil {
		return nil, err
	}
	if len(out.Data) == 0 {
		return nil, &Error{Endpoint: e, Status: http.StatusOK, Message: "nothing found"}
	}
	return &out.Data[0], nil
}

// oneWith calls an endpoint that answers with exactly one thing and values beside
// it. T has those values, and item returns where in it the thing belongs.
func oneWith[T, Item any](ctx context.Context, c *Client, e *Endpoint, in any, item func(*T) *Item) (*T, error) {
	var out withItems[T, Item]
	if err := c.Do(ctx, &Call{Endpoint: e, Params: in, Out: &out}); err != nil {
		return nil, err
	}
	if len(out.items) == 0 {
		return nil, &Error{Endpoint: e, Status: http.StatusOK, Message: "nothing found"}
	}
	*item(&out.beside) = out.items[0]
	return &out.beside, nil
}

// withItems decodes an answer into its items and what is beside them.
type withItems[T, Item any] struct {
	beside T
	items  items[Item]
}

// UnmarshalJSON reads the answer twice: neither part has a place for the other.
func (w *withItems[T, Item]) UnmarshalJSON(data []byte) error {
	var list struct {
		Data items[Item] `json:"data"`
	}
	if err := json.Unmarshal(data, &list); err != nil {
		return err
	}
	w.items = list.Data
	return json.Unmarshal(data, &w.beside)
}

// first returns the first of what was found. If that is nothing, the error is
// [ErrNotFound] with the given message.
func first[T any](found []T, err error, e *Endpoint, message string) (*T, error) {
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, &Error{Endpoint: e, Status: http.StatusOK, Message: message}
	}
	return &found[0], nil
}

// list calls an endpoint that answers with a list without a cursor, as often as a
// long list of ids needs.
func list[T any](ctx context.Context, c *Client, e *Endpoint, in any) ([]T, error) {
	parts, err := c.split(e, in)
	if err != nil {
		return nil, err
	}
	if parts == nil {
		return shortList[T](ctx, c, e, in)
	}
	lists, err := gather(ctx, e, parts, func(ctx context.Context, part any) ([]T, error) {
		return shortList[T](ctx, c, e, part)
	})
	return slices.Concat(lists...), err
}

// shortList makes one call.
func shortList[T any](ctx context.Context, c *Client, e *Endpoint, in any) ([]T, error) {
	var out envelope[[]T]
	if err := c.Do(ctx, &Call{Endpoint: e, Params: in, Out: &out}); err != nil {
		return nil, err
	}
	return out.Data, nil
}

// page calls an endpoint that answers with one page of a list. For a list of ids
// that needs several calls, the page is everything that was found.
func page[T any](ctx context.Context, c *Client, e *Endpoint, in any) (*Page[T], error) {
	parts, err := c.split(e, in)
	if err != nil {
		return nil, err
	}
	if parts == nil {
		return shortPage[T](ctx, c, e, in)
	}
	lists, err := gather(ctx, e, parts, func(ctx context.Context, part any) (items []T, err error) {
		for item, err := range walk[T](ctx, c, e, part) {
			if err != nil {
				return nil, err
			}
			items = append(items, item)
		}
		return items, nil
	})
	if err != nil {
		return nil, err
	}
	return &Page[T]{Items: slices.Concat(lists...)}, nil
}

// shortPage makes one call.
func shortPage[T any](ctx context.Context, c *Client, e *Endpoint, in any) (*Page[T], error) {
	var out envelope[[]T]
	if err := c.Do(ctx, &Call{Endpoint: e, Params: in, Out: &out}); err != nil {
		return nil, err
	}
	return &Page[T]{Items: out.Data, Cursor: string(out.Pagination)}, nil
}

// none calls an endpoint that answers with nothing but its status.
func none(ctx context.Context, c *Client, e *Endpoint, in any) error {
	return c.Do(ctx, &Call{Endpoint: e, Params: in})
}

// whole calls an endpoint whose answer holds more than data; T has all of it. If
// T embeds a [Page], its cursor is filled in. A long list of ids makes several
// calls; what beside the lists is in the answers is then that of the first.
func whole[T any](ctx context.Context, c *Client, e *Endpoint, in any) (*T, error) {
	parts, err := c.split(e, in)
	if err != nil {
		return nil, err
	}
	if parts == nil {
		return shortWhole[T](ctx, c, e, in)
	}
	answers, err := gather(ctx, e, parts, func(ctx context.Context, part any) (reflect.Value, error) {
		answer, err := shortWhole[T](ctx, c, e, part)
		return reflect.ValueOf(answer).Elem(), err
	})
	if err != nil {
		return nil, err
	}
	if !merge(answers) {
		return nil, fmt.Errorf("helix: %s: several answers make no whole", e.Name)
	}
	return answers[0].Addr().Interface().(*T), nil
}

// shortWhole makes one call.
func shortWhole[T any](ctx context.Context, c *Client, e *Endpoint, in any) (*T, error) {
	out := new(T)
	paged, ok := any(out).(interface{ setCursor(c string) })
	if !ok {
		if err := c.Do(ctx, &Call{Endpoint: e, Params: in, Out: out}); err != nil {
			return nil, err
		}
		return out, nil
	}
	if err := c.Do(ctx, &Call{Endpoint: e, Params: in, Out: &withCursor{out, paged}}); err != nil {
		return nil, err
	}
	return out, nil
}

// withCursor decodes an answer and hands its cursor to the page inside.
type withCursor struct {
	out   any
	paged interface{ setCursor(c string) }
}

// UnmarshalJSON reads the answer twice, because the page is deep in out's type.
func (w *withCursor) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal(data, w.out); err != nil {
		return err
	}
	var end struct {
		Pagination cursor `json:"pagination"`
	}
	err := json.Unmarshal(data, &end)
	w.paged.setCursor(string(end.Pagination))
	return err
}

// text calls an endpoint that does not answer in JSON.
func text(ctx context.Context, c *Client, e *Endpoint, in any) (string, error) {
	var out []byte
	if err := c.Do(ctx, &Call{Endpoint: e, Params: in, Out: &out}); err != nil {
		return "", err
	}
	return string(out), nil
}

// all walks the pages of a list, and of a long list of ids one part after the
// other.
func all[T any](ctx context.Context, c *Client, e *Endpoint, in any) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		parts, err := c.split(e, in)
		if err != nil {
			var zero T
			yield(zero, err)
			return
		}
		if parts == nil {
			parts = []any{in}
		}
		for _, part := range parts {
			for item, err := range walk[T](ctx, c, e, part) {
				if !yield(item, err) || err != nil {
					return
				}
			}
		}
	}
}

// walk walks the pages of a list, which it asks for as large as they can be. It
// sets After on its own copy of in and fetches a page only when its first item is
// asked for. It stops at the first error, and at a cursor that Twitch has given
// before: it would never end.
func walk[T any](ctx context.Context, c *Client, e *Endpoint, in any) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		own := reflect.New(reflect.TypeOf(in)).Elem()
		own.Set(reflect.ValueOf(in))
		c.core.largePages(e, own)
		after := own.FieldByName("After")
		seen := map[string]bool{}
		for {
			p, err := shortPage[T](ctx, c, e, own.Interface())
			if err != nil {
				yield(zero, err)
				return
			}
			for _, item := range p.Items {
				if !yield(item, nil) {
					return
				}
			}
			if p.Cursor == "" || !after.IsValid() {
				return
			}
			if seen[p.Cursor] {
				yield(zero, fmt.Errorf("helix: %s: %w", e.Name, errLoop))
				return
			}
			seen[p.Cursor] = true
			after.SetString(p.Cursor)
			if !c.core.allowed(e, own, "after") {
				return // a list of what was asked for by id has one page
			}
		}
	}
}

// Max stops a list after n items, whatever comes after them:
//
//	for clip, err := range helix.Max(tw.Clips.All(ctx, p), 250) {
//
// Together with First in the params it fetches no more than it needs.
func Max[T any](list iter.Seq2[T, error], n int) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		if n <= 0 {
			return
		}
		left := n
		for item, err := range list {
			if left--; !yield(item, err) || left == 0 {
				return
			}
		}
	}
}

var errLoop = errors.New("the answer leads back to an earlier page")
