package gen

import (
	"slices"
	"strings"
)

// writeScopes writes the constants of package oauth.
func writeScopes(spec *Spec, o *Overlay) (map[string][]byte, error) {
	var scopes []Scope
	for _, s := range spec.Scopes {
		name := exported(strings.ReplaceAll(s.Scope, ":", "_"))
		if use, ok := o.rename("scopes", o.Scopes, s.Scope); ok {
			name = use
		}
		scope := Scope{Name: "Scope" + name, Scope: s.Scope}
		switch {
		case s.Deprecated:
			scope.Comment = "Twitch has retired it"
		case s.Surface == "irc":
			scope.Comment = "chat over IRC"
		}
		scopes = append(scopes, scope)
	}
	slices.SortFunc(scopes, func(a, b Scope) int { return strings.Compare(a.Scope, b.Scope) })
	files := make(map[string][]byte)
	return files, render(files, "oauth/scopes_gen.go", "scopes.tmpl", scopes)
}
