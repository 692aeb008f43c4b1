package oauth

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// What can be wrong with an address that scopes are read from.
var (
	errNoURL       = errors.New("the address cannot be read")
	errNoScopeInIt = errors.New("the address names no scopes; it needs scope= or scopes=")
)

// ScopesFromURL returns the scopes in an address: what stands after scope= or scopes=,
// in the query or behind the "#". So it reads the address of a login at Twitch, where
// Twitch sent the browser afterwards, that of a [Handler], and what follows the "?" of
// one. An address that names an empty list gives an empty set, one that names none is
// an error.
func ScopesFromURL(address string) (ScopeSet, error) {
	address = strings.TrimSpace(address)
	if len(address) > maxRedirect+maxIDToken {
		return nil, fmt.Errorf("oauth: scopes: %w", errNoURL)
	}
	query, after, _ := strings.Cut(address, "#")
	if _, q, found := strings.Cut(query, "?"); found {
		query = q
	}
	var set ScopeSet
	for _, part := range []string{query, after} {
		values, err := url.ParseQuery(part)
		if err != nil {
			return nil, fmt.Errorf("oauth: scopes: %w", errNoURL) // url's error would quote what may be a token
		}
		for _, name := range []string{"scope", "scopes"} {
			if values.Has(name) {
				set = set.Union(ParseScopes(strings.Join(values[name], " ")))
			}
		}
	}
	if set == nil {
		return nil, fmt.Errorf("oauth: scopes: %w", errNoScopeInIt)
	}
	return set, nil
}

// QueryEscape returns s as it stands in the query of a URL, after scope= or scopes=:
// "chat%3Aedit+chat%3Aread".
func (s ScopeSet) QueryEscape() string { return url.QueryEscape(s.String()) }
