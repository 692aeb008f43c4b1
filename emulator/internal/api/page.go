package api

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
)

// page returns the part of a list that the call asks for with first, after and
// before, and the answer with it. The cursor names the last item of the page,
// so that new items at the front do not shift the pages.
func page[T any](c *call, items []T, key func(T) string, show func(T) obj) (obj, error) {
	size := c.endpoint.PageSize
	if size == 0 {
		size = 20
	}
	return pageOf(c, items, c.count("first", size), key, show)
}

func pageOf[T, S any](c *call, items []T, size int, key func(T) string, show func(T) S) (obj, error) {
	start := 0
	if cursor := c.query.Get("after"); cursor != "" {
		at, ok := position(items, key, cursor)
		if !ok {
			return nil, malformed("after", "the cursor is not valid")
		}
		start = at + 1
	}
	if cursor := c.query.Get("before"); cursor != "" {
		at, ok := position(items, key, cursor)
		if !ok {
			return nil, malformed("before", "the cursor is not valid")
		}
		start = max(0, at-size)
		size = min(size, at)
	}
	start = min(start, len(items))
	end := min(start+size, len(items))
	answer := obj{"data": every(items[start:end], show), "pagination": obj{}}
	if end < len(items) {
		answer["pagination"] = obj{"cursor": newCursor(end-1, key(items[end-1]))}
	}
	return answer, nil
}

func newCursor(at int, key string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(at) + " " + key))
}

// position finds the item that a cursor names, or where it was if it is gone.
func position[T any](items []T, key func(T) string, cursor string) (int, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return 0, false
	}
	index, name, ok := strings.Cut(string(raw), " ")
	at, err := strconv.Atoi(index)
	if !ok || err != nil || at < 0 {
		return 0, false
	}
	if found := slices.IndexFunc(items, func(item T) bool { return key(item) == name }); found >= 0 {
		return found, true
	}
	return min(at, len(items)) - 1, true
}

// only keeps the items that a repeated parameter names; all, if it names none.
func only[T any](c *call, param string, items []T, key func(T) string) []T {
	wanted := c.query[param]
	if len(wanted) == 0 {
		return items
	}
	return slices.DeleteFunc(items, func(item T) bool { return !slices.Contains(wanted, key(item)) })
}
