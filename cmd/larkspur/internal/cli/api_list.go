package cli

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/helix"
)

func newAPIList(p Process) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "list [WORD...]",
		Short: "Shows the endpoints of Twitch's API with their tokens and scopes",
		Long: `Shows the endpoints of Twitch's API with their tokens and scopes.

With words, only the endpoints that have all of them in their method, path, name,
section or scopes.`,
		Example: `  larkspur api list
  larkspur api list polls
  larkspur api list get moderator:read --output json`,
		Args: usageArgs(cobra.ArbitraryArgs),
		RunE: func(_ *cobra.Command, words []string) error {
			if err := checkOutput(output); err != nil {
				return usageError{err}
			}
			var found []listedEndpoint
			for _, e := range helix.Endpoints() {
				if l := newListedEndpoint(e); l.has(words) {
					found = append(found, l)
				}
			}
			if len(found) == 0 {
				return errors.New("no endpoint has all of: " + strings.Join(words, " "))
			}
			if output == asJSON {
				enc := json.NewEncoder(p.Stdout)
				enc.SetIndent("", "  ")
				return enc.Encode(found)
			}
			lines := [][]string{{"METHOD", "PATH", "TOKEN", "SCOPES", "NAME"}}
			for _, l := range found {
				lines = append(lines, []string{l.Method, l.Path, strings.Join(l.Tokens, ", "), scopeText(l.Scopes), l.Name + l.remark()})
			}
			return columns(p.Stdout, lines)
		},
	}
	outputFlag(cmd, &output, asTable)
	return cmd
}

// A listedEndpoint is an endpoint in the output of `larkspur api list`.
type listedEndpoint struct {
	ID         string       `json:"id"`
	Name       string       `json:"name"`
	Group      string       `json:"group"`
	Method     string       `json:"method"`
	Path       string       `json:"path"`
	Status     helix.Status `json:"status"`
	Tokens     []string     `json:"tokens"`
	Scopes     helix.Scopes `json:"scopes"` // one of each group
	Query      []string     `json:"query"`
	Body       []string     `json:"body"`
	Paginated  bool         `json:"paginated"`
	Idempotent bool         `json:"idempotent"`
}

func newListedEndpoint(e *helix.Endpoint) listedEndpoint {
	l := listedEndpoint{
		ID: e.ID, Name: e.Name, Group: e.Group, Method: e.Method, Path: e.Path, Status: e.Status,
		Tokens: []string{}, Scopes: e.Scopes, Query: fieldNames(e.Query), Body: fieldNames(e.Body),
		Paginated: e.Paginated, Idempotent: e.Idempotent,
	}
	if l.Scopes == nil {
		l.Scopes = helix.Scopes{}
	}
	for _, kind := range []struct {
		kind helix.TokenKind
		name string
	}{{helix.UserToken, "user"}, {helix.AppToken, "app"}, {helix.JWT, "extension"}} {
		if e.Tokens.Has(kind.kind) {
			l.Tokens = append(l.Tokens, kind.name)
		}
	}
	return l
}

// has reports whether all words occur in the row of an endpoint.
func (l listedEndpoint) has(words []string) bool {
	text := strings.ToLower(strings.Join([]string{l.ID, l.Method, l.Path, l.Name, l.Group, string(l.Status), scopeText(l.Scopes)}, " "))
	for _, word := range words {
		if !strings.Contains(text, strings.ToLower(word)) {
			return false
		}
	}
	return true
}

// remark describes a beta or deprecated endpoint.
func (l listedEndpoint) remark() string {
	if l.Status == helix.Beta || l.Status == helix.Deprecated {
		return " (" + string(l.Status) + ")"
	}
	return ""
}
