package cli

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/internal/config"
)

// findEndpoint finds the endpoint of METHOD and PATH, and the parameters in PATH. The path
// may be complete: with "/helix" or Twitch's whole address before it, and with a query.
func findEndpoint(method, path string) (e *helix.Endpoint, query []string, err error) {
	method = strings.ToUpper(method)
	if u, parseErr := url.Parse(path); parseErr == nil && u.Host != "" {
		path = u.Path + "?" + u.RawQuery
	}
	path, rawQuery, _ := strings.Cut(path, "?")
	path = "/" + strings.Trim(path, "/")
	path = "/" + strings.TrimPrefix(strings.TrimPrefix(path, "/helix"), "/")
	values, err := url.ParseQuery(rawQuery)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	for name, texts := range values {
		for _, text := range texts {
			query = append(query, name+"="+text)
		}
	}
	slices.Sort(query)

	var methods []string
	for _, e := range helix.Endpoints() {
		switch {
		case e.Path == path && e.Method == method:
			return e, query, nil
		case e.Path == path:
			methods = append(methods, e.Method)
		}
	}
	if methods != nil {
		return nil, nil, fmt.Errorf("%s takes %s, not %s", path, strings.Join(methods, ", "), method)
	}
	return nil, nil, fmt.Errorf("there is no endpoint %s %s%s\nTo list all endpoints, run:\n  larkspur api list", method, path, config.DidYouMean(path, pathsOf(method)))
}

// pathsOf returns the paths that accept a method, or all paths if none does.
func pathsOf(method string) []string {
	var paths, all []string
	for _, e := range helix.Endpoints() {
		all = append(all, e.Path)
		if e.Method == method {
			paths = append(paths, e.Path)
		}
	}
	if paths == nil {
		paths = all
	}
	return paths
}
